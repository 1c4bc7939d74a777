/* The one person who is called so: found, not found, or several. The index, and whom to tell. */
#include "lib/desk_play.h"
#include "lib/unit.h"
#include "service/notice_queue.h"
#include "service/people_index.h"
#include "service/person_search.h"

static struct desk_play play;
static struct store *people;
static struct arena arena;

static int begin(void **state) {
    (void)state;
    desk_play_begin(&play);
    arena_init(&arena, 64 << 20);
    return store_open(&people, &(struct store_settings){.home = STORE_HOME_PEOPLE, .write = true}, NULL) == ERR_OK ? 0
                                                                                                                   : -1;
}

static int end(void **state) {
    (void)state;
    store_close(people);
    arena_fini(&arena);
    desk_play_end(&play);
    return 0;
}

static void add(const char *number, const char *birth, uint8_t sex, const char *name, const char *kana,
                const char *address, const char *lost) {
    struct coverage c;
    struct member m = desk_play_member(&c, number, BRANCH_NONE, birth, 7);
    c.sex = sex, c.name = str_c(name), c.kana = str_c(kana), c.address = str_c(address);
    if (lost) assert_true(day_parse(str_c(lost), &c.lost));
    desk_play_store(&play, &m);
}

static uint64_t build(size_t pass_max) {
    uint64_t n = 0;
    assert_int_equal(people_index_build(play.desk.coverage, people, 5, pass_max, &n, NULL), ERR_OK);
    return n;
}

static struct person_sought sought(const char *kana, const char *name, const char *birth, uint8_t sex,
                                   const char *address) {
    struct person_sought s = {.kana = str_c(kana), .name = str_c(name), .address = str_c(address), .sex = sex};
    assert_true(day_parse(str_c(birth), &s.birth) && day_parse(S("2026-06-01"), &s.on));
    return s;
}

static void who_is_meant_is_found_and_nobody_else(void **state) {
    (void)state;
    static const struct {
        const char *what, *kana, *name, *birth;
        uint8_t sex;
        const char *address;
        enum person_outcome want;
        const char *number; /* of PERSON_ONE */
    } rows[] = {
        {"as registered", "ワジマ　タロウ", "", "1985-04-01", 1, "石川県輪島市河井町1丁目2番3号", PERSON_ONE, "1"},
        {"half width, another way of writing", "ﾜｼﾞﾏﾀﾛｳ", "", "1985-04-01", 1, "輪島市河井町1-2-3", PERSON_ONE, "1"},
        {"only the municipality", "ワジマタロウ", "", "1985-04-01", 1, "石川県輪島市", PERSON_ONE, "1"},
        {"sex not said", "ワジマタロウ", "", "1985-04-01", 3, "石川県輪島市", PERSON_ONE, "1"},
        {"another birth date", "ワジマタロウ", "", "1985-04-02", 1, "石川県輪島市", PERSON_NONE, NULL},
        {"another sex", "ワジマタロウ", "", "1985-04-01", 2, "石川県輪島市", PERSON_NONE, NULL},
        {"another municipality", "ワジマタロウ", "", "1985-04-01", 1, "石川県珠洲市", PERSON_NONE, NULL},
        {"no address", "ワジマタロウ", "", "1985-04-01", 1, "", PERSON_NONE, NULL},
        {"another name", "ワジマジロウ", "", "1985-04-01", 1, "石川県輪島市", PERSON_NONE, NULL},
        {"the twin, one kana apart", "ワジマ　タロオ", "", "1985-04-01", 1, "石川県輪島市河井町1-2-3", PERSON_NONE,
         NULL},
        {"slips apart, and the kanji agree", "ワジマタロー", "輪島　太郎", "1985-04-01", 1, "石川県輪島市", PERSON_ONE,
         "1"},
        {"slips apart, and the kanji do not", "ワジマタロー", "輪島　次郎", "1985-04-01", 1, "石川県輪島市",
         PERSON_NONE, NULL},
        {"two of one name in one municipality", "スズハナコ", "", "1950-01-01", 2, "石川県珠洲市", PERSON_SEVERAL,
         NULL},
        {"and one of them by the town", "スズハナコ", "", "1950-01-01", 2, "石川県珠洲市飯田町1-1", PERSON_ONE, "2"},
        {"whose coverage has ended", "ノトジロウ", "", "1990-05-05", 1, "石川県輪島市", PERSON_NONE, NULL},
        {"registered without a sex", "モンゼンサチ", "", "1970-07-07", 2, "石川県輪島市門前町", PERSON_ONE, "5"},
    };
    add("1", "1985-04-01", 1, "輪島　太郎", "ワジマ　タロウ", "石川県輪島市河井町一丁目2番3号", NULL);
    add("2", "1950-01-01", 2, "珠洲　花子", "スズ　ハナコ", "石川県珠洲市飯田町1-1", NULL);
    add("3", "1950-01-01", 2, "珠洲　華子", "スズ　ハナコ", "石川県珠洲市宝立町2-2", NULL);
    add("4", "1990-05-05", 1, "能登　次郎", "ノト　ジロウ", "石川県輪島市門前町1", "2026-06-01");
    add("5", "1970-07-07", 0, "門前　幸", "モンゼン　サチ", "石川県輪島市門前町1", NULL);
    assert_int_equal(build(0), 5);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct person_found f;
        const struct person_sought s = sought(rows[i].kana, rows[i].name, rows[i].birth, rows[i].sex, rows[i].address);
        row_check(person_search(play.desk.coverage, people, &arena, &s, &f, NULL) == ERR_OK, rows[i].what);
        row_check(f.outcome == rows[i].want, rows[i].what);
        row_check(rows[i].number == NULL || str_eq(f.id.number, str_c(rows[i].number)), rows[i].what);
    }
}

