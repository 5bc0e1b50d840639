/* The vocabulary of class and id names, and the way names are cut into words. */
#include "stages/extract/cues.h"

/* Collected by hand from the names that content systems give to the parts of their pages
 * (WordPress, Drupal, MediaWiki, Discourse, phpBB, vBulletin, Shopify, Bootstrap themes), with the
 * commonest of other languages. */
static const struct word_row words[] = {
	{ CUE(CONTENT),
		"article articlebody articlecontent articletext artikel beitrag blogpost body "
		"bodytext chapter cikk contenido content contentbody contents contenu copy "
		"corpo cuerpo doc docs documentation editorial entry entrycontent fulltext "
		"inhalt lyrics maintext markdown mw newsbody newstext noticia obsah output "
		"pagecontent paragraph paragraphs parser postbody postcontent postentry "
		"posttext prose readable reader recipe richtext richtextcontent rte story "
		"storybody storytext szoveg tekst testo text texte transcript tresc wysiwyg" },
	{ CUE(MAIN),
		"center centre inner main mainarea mainbody maincol maincolumn maincontent "
		"middle page primary" },
	{ CUE(POST),
		"bbp bbs board conversation cooked discussion discussions forum forums hentry "
		"ipb ips lia message messages msg ocpost post postcontainer poster posthead "
		"postinfo postmessage postprofile postrow posts thread threads topic topics "
		"viewtopic xf" },
	{ CUE(PRODUCT),
		"offer offers pdp product productdetail productdetails productinfo productpage "
		"products shopify sku woocommerce" },
	{ CUE(DESCRIPTION),
		"about abstract chapo deck dek desc description descriptions einleitung excerpt "
		"intro introduction lead lede longdesc overview productdescription shortdesc "
		"snippet standfirst subhead subheading summary synopsis teaser vorspann" },
	{ CUE(SPEC),
		"additional attribute attributes data datasheet detail details dimensions "
		"feature features highlights ingredients materials properties property size "
		"sizes spec specification specifications specs tech technical" },
	{ CUE(PRICE),
		"add addtocart amount availability bag basket buy cart checkout compare cost "
		"delivery discount installment minicart price prices pricing qty quantity sale "
		"shipping stock swatch swatches variant variants warranty wishlist" },
	{ CUE(REVIEW),
		"bazaarvoice feefo rating ratings review reviews star stars testimonial "
		"testimonials trustpilot yotpo" },
	{ CUE(COMMENT),
		"comentarios comment commentaire commentaires commentarea commentbody "
		"commentcontent commentform commentlist comments commenttext discuss disqus "
		"feedback kommentar kommentare livefyre replies reply respond responses" },
	{ CUE(QUESTION),
		"accordion accordions answer answers ask collapse collapsed collapsible expand "
		"expandable expander faq faqs panel panels qa qna question questions tab tabbed "
		"tabpanel tabs toggle" },
	{ CUE(LISTING),
		"archive archives cards catalog catalogue categorylist collection collections "
		"columns directory entries feed grid gridview index items list listing listings "
		"lists listview loop overviewlist result results rows stream table tiles" },
	{ CUE(CARD),
		"box card cell entrybox griditem item li listitem media mediaobject row "
		"teaserbox thumb thumbnail thumbs tile unit" },
	{ CUE(HEADER),
		"banner brand branding globalheader head header headerbar kopf logo masthead "
		"pageheader site siteheader top topbar topper utility" },
	{ CUE(FOOTER),
		"bottom colophon copyright copyrights fineprint foot footer footernav footnav "
		"fuss globalfooter impressum imprint legal pagefooter pied sitefooter" },
	{ CUE(NAV),
		"drawer dropdown flyout globalnav hamburger jump localnav mainmenu mainnav "
		"megamenu menu menubar menuitem menus nav navbar navbox navi navigation "
		"navlinks navmenu navs offcanvas primarynav sidenav skip skiplink skiplinks "
		"skipnav submenu subnav topmenu topnav tree treeview" },
	{ CUE(SIDEBAR),
		"aside complementary extra extras left leftcol leftcolumn leftrail lhs rail rhs "
		"right rightcol rightcolumn rightrail secondary side sidebar sidebars sidecol "
		"sidecolumn supplementary tertiary" },
	{ CUE(BREADCRUMB),
		"breadcrum breadcrumb breadcrumbs crumb crumbs path pathway trail youarehere" },
	{ CUE(PAGER),
		"loadmore newer next nextpage nextprev older pagenav pagenumbers pager paginate "
		"pagination paginator paging prev previous prevnext siblings" },
	{ CUE(SHARE),
		"addthis addtoany compartir facebook follow followus instagram like linkedin "
		"partager pinterest share shareaholic sharebar sharebuttons sharedaddy shares "
		"sharethis shariff sharing social socialicons sociallinks socialmedia socials "
		"socialshare teilen tweet twitter whatsapp youtube" },
	{ CUE(RELATED),
		"also alsolike contextual crosssell crosssells furtherreading hot jp latest "
		"mehr more morefrom mostpopular mostread newsticker nextarticle other others "
		"outbrain popular readmore readnext recent recentposts recirc recirculation "
		"recommend recommendation recommendations recommended related relatedarticles "
		"relatedcontent relatednews relatedposts seealso similar suggest suggested "
		"suggestions taboola teaserlist ticker topstories trending upsell upsells yarpp "
		"youmaylike zergnet" },
	{ CUE(AD),
		"ad adbox adcontainer ads adsense adslot adunit advert advertisement "
		"advertising adverts adwrap affiliate anzeige banners commercial dfp gpt "
		"leaderboard mpu partner promo promos promotion promotional promotions "
		"publicidad publicite reklama skyscraper sponsor sponsored sponsors werbung" },
	{ CUE(POPUP),
		"ccpa cmp consent cookie cookiebanner cookieconsent cookies dialog didomi gdpr "
		"interstitial lightbox mask modal modals notification notifications onetrust "
		"overlay paywall popover popup popups privacy snackbar toast tooltip tooltips" },
	{ CUE(LOGIN),
		"account accounts login loginbox logout member members membership myaccount "
		"register registration regwall signin signup userbar userlinks" },
	{ CUE(NEWSLETTER),
		"emailsignup klaviyo mailchimp mailing mc newsletter newsletters nl optin rss "
		"subscribe subscriber subscription subscriptions" },
	{ CUE(SEARCH),
		"actionbar autocomplete control controls facet facets filter filters option "
		"options perpage picker refine refinement search searchbar searchbox "
		"searchfield searchform select selector settings sort sortby sorting toolbar "
		"tools viewmode" },
	{ CUE(FORM),
		"booking captcha contact contactform contactus enquiry field fields fieldset "
		"form forms gform hs input inputs inquiry label quote request submit upload "
		"wpcf wpforms" },
	{ CUE(AUTHOR),
		"auteur author authorbox authorinfo authors autor avatar bio byline bylines "
		"contributor contributors creator credits fn journalist postedby profile "
		"publisher reporter user userdetails userinfo username users vcard writer" },
	{ CUE(DATE),
		"ago calendar created date dateline dates datetime datum day dtstart modified "
		"month postdate posted pubdate publish published time timestamp updated when "
		"year" },
	{ CUE(TAGS),
		"badge badges cat categories category cats chip chips filed genre genres "
		"hashtag hashtags kategorie keyword keywords labels postcategory subject "
		"subjects tag tagcloud tagged taglist tags taxonomy terms topiclist" },
	{ CUE(META),
		"articlemeta bookmark count counter counts edit editsection entrymeta flag icon "
		"icons info infos karma kudos likes listeners meta permalink points postmeta "
		"print printer printfriendly reaction reactions reading readtime report score "
		"scores stat statistics stats status viewcount views vote votes voting" },
	{ CUE(TITLE),
		"articletitle entrytitle eyebrow heading headings headline headlines hed kicker "
		"overline pagetitle posttitle pretitle subtitle subtitles tagline titel title "
		"titles titre" },
	{ CUE(CAPTION),
		"audio bildunterschrift caption captions carousel credit embed figcaption "
		"figure flexslider galleries gallery image images img legende mejs owl photo "
		"photos picture pictures player podcast slick slide slider slides slideshow "
		"swiper thumbcaption video videos wp zoom" },
	{ CUE(WIDGET),
		"block blocks component components elementor gadget gadgets module modules "
		"panelbox plugin portlet portlets vc widget widgets" },
	{ CUE(HERO),
		"announcement bar billboard callout cover cta ctas hero herobanner jumbotron "
		"pagehero slogan splash stage" },
	{ CUE(HIDDEN),
		"accessibility aria assistive clip hid hidden hiddentext hide invisible "
		"mobile mobileonly nodisplay none noprint noscript offscreen printonly screen "
		"screenreader sr visually visuallyhidden" },
	{ CUE(TOC),
		"anchors bookmarks contentstable inhaltsverzeichnis inpage jumplinks onthispage "
		"outline sommaire tableofcontents toc" },
	{ CUE(CODE),
		"code codeblock codebox console crayon example examples gist highlight "
		"highlighter hljs listingblock pre prettyprint prism snippetcode syntax "
		"syntaxhighlighter terminal" },
	{ CUE(INFOBOX),
		"ambox ataglance factbox facts glance hatnote infobox keyfacts metadata sidebox "
		"sistersitebox" },
	{ CUE(SIGNATURE),
		"bbcode blockquote cite edited lastedit quoted quoteheader quotetitle sig "
		"signature signatures usersig" },
	{ CUE(SERVICE),
		"benefit benefits case cases client clients course courses event events "
		"industries industry mission package packages partners plan plans portfolio "
		"process program programme schedule service services solution solutions "
		"speakers staff step steps stories team teams usp usps value values why" },
	{ CUE(BUTTON),
		"action actions btn btns button buttons download downloads learn link links "
		"morelink readmorelink" },
	{ CUE(LANGUAGE),
		"countries country currency interlanguage interwiki lang langswitcher language "
		"languages languageswitcher locale region translate translation" },
	{ CUE(NOTICE),
		"alert alerts disclaimer disclaimers disclosure error errors hint important "
		"note notes notice notices statement tip tips warning warnings" },
};

