/* What the centre signs and what a window believes. */
#include "lib/attested.h"
#include "lib/hostile.h"
#include "lib/unit.h"
#include "state/trust/trust.h"

#define NOON    1780282800000000 /* 2026-06-01 12:00 in Japan */
#define HOUR_US INT64_C(3600000000)

struct fixture {
    struct attested centre;
    struct attestation_check *check;
    struct buf jws;
};

static struct day day(const char *s) {
    struct day d;
    if (!day_parse(str_c(s), &d)) fail_msg("%s is no day", s);
    return d;
}

static struct attestation sample(void) {
    return (struct attestation){
        .institution = {110113719},
        .told_us = NOON,
        .until_us = NOON + HOUR_US,
        .on = day("2026-06-01"),
        .validity = VALID,
        .ratio = 30,
        .message = S("{\"XmlMsg\":{\"MessageBody\":{\"Name\":\"髙﨑　𠮷郎\",\"x\":\",\\\"msg\\\":\"}}}")};
}

static int begin(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    attested_make(&f->centre, NOON);
    buf_init(&f->jws, ATTESTATION_MAX);
    *state = f;
    return attestation_check_open(&f->check, world_real(), f->centre.ca, NULL) == ERR_OK ? 0 : -1;
}

static int end(void **state) {
    struct fixture *f = *state;
    attestation_check_close(f->check);
    attested_remove(&f->centre);
    buf_fini(&f->jws);
    free(f);
    return 0;
}

static struct str sign(struct fixture *f, const struct attestation *a) {
    buf_reset(&f->jws);
    assert_int_equal(attestation_sign(f->centre.key, a, &f->jws, NULL), ERR_OK);
    return buf_str(&f->jws);
}

static void what_was_signed_is_read_back(void **state) {
    struct fixture *f = *state;
    struct attestation want = sample(), got;
    for (int i = 0; i < 2; i++) { /* the second time with the signer known already */
        assert_int_equal(attestation_verify(f->check, sign(f, &want), NOON, &got, NULL), ERR_OK);
        assert_int_equal(got.institution.n, want.institution.n);
        assert_int_equal(got.told_us, want.told_us);
        assert_int_equal(got.until_us, want.until_us);
        assert_int_equal(got.on.n, want.on.n);
        assert_int_equal(got.validity, want.validity);
        assert_int_equal(got.ratio, want.ratio);
        assert_str(got.message, want.message);
        want.ratio = RATIO_NONE, want.validity = VALIDITY_NONE;
    }
}

static void it_is_over_in_time(void **state) {
    struct fixture *f = *state;
    struct attestation a = sample(), got;
    assert_int_equal(attestation_verify(f->check, sign(f, &a), NOON + HOUR_US - 1, &got, NULL), ERR_OK);
    assert_int_equal(attestation_verify(f->check, buf_str(&f->jws), NOON + HOUR_US, &got, NULL), ERR_TIMEOUT);
    /* A clock set back before the signer's certificate began, or on past its end. */
    assert_int_equal(attestation_verify(f->check, buf_str(&f->jws), NOON - 2 * HOUR_US, &got, NULL), ERR_TIMEOUT);
    a.until_us = NOON + 24 * HOUR_US * 2000;
    assert_int_equal(attestation_verify(f->check, sign(f, &a), NOON + 24 * HOUR_US * 1000, &got, NULL), ERR_TIMEOUT);
}

/* Every answer there is, about the day, the days beside it, and after its time. */
static void only_a_known_person_who_is_not_covered_is_denied(void **state) {
    struct fixture *f = *state;
    static const uint8_t ratios[] = {0, 10, 20, 30, 99, 100, RATIO_NONE};
    for (int v = VALID; v <= VALIDITY_NO_TICKET; v++)
        for (size_t r = 0; r < ARRAY_LEN(ratios); r++) {
            struct attestation a = sample(), got;
            a.validity = (enum validity)v, a.ratio = ratios[r];
            bool pays_all = ratios[r] == 100 && (v == VALID || v == VALIDITY_NO_TICKET);
            assert_int_equal(attestation_verify(f->check, sign(f, &a), NOON, &got, NULL), ERR_OK);
            const struct signed_denial *d = attestation_denial(f->check, a.on, NOON);
            assert_int_equal(d != NULL, v == VALIDITY_NOT || pays_all);
            assert_null(attestation_denial(f->check, day_add(a.on, 1), NOON));
            assert_null(attestation_denial(f->check, day_add(a.on, -1), NOON));
            assert_null(attestation_denial(f->check, DAY_NONE, NOON));
            assert_null(attestation_denial(f->check, a.on, NOON + HOUR_US));
        }
}

