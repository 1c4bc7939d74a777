/* What is prepared once says the same as comparing the texts: on the pairs of a seed, on every pair of variants, on damaged texts. */
#include "lib/hostile.h"
#include "lib/identity_pairs.h"
#include "lib/unit.h"
#include "rules/identity/kanji.h"
#include "rules/identity/keys.h"
#include "rules/identity/postcode.h"
#include "rules/identity/sex.h"

enum { PAIRS = 60000 }; /* the least that met every fault put in to see this test fail */
#define NOT_READ LEVEL_COUNT

#define LEVEL_OF(fact)                                                                                                 \
    static enum level fact##_of(struct str a, struct str b) {                                                          \
        struct fact##_key ka, kb;                                                                                      \
        struct diag d = {0};                                                                                           \
        if (fact##_ready(a, &ka, &d) != ERR_OK || fact##_ready(b, &kb, &d) != ERR_OK) return NOT_READ;                 \
        enum level l = fact##_level(&ka, &kb);                                                                         \
        assert_int_equal(fact##_level(&kb, &ka), l);                                                                   \
        return l;                                                                                                      \
    }
static enum err name_ready(struct str s, struct name_key *k, struct diag *d) {
    return name_prepare(NULL, s, k, "name", d);
}
static enum err kana_ready(struct str s, struct kana_key *k, struct diag *d) { return kana_prepare(s, k, "kana", d); }
static enum err birth_ready(struct str s, struct birth_key *k, struct diag *d) {
    return birth_prepare(s, k, "birth", d);
}
static enum err address_ready(struct str s, struct address_key *k, struct diag *d) {
    return address_prepare(NULL, s, k, "address", d);
}
LEVEL_OF(name)
LEVEL_OF(kana)
LEVEL_OF(birth)
LEVEL_OF(address)

static const struct {
    enum err (*compare)(struct str a, struct str b, struct comparison *out, struct diag *d);
    enum level (*level)(struct str a, struct str b);
} facts[] = {[FACT_NAME] = {name_compare, name_of},
             [FACT_KANA] = {kana_compare, kana_of},
             [FACT_BIRTH] = {birth_compare, birth_of},
             [FACT_ADDRESS] = {address_compare, address_of}};

static enum level check_pair(enum fact f, struct str a, struct str b) {
    struct comparison c;
    struct diag d = {0};
    enum level want = facts[f].compare(a, b, &c, &d) == ERR_OK ? c.level : NOT_READ, got = facts[f].level(a, b);
    bool empty_beside_bad =
        f == FACT_BIRTH && (a.n == 0 || b.n == 0); /* compared as unknown; the bad side has no key */
    if (got != want && !(empty_beside_bad && got == NOT_READ))
        fail_msg("%.*s | %.*s: %d, want %d", (int)a.n, a.p, (int)b.n, b.p, (int)got, (int)want);
    return got;
}

static void keys_and_texts_agree_on_the_pairs_of_a_seed(void **state) {
    (void)state;
    for (enum fact f = FACT_NAME; f <= FACT_ADDRESS; f++) {
        struct identity_pairs p = identity_pairs_of(f, 4);
        size_t met[LEVEL_COUNT + 1] = {0};
        for (size_t i = 0; i < PAIRS; i++) {
            struct str a, b;
            identity_pairs_next(&p, &a, &b);
            met[check_pair(f, a, b)]++;
        }
        for (enum level l = LEVEL_SAME; l < LEVEL_COUNT; l++)
            if (met[l] < 100 && !(f == FACT_BIRTH && l == LEVEL_VARIANT))
                fail_msg("level %s of fact %d met only %zu times", level_info(l)->code, (int)f, met[l]);
    }
}

static void no_pair_of_variants_is_of_two_kinds(void **state) {
    (void)state;
#define KANJI_PAIR(a, b, grade) {a, b},
    static const struct {
        uint32_t a, b;
    } pairs[] = {
#include "rules/identity/kanji_pairs.inc"
    };
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        assert_int_equal(kanji_kind(pairs[i].a), kanji_kind(pairs[i].b));
        assert_true(kanji_compare(pairs[i].a, pairs[i].b) > KANJI_SAME);
        assert_int_equal(kanji_compare(pairs[i].a, pairs[i].b), kanji_compare(pairs[i].b, pairs[i].a));
    }
    assert_int_equal(kanji_kind(0x30a2), 0x30a2); /* what has no variant is its own kind */
    assert_int_not_equal(kanji_kind(0x7530), kanji_kind(0x4e2d));
}

