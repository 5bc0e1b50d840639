/* The versions of the libraries a program is linked with.
 *
 * Each is asked through a weak reference: it does not pull a library in (with --as-needed), and is
 * NULL in a program that does without it. So one function serves all programs, and each names what
 * its output really depends on. */
#include "lib/version.h"

#include <stdio.h>

#include <brotli/decode.h>
#include <bzlib.h>
#include <jansson.h>
#include <libdeflate.h>
#include <libpsl.h>
#include <libxml/xmlversion.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <unicode/uversion.h>
#include <xxhash.h>
#include <yaml.h>
#include <zip.h>
#include <zlib.h>
#include <zstd.h>

#pragma weak ZSTD_versionString
#pragma weak XXH_versionNumber
#pragma weak zlibVersion
#pragma weak BZ2_bzlibVersion
#pragma weak BrotliDecoderVersion
#pragma weak libdeflate_alloc_decompressor
#pragma weak zip_libzip_version
#pragma weak yaml_get_version_string
#pragma weak jansson_version_str
#pragma weak xmlCheckVersion
#pragma weak psl_get_version
#pragma weak pcre2_config_8
extern __typeof__(u_getVersion) u_getVersion __attribute__((weak)); /* its name is a macro */

static void add(struct buf *out, const char *name, const char *version)
{
	if (out->n)
		buf_str(out, ", ");
	/* bzip2 and PCRE2 put a date behind theirs. */
	buf_printf(out, "%s %.*s", name, (int)strcspn(version, ", "), version);
}

static void add_number(struct buf *out, const char *name, unsigned v)
{
	char text[40];

	snprintf(text, sizeof(text), "%u.%u.%u", v / 10000, v / 100 % 100, v % 100);
	add(out, name, text);
}

/* Twelve bits each for the minor number and the patch. */
static void add_brotli(struct buf *out)
{
	uint32_t v = BrotliDecoderVersion();
	char text[40];

	snprintf(text, sizeof(text), "%u.%u.%u", v >> 24, v >> 12 & 0xFFF, v & 0xFFF);
	add(out, "brotli", text);
}

static void add_icu(struct buf *out)
{
	UVersionInfo v;
	char text[40];

	u_getVersion(v);
	snprintf(text, sizeof(text), "%u.%u", v[0], v[1]);
	add(out, "ICU", text);
}

static void add_pcre2(struct buf *out)
{
	char text[64];

	if (pcre2_config(PCRE2_CONFIG_VERSION, text) > 0)
		add(out, "PCRE2", text);
}

void version_libraries(struct buf *out)
{
	if (ZSTD_versionString)
		add(out, "zstd", ZSTD_versionString());
	if (zlibVersion)
		add(out, "zlib", zlibVersion());
	if (BZ2_bzlibVersion)
		add(out, "bzip2", BZ2_bzlibVersion());
	if (libdeflate_alloc_decompressor)
		add(out, "libdeflate", LIBDEFLATE_VERSION_STRING);
	if (BrotliDecoderVersion)
		add_brotli(out);
	if (XXH_versionNumber)
		add_number(out, "xxHash", XXH_versionNumber());
	if (yaml_get_version_string)
		add(out, "libyaml", yaml_get_version_string());
	if (jansson_version_str)
		add(out, "jansson", jansson_version_str());
	if (zip_libzip_version)
		add(out, "libzip", zip_libzip_version());
	if (psl_get_version)
		add(out, "libpsl", psl_get_version());
	if (xmlCheckVersion)
		add(out, "libxml2", LIBXML_DOTTED_VERSION);
	if (pcre2_config_8)
		add_pcre2(out);
	if (u_getVersion)
		add_icu(out);
}
