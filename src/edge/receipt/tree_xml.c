#include "edge/receipt/tree.h"

#include "base/buf.h"
#include "base/cp932.h"
#include "base/utf8.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <limits.h>

/* ---- bytes to UTF-8 by the declaration ---- */

enum encoding { ENCODING_UNKNOWN, ENCODING_UTF8, ENCODING_CP932 };
enum { DECLARATION_MAX = 256 };

/* "Shift_JIS", "shift-jis", "x-sjis", "Windows-31J", "UTF8" …: letters and digits alone count. */
static enum encoding encoding_named(struct str name) {
    static const struct {
        const char *folded;
        enum encoding encoding;
    } known[] = {
        {"SHIFTJIS", ENCODING_CP932},   {"SJIS", ENCODING_CP932},         {"XSJIS", ENCODING_CP932},
        {"MSKANJI", ENCODING_CP932},    {"CP932", ENCODING_CP932},        {"MS932", ENCODING_CP932},
        {"WINDOWS31J", ENCODING_CP932}, {"CSWINDOWS31J", ENCODING_CP932}, {"CSSHIFTJIS", ENCODING_CP932},
        {"WINDOWS932", ENCODING_CP932}, {"IBM943C", ENCODING_CP932},      {"UTF8", ENCODING_UTF8},
        {"USASCII", ENCODING_UTF8},     {"ASCII", ENCODING_UTF8},
    };
    char folded[24];
    size_t n = 0;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (c == '-' || c == '_' || c == ' ' || c == '.') continue;
        if (n + 1 == sizeof folded) return ENCODING_UNKNOWN;
        folded[n++] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        if (str_eq(str_of(folded, n), str_c(known[i].folded))) return known[i].encoding;
    return ENCODING_UNKNOWN;
}

/* The <?xml …?> at the start, or empty. */
static struct str declaration_of(struct str s) {
    if (!str_starts(s, S("<?xml")) || s.n < 6 || strchr(" \t\r\n", s.p[5]) == NULL) return S("");
    struct str head = str_head(s, DECLARATION_MAX);
    size_t end = str_find(head, S("?>"));
    return end == head.n ? S("") : str_head(s, end + 2);
}

/* encoding="…" within the declaration; false when it is there but malformed. */
static bool encoding_in(struct str declaration, struct str *name) {
    *name = S("");
    size_t at = str_find(declaration, S("encoding"));
    if (at == declaration.n) return true;
    struct str s = str_trim(str_skip(declaration, at + strlen("encoding")));
    if (s.n == 0 || s.p[0] != '=') return false;
    s = str_trim(str_skip(s, 1));
    if (s.n == 0 || (s.p[0] != '"' && s.p[0] != '\'')) return false;
    char quote = s.p[0];
    s = str_skip(s, 1);
    *name = str_cut(&s, quote);
    return s.n > 0;
}

static enum err place(struct diag *d, enum err e, struct str s, size_t at, const char *detail) {
    (void)!diag_set(d, e, "", "%s", detail);
    if (d == NULL) return e;
    d->line = d->column = 1;
    for (size_t i = 0; i < at; i++) {
        if (s.p[i] == '\n') d->line++, d->column = 1;
        else d->column++;
    }
    return e;
}

static bool has_japanese_utf8(struct str s) {
    if (!utf8_valid(s)) return false;
    for (uint32_t c; s.n && (c = utf8_next(&s)) != UTF8_BAD;)
        if (c >= 0x3000 && c < 0xa000) return true;
    return false;
}

static enum err from_cp932(struct str s, struct buf *out, struct diag *d) {
    struct cp932 c;
    /* Shift_JIS that happens to be valid UTF-8 with kana or kanji in it does not occur; UTF-8 under this name does. */
    if (has_japanese_utf8(s))
        return diag_set(d, ERR_ENCODING, "encoding", "it is declared Shift_JIS, but the bytes are UTF-8");
    TRY(cp932_open(&c, d));
    enum err e = cp932_decode(&c, s, out, d);
    cp932_close(&c);
    return e;
}

static enum err from_utf8(struct str s, bool declared, struct buf *out, struct diag *d) {
    size_t good = utf8_valid_length(s);
    if (good < s.n)
        return place(d, ERR_UTF8, s, good,
                     declared ? "it is declared UTF-8, but the bytes are not" : "without a declaration it is UTF-8");
    buf_put(out, s);
    return buf_ok(out) ? ERR_OK : diag_set(d, ERR_LIMIT, "", NULL);
}

