/* Coverage and ways together: who gets which paper, from when until when. */
#include "lib/unit.h"
#include "service/paper_due.h"

static struct day D(const char *s) {
    struct day d = DAY_NONE;
    if (s) assert_true(day_parse(str_c(s), &d));
    return d;
}

enum {
    KYOKAI = 1130012
};

static void a_paper_says_what_is_true_on_its_first_day(void **state) {
    static const struct {
        const char *birth, *lost, *card_until, *paper_until, *on, *from, *until;
        uint8_t ratio;
        const char *why;
    } rows[] = {
        {"1985-04-01", NULL, NULL, NULL, "2026-06-01", "2026-06-01", "2031-05-31", 30, "no way"},
        {"1985-04-01", "2026-06-01", NULL, NULL, "2026-06-01", NULL, NULL, 0, "not covered any more"},
        {"1985-04-01", "2026-07-01", NULL, NULL, "2026-06-01", "2026-06-01", "2026-06-30", 30, "as long as covered"},
        {"1985-04-01", "2026-07-01", NULL, "2026-06-30", "2026-06-01", NULL, NULL, 0, "nothing to renew"},
        {"1985-04-01", NULL, NULL, "2026-06-30", "2026-06-01", "2026-07-01", "2031-06-30", 30, "renewed"},
        {"1985-04-01", NULL, "2031-04-01", NULL, "2026-06-01", NULL, NULL, 0, "a card that lasts"},
        /* 70 on 20 June: 20 % from 1 July. The share on the paper is that of its first day. */
        {"1956-06-20", NULL, NULL, NULL, "2026-06-01", "2026-06-01", "2026-06-30", 30, "until the share changes"},
        {"1956-06-20", NULL, NULL, "2026-06-30", "2026-06-01", "2026-07-01", "2031-06-19", 20,
         "with the new share, before"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct coverage period = coverage_empty();
        struct member m = {.insurer = {KYOKAI},
                           .id = {S(""), S("1"), BRANCH_NONE},
                           .birth = D(rows[i].birth),
                           .periods = &period,
                           .period_count = 1};
        struct ways_facts f = {.ways = ways_none()};
        struct paper_due due;
        period.start = D("2000-04-01"), period.lost = D(rows[i].lost), period.sex = 1, period.class = CLASS_GENERAL;
        if (rows[i].card_until)
            f.ways.of[WAY_CARD] = (struct way){.state = WAY_REGISTERED,
                                               .since = D("2021-01-01"),
                                               .stated = D("2021-01-01"),
                                               .card_until = D(rows[i].card_until),
                                               .certificate_until = D(rows[i].card_until)};
        if (rows[i].paper_until)
            papers_add(&f.certificates, &(struct paper_made){.from = D("2025-01-01"), .until = D(rows[i].paper_until)});
        bool is = paper_due(&m, &f, PAPER_CERTIFICATE, D(rows[i].on), &due);
        row_check(is == (rows[i].from != NULL), rows[i].why);
        if (!is) continue;
        row_check(day_eq(due.span.from, D(rows[i].from)) && day_eq(due.span.until, D(rows[i].until)), rows[i].why);
        row_check(due.verdict.ratio == rows[i].ratio, rows[i].why);
    }
}

static struct str row_of(struct store *ways, enum paper_kind kind, struct papers *out) {
    char room[WAYS_ROW_MAX];
    struct buf key, row = buf_over(room, sizeof room);
    char key_room[WAYS_KEY_MAX];
    key = buf_over(key_room, sizeof key_room);
    paper_key(&key, S("member"), kind);
    if (store_get(ways, STORE_PAPER, buf_str(&key), &row, NULL) != ERR_OK) return S("none");
    assert_true(papers_row_read(buf_str(&row), out));
    return S("row");
}

/* Lost, stolen, made by mistake: it is held no more; what replaces it is, once, however often it is said. */
static void a_paper_that_stopped_is_held_no_more_and_the_next_one_is(void **state) {
    (void)state;
    struct store *ways = NULL;
    struct papers p;
    struct diag d;
    struct paper_made first = {.id = {1}, .made = {1}, .from = {1}, .until = {100}}, next = first;
    next.id[0] = 2;
    assert_int_equal(store_open(&ways, &(struct store_settings){.home = STORE_HOME_WAYS}, NULL), ERR_OK);
    static const uint8_t none[PAPER_ID_BYTES];
    assert_int_equal(paper_stopped(ways, S("member"), PAPER_CERTIFICATE, none, &first, &d), ERR_OK);
    assert_int_equal(paper_stopped(ways, S("member"), PAPER_NOTICE, none, &first, &d), ERR_OK);
    for (int again = 0; again < 2; again++)
        assert_int_equal(paper_stopped(ways, S("member"), PAPER_CERTIFICATE, first.id, &next, &d), ERR_OK);
    assert_str(row_of(ways, PAPER_CERTIFICATE, &p), S("row"));
    assert_true(p.count == 1 && p.list[0].id[0] == 2);
    assert_int_equal(paper_stopped(ways, S("member"), PAPER_CERTIFICATE, next.id, NULL, &d), ERR_OK);
    assert_str(row_of(ways, PAPER_CERTIFICATE, &p), S("row"));
    assert_int_equal(p.count, 0);
    assert_str(row_of(ways, PAPER_NOTICE, &p), S("row"));
    assert_int_equal(p.count, 1);
    store_close(ways);
}

static void an_id_is_read_as_it_is_printed(void **state) {
    (void)state;
    uint8_t id[PAPER_ID_BYTES];
    assert_true(paper_id_read(S("AAECAwQFBgcICQoLDA0ODw"), id));
    for (int i = 0; i < PAPER_ID_BYTES; i++) assert_int_equal(id[i], i);
    static const char *const bad[] = {"", "AAECAwQFBgcICQoLDA0OD", "AAECAwQFBgcICQoLDA0ODw==", "AAECAwQFBgcICQoLDA0OD+",
                                      "AAECAwQFBgcICQoLDA0ODxAR"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) row_check(!paper_id_read(str_c(bad[i]), id), bad[i]);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_paper_says_what_is_true_on_its_first_day),
                                       cmocka_unit_test(a_paper_that_stopped_is_held_no_more_and_the_next_one_is),
                                       cmocka_unit_test(an_id_is_read_as_it_is_printed)};
    return cmocka_run_group_tests_name("paper due", tests, NULL, NULL);
}