/* A refusal leaves no denial behind from the one before it. */
static void a_denial_does_not_outlive_its_attestation(void **state) {
    struct fixture *f = *state;
    struct attestation a = sample(), got;
    a.validity = VALIDITY_NOT;
    assert_int_equal(attestation_verify(f->check, sign(f, &a), NOON, &got, NULL), ERR_OK);
    assert_non_null(attestation_denial(f->check, a.on, NOON));
    assert_int_equal(attestation_verify(f->check, S("x.y.z"), NOON, &got, NULL), ERR_SYNTAX);
    assert_null(attestation_denial(f->check, a.on, NOON));
}

static void only_the_key_named_for_it_may_sign(void **state) {
    struct fixture *f = *state;
    struct attested other;
    struct attestation a = sample(), got;
    struct trust_made made;
    struct attestation_key *institution = NULL, *server = NULL;
    char path[SCRATCH_PATH_MAX];
    attested_make(&other, NOON);
    buf_reset(&f->jws);
    assert_int_equal(attestation_sign(other.key, &a, &f->jws, NULL), ERR_OK);
    assert_int_equal(attestation_verify(f->check, buf_str(&f->jws), NOON, &got, NULL), ERR_CRYPTO);
    attested_remove(&other);
    /* The same authority's other certificates: the door's, and an institution's. */
    assert_int_equal(attestation_key_open(&server, world_real(), scratch_path(&f->centre.keys, "server", path), NULL),
                     ERR_OK);
    assert_int_equal(
        trust_institution(world_real(), f->centre.keys.folder, (struct institution_code){110113719}, 30, &made, NULL),
        ERR_OK);
    assert_int_equal(attestation_key_open(&institution, world_real(),
                                          scratch_path(&f->centre.keys, "institutions/0110113719", path), NULL),
                     ERR_OK);
    struct attestation_key *const wrong[] = {server, institution};
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        buf_reset(&f->jws);
        assert_int_equal(attestation_sign(wrong[i], &a, &f->jws, NULL), ERR_OK);
        assert_int_equal(attestation_verify(f->check, buf_str(&f->jws), NOON, &got, NULL), ERR_CRYPTO);
        attestation_key_close(wrong[i]);
    }
}

static void refuse(void *context, struct str input) {
    struct fixture *f = context;
    struct attestation got;
    struct diag d = {0};
    if (attestation_verify(f->check, input, NOON, &got, &d) == ERR_OK)
        fail_msg("believed …%.*s", 100, input.p + input.n - 100);
    assert_null(attestation_denial(f->check, day("2026-06-01"), NOON));
}

static void nothing_shortened_or_changed_is_believed(void **state) {
    struct fixture *f = *state;
    struct attestation a = sample();
    a.validity = VALIDITY_NOT;
    struct buf good;
    buf_init(&good, ATTESTATION_MAX);
    buf_put(&good, sign(f, &a));
    assert_true(hostile_all(buf_str(&good), refuse, f) > 9 * 1000);
    buf_fini(&good);
}

int main(void) {
#define WITH(t) cmocka_unit_test_setup_teardown(t, begin, end)
    const struct CMUnitTest tests[] = {
        WITH(what_was_signed_is_read_back),
        WITH(it_is_over_in_time),
        WITH(only_a_known_person_who_is_not_covered_is_denied),
        WITH(a_denial_does_not_outlive_its_attestation),
        WITH(only_the_key_named_for_it_may_sign),
        WITH(nothing_shortened_or_changed_is_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
