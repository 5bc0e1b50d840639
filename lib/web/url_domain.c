/* Registrable domains. */
#include "lib/web/url_domain.h"

#include <libpsl.h>

/* Names are of 253 bytes at most (RFC 1035, section 2.3.4, without the length bytes). */
enum { NAME_MAX_BYTES = 253 };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Of a special URL: its host is an address when its last label is a number (url_host.c). */
static bool is_address(struct slice host)
{
	size_t n = host.n;

	while (n && is_digit(host.p[n - 1]))
		n--;
	return host.p[0] == '[' || (n < host.n && (n == 0 || host.p[n - 1] == '.'));
}

struct slice url_domain(const struct url *u)
{
	struct slice host = url_part(u, u->host);
	char name[NAME_MAX_BYTES + 1];
	const char *domain;

	if (slice_ends(host, SLICE(".")))
		host.n--;
	if (!url_special(u) || !host.n || host.n > NAME_MAX_BYTES || is_address(host))
		return (struct slice){ 0 };
	memcpy(name, host.p, host.n);
	name[host.n] = '\0';
	domain = psl_registrable_domain(psl_builtin(), name);
	return domain ? slice_skip(host, (size_t)(domain - name)) : (struct slice){ 0 };
}
