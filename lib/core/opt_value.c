/* The values of options: reading them from text and writing them back, one row a type. */
#include "lib/core/mem.h"
#include "lib/core/opt.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

typedef int set_fn(const struct opt *o, void *value, const char *text, struct err *e);
typedef void print_fn(const struct opt *o, const void *value, struct buf *out);

static int refuse(const struct opt *o, const char *text, const char *what, struct err *e)
{
	return err_set(e, ERR_USAGE, "--%s: '%s' is not %s", o->name, text, what);
}

static int exceeds(
	const struct opt *o, const char *text, const char *how, double limit, struct err *e)
{
	struct buf value = { 0 };

	opt_print_limit(o, limit, &value);
	err_set(e, ERR_USAGE, "--%s: %s is %s than %s", o->name, text, how, buf_cstr(&value));
	buf_release(&value);
	return -1;
}

static int check_limits(const struct opt *o, double v, const char *text, struct err *e)
{
	if (o->min == 0 && o->max == 0)
		return 0;
	if (v < o->min)
		return exceeds(o, text, "less", o->min, e);
	if (o->max > o->min && v > o->max)
		return exceeds(o, text, "more", o->max, e);
	return 0;
}

static int set_flag(const struct opt *o, void *value, const char *text, struct err *e)
{
	if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
		return refuse(o, text, "true or false", e);
	*(bool *)value = text[0] == 't';
	return 0;
}

static void print_flag(const struct opt *o, const void *value, struct buf *out)
{
	(void)o;
	buf_str(out, *(const bool *)value ? "true" : "false");
}

static int set_str(const struct opt *o, void *value, const char *text, struct err *e)
{
	if (o->type == OPT_FILE && !*text)
		return err_set(e, ERR_USAGE, "--%s: the file name is empty", o->name);
	*(const char **)value = text;
	return 0;
}

static void print_str(const struct opt *o, const void *value, struct buf *out)
{
	const char *s = *(const char *const *)value;

	(void)o;
	if (s)
		buf_str(out, s);
}

/* A list that is borrowed becomes an owned copy before it grows. */
static void list_add(struct opt_list *list, const char *p, size_t n)
{
	if (list->cap == 0 && list->n) {
		struct opt_list own = { 0 };

		for (size_t i = 0; i < list->n; i++)
			list_add(&own, list->at[i], strlen(list->at[i]));
		*list = own;
	}
	mem_grow(&list->at, list->n, &list->cap, sizeof(*list->at));
	list->at[list->n++] = mem_strndup(p, n);
}

static int set_list(const struct opt *o, void *value, const char *text, struct err *e)
{
	const char *comma = o->type == OPT_LIST ? "," : "";

	for (const char *p = text;; p++) {
		size_t n = strcspn(p, comma);

		if (n == 0)
			return err_set(e, ERR_USAGE, "--%s: '%s' has an empty item", o->name, text);
		list_add(value, p, n);
		p += n;
		if (!*p)
			return 0;
	}
}

static void print_list(const struct opt *o, const void *value, struct buf *out)
{
	const struct opt_list *list = value;

	(void)o;
	for (size_t i = 0; i < list->n; i++) {
		if (i)
			buf_byte(out, ',');
		buf_str(out, list->at[i]);
	}
}

/* Decimal digits alone; *end is what follows them. */
static bool read_digits(const char *text, uint64_t *v, const char **end)
{
	char *stop;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*v = strtoull(text, &stop, 10);
	*end = stop;
	return errno == 0;
}

static int set_uint(const struct opt *o, void *value, const char *text, struct err *e)
{
	const char *end;
	uint64_t v;

	if (!read_digits(text, &v, &end) || *end)
		return refuse(o, text, "a whole number", e);
	if (check_limits(o, (double)v, text, e) < 0)
		return -1;
	*(uint64_t *)value = v;
	return 0;
}

static void print_uint(const struct opt *o, const void *value, struct buf *out)
{
	uint64_t v = *(const uint64_t *)value;

	(void)o;
	if (v != UINT64_MAX)
		buf_printf(out, "%" PRIu64, v);
}

static int set_int(const struct opt *o, void *value, const char *text, struct err *e)
{
	bool minus = *text == '-';
	const char *end;
	uint64_t v;

	if (!read_digits(text + minus, &v, &end) || *end || v > INT64_MAX)
		return refuse(o, text, "a whole number", e);
	if (check_limits(o, minus ? -(double)v : (double)v, text, e) < 0)
		return -1;
	*(int64_t *)value = minus ? -(int64_t)v : (int64_t)v;
	return 0;
}

static void print_int(const struct opt *o, const void *value, struct buf *out)
{
	int64_t v = *(const int64_t *)value;

	(void)o;
	if (v != INT64_MIN)
		buf_printf(out, "%" PRId64, v);
}

static const char size_letters[] = "KMGT";

static int set_size(const struct opt *o, void *value, const char *text, struct err *e)
{
	const char *end, *letter = NULL;
	uint64_t v;
	unsigned shift;

	if (!read_digits(text, &v, &end))
		return refuse(o, text, "a size such as 500, 64M or 2G", e);
	if (*end)
		letter = strchr(size_letters, *end);
	if (*end && (!letter || end[1]))
		return refuse(o, text, "a size such as 500, 64M or 2G", e);
	shift = letter ? 10 * (unsigned)(letter - size_letters + 1) : 0;
	if (v > UINT64_MAX >> shift)
		return refuse(o, text, "a size below 16 EiB", e);
	v <<= shift;
	if (check_limits(o, (double)v, text, e) < 0)
		return -1;
	*(uint64_t *)value = v;
	return 0;
}

