#include "base/json.h"
#include "edge/receipt/card.h"
#include "lib/hostile.h"
#include "lib/unit.h"

#define GOOD                                                                                                           \
    "{\"visit\":\"v1\",\"challenge\":\"AAAA\",\"certificate\":\"MIIB\",\"signature\":\"c2ln\",\"on\":\"2026-06-01\","  \
    "\"limit_consent\":true}"

static struct arena arena;
static int begin(void **state) { return (void)state, arena_init(&arena, 8 << 20), 0; }
static int end(void **state) { return (void)state, arena_fini(&arena), 0; }

static void a_question_is_read(void **state) {
    (void)state;
    struct card_message m;
    assert_int_equal(card_message_read(&arena, S(GOOD), true, &m, NULL), ERR_OK);
    assert_str(m.question.visit, S("v1"));
    assert_str(m.question.challenge, S("\0\0\0"));
    assert_str(m.question.signature, S("sig"));
    assert_true(m.limit_consent && m.question.on.n == 20605);
    assert_int_equal(card_message_read(&arena, S("{\"visit\":\"v1\"}"), false, &m, NULL), ERR_OK);
    assert_true(!m.limit_consent && !day_is(m.question.on) && m.question.certificate.n == 0);
    assert_int_equal(card_message_read(&arena, S("{\"visit\":\"v1\",\"certificate\":\"ZGVy\"}"), false, &m, NULL),
                     ERR_OK);
    assert_str(m.question.certificate, S("der")); /* shown before the PIN: its revocation is seen to meanwhile */
}

static void what_is_wrong_is_named(void **state) {
    (void)state;
    static const struct {
        const char *json;
        bool question;
        enum err want;
        const char *where;
    } rows[] = {
        {"", true, ERR_SYNTAX, ""},
        {"[]", true, ERR_SYNTAX, "body"},
        {"{}", false, ERR_MISSING, "visit"},
        {"{\"visit\":1}", false, ERR_VALUE, "visit"},
        {"{\"visit\":\"\"}", false, ERR_LIMIT, "visit"},
        {"{\"visit\":\"v\",\"challenge\":\"AAAA\"}", false, ERR_UNKNOWN, "body"},
        {"{\"visit\":\"v\",\"challenge\":\"AAAA\",\"certificate\":\"MIIB\"}", true, ERR_MISSING, "signature"},
        {"{\"visit\":\"v\",\"challenge\":\"AAAA\",\"certificate\":\"MIIB\",\"signature\":\"c2ln\",\"pin\":\"1234\"}",
         true, ERR_UNKNOWN, "body"},
        {"{\"visit\":\"v\",\"challenge\":\"A?AA\",\"certificate\":\"MIIB\",\"signature\":\"c2ln\"}", true, ERR_VALUE,
         "challenge"},
        {"{\"visit\":\"v\",\"challenge\":\"AAA\",\"certificate\":\"MIIB\",\"signature\":\"c2ln\"}", true, ERR_VALUE,
         "challenge"},
        {"{\"visit\":\"v\",\"challenge\":\"AAAA\",\"certificate\":\"\",\"signature\":\"c2ln\"}", true, ERR_VALUE,
         "certificate"},
        {"{\"visit\":\"v\",\"challenge\":\"AAAA\",\"certificate\":\"MIIB\",\"signature\":\"c2ln\",\"on\":\"soon\"}",
         true, ERR_DATE, "on"},
        {"{\"visit\":\"v\",\"challenge\":\"AAAA\",\"certificate\":\"MIIB\",\"signature\":\"c2ln\",\"limit_consent\":\"1\"}",
         true, ERR_VALUE, "limit_consent"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct card_message m;
        struct diag d = {0};
        row_check(card_message_read(&arena, str_c(rows[i].json), rows[i].question, &m, &d) == rows[i].want,
                  rows[i].json);
        row_check(rows[i].where[0] == 0 || strcmp(d.where, rows[i].where) == 0, rows[i].json);
    }
    char longer[200];
    struct buf b = buf_over(longer, sizeof longer);
    struct card_message m;
    buf_puts(&b, "{\"visit\":\"");
    for (unsigned i = 0; i <= CARD_VISIT_MAX; i++) buf_putc(&b, 'v');
    buf_puts(&b, "\"}");
    assert_int_equal(card_message_read(&arena, buf_str(&b), false, &m, NULL), ERR_LIMIT);
}

static void feed(void *context, struct str s) {
    struct card_message m;
    (void)context;
    if (card_message_read(&arena, s, true, &m, NULL) == ERR_OK)
        assert_true(m.question.challenge.n <= CARD_CHALLENGE_BYTES && m.question.visit.n <= CARD_VISIT_MAX);
    arena_reset(&arena);
}

static void hostile_messages_are_refused_or_hold_their_limits(void **state) {
    (void)state;
    assert_true(hostile_all(S(GOOD), feed, NULL) > 800);
}

/* Whatever comes of a card: words, and another way where there is no answer. */
static void every_outcome_is_json_with_words_and_a_way_on(void **state) {
    (void)state;
    size_t count;
    const struct card_verdict_info *rows = card_verdict_rows(&count);
    for (size_t i = 0; i < count; i++) {
        struct json v;
        struct str code;
        struct buf b;
        const struct card_found f = {
            .decision = {rows[i].verdict, rows[i].answered ? PROOF_CARD_PIN : PROOF_NONE, {20605}}, .until = DAY_NONE};
        buf_init(&b, 1 << 16);
        card_outcome_put(&b, &f), buf_putc(&b, '}');
        row_check(json_read(&arena, buf_str(&b), &v, NULL) == ERR_OK, rows[i].code);
        row_check(json_str(json_get(v, "outcome"), &code) && str_eq(code, str_c(rows[i].code)), rows[i].code);
        row_check(json_none(json_get(v, "other_ways")) == rows[i].answered, rows[i].code);
        row_check(json_none(json_get(v, "proof")) != rows[i].answered, rows[i].code);
        buf_fini(&b);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_question_is_read),
        TEST(what_is_wrong_is_named),
        TEST(hostile_messages_are_refused_or_hold_their_limits),
        TEST(every_outcome_is_json_with_words_and_a_way_on),
    };
    return cmocka_run_group_tests_name("card messages", tests, NULL, NULL);
}
