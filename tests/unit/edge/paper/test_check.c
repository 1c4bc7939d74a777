#include "edge/paper/check.h"

#include "base/json.h"
#include "edge/paper/message.h"
#include "edge/reception/answer.h"
#include "lib/hostile.h"
#include "lib/sample_paper.h"
#include "lib/unit.h"

#include <sodium.h>

enum { NOW = 1795600000 };

struct fixture {
    struct scratch s;
    struct issuers *issuers;
    struct buf code;
    struct arena arena;
    struct day on;
};

static int set_up(void **state) {
    static struct fixture f;
    f = (struct fixture){0};
    scratch_make(&f.s);
    buf_init(&f.code, 64 << 10);
    arena_init(&f.arena, 4 << 20);
    sample_insurer_make(&f.s, sample_insurer);
    assert_int_equal(issuers_open(&f.issuers, world_real(), f.s.folder, NULL), ERR_OK);
    assert_true(day_from_civil(2026, 11, 25, &f.on));
    sample_code(&f.s, sample_insurer, sample_paper_payload(), &f.code);
    *state = &f;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *f = *state;
    issuers_close(f->issuers);
    arena_fini(&f->arena);
    buf_fini(&f->code);
    scratch_remove(&f->s);
    return 0;
}

static struct paper_check check(struct fixture *f, struct str code, const char *on) {
    struct paper_check c;
    assert_true(day_parse(str_c(on), &f->on));
    assert_int_equal(paper_check(&f->arena, f->issuers, code, f->on, NOW, &c, NULL), ERR_OK);
    return c;
}

static void publish(struct fixture *f, int64_t now_s, const struct str *rids, size_t count) {
    const struct void_list_plan plan = {.world = world_real(),
                                        .folder = f->s.folder,
                                        .insurer = sample_insurer,
                                        .issuer = S("https://cards.invalid"),
                                        .now_s = now_s,
                                        .hours = 24,
                                        .rids = rids,
                                        .count = count};
    assert_int_equal(void_list_publish(&plan, NULL), ERR_OK);
}

static void a_good_code_says_who_and_which_coverage(void **state) {
    struct fixture *f = *state;
    struct paper_check c = check(f, buf_str(&f->code), "2026-11-25");
    assert_int_equal(c.standing, PAPER_VALID);
    assert_true(c.said);
    assert_str(c.card.name, S("髙橋　﨑子"));
    assert_str(c.card.kana, S("タカハシ　サキコ"));
    assert_int_equal(c.card.insurer.n, sample_insurer.n);
    assert_str(c.card.insured.symbol, S("12-34"));
    assert_str(c.card.insured.number, S("4260"));
    assert_int_equal(c.card.insured.branch, 1);
    assert_int_equal(c.card.ratio, 30);
    assert_int_equal(c.card.sex, 2);
    assert_int_equal(c.card.birth.n, 5569);
    assert_str(c.card.id, S(SAMPLE_PAPER_RID));
    assert_int_equal(c.list.state, VOID_LIST_MISSING);
}

static void days_before_and_after_are_told_apart(void **state) {
    struct fixture *f = *state;
    assert_int_equal(check(f, buf_str(&f->code), "2026-11-24").standing, PAPER_NOT_YET);
    assert_int_equal(check(f, buf_str(&f->code), "2031-11-24").standing, PAPER_VALID);
    assert_int_equal(check(f, buf_str(&f->code), "2031-11-25").standing, PAPER_EXPIRED);
}

static void a_list_that_is_stale_missing_or_damaged_is_told_from_a_current_one(void **state) {
    struct fixture *f = *state;
    const struct str void_one[] = {S(SAMPLE_PAPER_RID)}, another[] = {S("BB")};
    publish(f, NOW - 60, another, 1);
    assert_int_equal(check(f, buf_str(&f->code), "2026-11-25").list.state, VOID_LIST_CURRENT);
    publish(f, NOW - 25 * 3600, another, 1);
    struct paper_check c = check(f, buf_str(&f->code), "2026-11-25");
    assert_int_equal(c.standing, PAPER_VALID);
    assert_int_equal(c.list.state, VOID_LIST_STALE);
    assert_true(paper_list_wanting(&c));
    publish(f, NOW - 25 * 3600, void_one, 1);
    assert_int_equal(check(f, buf_str(&f->code), "2026-11-25").standing, PAPER_VOIDED);
    scratch_write(&f->s, "insurers/06139448/status.jws", S("x"));
    assert_int_equal(check(f, buf_str(&f->code), "2026-11-25").list.state, VOID_LIST_DAMAGED);
}

