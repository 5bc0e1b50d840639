/* The few functions that a stage calls. */
#include "lib/stage.h"

enum verdict drop(struct reason *why, const char *rule, double value, double limit)
{
	*why = (struct reason){ .rule = rule, .value = value, .limit = limit };
	return DROP;
}

enum verdict drop_named(struct reason *why, const char *rule, struct slice name)
{
	*why = (struct reason){ .rule = rule, .named = true };
	name = slice_head(name, sizeof(why->name) - 1);
	if (name.n)
		memcpy(why->name, name.p, name.n);
	return DROP;
}

enum verdict drop_counted(struct reason *why, const char *rule, struct slice name)
{
	drop_named(why, rule, name);
	why->counted = true;
	return DROP;
}

void emit_line(struct emitter *to, struct slice json)
{
	buf_slice(to->out, json);
	buf_byte(to->out, '\n');
	to->emitted++;
}
