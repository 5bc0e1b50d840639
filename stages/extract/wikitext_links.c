/* What an internal link points to, told by what stands before its colon. */
#include "lib/text/utf8.h"
#include "stages/extract/wikitext_parts.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>
#include <unicode/uchar.h>

/* Names of the file namespace that siteinfo does not list: its English name and the older names in
 * some languages ($namespaceAliases in languages/messages/Messages*.php). */
static const char *const file_names[] = {
	"File",
	"Image",
	"Afbeelding",
	"Bild",
	"Billede",
	"Fișier",
	"Grafika",
	"Hình",
	"Imagem",
	"Imagen",
	"Immagine",
	"Kép",
	"Kuva",
	"Resim",
	"Slika",
	"Εικόνα",
	"Изображение",
	"Зображення",
	"Слика",
	"תמונה",
	"صورة",
	"تصویر",
	"그림",
	"画像",
	"图像",
	"圖像",
};

/* The languages that have, or had, a Wikipedia (meta.wikimedia.org, List of Wikipedias), and the
 * prefixes that stand for one. Sorted. */
static const char *const languages[] = { "aa", "ab", "ace", "ady", "af", "ak", "als", "alt", "am",
	"ami", "an", "ang", "anp", "ar", "arc", "ary", "arz", "as", "ast", "atj", "av", "avk",
	"awa", "ay", "az", "azb", "ba", "ban", "bar", "bat-smg", "bbc", "bcl", "bdr", "be",
	"be-tarask", "be-x-old", "bew", "bg", "bh", "bi", "bjn", "blk", "bm", "bn", "bo", "bpy",
	"br", "bs", "btm", "bug", "bxr", "ca", "cbk-zam", "cdo", "ce", "ceb", "ch", "cho", "chr",
	"chy", "ckb", "co", "cr", "crh", "cs", "csb", "cu", "cv", "cy", "cz", "da", "dag", "de",
	"dga", "din", "diq", "dk", "dsb", "dtp", "dty", "dv", "dz", "ee", "el", "eml", "en", "eo",
	"epo", "es", "et", "eu", "ext", "fa", "fat", "ff", "fi", "fiu-vro", "fj", "fo", "fon", "fr",
	"frp", "frr", "fur", "fy", "ga", "gag", "gan", "gcr", "gd", "gl", "glk", "gn", "gom", "gor",
	"got", "gpe", "gsw", "gu", "guc", "gur", "guw", "gv", "ha", "hak", "haw", "he", "hi", "hif",
	"ho", "hr", "hsb", "ht", "hu", "hy", "hyw", "hz", "ia", "iba", "id", "ie", "ig", "igl",
	"ii", "ik", "ilo", "inh", "io", "is", "it", "iu", "ja", "jam", "jbo", "jp", "jv", "ka",
	"kaa", "kab", "kaj", "kbd", "kbp", "kcg", "kg", "kge", "ki", "kj", "kk", "kl", "km", "kn",
	"ko", "koi", "kr", "krc", "ks", "ksh", "ku", "kus", "kv", "kw", "ky", "la", "lad", "lb",
	"lbe", "lez", "lfn", "lg", "li", "lij", "lld", "lmo", "ln", "lo", "lrc", "lt", "ltg", "lv",
	"lzh", "mad", "mai", "map-bms", "mdf", "mg", "mh", "mhr", "mi", "min", "minnan", "mk", "ml",
	"mn", "mni", "mnw", "mo", "mos", "mr", "mrj", "ms", "mt", "mus", "mwl", "my", "myv", "mzn",
	"na", "nah", "nan", "nap", "nb", "nds", "nds-nl", "ne", "new", "ng", "nia", "nl", "nn",
	"no", "nov", "nqo", "nr", "nrm", "nso", "nv", "ny", "oc", "olo", "om", "or", "os", "pa",
	"pag", "pam", "pap", "pcd", "pcm", "pdc", "pfl", "pi", "pih", "pl", "pms", "pnb", "pnt",
	"ps", "pt", "pwn", "qu", "rm", "rmy", "rn", "ro", "roa-rup", "roa-tara", "ru", "rue", "rup",
	"rw", "sa", "sah", "sat", "sc", "scn", "sco", "sd", "se", "sg", "sgs", "sh", "shi", "shn",
	"si", "simple", "sk", "skr", "sl", "sm", "smn", "sn", "so", "sq", "sr", "srn", "ss", "st",
	"stq", "su", "sv", "sw", "szl", "szy", "ta", "tay", "tcy", "tdd", "te", "tet", "tg", "th",
	"ti", "tk", "tl", "tly", "tn", "to", "tpi", "tr", "trv", "ts", "tt", "tum", "tw", "ty",
	"tyv", "udm", "ug", "uk", "ur", "uz", "ve", "vec", "vep", "vi", "vls", "vo", "vro", "wa",
	"war", "wo", "wuu", "xal", "xh", "xmf", "yi", "yo", "yue", "za", "zea", "zgh", "zh",
	"zh-cfr", "zh-classical", "zh-min-nan", "zh-yue", "zu" };

