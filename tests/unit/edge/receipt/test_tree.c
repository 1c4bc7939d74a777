#include "base/cp932.h"
#include "lib/hostile.h"
#include "lib/short_memory.h"
#include "unit/edge/receipt/sample.h"

static struct arena arena;

static enum err read_xml(struct str bytes, struct tree **t, struct diag *d) {
    arena_fini(&arena);
    arena_init(&arena, TREE_ARENA_MAX);
    *d = (struct diag){0};
    return tree_read_xml(&arena, bytes, t, d);
}

#define MINI(encoding) "<?xml version=\"1.0\" encoding=\"" encoding "\" standalone=\"no\"?><XmlMsg><A>"
#define SJIS_MADO      "\x91\x8b" /* 窓 */

static void encodings_are_known_in_any_usual_spelling(void **state) {
    (void)state;
    static const struct {
        const char *spelling;
        bool sjis;
    } rows[] = {{"Shift_JIS", true}, {"shift-jis", true}, {"SJIS", true},     {"Windows-31J", true},
                {"CP932", true},     {"MS932", true},     {"ms_kanji", true}, {"x-sjis", true},
                {"SHIFT_JIS", true}, {"UTF-8", false},    {"UTF8", false},    {"utf-8", false}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char text[256];
        struct tree *t;
        struct diag d;
        snprintf(text, sizeof text, "<?xml version='1.0' encoding = '%s' ?><XmlMsg><A>%s</A></XmlMsg>",
                 rows[i].spelling, rows[i].sjis ? SJIS_MADO : "窓");
        assert_int_equal(read_xml(str_c(text), &t, &d), ERR_OK);
        assert_string_equal(sample_at(t, "A"), "窓");
    }
}