static void sex_and_post_code_prepared_agree_with_their_texts(void **state) {
    (void)state;
    static const char *const sexes[] = {"1", "2", "3", "男", "女", "その他", "", "X"};
    static const char *const codes[] = {"198-0036", "1980036",  "198", "19800",  "198-0063",
                                        "198-0037", "199-0036", "",    "1980000"};
    struct comparison c;
    struct diag d = {0};
    for (size_t i = 0; i < ARRAY_LEN(sexes) * ARRAY_LEN(sexes); i++) {
        const char *a = sexes[i / ARRAY_LEN(sexes)], *b = sexes[i % ARRAY_LEN(sexes)];
        enum sex sa, sb;
        row_check(sex_read(str_c(a), &sa) && sex_read(str_c(b), &sb), a);
        row_check(sex_compare(str_c(a), str_c(b), &c, &d) == ERR_OK && c.level == sex_level(sa, sb), a);
    }
    for (size_t i = 0; i < ARRAY_LEN(codes) * ARRAY_LEN(codes); i++) {
        const char *a = codes[i / ARRAY_LEN(codes)], *b = codes[i % ARRAY_LEN(codes)];
        struct postcode pa, pb;
        row_check(postcode_read(str_c(a), &pa) && postcode_read(str_c(b), &pb), a);
        row_check(postcode_compare(str_c(a), str_c(b), &c, &d) == ERR_OK && c.level == postcode_level(&pa, &pb), a);
    }
}

static void names_shorter_or_longer_than_keys_like_are_compared_all_the_same(void **state) {
    (void)state;
    static const char *const rows[][2] = {
        {"ア", "イ"},
        {"ア", "アイ"},
        {" ", "ア"},
        {"オ－ノ", "オ―ノ"}, /* two dashes for a long vowel */
        {"オ－ノ", "オ-ノ"},
        {"ABCDEFGHIJKLM NOPQRST", "ABCDEFGHIJKLM NOPQRSU"},
        {"ABCDEFGHIJKL", "ABCDEFGHIJKLM"},
        {"アアアアアアアアアアアアアアアア イイイイイイイイイイイイイイイイイ",
         "アアアアアアアアアアアアアアアア イイイイイイイイイイイイイイイイウ"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        (void)check_pair(FACT_NAME, str_c(rows[i][0]), str_c(rows[i][1]));
        (void)check_pair(FACT_KANA, str_c(rows[i][0]), str_c(rows[i][1]));
    }
}

static void what_cannot_be_compared_cannot_be_prepared(void **state) {
    (void)state;
    struct name_key n;
    struct kana_key k;
    struct birth_key b;
    struct address_key a;
    struct diag d = {0};
    assert_int_equal(name_prepare(NULL, S("\xff"), &n, "name", &d), ERR_UTF8);
    assert_string_equal(d.where, "name");
    assert_int_equal(kana_prepare(S("\xff"), &k, "kana", &d), ERR_UTF8);
    assert_int_equal(birth_prepare(S("1985-02-30"), &b, "birth", &d), ERR_DATE);
    assert_string_equal(d.where, "birth");
    assert_int_equal(address_prepare(NULL, S("\xff"), &a, "address", &d), ERR_UTF8);
    assert_string_equal(d.where, "address");
}

struct hostile_fact {
    enum fact fact;
    struct str other;
};

static void feed(void *context, struct str input) {
    const struct hostile_fact *h = context;
    (void)check_pair(h->fact, input, h->other);
}

static void keys_and_texts_agree_on_damaged_texts(void **state) {
    (void)state;
    static const char *const good[] = {[FACT_NAME] = "髙橋　花子",
                                       [FACT_KANA] = "ﾀｶﾊｼﾞ ハナコ",
                                       [FACT_BIRTH] = "昭和60年4月1日",
                                       [FACT_ADDRESS] = "東京都青梅市霞ヶ丘一丁目2-3 窓101"};
    for (enum fact f = FACT_NAME; f <= FACT_ADDRESS; f++) {
        struct hostile_fact h = {f, str_c(good[f])};
        assert_int_equal(hostile_all(h.other, feed, &h), h.other.n * 9);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_and_texts_agree_on_the_pairs_of_a_seed),
        cmocka_unit_test(no_pair_of_variants_is_of_two_kinds),
        cmocka_unit_test(sex_and_post_code_prepared_agree_with_their_texts),
        cmocka_unit_test(names_shorter_or_longer_than_keys_like_are_compared_all_the_same),
        cmocka_unit_test(what_cannot_be_compared_cannot_be_prepared),
        cmocka_unit_test(keys_and_texts_agree_on_damaged_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
