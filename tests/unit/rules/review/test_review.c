/* Two people undo a link, each alone; every state against every decision. */
#include "base/buf.h"
#include "lib/unit.h"
#include "rules/review/review.h"

/* "a:unlink b:unlink" from the beginning: the state, or where it was refused. */
static const char *play(const char *text, char room[128]) {
    struct review_case c = {0};
    struct buf b = buf_over(room, 127);
    struct str rest = str_c(text);
    while (rest.n) {
        struct str step = str_cut(&rest, ' '), decision = step, reviewer = str_cut(&decision, ':');
        enum review_decision d = review_decision_of(decision);
        assert_true(d != DECISION_NONE);
        enum err e = review_may(&c, d, reviewer, S("it is someone else"));
        if (e != ERR_OK) {
            buf_printf(&b, "%s at %.*s", err_info(e)->name, (int)step.n, step.p);
            return room[b.n] = 0, room;
        }
        int records = review_records(&c, d, reviewer);
        review_apply(&c, d, reviewer);
        if (records) c.closed = records == REVIEW_RECORDS_CLOSED;
    }
    buf_printf(&b, "%s%s", review_state_word(c.state).code, c.closed ? " closed" : "");
    return room[b.n] = 0, room;
}

static void what_follows_from_what(void **state) {
    (void)state;
    static const struct {
        const char *steps, *want;
    } rows[] = {
        {"", "open"},
        {"a:right", "right"},
        {"a:ask-person", "asked-person"},
        {"a:ask-insurer", "asked-insurer"},
        {"a:ask-person a:ask-insurer", "asked-insurer"},
        {"a:ask-person b:right", "right"},
        {"a:unlink", "proposed closed"},
        {"a:unlink a:unlink", "FORBIDDEN at a:unlink"},
        {"a:unlink b:unlink", "unlinked closed"},
        {"a:ask-insurer a:unlink b:unlink", "unlinked closed"},
        {"a:unlink a:right", "right"},
        {"a:unlink b:right", "split closed"},
        {"a:unlink b:right a:unlink", "FORBIDDEN at a:unlink"},
        {"a:unlink b:right a:right", "FORBIDDEN at a:right"},
        {"a:unlink b:right b:unlink", "FORBIDDEN at b:unlink"},
        {"a:unlink b:right b:right", "FORBIDDEN at b:right"},
        {"a:unlink b:right c:unlink", "unlinked closed"},
        {"a:unlink b:right c:right", "right"},
        {"a:unlink b:right b:ask-person", "asked-person closed"},
        {"a:unlink b:ask-insurer", "asked-insurer closed"},
        {"a:unlink b:ask-insurer a:unlink", "proposed closed"},
        {"a:unlink b:ask-insurer c:right", "right"},
        {"a:right a:right", "CONFLICT at a:right"},
        {"a:right b:ask-person", "CONFLICT at b:ask-person"},
        {"a:right b:unlink", "proposed closed"},
        {"a:right b:unlink a:unlink", "unlinked closed"},
        {"a:unlink b:unlink c:right", "CONFLICT at c:right"},
        {"a:unlink b:unlink a:unlink", "CONFLICT at a:unlink"},
        {"a:unlink b:unlink c:ask-person", "CONFLICT at c:ask-person"},
    };
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        char room[128];
        const char *got = play(rows[r].steps, room);
        if (strcmp(got, rows[r].want)) print_error("got: %s\n", got);
        row_check(strcmp(got, rows[r].want) == 0, rows[r].steps);
    }
}

static void unlinking_needs_a_reason(void **state) {
    (void)state;
    struct review_case c = {0};
    assert_int_equal(review_may(&c, DECISION_UNLINK, S("a"), S("")), ERR_MISSING);
    assert_int_equal(review_may(&c, DECISION_UNLINK, S("a"), S("  ")), ERR_MISSING);
    review_apply(&c, DECISION_UNLINK, S("a"));
    assert_int_equal(review_may(&c, DECISION_UNLINK, S("b"), S("")), ERR_MISSING);
    assert_int_equal(review_may(&c, DECISION_RIGHT, S("b"), S("")), ERR_OK);
}

static void only_right_and_unlinked_are_settled(void **state) {
    (void)state;
    for (unsigned s = 0; s < REVIEW_STATE_COUNT; s++) {
        struct review_case c = {.state = s};
        struct review_word w = review_state_word(s);
        row_check(review_settled(&c) == (s == REVIEW_STATE_RIGHT || s == REVIEW_STATE_UNLINKED), w.code);
        row_check(review_state_of(str_c(w.code)) == s && w.ja[0] && w.en[0], w.code);
    }
    assert_int_equal(review_state_of(S("closed")), REVIEW_STATE_COUNT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_follows_from_what),
        cmocka_unit_test(unlinking_needs_a_reason),
        cmocka_unit_test(only_right_and_unlinked_are_settled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