static void bytes_that_do_not_fit_are_refused_with_the_place(void **state) {
    (void)state;
    static const struct {
        const char *what, *bytes;
        enum err err;
        unsigned line;
        const char *detail; /* a part of it */
    } rows[] = {
        {"declared Shift_JIS, is UTF-8", MINI("Shift_JIS") "窓口</A></XmlMsg>", ERR_ENCODING, 0, "the bytes are UTF-8"},
        {"declared UTF-8, is Shift_JIS", MINI("UTF-8") "\n" SJIS_MADO "</A></XmlMsg>", ERR_UTF8, 2, "declared UTF-8"},
        {"declared Shift_JIS, UTF-8's mark", "\xef\xbb\xbf" MINI("Shift_JIS") "a</A></XmlMsg>", ERR_ENCODING, 0,
         "byte-order mark"},
        {"nothing declared, is Shift_JIS", "<XmlMsg><A>" SJIS_MADO "</A></XmlMsg>", ERR_UTF8, 1,
         "without a declaration"},
        {"half a character", MINI("Shift_JIS") "\n\n\x91</A></XmlMsg>", ERR_CP932, 3, ""},
        {"user-defined character", MINI("Shift_JIS") "\xf0\x40</A></XmlMsg>", ERR_CP932, 1, ""},
        {"an unknown encoding", MINI("EUC-JP") "a</A></XmlMsg>", ERR_ENCODING, 0, "only Shift_JIS"},
        {"UTF-16", "\xff\xfe<\0", ERR_ENCODING, 0, "UTF-16"},
        {"nothing", "", ERR_SYNTAX, 0, "empty"},
        {"only a declaration", "<?xml version=\"1.0\"?>", ERR_SYNTAX, 0, "empty"},
        {"an end that differs", "<XmlMsg>\n<A></B></XmlMsg>", ERR_SYNTAX, 2, "differ"},
        {"cut short", "<XmlMsg><A>1</A>", ERR_SYNTAX, 1, ""},
        {"something behind the root", "<XmlMsg><A>1</A></XmlMsg><B/>", ERR_SYNTAX, 1, ""},
        {"text beside elements", "<XmlMsg>x<A>1</A></XmlMsg>", ERR_SYNTAX, 1, "beside"},
        {"another root", "<Other><A>1</A></Other>", ERR_MISSING, 1, "XmlMsg"},
        {"a document type", "<!DOCTYPE XmlMsg [<!ENTITY a \"b\">]><XmlMsg><A>&a;</A></XmlMsg>", ERR_SYNTAX, 1,
         "document type"},
        {"an outside document type", "<!DOCTYPE XmlMsg SYSTEM \"file:///etc/passwd\"><XmlMsg/>", ERR_SYNTAX, 1,
         "document type"},
        {"an entity of nobody", "<XmlMsg><A>&nbsp;</A></XmlMsg>", ERR_SYNTAX, 1, ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct tree *t = NULL;
        struct diag d;
        enum err e = read_xml(str_c(rows[i].bytes), &t, &d);
        if (e != rows[i].err || d.line != rows[i].line || strstr(d.detail, rows[i].detail) == NULL)
            fail_msg("%s: err %d line %u column %u detail '%s'", rows[i].what, (int)e, d.line, d.column, d.detail);
    }
}

static void what_readers_may_meet_is_read(void **state) {
    (void)state;
    struct tree *t;
    struct diag d;
    assert_int_equal(
        read_xml(
            S("\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<!-- c --><x:XmlMsg xmlns:x='urn:x' a='1'>\r\n"
              " <New><Er>1</Er></New> <A b='2'><![CDATA[1 < 2]]> &amp; &#x7a93;</A><B/></x:XmlMsg>"),
            &t, &d),
        ERR_OK);
    assert_string_equal(sample_at(t, "A"), "1 < 2 & 窓");
    assert_string_equal(sample_at(t, "B"), "");
    assert_string_equal(sample_at(t, "New/Er"), "1");
    assert_int_equal(tree_child(t, S("A"))->line, 3);
}

/* The bomb: ten entities, each ten times the one before. */
static void an_xml_bomb_goes_nowhere(void **state) {
    (void)state;
    struct buf b;
    struct tree *t;
    struct diag d;
    buf_init(&b, 1 << 20);
    buf_puts(&b, "<?xml version=\"1.0\"?><!DOCTYPE XmlMsg [<!ENTITY e0 \"ha\">");
    for (int i = 1; i < 10; i++) {
        buf_printf(&b, "<!ENTITY e%d \"", i);
        for (int k = 0; k < 10; k++) buf_printf(&b, "&e%d;", i - 1);
        buf_puts(&b, "\">");
    }
    buf_puts(&b, "]><XmlMsg><A>&e9;</A></XmlMsg>");
    assert_int_equal(read_xml(buf_str(&b), &t, &d), ERR_SYNTAX);
    assert_non_null(strstr(d.detail, "document type"));
    buf_fini(&b);
}

static void put_many(struct buf *b, const char *s, size_t n) {
    for (size_t i = 0; i < n; i++) buf_puts(b, s);
}

static void depth_and_size_have_limits(void **state) {
    (void)state;
    static const struct {
        const char *what, *before, *many;
        size_t n;
        const char *after;
        enum err err;
    } rows[] = {
        {"deep", "<XmlMsg>", "<A>", 100000, "", ERR_DEPTH},
        {"a name of 200 characters", "<XmlMsg><", "A", 200, "/></XmlMsg>", ERR_LIMIT},
        {"a name of 10 MB", "<XmlMsg><", "AAAAAAAAAA", 1 << 20, "/></XmlMsg>", ERR_SYNTAX},
        {"a text of 10 MB", "<XmlMsg><A>", "AAAAAAAAAA", 1 << 20, "</A></XmlMsg>", ERR_LIMIT},
        {"300 kinds of elements", "<XmlMsg>", "<A/><B/>", 150, "</XmlMsg>", ERR_LIMIT},
        {"10,000 of one kind", "<XmlMsg>", "<A>1</A>", 10000, "</XmlMsg>", ERR_OK},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct buf b;
        struct tree *t;
        struct diag d;
        buf_init(&b, 32 << 20);
        buf_puts(&b, rows[i].before);
        put_many(&b, rows[i].many, rows[i].n);
        buf_puts(&b, rows[i].after);
        enum err e = read_xml(buf_str(&b), &t, &d);
        if (e != rows[i].err) fail_msg("%s: %d %s", rows[i].what, (int)e, d.detail);
        buf_fini(&b);
    }
}

static void both_carriers_make_one_tree(void **state) {
    (void)state;
    struct tree *x, *j;
    struct diag d;
    struct buf out;
    assert_int_equal(read_xml(S(SAMPLE_REQUEST), &x, &d), ERR_OK);
    j = sample_read_back(&arena, CARRIER_JSON, S(SAMPLE_REQUEST_JSON));
    assert_true(sample_same_tree(x, j));
    buf_init(&out, 1 << 20);
    tree_put_json(x, &out);
    assert_true(str_eq(buf_str(&out), S(SAMPLE_REQUEST_JSON)));
    buf_reset(&out);
    tree_put_xml(j, &out);
    assert_true(sample_same_tree(x, sample_read_back(&arena, CARRIER_XML, buf_str(&out))));
    buf_fini(&out);
}

static void trees_survive_either_carrier(void **state) {
    (void)state;
    static const char *const rows[] = {
        "<XmlMsg><A><B>1</B></A></XmlMsg>",
        "<XmlMsg><AList><B><C>1</C></B><B><C>2</C></B><D>3</D></AList><E>4</E></XmlMsg>",
        "<XmlMsg><U><A>1</A></U><U><A>2</A></U><U><A>3</A><R>x</R><R>y</R></U></XmlMsg>",
        "<XmlMsg><R>\"\\\t</R><R>&lt;&amp;&gt;</R><S>窓</S></XmlMsg>",
        "<XmlMsg><AList><BList><C>1</C></BList></AList></XmlMsg>",
        "<XmlMsg><U><AList><B><C>1</C></B></AList></U><U><AList><B><C>2</C></B></AList></U></XmlMsg>",
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct tree *t;
        struct diag d;
        struct buf out;
        buf_init(&out, 1 << 16);
        assert_int_equal(read_xml(str_c(rows[i]), &t, &d), ERR_OK);
        tree_put_json(t, &out);
        if (!sample_same_tree(t, sample_read_back(&arena, CARRIER_JSON, buf_str(&out))))
            fail_msg("%s: %.*s", rows[i], (int)out.n, out.p);
        buf_reset(&out);
        tree_put_xml(t, &out);
        assert_true(str_eq(buf_str(&out), str_c(rows[i])));
        buf_fini(&out);
    }
}

/* One name that stands apart from its like is gathered: JSON names a member once. */
static void scattered_elements_are_gathered_in_json(void **state) {
    (void)state;
    struct tree *t;
    struct diag d;
    struct buf out;
    buf_init(&out, 1 << 16);
    assert_int_equal(read_xml(S("<XmlMsg><A>1</A><B>2</B><A>3</A><C><D>4</D></C><B>5</B></XmlMsg>"), &t, &d), ERR_OK);
    tree_put_json(t, &out);
    assert_true(str_eq(buf_str(&out), S("{\"XmlMsg\":{\"A\":[\"1\",\"3\"],\"B\":[\"2\",\"5\"],\"C\":{\"D\":\"4\"}}}")));
    buf_fini(&out);
}

static void json_is_read_as_its_senders_write_it(void **state) {
    (void)state;
    static const struct {
        const char *text, *path, *value;
        enum err err;
    } rows[] = {
        {"{\"XmlMsg\":{\"A\":\"1\"}}", "A", "1", ERR_OK},
        {"{\"XmlMsg\":{\"A\":138057}}", "A", "138057", ERR_OK},
        {"{\"XmlMsg\":{\"A\":null}}", "A", "(absent)", ERR_OK},
        {"{\"XmlMsg\":{\"A\":true}}", "A", "1", ERR_OK},
        {"{\"XmlMsg\":{\"A\":[\"1\",\"2\"]}}", "A", "1", ERR_OK},
        {"{\"XmlMsg\":{\"RList\":[{\"A\":{\"B\":\"1\"}},{\"A\":{\"B\":\"2\"}}]}}", "RList/A/B", "1", ERR_OK},
        {"{\"XmlMsg\":{\"RList\":{\"A\":{\"B\":\"1\"}}}}", "RList/A/B", "1", ERR_OK},
        {"{\"XmlMsg\":{\"A\":1.5}}", "A", "", ERR_VALUE},
        {"{\"XmlMsg\":{\"A\":[[1]]}}", "A", "", ERR_SYNTAX},
        {"{\"XmlMsg\":{\"AList\":[1]}}", "A", "", ERR_SYNTAX},
        {"{\"XmlMsg\":[]}", "A", "", ERR_MISSING},
        {"[]", "A", "", ERR_MISSING},
        {"{\"XmlMsg\":{\"A\":\"1\",\"A\":\"2\"}}", "A", "", ERR_DUPLICATE},
        {"{\"XmlMsg\":{\"\":\"1\"}}", "A", "", ERR_LIMIT},
        {"{\"XmlMsg\":{", "A", "", ERR_SYNTAX},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct tree *t = NULL;
        struct diag d = {0};
        arena_reset(&arena);
        enum err e = tree_read_json(&arena, str_c(rows[i].text), &t, &d);
        if (e != rows[i].err) fail_msg("%s: %d %s %s", rows[i].text, (int)e, d.where, d.detail);
        if (e == ERR_OK) assert_string_equal(sample_at(t, rows[i].path), rows[i].value);
    }
}

static void children_of_a_name_are_taken_away(void **state) {
    (void)state;
    static const struct {
        const char *from, *want;
    } rows[] = {
        {"{\"XmlMsg\":{}}", "{}"},
        {"{\"XmlMsg\":{\"x\":\"1\"}}", "{}"},
        {"{\"XmlMsg\":{\"x\":\"1\",\"b\":\"2\"}}", "{\"XmlMsg\":{\"b\":\"2\"}}"},
        {"{\"XmlMsg\":{\"a\":\"1\",\"x\":{\"y\":\"2\"}}}", "{\"XmlMsg\":{\"a\":\"1\"}}"},
        {"{\"XmlMsg\":{\"a\":[\"1\",\"2\"],\"x\":[\"3\",\"4\"],\"c\":\"5\"}}",
         "{\"XmlMsg\":{\"a\":[\"1\",\"2\"],\"c\":\"5\"}}"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a;
        struct buf b;
        struct tree *t;
        arena_init(&a, TREE_ARENA_MAX), buf_init(&b, 1 << 16);
        assert_int_equal(tree_read_json(&a, str_c(rows[i].from), &t, NULL), ERR_OK);
        tree_drop(t, S("x"));
        tree_put_json(t, &b);
        if (!str_eq(buf_str(&b), str_c(rows[i].want))) fail_msg("%s: %.*s", rows[i].from, (int)b.n, b.p);
        assert_non_null(tree_add(&a, t, S("z")));
        assert_true(t->last->nth == 1 && str_eq(t->last->name, S("z")));
        arena_fini(&a), buf_fini(&b);
    }
}

static void feed(void *context, struct str input) {
    enum carrier carrier = *(enum carrier *)context;
    struct arena a;
    struct tree *t;
    struct diag d = {0};
    arena_init(&a, TREE_ARENA_MAX);
    enum err e = carrier == CARRIER_XML ? tree_read_xml(&a, input, &t, &d) : tree_read_json(&a, input, &t, &d);
    if (e == ERR_OK) {
        struct request r;
        (void)!request_read(&a, t, MESSAGE_SINGLE, &r, &d);
    } else {
        assert_int_equal(d.err, e);
    }
    arena_fini(&a);
}

static void truncated_and_flipped_messages_come_back(void **state) {
    (void)state;
    enum carrier xml = CARRIER_XML, json = CARRIER_JSON;
    struct cp932 c;
    struct buf sjis;
    assert_true(hostile_all(S(SAMPLE_REQUEST), feed, &xml) > 5000);
    assert_true(hostile_all(S(SAMPLE_REQUEST_JSON), feed, &json) > 3000);
    buf_init(&sjis, 1 << 16);
    assert_int_equal(cp932_open(&c, NULL), ERR_OK);
    struct str body =
        str_skip(S(SAMPLE_REQUEST), strlen("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>"));
    buf_puts(&sjis, "<?xml version=\"1.0\" encoding=\"Shift_JIS\"?>");
    assert_int_equal(cp932_encode(&c, body, &sjis), body.n);
    cp932_close(&c);
    assert_true(hostile_all(buf_str(&sjis), feed, &xml) > 5000);
    buf_fini(&sjis);
}

static void memory_may_end_anywhere(void **state) {
    (void)state;
    for (size_t nth = 1;; nth++) {
        struct arena a;
        struct tree *t;
        struct diag d = {0};
        arena_init(&a, TREE_ARENA_MAX);
        short_memory_from(nth);
        enum err e = tree_read_xml(&a, S(SAMPLE_REQUEST), &t, &d);
        bool hit = short_memory_hit();
        arena_fini(&a);
        if (!hit) {
            assert_int_equal(e, ERR_OK);
            break;
        }
        assert_true(nth < 10000);
    }
}

static int end(void **state) {
    (void)state;
    arena_fini(&arena);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encodings_are_known_in_any_usual_spelling),
        cmocka_unit_test(bytes_that_do_not_fit_are_refused_with_the_place),
        cmocka_unit_test(what_readers_may_meet_is_read),
        cmocka_unit_test(an_xml_bomb_goes_nowhere),
        cmocka_unit_test(depth_and_size_have_limits),
        cmocka_unit_test(both_carriers_make_one_tree),
        cmocka_unit_test(trees_survive_either_carrier),
        cmocka_unit_test(scattered_elements_are_gathered_in_json),
        cmocka_unit_test(json_is_read_as_its_senders_write_it),
        cmocka_unit_test(children_of_a_name_are_taken_away),
        cmocka_unit_test(truncated_and_flipped_messages_come_back),
        cmocka_unit_test(memory_may_end_anywhere),
    };
    arena_init(&arena, TREE_ARENA_MAX);
    return cmocka_run_group_tests_name("the tree of a message", tests, NULL, end);
}