/* The text in UTF-8 with the declaration blanked out (line breaks kept, so that places stay true). */
static enum err to_utf8(struct str bytes, struct buf *out, struct diag *d) {
    bool marked = str_starts(bytes, S("\xef\xbb\xbf"));
    struct str s = marked ? str_skip(bytes, 3) : bytes, declaration = declaration_of(s), name;
    if (str_starts(s, S("\xfe\xff")) || str_starts(s, S("\xff\xfe")))
        return diag_set(d, ERR_ENCODING, "encoding", "UTF-16; only Shift_JIS and UTF-8 are read");
    if (!encoding_in(declaration, &name))
        return diag_set(d, ERR_SYNTAX, "encoding", "the XML declaration is malformed");
    enum encoding e = name.n ? encoding_named(name) : ENCODING_UTF8;
    if (e == ENCODING_UNKNOWN)
        return diag_set(d, ERR_ENCODING, "encoding", "only Shift_JIS (CP932) and UTF-8 are read");
    if (marked && e == ENCODING_CP932)
        return diag_set(d, ERR_ENCODING, "encoding",
                        "it is declared Shift_JIS, but begins with UTF-8's byte-order mark");
    size_t at = out->n;
    TRY(e == ENCODING_CP932 ? from_cp932(s, out, d) : from_utf8(s, name.n > 0, out, d));
    for (size_t i = 0; i < declaration.n; i++)
        if (out->p[at + i] != '\n') out->p[at + i] = ' ';
    return ERR_OK;
}

/* ---- libxml2's events to nodes ---- */

struct reader {
    struct arena *arena;
    xmlParserCtxtPtr parser;
    struct tree *root, *at;
    struct buf text; /* of the innermost element */
    unsigned depth;
    enum err err;
    struct diag *d;
};

static void stop(struct reader *r, enum err e, const char *detail) {
    if (r->err != ERR_OK) return;
    unsigned line = (unsigned)xmlSAX2GetLineNumber(r->parser), column = (unsigned)xmlSAX2GetColumnNumber(r->parser);
    r->err = tree_fault(r->d, e, r->at, NULL, detail);
    if (r->d) r->d->line = line, r->d->column = column;
    xmlStopParser(r->parser);
}

static bool blank(struct str s) { return str_trim(s).n == 0; }

static struct tree *enter_element(struct reader *r, struct str name) {
    struct str copied;
    /* Two lists of one name side by side are one list. */
    if (str_ends(name, S("List"))) {
        struct tree *same = tree_child(r->at, name);
        if (same) return same;
    }
    copied = arena_copy(r->arena, name);
    return copied.p ? tree_add(r->arena, r->at, copied) : NULL;
}