static void put_size(uint64_t v, struct buf *out)
{
	unsigned unit = 0;

	while (unit < 4 && v && v % 1024 == 0) {
		v /= 1024;
		unit++;
	}
	buf_printf(out, "%" PRIu64, v);
	if (unit)
		buf_byte(out, size_letters[unit - 1]);
}

static void print_size(const struct opt *o, const void *value, struct buf *out)
{
	uint64_t v = *(const uint64_t *)value;

	(void)o;
	if (v != UINT64_MAX)
		put_size(v, out);
}

static int set_real(const struct opt *o, void *value, const char *text, struct err *e)
{
	struct opt limits = *o;
	char *end;
	double v;

	/* strtod also reads hexadecimal, "inf" and "nan", which are no values of ours. */
	if (!*text || text[strspn(text, "0123456789.eE+-")])
		return refuse(o, text, "a number", e);
	v = strtod(text, &end);
	if (*end || !isfinite(v))
		return refuse(o, text, "a number", e);
	if (o->type == OPT_RATIO && o->min == 0 && o->max == 0)
		limits.max = 1;
	if (check_limits(&limits, v, text, e) < 0)
		return -1;
	*(double *)value = v;
	return 0;
}

static void print_real(const struct opt *o, const void *value, struct buf *out)
{
	double v = *(const double *)value;
	char text[40];

	(void)o;
	if (isnan(v))
		return;
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, v);
		if (strtod(text, NULL) == v)
			break;
	}
	buf_str(out, text);
}

static int refuse_choice(const struct opt *o, const char *text, struct err *e)
{
	struct buf all = { 0 };

	for (int i = 0; o->choices[i]; i++)
		buf_printf(&all, "%s%s", i ? ", " : "", o->choices[i]);
	err_set(e, ERR_USAGE, "--%s: '%s' is none of %s", o->name, text, buf_cstr(&all));
	buf_release(&all);
	return -1;
}

static int set_choice(const struct opt *o, void *value, const char *text, struct err *e)
{
	for (int i = 0; o->choices[i]; i++)
		if (strcmp(o->choices[i], text) == 0) {
			*(int *)value = i;
			return 0;
		}
	return refuse_choice(o, text, e);
}

static void print_choice(const struct opt *o, const void *value, struct buf *out)
{
	int i = *(const int *)value;

	if (i >= 0)
		buf_str(out, o->choices[i]);
}

static const struct {
	set_fn *set;
	print_fn *print;
	const char *arg;
} types[] = {
	[OPT_FLAG] = { set_flag, print_flag, NULL },
	[OPT_STR] = { set_str, print_str, "TEXT" },
	[OPT_FILE] = { set_str, print_str, "FILE" },
	[OPT_LIST] = { set_list, print_list, "LIST" },
	[OPT_FILES] = { set_list, print_list, "FILE" },
	[OPT_UINT] = { set_uint, print_uint, "N" },
	[OPT_INT] = { set_int, print_int, "N" },
	[OPT_SIZE] = { set_size, print_size, "SIZE" },
	[OPT_REAL] = { set_real, print_real, "X" },
	[OPT_RATIO] = { set_real, print_real, "P" },
	[OPT_CHOICE] = { set_choice, print_choice, "WORD" },
};

void opt_print_value(const struct opt *o, const void *config, struct buf *out)
{
	types[o->type].print(o, (const char *)config + o->offset, out);
}

void opt_print_limit(const struct opt *o, double limit, struct buf *out)
{
	if (o->type == OPT_SIZE)
		put_size((uint64_t)limit, out);
	else
		buf_printf(out, "%.15g", limit);
}

int opt_set(const struct opt *o, void *config, const char *text, struct err *e)
{
	return types[o->type].set(o, (char *)config + o->offset, text, e);
}

const char *opt_arg(const struct opt *o)
{
	return o->type != OPT_FLAG && o->arg ? o->arg : types[o->type].arg;
}

static bool is_list(const struct opt *o)
{
	return o->type == OPT_LIST || o->type == OPT_FILES;
}

void opt_clear(const struct opt *o, void *config)
{
	struct opt_list *list;

	if (!is_list(o))
		return;
	list = (struct opt_list *)((char *)config + o->offset);
	for (size_t i = 0; list->cap && i < list->n; i++) {
		char *item;

		memcpy(&item, &list->at[i], sizeof(item));
		free(item);
	}
	if (list->cap)
		free(list->at);
	*list = (struct opt_list){ 0 };
}

void opt_release(const struct opt_group *groups, size_t n)
{
	for (size_t g = 0; g < n; g++)
		for (size_t i = 0; i < groups[g].n; i++) {
			const struct opt *o = &groups[g].at[i];
			const struct opt_list *list =
				(const void *)((const char *)groups[g].config + o->offset);

			if (is_list(o) && list->cap)
				opt_clear(o, groups[g].config);
		}
}
