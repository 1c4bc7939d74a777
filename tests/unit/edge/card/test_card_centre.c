#include "edge/card/card_centre.h"
#include "lib/hostile.h"
#include "lib/unit.h"

static struct {
    enum err err;
    int status;
    const char *reply;
    char sent[4096];
    size_t sent_n;
} line;

static enum err post(void *context, const char *path, struct str json, int *status, struct str *reply, struct diag *d) {
    (void)context;
    assert_true(str_starts(str_c(path), S("/card/")));
    assert_true(json.n <= sizeof line.sent);
    memcpy(line.sent, json.p, json.n), line.sent_n = json.n;
    if (line.err != ERR_OK) return diag_set(d, line.err, "centre", NULL);
    *status = line.status, *reply = str_c(line.reply);
    return ERR_OK;
}

#define CHALLENGE "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="
#define ANSWERED  "{\"outcome\":\"answered\",\"message\":{\"XmlMsg\":{}}}"

static enum card_verdict ask_challenge(enum err err, int status, const char *reply, struct buf *out) {
    struct card_post p = {post, NULL, false};
    struct card_centre c = card_centre_of(&p);
    line.err = err, line.status = status, line.reply = reply;
    return c.challenge(c.context, S("visit \"1\""), S(""), out);
}

static void a_challenge_is_taken_whole_or_not_at_all(void **state) {
    (void)state;
    static const struct {
        const char *why, *reply;
        enum err err;
        int status;
        enum card_verdict want;
    } rows[] = {
        {"good", "{\"challenge\":\"" CHALLENGE "\",\"seconds\":120}", ERR_OK, 200, CARD_VERDICT_NONE},
        {"nobody answers", "", ERR_UNAVAILABLE, 0, CARD_VERDICT_SILENT},
        {"too slow", "", ERR_TIMEOUT, 0, CARD_VERDICT_SILENT},
        {"not known there", "", ERR_UNAUTHENTICATED, 0, CARD_VERDICT_REFUSED},
        {"busy", "{}", ERR_OK, 503, CARD_VERDICT_SILENT},
        {"no cards there", "{}", ERR_OK, 422, CARD_VERDICT_REFUSED},
        {"no JSON", "<html>", ERR_OK, 200, CARD_VERDICT_REFUSED},
        {"too short", "{\"challenge\":\"AAAA\"}", ERR_OK, 200, CARD_VERDICT_REFUSED},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct buf out;
        buf_init(&out, CARD_CHALLENGE_BYTES);
        row_check(ask_challenge(rows[i].err, rows[i].status, rows[i].reply, &out) == rows[i].want, rows[i].why);
        row_check(out.n == (rows[i].want == CARD_VERDICT_NONE ? CARD_CHALLENGE_BYTES : 0), rows[i].why);
        buf_fini(&out);
    }
    assert_str(str_of(line.sent, line.sent_n), S("{\"visit\":\"visit \\\"1\\\"\"}"));
}

static void what_a_reply_says_is_a_row_of_ours_or_a_refusal(void **state) {
    (void)state;
    static const struct {
        const char *reply;
        int status;
        enum card_verdict want;
    } rows[] = {
        {ANSWERED, 200, CARD_VERDICT_ANSWERED},
        {"{\"outcome\":\"answered\"}", 200, CARD_VERDICT_REFUSED}, /* an answer without its message is none */
        {"{\"outcome\":\"grace\",\"message\":{}}", 200, CARD_VERDICT_GRACE},
        {"{\"outcome\":\"revoked\"}", 200, CARD_VERDICT_REVOKED},
        {"{\"outcome\":\"of a later version\"}", 200, CARD_VERDICT_REFUSED},
        {"[]", 200, CARD_VERDICT_REFUSED},
        {"", 200, CARD_VERDICT_REFUSED},
        {ANSWERED, 403, CARD_VERDICT_REFUSED},
        {ANSWERED, 500, CARD_VERDICT_SILENT},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        row_check(card_centre_outcome(rows[i].status, str_c(rows[i].reply)) == rows[i].want, rows[i].reply);
}

static void a_question_is_written_whole(void **state) {
    (void)state;
    struct card_post p = {post, NULL, true};
    struct card_centre c = card_centre_of(&p);
    struct card_question q = {
        .challenge = S("abc"), .visit = S("v1"), .certificate = S("der"), .signature = S("sig"), .on = {20605}};
    struct buf answer;
    buf_init(&answer, 4096);
    line.err = ERR_OK, line.status = 200, line.reply = ANSWERED;
    assert_int_equal(c.question(c.context, &q, &answer), CARD_VERDICT_ANSWERED);
    assert_str(buf_str(&answer), S(ANSWERED));
    assert_str(
        str_of(line.sent, line.sent_n),
        S("{\"visit\":\"v1\",\"challenge\":\"YWJj\",\"certificate\":\"ZGVy\",\"signature\":\"c2ln\",\"on\":\"2026-06-01\","
          "\"limit_consent\":true}"));
    buf_fini(&answer);
}

static void feed(void *context, struct str s) {
    enum card_verdict v = card_centre_outcome(200, s);
    (void)context;
    assert_non_null(card_verdict_info(v));
}

static void a_damaged_reply_is_still_a_row(void **state) {
    (void)state;
    assert_true(hostile_all(S(ANSWERED), feed, NULL) > 300);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_challenge_is_taken_whole_or_not_at_all),
        cmocka_unit_test(what_a_reply_says_is_a_row_of_ours_or_a_refusal),
        cmocka_unit_test(a_question_is_written_whole),
        cmocka_unit_test(a_damaged_reply_is_still_a_row),
    };
    return cmocka_run_group_tests_name("card centre", tests, NULL, NULL);
}
