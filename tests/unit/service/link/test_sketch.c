#include "base/world.h"
#include "lib/unit.h"
#include "rules/identity/link.h"
#include "service/link/sketch.h"
#include "service/link/twice.h"
#include "service/people/chance.h"

/* Family names and given names of which many sound or look alike: what the sketch could wrongly pass over. */
static const struct {
    const char *kanji, *kana;
} families[] = {{"佐藤", "ｻﾄｳ"},       {"左藤", "サトウ"},     {"斎藤", "サイトウ"}, {"斉藤", "ｻｲﾄｳ"},
                {"齋藤", "ｻｲﾄｳ"},      {"髙橋", "ﾀｶﾊｼ"},       {"高橋", "タカハシ"}, {"大野", "オオノ"},
                {"小野", "オノ"},      {"山崎", "ヤマザキ"},   {"山﨑", "ﾔﾏｻｷ"},     {"渡辺", "ワタナベ"},
                {"渡邊", "ﾜﾀﾅﾍﾞ"},     {"五十嵐", "イガラシ"}, {"服部", "ハツトリ"}, {"服部", "ハットリ"},
                {"ＳＭＩＴＨ", "ｽﾐｽ"}, {"●野", "ｵｵﾉ"}},
  givens[] = {{"花子", "ハナコ"},   {"華子", "ﾊﾅｺ"},    {"花", "ハナ"},       {"幸子", "サチコ"},   {"幸子", "ユキコ"},
              {"陽子", "ヨウコ"},   {"洋子", "ﾖｳｺ"},    {"代子", "ヨコ"},     {"祐樹", "ユウキ"},   {"由紀", "ユキ"},
              {"健一", "ケンイチ"}, {"健二", "ケンジ"}, {"章子", "シヨウコ"}, {"章子", "ショウコ"}, {"淳", "ジュン"},
              {"潤", "シユン"},     {"ソン", "ソン"},   {"ジョン", "ジヨン"}};

static struct person made(struct chance *c, char room[4][64]) {
    size_t f = chance_below(c, ARRAY_LEN(families)), g = chance_below(c, ARRAY_LEN(givens));
    bool spaced = !chance_percent(c, 15), kana = !chance_percent(c, 10), post = !chance_percent(c, 20);
    snprintf(room[0], 64, "%s%s%s", families[f].kanji, spaced ? "　" : "", givens[g].kanji);
    snprintf(room[1], 64, "%s%s%s", families[f].kana, chance_percent(c, 90) ? " " : "", givens[g].kana);
    snprintf(room[2], 64, "%03u-%04u", 100 + chance_below(c, 3), chance_below(c, 4));
    snprintf(room[3], 64, "東京都青梅市河辺町%u-%u", 1 + chance_below(c, 3), 1 + chance_below(c, 3));
    return (struct person){.name = str_c(room[0]),
                           .kana = kana ? str_c(room[1]) : S(""),
                           .post = post ? str_c(room[2]) : S(""),
                           .address = chance_percent(c, 90) ? str_c(room[3]) : S(""),
                           .sex = '2'};
}

static bool passes(const struct person *m, const struct person *r) {
    struct sketch a, b;
    return sketch_of(m, NAME_OWN, false, &a) && sketch_of(r, NAME_OWN, true, &b) && sketch_near(&a, &b);
}

/* The one exception that sketch.h names. */
static bool excepted(const struct likeness *l) {
    return l->of[TRAIT_GIVEN] == ACCORD_SLIP && l->level[FACT_KANA] > LEVEL_NEAR && l->level[FACT_NAME] > LEVEL_SAME;
}

/* Two at one address write it with the same post code or with none: where post codes differ, a move is taken for granted. */
static bool by_address_alone(const struct likeness *l, const struct person *m, const struct person *r) {
    bool names = l->of[TRAIT_FAMILY] <= ACCORD_SLIP && l->of[TRAIT_GIVEN] <= ACCORD_SLIP;
    return !names && m->post.n && !str_eq(m->post, r->post);
}

static void whoever_is_within_reach_is_let_through(void **state) {
    (void)state;
    struct chance c = chance_of(7, 1, 1);
    size_t within = 0, passed = 0, pairs = 200000;
    for (size_t i = 0; i < pairs; i++) {
        char a[4][64], b[4][64];
        struct person m = made(&c, a), r = made(&c, b);
        struct likeness l;
        struct diag d = {0};
        assert_true(day_parse(S("1980-05-01"), &m.birth));
        r.birth = m.birth;
        assert_int_equal(person_compare(&m, &r, &l, &d), ERR_OK);
        bool pass = passes(&m, &r);
        passed += pass;
        if (!link_within_reach(&l) || excepted(&l) || by_address_alone(&l, &m, &r)) continue;
        within++;
        if (!pass) print_error("%s %s %s | %s %s %s\n", a[0], a[1], a[3], b[0], b[1], b[3]);
        assert_true(pass);
    }
    assert_true(within > 1000);
    assert_true(passed < pairs * 2 / 3); /* among names made to be alike; it would be no use otherwise */
}

static void a_key_of_kana_is_one_however_it_is_written(void **state) {
    (void)state;
    static const struct {
        const char *a, *b;
        bool same;
    } rows[] = {{"ｻﾄｳ ﾊﾅｺ", "サトウ　ハナコ", true},
                {"ハットリ ジュン", "ハツトリシユン", true},
                {"オオノ ヨウコ", "オーノ ヨーコ", true},
                {"サトウ ハナコ", "サトウ ハナヨ", false}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct person a = {.kana = str_c(rows[i].a)}, b = {.kana = str_c(rows[i].b)};
        row_check((sketch_kana_key(&a, NAME_OWN) == sketch_kana_key(&b, NAME_OWN)) == rows[i].same, rows[i].a);
        b.birth.n = 1;
        row_check(sketch_kana_key(&a, NAME_OWN) != sketch_kana_key(&b, NAME_OWN), rows[i].a);
    }
    struct person none = {.name = S("佐藤")};
    assert_int_equal(sketch_kana_key(&none, NAME_OWN), 0);
}

static void what_was_seen_twice_is_never_denied(void **state) {
    (void)state;
    enum { KEYS = 100000 };
    struct twice t;
    struct chance c = chance_of(1, 2, 3);
    uint64_t *keys = malloc(KEYS * sizeof *keys);
    size_t wrong = 0;
    assert_int_equal(twice_init(&t, KEYS, NULL), ERR_OK);
    for (size_t i = 0; i < KEYS; i++) twice_add(&t, keys[i] = chance_next(&c));
    for (size_t i = 0; i < KEYS; i += 10) twice_add(&t, keys[i]);
    for (size_t i = 0; i < KEYS; i++) {
        if (i % 10 == 0) assert_true(twice_seen(&t, keys[i]));
        else wrong += twice_seen(&t, keys[i]);
    }
    assert_true(wrong < KEYS / 250);
    assert_false(twice_seen(&t, 42));
    /* The other way round it is the same to the last counter. */
    struct twice back;
    assert_int_equal(twice_init(&back, KEYS, NULL), ERR_OK);
    for (size_t i = KEYS; i-- > 0;) {
        twice_add(&back, keys[i]);
        if (i % 10 == 0) twice_add(&back, keys[i]);
    }
    assert_memory_equal(back.cells, t.cells, (t.mask + 1) / 4);
    twice_fini(&back);
    twice_fini(&t);
    free(keys);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whoever_is_within_reach_is_let_through),
        cmocka_unit_test(a_key_of_kana_is_one_however_it_is_written),
        cmocka_unit_test(what_was_seen_twice_is_never_denied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