/* WAI-ARIA 1.2: landmark roles and what is no text of the page. */
static const struct {
	const char *role;
	uint64_t cue;
} roles[] = {
	{ "alert", CUE(POPUP) },
	{ "alertdialog", CUE(POPUP) },
	{ "article", CUE(E_ARTICLE) },
	{ "banner", CUE(E_HEADER) },
	{ "button", CUE(BUTTON) },
	{ "complementary", CUE(E_ASIDE) },
	{ "contentinfo", CUE(E_FOOTER) },
	{ "dialog", CUE(POPUP) },
	{ "form", CUE(FORM) },
	{ "list", CUE(E_LIST) },
	{ "main", CUE(E_MAIN) },
	{ "menu", CUE(E_NAV) },
	{ "menubar", CUE(E_NAV) },
	{ "navigation", CUE(E_NAV) },
	{ "region", CUE(E_SECTION) },
	{ "search", CUE(SEARCH) },
	{ "tab", CUE(QUESTION) },
	{ "tablist", CUE(QUESTION) },
	{ "tabpanel", CUE(QUESTION) },
	{ "tooltip", CUE(POPUP) },
};

void cue_words_make(struct word_table *table)
{
	word_table_make(table, words, ARRAY_LEN(words));
}

static bool is_small(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

static uint64_t cues_of_names(const struct word_table *table, struct slice names)
{
	char word[WORD_MAX] = { 0 };
	size_t n = 0;
	uint32_t hash = WORD_HASH;
	uint64_t cues = 0;

	for (size_t i = 0; i <= names.n; i++) {
		char c = i < names.n ? names.p[i] : ' ';
		bool capital = is_capital(c);
		bool letter = capital || is_small(c);

		if (n && (!letter || (capital && is_small(names.p[i - 1])))) {
			if (n < WORD_MAX)
				cues |= word_table_find(table, word, n, hash);
			n = 0;
			hash = WORD_HASH;
		}
		if (letter) {
			c = (char)(capital ? c + 32 : c);
			if (n < WORD_MAX)
				word[n] = c;
			hash = word_hash(hash, c);
			n++;
		}
	}
	return cues;
}

static uint64_t cues_of_role(struct slice role)
{
	for (size_t i = 0; role.n && i < ARRAY_LEN(roles); i++)
		if (slice_eq(role, slice_str(roles[i].role)))
			return roles[i].cue;
	return 0;
}

static bool hides(struct slice style)
{
	return slice_find(style, SLICE("display:none")) < style.n ||
		slice_find(style, SLICE("display: none")) < style.n;
}

uint64_t cues_of_tag(enum html_tag tag)
{
	switch (tag) {
	case HTML_ARTICLE: return CUE(E_ARTICLE);
	case HTML_MAIN: return CUE(E_MAIN);
	case HTML_SECTION: return CUE(E_SECTION);
	case HTML_HEADER: return CUE(E_HEADER);
	case HTML_FOOTER: return CUE(E_FOOTER);
	case HTML_NAV:
	case HTML_MENU: return CUE(E_NAV);
	case HTML_ASIDE: return CUE(E_ASIDE);
	case HTML_DIALOG: return CUE(POPUP);
	case HTML_FORM: return CUE(E_FORM);
	case HTML_TABLE: return CUE(E_TABLE);
	case HTML_UL:
	case HTML_OL:
	case HTML_DL: return CUE(E_LIST);
	case HTML_FIGURE: return CUE(E_FIGURE);
	case HTML_NOSCRIPT: return CUE(E_NOSCRIPT);
	case HTML_PRE:
	case HTML_CODE: return CUE(CODE);
	case HTML_BUTTON: return CUE(BUTTON);
	case HTML_ADDRESS: return CUE(AUTHOR);
	case HTML_TIME: return CUE(DATE);
	case HTML_FIGCAPTION: return CUE(CAPTION);
	case HTML_DETAILS:
	case HTML_SUMMARY: return CUE(QUESTION);
	default: return 0;
	}
}

uint64_t cues_of_attribute(
	const struct word_table *table, enum html_attr_name name, struct slice value)
{
	switch (name) {
	case HTML_ATTR_CLASS:
	case HTML_ATTR_ID: return cues_of_names(table, value);
	case HTML_ATTR_ROLE: return cues_of_role(value);
	case HTML_ATTR_HIDDEN: return CUE(E_HIDDEN);
	case HTML_ATTR_ARIA_HIDDEN: return slice_eq(value, SLICE("true")) ? CUE(E_HIDDEN) : 0;
	case HTML_ATTR_STYLE: return hides(value) ? CUE(E_HIDDEN) : 0;
	default: return 0;
	}
}

const char *cue_name(unsigned index)
{
	static const char *const names[] = {
#define X(id) #id,
		CUES(X)
#undef X
	};

	return names[index];
}