enum { LONGEST_PREFIX = 80, LONGEST_MEDIA = 260 };

/* Equal but for case, and _ counts as a space. */
static bool same_name(struct slice a, struct slice b)
{
	if (a.n > LONGEST_PREFIX || b.n > LONGEST_PREFIX)
		return false;
	while (a.n && b.n) {
		UChar32 c = (UChar32)utf8_next(&a);
		UChar32 d = (UChar32)utf8_next(&b);

		c = c == '_' ? ' ' : c;
		d = d == '_' ? ' ' : d;
		if (c != d && u_foldCase(c, 0) != u_foldCase(d, 0))
			return false;
	}
	return !a.n && !b.n;
}

static bool listed(struct slice name, const struct slice *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (same_name(name, names[i]))
			return true;
	return false;
}

static bool is_file(struct slice name, const struct wiki_names *names)
{
	for (size_t i = 0; i < ARRAY_LEN(file_names); i++)
		if (same_name(name, slice_str(file_names[i])))
			return true;
	return listed(name, names->file, names->n_file);
}

static int compare(const void *key, const void *row)
{
	return strcmp(key, *(const char *const *)row);
}

static bool is_language(struct slice name)
{
	char code[16];

	if (name.n < 2 || name.n >= sizeof(code))
		return false;
	for (size_t i = 0; i < name.n; i++)
		code[i] = (char)tolower((unsigned char)name.p[i]);
	code[name.n] = '\0';
	return bsearch(code, languages, ARRAY_LEN(languages), sizeof(languages[0]), compare);
}

/* Name.jpg, whatever the language's word before the colon is; not what is to be listened to, whose
 * label is text. */
static bool names_media(struct slice prefix, struct slice name)
{
	static const char *const endings[] = { ".jpg", ".jpeg", ".png", ".svg", ".gif", ".webp",
		".tif", ".tiff", ".xcf", ".ogg", ".oga", ".ogv", ".opus", ".webm", ".mp3", ".mp4",
		".mid", ".flac", ".wav", ".pdf", ".djvu", ".stl" };
	size_t n = 0;

	while (n < name.n && !byte_in(name.p[n], "\x06#\n"))
		n++;
	name = wiki_trim(slice_head(name, n));
	if (slice_is_word(prefix, "Media"))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		n = strlen(endings[i]);
		if (name.n > n && strncasecmp(name.p + name.n - n, endings[i], n) == 0)
			return true;
	}
	return false;
}

enum wiki_link wiki_link_kind(struct slice target, const struct wiki_names *names)
{
	struct slice prefix = wiki_trim(slice_head(target, LONGEST_PREFIX));
	const char *colon = prefix.n ? memchr(prefix.p, ':', prefix.n) : NULL;

	if (!colon || colon == prefix.p)
		return WIKI_LINK_PAGE;
	prefix.n = (size_t)(colon - prefix.p);
	if (memchr(prefix.p, MARK_SEP, prefix.n))
		return WIKI_LINK_PAGE;
	prefix = wiki_trim(prefix);
	if (is_file(prefix, names) ||
		names_media(prefix,
			slice_head(
				slice_skip(target, (size_t)(colon + 1 - target.p)), LONGEST_MEDIA)))
		return WIKI_LINK_FILE;
	if (same_name(prefix, SLICE("Category")) ||
		listed(prefix, names->category, names->n_category) || wiki_is_category_word(prefix))
		return WIKI_LINK_CATEGORY;
	return is_language(prefix) ? WIKI_LINK_LANGUAGE : WIKI_LINK_PAGE;
}
