#include "base/utf8.h"
#include "edge/receipt/substitute.h"
#include "unit/edge/receipt/sample.h"

#include <unistd.h>

static struct substitutes subs;
static struct buf out, note;
static struct arena arena;

static int begin(void **state) {
    (void)state;
    buf_init(&out, 1 << 20), buf_init(&note, 1 << 20);
    arena_init(&arena, 1 << 24);
    return substitutes_open(&subs, world_real(), NULL, NULL) == ERR_OK ? 0 : -1;
}

static int end(void **state) {
    (void)state;
    substitutes_close(&subs);
    arena_fini(&arena);
    buf_fini(&out), buf_fini(&note);
    return 0;
}

static size_t fit(const struct substitutes *s, const char *text) {
    buf_reset(&out), buf_reset(&note);
    return substitute_text(s, str_c(text), &out, &note);
}

static void each_character_gets_its_documented_nearest_form(void **state) {
    (void)state;
    static const struct {
        const char *text, *fits, *note;
    } rows[] = {
        {"髙﨑德邉齋", "髙﨑德邉齋", ""},
        {"𠮷野", "吉野", "U+20BB7→吉 "},
        {"葛󠄀城", "葛城", "U+E0100→- "},
        {"圡橋", "土橋", "U+5721→土 "},
        {"刘伟", "劉偉", "U+5218→劉 U+4F1F→偉 "},
        {"José Müller", "Jose Muller", "U+00E9→e U+00FC→u "},
        {"Jose\u0301", "Jose", "U+0301→- "},
        {"Nguyễn", "Nguyen", "U+1EC5→e "},
        {"Øresund Łódź", "Oresund Lodz", "U+00D8→O U+0141→L U+00F3→o U+017A→z "},
        {"か\u3099", "が", ""},
        {"김", "〓", "U+AE40→〓 "},
        {"𩸽", "〓", "U+29E3D→〓 "},
        {"\uFA30", "\u4FAE", "U+FA30→\u4FAE "},
        {"一〜二‖三−", "一〜二‖三−", ""},
        {"¥100", "￥100", "U+00A5→￥ "},
        {"3–5", "3－5", "U+2013→－ "},
        {"\u200b窓", "窓", "U+200B→- "},
        {"\ue000", "〓", "U+E000→〓 "},
        {"\U0001F600", "〓", "U+1F600→〓 "},
        {"ヷ", "ヴァ", "U+30F7→ヴァ "},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        (void)fit(&subs, rows[i].text);
        if (!str_eq(buf_str(&out), str_c(rows[i].fits)) || !str_eq(buf_str(&note), str_c(rows[i].note)))
            fail_msg("%s: %.*s, note %.*s", rows[i].text, (int)out.n, out.p, (int)note.n, note.p);
    }
}

/* Every character there is: something CP932 holds comes out, and never ● or ? for what was neither. */
static void every_character_fits_and_none_becomes_a_blot(void **state) {
    (void)state;
    struct buf encoded;
    buf_init(&encoded, 1 << 10);
    for (uint32_t c = 0x20; c < 0x30000; c++) {
        struct buf text;
        if (c >= 0xd800 && c <= 0xdfff) continue;
        buf_init(&text, 8);
        utf8_put(&text, c);
        buf_reset(&out), buf_reset(&note), buf_reset(&encoded);
        (void)substitute_text(&subs, buf_str(&text), &out, &note);
        if (!substitute_encode(&subs, buf_str(&out), &encoded)) fail_msg("U+%04X", (unsigned)c);
        if (c != '?' && str_find(buf_str(&out), S("?")) < out.n) fail_msg("U+%04X became ?", (unsigned)c);
        if (c != 0x25cf && str_find(buf_str(&out), S("●")) < out.n) fail_msg("U+%04X became a blot", (unsigned)c);
        buf_fini(&text);
    }
    buf_fini(&encoded);
}

static void rows_are_of_use_and_stand_once(void **state) {
    (void)state;
    for (size_t i = 0; i < subs.own_count; i++) {
        if (cp932_holds(&subs.cp932, subs.own[i].from))
            fail_msg("U+%04X has a place of its own", (unsigned)subs.own[i].from);
        assert_true(i == 0 || subs.own[i].from != subs.own[i - 1].from);
        struct str to = subs.own[i].to;
        while (to.n) assert_true(cp932_holds(&subs.cp932, utf8_next(&to)));
    }
    assert_true(subs.own_count > 1000);
}

static char *file_with(const char *text) {
    static char path[] = "/tmp/mado-substitutes-XXXXXX";
    memcpy(path + sizeof path - 7, "XXXXXX", 6);
    int fd = mkstemp(path);
    assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
    return path;
}

