/* Options in files: the mapping that --config reads, --print-config writes, and the stamp holds. */
#include "lib/core/opt_forms.h"

#include <ctype.h>
#include <stdio.h>

/* A string in double quotes that is both JSON and YAML. DEL and the C1 controls, which YAML does
 * not print (YAML 1.1, section 4.1.1), are escaped too. */
static void put_quoted(struct buf *out, const char *text)
{
	buf_byte(out, '"');
	for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
		if (*p == '"' || *p == '\\')
			buf_printf(out, "\\%c", *p);
		else if (*p < 0x20 || *p == 0x7f)
			buf_printf(out, "\\u%04x", *p);
		else if (*p == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0)
			buf_printf(out, "\\u%04x", *++p);
		else
			buf_byte(out, (char)*p);
	}
	buf_byte(out, '"');
}

static void put_list(struct buf *out, const struct opt_list *list, const char *comma)
{
	buf_byte(out, '[');
	for (size_t i = 0; i < list->n; i++) {
		buf_str(out, i ? comma : "");
		put_quoted(out, list->at[i]);
	}
	buf_byte(out, ']');
}

/* The value in a form that is both JSON and YAML, or false when none is set. A size is in bytes for
 * JSON and as people write it for YAML. */
static bool put_value(const struct opt *o, const void *config, bool json, struct buf *out)
{
	const void *value = (const char *)config + o->offset;
	struct buf text = { 0 };
	bool set;

	opt_print_value(o, config, &text);
	set = text.n > 0;
	switch (o->type) {
	case OPT_LIST:
	case OPT_FILES:
		if (set)
			put_list(out, value, json ? "," : ", ");
		break;
	case OPT_STR:
	case OPT_FILE:
		set = *(const char *const *)value != NULL;
		if (set)
			put_quoted(out, buf_cstr(&text));
		break;
	case OPT_CHOICE:
		if (set)
			put_quoted(out, buf_cstr(&text));
		break;
	case OPT_SIZE:
		if (set && json)
			buf_printf(out, "%llu", (unsigned long long)*(const uint64_t *)value);
		else
			buf_slice(out, buf_view(&text));
		break;
	case OPT_FLAG:
	case OPT_UINT:
	case OPT_INT:
	case OPT_REAL:
	case OPT_RATIO: buf_slice(out, buf_view(&text)); break;
	}
	buf_release(&text);
	return set;
}

void opt_yaml(const struct opt_group *groups, size_t n, int indent, struct buf *out)
{
	struct buf value = { 0 };

	for (size_t g = 0; g < n; g++)
		for (size_t i = 0; i < groups[g].n; i++) {
			const struct opt *o = &groups[g].at[i];

			if (o->early || !o->help)
				continue;
			buf_clear(&value, SIZE_MAX);
			if (put_value(o, groups[g].config, false, &value))
				buf_printf(
					out, "%*s%s: %s\n", indent, "", o->name, buf_cstr(&value));
			else
				buf_printf(out, "%*s# %s:\n", indent, "", o->name);
		}
	buf_release(&value);
}

void opt_json(const struct opt_group *groups, size_t n, bool stamp, struct buf *out)
{
	struct buf value = { 0 };
	bool first = true;

	buf_byte(out, '{');
	for (size_t g = 0; g < n; g++)
		for (size_t i = 0; i < groups[g].n; i++) {
			const struct opt *o = &groups[g].at[i];

			buf_clear(&value, SIZE_MAX);
			if (o->early || !o->help || (stamp && o->neutral) ||
				!put_value(o, groups[g].config, true, &value))
				continue;
			buf_printf(out, "%s\"%s\":%s", first ? "" : ",", o->name, buf_cstr(&value));
			first = false;
		}
	buf_byte(out, '}');
	buf_release(&value);
}

static int read_scalar(const struct opt *o, void *config, const struct yaml *y,
	const struct yaml_node *node, struct err *e)
{
	struct err why = { 0 };

	if (node->kind != YAML_SCALAR || (!node->quoted && !*node->text))
		return yaml_error(y, node, e, "%s: needs %s", o->name,
			o->type == OPT_FLAG ? "true or false" : "a value");
	if (opt_set(o, config, node->text, &why) < 0)
		return yaml_error(y, node, e, "%s", why.text);
	return 0;
}

static int read_option(const struct opt *o, void *config, const struct yaml *y,
	const struct yaml_node *node, struct err *e)
{
	opt_clear(o, config);
	if (node->kind != YAML_LIST)
		return read_scalar(o, config, y, node, e);
	if (o->type != OPT_LIST && o->type != OPT_FILES)
		return yaml_error(y, node, e, "%s: is one value, not a list", o->name);
	for (const struct yaml_node *item = node->child; item; item = item->next)
		if (read_scalar(o, config, y, item, e) < 0)
			return -1;
	return 0;
}

int opt_read(const struct opt_group *groups, size_t n, const struct yaml *y,
	const struct yaml_node *map, struct err *e)
{
	const struct opt_group *in;

	for (const struct yaml_node *node = map->child; node; node = node->next) {
		const struct opt *o = opt_find(groups, n, node->key, &in);

		if (!o || !o->help)
			return yaml_error(y, node, e, "unknown key %s", node->key);
		if (o->early)
			return yaml_error(
				y, node, e, "%s: is for the command line alone", node->key);
		if (read_option(o, in->config, y, node, e) < 0)
			return -1;
	}
	return 0;
}
