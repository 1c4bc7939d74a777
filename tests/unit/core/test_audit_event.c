#include "core/audit_event.h"
#include "core/verdict.h"
#include "lib/hostile.h"
#include "lib/unit.h"

static struct audit_event sample(void) {
    struct audit_event e = {.kind = AUDIT_QUESTION,
                            .at_us = 1771167600123456,
                            .door = DOOR_FHIR,
                            .purpose = PURPOSE_TREATMENT,
                            .institution = {1311234567},
                            .user = 1000,
                            .subject_kind = SUBJECT_UNMATCHED,
                            .on = {20000},
                            .validity = 3,
                            .ratio = 30,
                            .warnings = 0x1ff,
                            .refusal = 5010,
                            .count = 10000,
                            .proof = PROOF_CARD_PIN,
                            .card = CARD_VERDICT_GRACE};
    for (uint8_t i = 0; i < 16; i++) e.subject[i] = (uint8_t)(i + 1), e.id[i] = (uint8_t)(0xf0 + i);
    return e;
}

static bool same(const struct audit_event *a, const struct audit_event *b) {
    return a->kind == b->kind && a->at_us == b->at_us && a->door == b->door && a->purpose == b->purpose &&
           a->institution.n == b->institution.n && a->user == b->user && a->subject_kind == b->subject_kind &&
           memcmp(a->subject, b->subject, sizeof a->subject) == 0 && a->on.n == b->on.n && a->validity == b->validity &&
           a->ratio == b->ratio && a->warnings == b->warnings && a->refusal == b->refusal && a->count == b->count &&
           a->proof == b->proof && a->card == b->card && memcmp(a->id, b->id, sizeof a->id) == 0;
}

static void every_field_comes_back(void **state) {
    (void)state;
    char room[AUDIT_EVENT_BYTES_MAX];
    struct buf b = buf_over(room, sizeof room);
    struct audit_event e = sample(), again;
    audit_event_put(&b, &e);
    assert_true(buf_ok(&b));
    assert_true(audit_event_read(buf_str(&b), &again));
    assert_true(same(&e, &again));
    e.on = DAY_NONE, e.at_us = -1, e.ratio = RATIO_NONE, e.institution.n = 0, e.subject_kind = SUBJECT_NONE;
    buf_reset(&b);
    audit_event_put(&b, &e);
    assert_true(audit_event_read(buf_str(&b), &again));
    assert_true(same(&e, &again) && !day_is(again.on));
}

static void events_of_before_cards_are_still_read_and_written_so(void **state) {
    (void)state;
    char room[AUDIT_EVENT_BYTES_MAX];
    struct buf b = buf_over(room, sizeof room);
    struct audit_event e = sample(), again;
    e.proof = PROOF_NONE, e.card = CARD_VERDICT_NONE;
    audit_event_put(&b, &e);
    assert_int_equal(b.p[0], 1);
    assert_true(audit_event_read(buf_str(&b), &again) && same(&e, &again));
    b.p[0] = 2; /* the second version says something, or is none */
    buf_putc(&b, 0), buf_putc(&b, 0);
    assert_false(audit_event_read(buf_str(&b), &again));
}

static void only_a_whole_event_of_this_version_is_one(void **state) {
    (void)state;
    char room[AUDIT_EVENT_BYTES_MAX];
    struct buf b = buf_over(room, sizeof room);
    struct audit_event e = sample(), again;
    audit_event_put(&b, &e);
    for (size_t n = 0; n < b.n; n++) assert_false(audit_event_read(str_of(b.p, n), &again));
    buf_putc(&b, 0);
    assert_false(audit_event_read(buf_str(&b), &again));
    buf_cut(&b, b.n - 1);
    b.p[0] = AUDIT_EVENT_VERSION + 1;
    assert_false(audit_event_read(buf_str(&b), &again));
}

/* A flipped bit is the ledger's to notice; here it must be read as what it is, and written so again. */
static void feed(void *context, struct str s) {
    char room[AUDIT_EVENT_BYTES_MAX];
    struct buf b = buf_over(room, sizeof room);
    struct audit_event e;
    (void)context;
    if (!audit_event_read(s, &e)) return;
    audit_event_put(&b, &e);
    assert_str(buf_str(&b), s);
}

static void broken_events_are_refused_or_kept_as_they_are(void **state) {
    (void)state;
    char room[AUDIT_EVENT_BYTES_MAX];
    struct buf b = buf_over(room, sizeof room);
    struct audit_event e = sample();
    audit_event_put(&b, &e);
    assert_true(hostile_all(buf_str(&b), feed, NULL) > 500);
}

static void kinds_and_doors_have_names(void **state) {
    (void)state;
#define EVENT(name, number, ja, en)                                                                                    \
    assert_string_equal(audit_kind_ja(AUDIT_##name), ja), assert_string_equal(audit_kind_en(AUDIT_##name), en);
#include "core/audit_event.def"
#undef EVENT
    assert_string_equal(audit_kind_en((enum audit_kind)99), "");
    assert_string_equal(audit_door_name(DOOR_BULK), "bulk");
    assert_string_equal(audit_door_name((enum audit_door)99), "");
}

/* Two rooms that took the same number would be read as one another for ever. */
static void every_kind_has_a_number_of_its_own(void **state) {
    (void)state;
    static const struct {
        const char *name;
        unsigned number;
    } kinds[] = {
#define EVENT(name, number, ja, en) {#name, number},
#include "core/audit_event.def"
#undef EVENT
    };
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        row_check(kinds[i].number > 0 && kinds[i].number <= UINT8_MAX, kinds[i].name);
        for (size_t k = 0; k < i; k++) row_check(kinds[k].number != kinds[i].number, kinds[i].name);
    }
}

static void every_proof_has_a_number_of_its_own(void **state) {
    (void)state;
#define PROOF(name, number, code, ja, en) number,
    static const unsigned proofs[] = {
#include "core/proof.def"
    };
#undef PROOF
    for (size_t i = 0; i < ARRAY_LEN(proofs); i++)
        for (size_t k = 0; k < i; k++) assert_int_not_equal(proofs[i], proofs[k]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_has_a_number_of_its_own),
        cmocka_unit_test(every_field_comes_back),
        cmocka_unit_test(every_proof_has_a_number_of_its_own),
        cmocka_unit_test(events_of_before_cards_are_still_read_and_written_so),
        cmocka_unit_test(only_a_whole_event_of_this_version_is_one),
        cmocka_unit_test(broken_events_are_refused_or_kept_as_they_are),
        cmocka_unit_test(kinds_and_doors_have_names),
    };
    return cmocka_run_group_tests_name("audit event", tests, NULL, NULL);
}