static void a_changed_character_is_a_wrong_signature(void **state) {
    struct fixture *f = *state;
    char *last = f->code.p + f->code.n - 40; /* of the signature: two digits a character */
    last[1] = last[1] == '0' ? '1' : '0';
    struct paper_check c = check(f, buf_str(&f->code), "2026-11-25");
    assert_true(c.standing == PAPER_SIGNATURE || c.standing == PAPER_UNREADABLE);
    assert_false(c.said);
    assert_true(str_empty(c.card.name));
}

static void a_key_nobody_knows_says_nothing_of_a_person(void **state) {
    struct fixture *f = *state;
    struct scratch elsewhere;
    scratch_make(&elsewhere);
    sample_insurer_make(&elsewhere, sample_insurer);
    buf_reset(&f->code);
    sample_code(&elsewhere, sample_insurer, sample_paper_payload(), &f->code);
    struct paper_check c = check(f, buf_str(&f->code), "2026-11-25");
    assert_int_equal(c.standing, PAPER_UNKNOWN_KEY);
    assert_false(c.said);
    assert_int_equal(strlen(c.kid), KEY_KID_BYTES);
    scratch_remove(&elsewhere);
}

static void an_insurer_cannot_speak_for_another(void **state) {
    struct fixture *f = *state;
    const struct insurer_number other = {1130012};
    sample_insurer_make(&f->s, other);
    issuers_close(f->issuers);
    assert_int_equal(issuers_open(&f->issuers, world_real(), f->s.folder, NULL), ERR_OK);
    buf_reset(&f->code);
    sample_code(&f->s, other, sample_paper_payload(), &f->code);
    struct paper_check c = check(f, buf_str(&f->code), "2026-11-25");
    assert_int_equal(c.standing, PAPER_UNREADABLE);
    assert_int_equal(c.why.err, ERR_CONFLICT);
}

/* ---- the text ---- */

struct text_row {
    const char *why, *text;
    enum err want;
};
static const struct text_row texts[] = {
    {"as it is", "shc:/5676290952432060", ERR_OK},
    {"blanks and a line's end", "  shc:/5676\r\n", ERR_OK},
    {"capitals", "SHC:/5676", ERR_OK},
    {"a Japanese keyboard", "ｓｈｃ：／５６７６", ERR_OK},
    {"nothing", "", ERR_SYNTAX},
    {"another code", "https://example.invalid", ERR_SYNTAX},
    {"the name alone", "shc:/", ERR_SYNTAX},
    {"cut off", "shc:/567", ERR_SYNTAX},
    {"a letter", "shc:/56x6", ERR_SYNTAX},
    {"no character", "shc:/9999", ERR_SYNTAX},
    {"one part of three", "shc:/1/3/5676", ERR_NOT_SUPPORTED},
    {"one part of twelve", "shc:/12/12/5676", ERR_NOT_SUPPORTED},
    {"not UTF-8", "shc:/56\xff", ERR_UTF8},
};

static void what_a_scanner_types_is_read_and_what_it_is_not_is_said(void **state) {
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        char room[64];
        struct buf b = buf_over(room, sizeof room);
        row_check(health_card_text_read(str_c(texts[i].text), &b, NULL) == texts[i].want, texts[i].why);
    }
}

static void a_text_too_long_is_refused(void **state) {
    (void)state;
    char room[64];
    struct buf b = buf_over(room, sizeof room);
    char *text = malloc(200000);
    memset(text, '5', 200000);
    memcpy(text, "shc:/", 5);
    assert_int_equal(health_card_text_read(str_of(text, 200000), &b, NULL), ERR_LIMIT);
    assert_int_equal(health_card_text_read(str_of(text, 205), &b, NULL), ERR_LIMIT);
    free(text);
}