static bool count_one(void *context, struct str member_key) {
    (void)member_key;
    ++*(size_t *)context;
    return true;
}

/* However few fit into memory at once, and built anew: everyone once, in the place of their birth date and sex. */
static void everyone_is_in_the_index_once(void **state) {
    (void)state;
    static const char *const births[] = {"1901-01-01", "1950-02-03", "1950-02-03",
                                         "1950-02-03", "1999-12-31", "2026-05-31"};
    char number[8];
    for (unsigned i = 0; i < 60; i++) {
        snprintf(number, sizeof number, "%u", i);
        add(number, births[i % 6], (uint8_t)(i % 4), "名", "ナ", "石川県輪島市", NULL);
    }
    uint64_t count = 0;
    int64_t at = 0;
    size_t none = 0;
    struct day birth;
    assert_int_equal(people_index_state(people, &count, &at, NULL), ERR_NOT_FOUND);
    assert_int_equal(people_index_walk(people, (struct day){0}, 1, count_one, &none, NULL), ERR_NOT_FOUND);
    for (size_t pass = 1; pass < 100; pass += 13) {
        assert_int_equal(build(pass), 60);
        assert_int_equal(store_count(people, STORE_PERSON), 60); /* nothing of the one before */
        assert_int_equal(people_index_state(people, &count, &at, NULL), ERR_OK);
        assert_true(count == 60 && at == 5);
        size_t all = 0;
        for (size_t b = 0; b < 6; b++) {
            if (b == 2 || b == 3) continue; /* the same day */
            assert_true(day_parse(str_c(births[b]), &birth));
            for (uint8_t sex = 0; sex < 4; sex++)
                assert_int_equal(people_index_walk(people, birth, sex, count_one, &all, NULL), ERR_OK);
        }
        assert_int_equal(all, 60);
    }
    assert_true(day_parse(S("1901-01-01"), &birth));
    size_t sex_0 = 0;
    assert_int_equal(people_index_walk(people, birth, 0, count_one, &sex_0, NULL), ERR_OK);
    assert_int_equal(sex_0, 5);
}

struct told {
    struct use_notice list[4];
    size_t count;
};
static bool tell(void *context, const struct use_notice *n) {
    struct told *t = context;
    t->list[t->count++] = *n;
    return t->count < 4;
}

static void notices_wait_in_order(void **state) {
    (void)state;
    struct told t = {0};
    for (int i = 3; i > 0; i--) {
        const struct use_notice n = {.at_us = i * INT64_C(1000000),
                                     .person = {(uint8_t)i},
                                     .event = {9},
                                     .institution = {1710113715},
                                     .kind = AUDIT_DISASTER_QUESTION};
        assert_int_equal(use_notice_put(play.desk.desk, &n, NULL), ERR_OK);
    }
    assert_int_equal(use_notices_walk(play.desk.desk, tell, &t, NULL), ERR_OK);
    assert_int_equal(t.count, 3);
    for (int i = 0; i < 3; i++)
        assert_true(t.list[i].at_us == (i + 1) * INT64_C(1000000) && t.list[i].person[0] == i + 1 &&
                    t.list[i].event[0] == 9 && t.list[i].institution.n == 1710113715 &&
                    t.list[i].kind == AUDIT_DISASTER_QUESTION);
}

int main(void) {
#define WITH(t) cmocka_unit_test_setup_teardown(t, begin, end)
    const struct CMUnitTest tests[] = {
        WITH(who_is_meant_is_found_and_nobody_else),
        WITH(everyone_is_in_the_index_once),
        WITH(notices_wait_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
