/* The record of a decision: whole or not there, whatever happens to its bytes. */
#include "core/review_event.h"
#include "lib/hostile.h"
#include "lib/unit.h"

static const struct review_event sample = {.kind = REVIEW_DECIDED,
                                           .decision = DECISION_UNLINK,
                                           .at_us = 1780300800000000,
                                           .alarm = {1, 2, 3, 4, 5, 6, 7, 8},
                                           .reviewer = {"sato", 4},
                                           .reason = {"別の人", 9},
                                           .member = {"06139448/12/1/00", 16},
                                           .resident = {"R1", 2},
                                           .pseudonym = {9, 9},
                                           .count = 3};

static struct buf put(const struct review_event *e) {
    struct buf b;
    buf_init(&b, REVIEW_EVENT_BYTES_MAX);
    review_event_put(&b, e);
    assert_true(buf_ok(&b));
    return b;
}

static void what_was_written_is_read(void **state) {
    (void)state;
    struct review_event e;
    struct buf b = put(&sample);
    assert_true(review_event_read(buf_str(&b), &e));
    assert_true(e.kind == REVIEW_DECIDED && e.decision == DECISION_UNLINK && e.at_us == sample.at_us && e.count == 3);
    assert_memory_equal(e.alarm, sample.alarm, sizeof e.alarm);
    assert_memory_equal(e.pseudonym, sample.pseudonym, sizeof e.pseudonym);
    assert_str(e.reviewer, S("sato"));
    assert_str(e.reason, S("別の人"));
    assert_str(e.member, S("06139448/12/1/00"));
    assert_str(e.resident, S("R1"));
    buf_fini(&b);
}

static void the_longest_fits(void **state) {
    (void)state;
    static char text[REVIEW_REASON_MAX];
    struct review_event e = sample, out;
    memset(text, 'x', sizeof text);
    e.reviewer = str_of(text, REVIEWER_NAME_MAX), e.reason = str_of(text, REVIEW_REASON_MAX);
    e.member = str_of(text, REVIEW_MEMBER_MAX), e.resident = str_of(text, REVIEW_RESIDENT_MAX);
    struct buf b = put(&e);
    assert_true(review_event_read(buf_str(&b), &out));
    buf_fini(&b);
}

static void a_decision_goes_with_a_decided_alone(void **state) {
    (void)state;
    static const struct {
        int kind, decision;
        bool good;
    } rows[] = {{REVIEW_DECIDED, DECISION_RIGHT, true},
                {REVIEW_DECIDED, DECISION_NONE, false},
                {REVIEW_DECIDED, 9, false},
                {REVIEW_SEEN, DECISION_NONE, true},
                {REVIEW_SEEN, DECISION_RIGHT, false},
                {0, 0, false},
                {99, 0, false}};
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        struct review_event e = sample, out;
        e.kind = rows[r].kind, e.decision = rows[r].decision;
        struct buf b = put(&e);
        assert_true(review_event_read(buf_str(&b), &out) == rows[r].good);
        buf_fini(&b);
    }
}

static void feed(void *context, struct str bytes) {
    struct review_event e;
    size_t *read = context;
    if (!review_event_read(bytes, &e)) return;
    struct buf b = put(&e);
    assert_str(buf_str(&b), bytes); /* what is taken is one event and nothing else */
    buf_fini(&b);
    ++*read;
}

static void every_truncation_is_refused_and_every_flipped_bit_is_one_event_or_none(void **state) {
    (void)state;
    size_t read = 0;
    struct buf b = put(&sample);
    assert_int_equal(hostile_truncations(buf_str(&b), feed, &read), b.n);
    assert_int_equal(read, 0);
    assert_true(hostile_bit_flips(buf_str(&b), feed, &read) == b.n * 8 && read > 0);
    buf_fini(&b);
}

static void every_word_is_there(void **state) {
    (void)state;
#define REVIEW_DECISION(name, number, word, ja, en)                                                                    \
    assert_true(review_decision_of(S(word)) == DECISION_##name && DECISION_##name == number);                          \
    assert_string_equal(review_decision_word(DECISION_##name).code, word);
#include "core/review_decision.def"
#undef REVIEW_DECISION
#define REVIEW_EVENT(name, number, word, ja, en) assert_string_equal(review_kind_word(number).code, word);
#include "core/review_event.def"
#undef REVIEW_EVENT
    assert_true(review_decision_of(S("")) == DECISION_NONE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(the_longest_fits),
        cmocka_unit_test(a_decision_goes_with_a_decided_alone),
        cmocka_unit_test(every_truncation_is_refused_and_every_flipped_bit_is_one_event_or_none),
        cmocka_unit_test(every_word_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