/* ---- the payload ---- */

struct payload_row {
    const char *why, *old, *new;
    enum err want;
};
static const struct payload_row payloads[] = {
    {"as it is", "{", "{", ERR_OK},
    {"no share", "\"value\":30,", "\"value\":null,", ERR_VALUE},
    {"a share of 101", "\"value\":30,", "\"value\":101,", ERR_VALUE},
    {"another insurer inside", "\"value\":\"06139448\"", "\"value\":\"01130012\"", ERR_CONFLICT},
    {"a wrong check digit", "\"value\":\"06139448\"", "\"value\":\"06139449\"", ERR_CHECK_DIGIT},
    {"no issuer", "\"iss\"", "\"isx\"", ERR_MISSING},
    {"an issuer without https", "https://cards", "http://cards", ERR_VALUE},
    {"no beginning", "\"nbf\"", "\"nbx\"", ERR_VALUE},
    {"no end", "\"exp\"", "\"exx\"", ERR_VALUE},
    {"ends before it begins", "1953298800", "1795532400", ERR_VALUE},
    {"a fraction", "1953298800", "1953298800.5", ERR_VALUE},
    {"beyond every calendar", "1953298800", "99999999999999", ERR_VALUE},
    {"a vaccination", "#health-card", "#immunization", ERR_NOT_SUPPORTED},
    {"no id", "\"rid\"", "\"rix\"", ERR_MISSING},
    {"an id of another form", SAMPLE_PAPER_RID, "a b", ERR_VALUE},
    {"two patients", "\"resourceType\":\"Coverage\"", "\"resourceType\":\"Patient\"", ERR_DUPLICATE},
    {"no coverage", "\"resourceType\":\"Coverage\"", "\"resourceType\":\"Group\"", ERR_MISSING},
    {"a day that is none", "1985-04-01", "1985-04-31", ERR_DATE},
    {"an era's date", "1985-04-01", "S60.4.1", ERR_DATE},
    {"no name", "\"text\":\"髙橋　﨑子\"", "\"text\":\"\"", ERR_VALUE},
    {"a terminal's commands in a name", "髙橋", "\\u001b[2J", ERR_VALUE},
    {"another kind of paper", "\"certificate\"", "\"donor-card\"", ERR_NOT_SUPPORTED},
    {"no number", "InsuredPersonNumber", "InsuredPersonX", ERR_MISSING},
    {"a branch of three", "\"01\"", "\"011\"", ERR_VALUE},
    {"not JSON", "{\"iss\"", "{iss", ERR_SYNTAX},
};

static enum err read_with(struct fixture *f, const struct payload_row *r, struct health_card *out, struct diag *d) {
    struct str good = sample_paper_payload();
    size_t at = str_find(good, str_c(r->old));
    struct buf b;
    buf_init(&b, 8192);
    assert_true(at < good.n);
    buf_put(&b, str_head(good, at)), buf_puts(&b, r->new), buf_put(&b, str_skip(good, at + strlen(r->old)));
    arena_reset(&f->arena);
    enum err e = health_card_json_read(&f->arena, buf_str(&b), out, d);
    buf_fini(&b);
    return e;
}

static void a_payload_of_another_form_is_refused_with_its_place(void **state) {
    for (size_t i = 0; i < ARRAY_LEN(payloads); i++) {
        struct health_card c;
        struct diag d = {0};
        enum err e = read_with(*state, &payloads[i], &c, &d);
        if (e != payloads[i].want) print_error("got %d\n", e);
        row_check(e == payloads[i].want, payloads[i].why);
        row_check(e == ERR_OK || d.err == e, payloads[i].why);
    }
}

static void feed_payload(void *context, struct str input) {
    struct fixture *f = context;
    struct health_card c;
    struct diag d = {0};
    arena_reset(&f->arena);
    enum err e = health_card_json_read(&f->arena, input, &c, &d);
    assert_true(e == ERR_OK || d.err == e);
    if (e == ERR_OK) assert_true(c.exp_s > c.nbf_s && c.insurer.n && c.name.n && (c.ratio <= 100 || c.ratio == 255));
}