static void on_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int n_ns,
                     const xmlChar **ns, int n_attributes, int n_defaulted, const xmlChar **attributes) {
    struct reader *r = context;
    struct str s = str_c((const char *)name);
    (void)prefix, (void)uri, (void)n_ns, (void)ns, (void)n_attributes, (void)n_defaulted, (void)attributes;
    if (r->err != ERR_OK) return;
    if (!blank(buf_str(&r->text))) return stop(r, ERR_SYNTAX, "text beside elements");
    if (r->depth == TREE_DEPTH_MAX) return stop(r, ERR_DEPTH, NULL);
    if (s.n > TREE_NAME_MAX) return stop(r, ERR_LIMIT, "an element's name is too long");
    struct tree *t = enter_element(r, s);
    if (t == NULL) return stop(r, ERR_LIMIT, "the message needs too much memory");
    if (t->line == 0) t->line = (unsigned)xmlSAX2GetLineNumber(r->parser);
    if (r->root == NULL) r->root = t;
    if (r->at && r->at->runs > TREE_RUNS_MAX) return stop(r, ERR_LIMIT, "too many elements");
    r->at = t;
    r->depth++;
    buf_reset(&r->text);
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {
    struct reader *r = context;
    (void)name, (void)prefix, (void)uri;
    if (r->err != ERR_OK) return;
    invariant(r->at != NULL && r->depth > 0);
    struct str text = buf_str(&r->text);
    if (r->at->first == NULL && text.n) {
        r->at->text = arena_copy(r->arena, text);
        if (r->at->text.p == NULL) return stop(r, ERR_LIMIT, "the message needs too much memory");
    } else if (!blank(text)) {
        return stop(r, ERR_SYNTAX, "text beside elements");
    }
    buf_reset(&r->text);
    r->at = r->at->parent;
    r->depth--;
}

static void on_text(void *context, const xmlChar *text, int n) {
    struct reader *r = context;
    if (r->err != ERR_OK || r->at == NULL) return;
    buf_put(&r->text, str_of(text, (size_t)n));
    if (!buf_ok(&r->text)) stop(r, ERR_LIMIT, "a text is too long");
}

static void on_document_type(void *context, const xmlChar *name, const xmlChar *external, const xmlChar *system) {
    (void)name, (void)external, (void)system;
    stop(context, ERR_SYNTAX, "a document type is not read");
}

static void on_entity(void *context, const xmlChar *name) {
    (void)name;
    stop(context, ERR_SYNTAX, "an entity other than XML's own five");
}

/* libxml2's messages may quote the input, which may be a person: said in our own words. */
static const char *said(int code) {
    switch (code) {
    case XML_ERR_DOCUMENT_EMPTY:
    case XML_ERR_DOCUMENT_END: return "the document is empty or ends too early";
    case XML_ERR_TAG_NAME_MISMATCH: return "a start tag and its end tag differ";
    case XML_ERR_TAG_NOT_FINISHED:
    case XML_ERR_GT_REQUIRED:
    case XML_ERR_LTSLASH_REQUIRED: return "a tag is not finished";
    case XML_ERR_UNDECLARED_ENTITY:
    case XML_ERR_ENTITYREF_SEMICOL_MISSING:
    case XML_ERR_NAME_REQUIRED: return "an ampersand or a name that is none";
    case XML_ERR_INVALID_CHAR:
    case XML_ERR_INVALID_CHARREF: return "a character that XML cannot hold";
    case XML_ERR_NAME_TOO_LONG: return "a name is too long";
    default: return "not well-formed XML";
    }
}

static void on_error(void *context, xmlErrorPtr error) {
    struct reader *r = context;
    if (error->level < XML_ERR_ERROR || error->domain == XML_FROM_NAMESPACE)
        return; /* an unbound prefix does no harm here */
    stop(r, error->code == XML_ERR_NO_MEMORY ? ERR_MEMORY : ERR_SYNTAX, said(error->code));
}

static void run(struct reader *r) {
    xmlSAXHandler *sax = r->parser->sax;
    *sax = (xmlSAXHandler){
        .initialized = XML_SAX2_MAGIC,
        .startElementNs = on_start,
        .endElementNs = on_end,
        .characters = on_text,
        .ignorableWhitespace = on_text,
        .cdataBlock = on_text,
        .internalSubset = on_document_type,
        .reference = on_entity,
        .serror = on_error,
    };
    r->parser->userData = r;
    xmlCtxtUseOptions(r->parser, XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_COMPACT);
    (void)xmlParseDocument(r->parser);
    if (r->err == ERR_OK && (!r->parser->wellFormed || r->root == NULL || r->depth))
        stop(r, ERR_SYNTAX, "not well-formed XML");
}

static enum err parse(struct reader *r, struct str utf8) {
    if (utf8.n > INT_MAX) return diag_set(r->d, ERR_LIMIT, "", NULL);
    if (str_trim(utf8).n == 0) return diag_set(r->d, ERR_SYNTAX, "", "the document is empty");
    r->parser = xmlCreateMemoryParserCtxt(utf8.p, (int)utf8.n);
    if (r->parser == NULL) return diag_set(r->d, ERR_MEMORY, "", NULL);
    buf_init(&r->text, 1 << 20); /* no text of the field comes near it */
    run(r);
    buf_fini(&r->text);
    xmlFreeParserCtxt(r->parser);
    return r->err;
}

enum err tree_read_xml(struct arena *a, struct str bytes, struct tree **out, struct diag *d) {
    struct buf utf8;
    struct reader r = {.arena = a, .d = d};
    buf_init(&utf8, bytes.n * 3 + 1);
    enum err e = to_utf8(bytes, &utf8, d);
    if (e == ERR_OK) e = parse(&r, buf_str(&utf8));
    buf_fini(&utf8);
    if (e == ERR_OK && !str_eq(r.root->name, S("XmlMsg")))
        e = tree_fault(d, ERR_MISSING, r.root, NULL, "the root is not XmlMsg");
    if (e == ERR_OK) *out = r.root;
    return e;
}
