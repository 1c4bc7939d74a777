/* What is paid when nothing can be relied on: every combination there is. */
#include "lib/attested.h"
#include "lib/unit.h"
#include "rules/share/share.h"

#define NOON 1780282800000000 /* 2026-06-01 12:00 in Japan */

static struct day day(const char *s) {
    struct day d = DAY_NONE;
    if (s && !day_parse(str_c(s), &d)) fail_msg("%s is no day", s);
    return d;
}

/* The only maker of a denial: an attestation that says "not covered", signed and checked. */
struct denier {
    struct attested centre;
    struct attestation_check *check;
    const struct signed_denial *denial;
};

static void denier_make(struct denier *d) {
    struct buf jws;
    struct attestation out, t = {.institution = {110113719},
                                 .told_us = NOON,
                                 .until_us = NOON + 3600000000,
                                 .on = day("2026-06-01"),
                                 .validity = VALIDITY_NOT,
                                 .ratio = RATIO_NONE,
                                 .message = S("{}")};
    attested_make(&d->centre, NOON);
    buf_init(&jws, ATTESTATION_MAX);
    assert_int_equal(attestation_sign(d->centre.key, &t, &jws, NULL), ERR_OK);
    assert_int_equal(attestation_check_open(&d->check, world_real(), d->centre.ca, NULL), ERR_OK);
    assert_int_equal(attestation_verify(d->check, buf_str(&jws), NOON, &out, NULL), ERR_OK);
    d->denial = attestation_denial(d->check, day("2026-06-01"), NOON);
    assert_non_null(d->denial);
    buf_fini(&jws);
}

static void denier_remove(struct denier *d) {
    attestation_check_close(d->check);
    attested_remove(&d->centre);
}

static const char *const births[] = {NULL,         "2026-06-01", "2022-05-01", "2016-01-01", "1990-01-01", "1956-06-02",
                                     "1956-05-02", "1951-06-02", "1951-06-01", "1900-01-01", "2030-01-01"};

/* Whatever is told, stated and known of the age: without a signed denial nobody pays more than 30 %, and with one everybody is denied. */
static void only_a_signed_denial_yields_all(void **state) {
    (void)state;
    struct denier d;
    size_t n = 0;
    denier_make(&d);
    for (int denied = 0; denied < 2; denied++)
        for (int told = 0; told < (int)LOWER_SHARES; told++)
            for (int stated = 0; stated < (int)LOWER_SHARES; stated++)
                for (size_t b = 0; b < ARRAY_LEN(births); b++) {
                    const struct share_facts f = {.denial = denied ? d.denial : NULL,
                                                  .told = (enum lower_share)told,
                                                  .stated = (enum lower_share)stated,
                                                  .birth = day(births[b]),
                                                  .on = day("2026-06-01")};
                    struct share s = share_decide(&f);
                    assert_int_equal(share_percent(s) == 100, denied);
                    assert_int_equal(s.why == SHARE_DENIED, denied);
                    assert_true(denied || share_percent(s) <= 30);
                    n++;
                }
    assert_int_equal(n, 2 * 5 * 5 * 11);
    denier_remove(&d);
}

/* No number of percent makes a told or stated share of more than 30. */
static void no_percent_becomes_more_than_thirty(void **state) {
    (void)state;
    for (unsigned p = 0; p <= 300; p++) {
        enum lower_share s = lower_share_of(p);
        bool known = p == 0 || p == 10 || p == 20 || p == 30;
        assert_int_equal(s != LOWER_UNKNOWN, known);
        const struct share_facts f = {.told = s, .birth = DAY_NONE, .on = day("2026-06-01")};
        assert_int_equal(share_percent(share_decide(&f)), known ? p : 30);
    }
}

static void unknown_means_what_is_known_or_the_lower(void **state) {
    (void)state;
    static const struct {
        const char *what;
        enum lower_share told, stated;
        const char *birth;
        unsigned want;
        enum share_why why;
    } rows[] = {
        {"told", LOWER_20, LOWER_30, "1990-01-01", 20, SHARE_TOLD},
        {"told 30, stated 10", LOWER_30, LOWER_10, "1951-01-01", 30, SHARE_TOLD},
        {"told nothing to pay", LOWER_0, LOWER_30, "1990-01-01", 0, SHARE_TOLD},
        {"stated", LOWER_UNKNOWN, LOWER_20, "1990-01-01", 20, SHARE_STATED},
        {"nothing known, 36", LOWER_UNKNOWN, LOWER_UNKNOWN, "1990-01-01", 30, SHARE_BY_AGE},
        {"before school", LOWER_UNKNOWN, LOWER_UNKNOWN, "2020-04-02", 20, SHARE_BY_AGE},
        {"at school since April", LOWER_UNKNOWN, LOWER_UNKNOWN, "2020-04-01", 30, SHARE_BY_AGE},
        {"70 tomorrow", LOWER_UNKNOWN, LOWER_UNKNOWN, "1956-06-02", 30, SHARE_BY_AGE},
        {"70 today", LOWER_UNKNOWN, LOWER_UNKNOWN, "1956-06-01", 20, SHARE_BY_AGE},
        {"75 tomorrow", LOWER_UNKNOWN, LOWER_UNKNOWN, "1951-06-02", 20, SHARE_BY_AGE},
        {"75 today", LOWER_UNKNOWN, LOWER_UNKNOWN, "1951-06-01", 10, SHARE_BY_AGE},
        {"not even a birth date", LOWER_UNKNOWN, LOWER_UNKNOWN, NULL, 30, SHARE_BY_AGE},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct share_facts f = {
            .told = rows[i].told, .stated = rows[i].stated, .birth = day(rows[i].birth), .on = day("2026-06-01")};
        struct share s = share_decide(&f);
        row_check(share_percent(s) == rows[i].want && s.why == rows[i].why, rows[i].what);
        row_check(share_why_ja(s.why)[0] && share_why_en(s.why)[0], rows[i].what);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_a_signed_denial_yields_all),
        cmocka_unit_test(no_percent_becomes_more_than_thirty),
        cmocka_unit_test(unknown_means_what_is_known_or_the_lower),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