static void an_institutions_own_map_comes_first(void **state) {
    (void)state;
    struct substitutes mine;
    struct diag d = {0};
    char *path = file_with("# mine\nU+20BB7\t土\n𩸽\tU+9B5A\r\n刘\t𠮷\n김\t金\n김\t銀\n");
    assert_int_equal(substitutes_open(&mine, world_real(), path, &d), ERR_OK);
    unlink(path);
    (void)fit(&mine, "𠮷𩸽刘김");
    assert_true(str_eq(buf_str(&out), S("土魚劉金")));
    substitutes_close(&mine);
}

static void a_bad_map_is_refused_with_its_line(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum err err;
        unsigned line;
    } rows[] = {{"a\n", ERR_SYNTAX, 1},
                {"# x\n刘\t劉\nab\tc\n", ERR_SYNTAX, 3},
                {"U+110000\tx\n", ERR_SYNTAX, 1},
                {"\xff\tx\n", ERR_UTF8, 0}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct substitutes mine;
        struct diag d = {0};
        char *path = file_with(rows[i].text);
        assert_int_equal(substitutes_open(&mine, world_real(), path, &d), rows[i].err);
        assert_int_equal(d.line, rows[i].line);
        unlink(path);
    }
    struct substitutes mine;
    assert_int_equal(substitutes_open(&mine, world_real(), "/nonexistent/map.tsv", NULL), ERR_NOT_FOUND);
}

#define RESULT "MessageBody/ResultList/ResultOfQualificationConfirmation/"

static struct tree *message(const char *code, const char *name) {
    static char text[1024];
    struct tree *t;
    snprintf(
        text, sizeof text,
        "<XmlMsg><MessageHeader/><MessageBody>%s<ResultList><ResultOfQualificationConfirmation><Name>%s</Name><Address>窓町</Address>"
        "</ResultOfQualificationConfirmation></ResultList></MessageBody></XmlMsg>",
        code, name);
    assert_int_equal(tree_read_xml(&arena, str_c(text), &t, NULL), ERR_OK);
    return t;
}

static void a_message_says_what_was_substituted(void **state) {
    (void)state;
    enum err e;
    struct tree *t = message("", "𠮷田　김");
    assert_int_equal(substitute_message(&subs, &arena, t, &e), 2);
    assert_int_equal(e, ERR_OK);
    assert_string_equal(sample_at(t, RESULT "Name"), "吉田　〓");
    assert_string_equal(sample_at(t, RESULT "SubstitutedCharacters"), "Name U+20BB7→吉 U+AE40→〓");
    assert_string_equal(sample_at(t, "MessageBody/ProcessingResultCode"), "MDOW0100W");
    assert_string_equal(sample_at(t, "MessageBody/ProcessingResultMessage"),
                        "端末の文字コードにない文字を置き換えました");
}

static void a_message_that_fits_is_left_alone(void **state) {
    (void)state;
    enum err e;
    struct tree *t = message("", "髙橋　﨑");
    assert_int_equal(substitute_message(&subs, &arena, t, &e), 0);
    assert_string_equal(sample_at(t, RESULT "SubstitutedCharacters"), "(absent)");
    assert_string_equal(sample_at(t, "MessageBody/ProcessingResultMessage"), "(absent)");
}

static void a_weightier_note_keeps_its_place(void **state) {
    (void)state;
    enum err e;
    struct tree *t = message(
        "<ProcessingResultCode>MDOW0003W</ProcessingResultCode><ProcessingResultMessage>まもなく資格を喪失します"
        "</ProcessingResultMessage>",
        "𠮷田");
    assert_int_equal(substitute_message(&subs, &arena, t, &e), 1);
    assert_string_equal(sample_at(t, "MessageBody/ProcessingResultCode"), "MDOW0003W");
    assert_string_equal(sample_at(t, "MessageBody/ProcessingResultMessage"),
                        "まもなく資格を喪失します／端末の文字コードにない文字を置き換えました");
    assert_string_equal(sample_at(t, RESULT "SubstitutedCharacters"), "Name U+20BB7→吉");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_character_gets_its_documented_nearest_form),
        cmocka_unit_test(every_character_fits_and_none_becomes_a_blot),
        cmocka_unit_test(rows_are_of_use_and_stand_once),
        cmocka_unit_test(an_institutions_own_map_comes_first),
        cmocka_unit_test(a_bad_map_is_refused_with_its_line),
        cmocka_unit_test(a_message_says_what_was_substituted),
        cmocka_unit_test(a_message_that_fits_is_left_alone),
        cmocka_unit_test(a_weightier_note_keeps_its_place),
    };
    return cmocka_run_group_tests_name("characters a receiver cannot hold", tests, begin, end);
}