/* Through the whole way, as a scanner would give it: never valid, but for a capital letter in shc:/. */
static void feed_code(void *context, struct str input) {
    struct fixture *f = context;
    struct paper_check c;
    arena_reset(&f->arena);
    assert_int_equal(paper_check(&f->arena, f->issuers, input, f->on, NOW, &c, NULL), ERR_OK);
    if (c.said) {
        assert_str(str_skip(input, 5), str_skip(buf_str(&f->code), 5));
        return;
    }
    assert_true(c.standing == PAPER_UNREADABLE ? c.why.err != ERR_OK : c.standing != PAPER_VALID);
}

static void every_truncation_and_flipped_bit_comes_back(void **state) {
    struct fixture *f = *state;
    struct str payload = sample_paper_payload(), code = buf_str(&f->code);
    assert_int_equal(hostile_all(payload, feed_payload, f), 9 * payload.n);
    assert_int_equal(hostile_all(code, feed_code, f), 9 * code.n);
}

static void every_answer_is_json_and_text(void **state) {
    struct fixture *f = *state;
    struct buf out;
    buf_init(&out, 64 << 10);
    const struct str codes[] = {buf_str(&f->code), S("shc:/12"), S("x")};
    for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
        struct json v;
        struct str standing;
        struct paper_check c = check(f, codes[i], "2026-11-25");
        buf_reset(&out);
        paper_check_put_json(&out, &c);
        assert_int_equal(json_read(&f->arena, buf_str(&out), &v, NULL), ERR_OK);
        assert_true(json_str(json_get(v, "standing"), &standing));
        assert_str(standing, str_c(paper_standing_info(c.standing)->word));
        buf_reset(&out);
        paper_check_put_text(&out, &c);
        assert_true(buf_ok(&out) && str_starts(buf_str(&out), str_c(paper_standing_info(c.standing)->ja)));
    }
    buf_fini(&out);
}

/* As the field's message, through the reader that reads the centre's. */
static void a_valid_paper_answers_as_the_centre_would(void **state) {
    struct fixture *f = *state;
    struct buf message;
    struct visit *v = visit_new();
    struct json a;
    struct str s;
    uint64_t ratio;
    buf_init(&message, 64 << 10);
    struct paper_check c = check(f, buf_str(&f->code), "2026-11-25");
    paper_message_put(&message, &c);
    v->insurer = sample_insurer, v->birth = c.card.birth, v->branch = 1;
    assert_int_equal(reception_answer_read(buf_str(&message), v, &v->answer, NULL), ERR_OK);
    assert_int_equal(json_read(&f->arena, buf_str(&v->answer), &a, NULL), ERR_OK);
    assert_true(json_str(json_get(json_get(a, "validity"), "code"), &s));
    assert_str(s, S("1"));
    assert_true(json_uint(json_get(a, "ratio"), 100, &ratio) && ratio == 30);
    assert_true(json_str(json_get(a, "insurer_name"), &s));
    assert_str(s, S("見本健康保険組合"));
    assert_true(json_str(json_get(json_get(a, "card_until"), "iso"), &s));
    assert_str(s, S("2031-11-24"));
    assert_true(json_str(json_get(json_get(a, "on"), "iso"), &s));
    assert_str(s, S("2026-11-25"));
    visit_free(v);
    buf_fini(&message);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_good_code_says_who_and_which_coverage, set_up, tear_down),
        cmocka_unit_test_setup_teardown(days_before_and_after_are_told_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_list_that_is_stale_missing_or_damaged_is_told_from_a_current_one, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_changed_character_is_a_wrong_signature, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_key_nobody_knows_says_nothing_of_a_person, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_insurer_cannot_speak_for_another, set_up, tear_down),
        cmocka_unit_test(what_a_scanner_types_is_read_and_what_it_is_not_is_said),
        cmocka_unit_test(a_text_too_long_is_refused),
        cmocka_unit_test_setup_teardown(a_payload_of_another_form_is_refused_with_its_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_truncation_and_flipped_bit_comes_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_answer_is_json_and_text, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_valid_paper_answers_as_the_centre_would, set_up, tear_down),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
