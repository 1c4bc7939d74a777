/* Lists in order: what is looked up in them, and that prepared keys and texts agree with lists as they do without. */
#include "lib/identity_pairs.h"
#include "lib/short_memory.h"
#include "lib/unit.h"
#include "rules/identity/keys.h"
#include "service/official.h"

static const struct {
    const char *one, *other;
    enum kanji_grade grade;
} variants[] = {{"田", "畠", KANJI_REGISTER},   {"田", "山", KANJI_DICTIONARY}, {"斎", "斉", KANJI_REGISTER},
                {"畠", "花", KANJI_REGISTER},   {"郎", "実", KANJI_DICTIONARY}, {"実", "郎", KANJI_REGISTER},
                {"中", "橋", KANJI_DICTIONARY}, {"髙", "田", KANJI_REGISTER}};

static const struct official_town towns[] = {
    {{"東京都", 9}, {"青梅市", 9}, {"河辺町", 9}, 1980036},
    {{"東京都", 9}, {"青梅市", 9}, {"", 0}, 1980000},
    {{"東京都", 9}, {"西多摩郡瑞穂町", 21}, {"殿ケ谷", 9}, 1901212},
    {{"東京都", 9}, {"西多摩郡瑞穂町", 21}, {"二本木", 9}, 1901201},
    {{"北海道", 9}, {"名寄市", 9}, {"東５条南", 12}, 960005},
    {{"北海道", 9}, {"雨竜郡幌加内町", 21}, {"１９号", 9}, 740000},
    {{"北海道", 9}, {"伊達市", 9}, {"本町", 6}, 520021},
    {{"福島県", 9}, {"伊達市", 9}, {"本町", 6}, 9600501},
};

static uint32_t character(const char *s) {
    struct text t;
    struct diag d;
    assert_int_equal(text_read(str_c(s), &t, "", &d), ERR_OK);
    return t.c[0];
}

static enum err fill(struct official_book *b, struct diag *d) {
    for (size_t i = 0; i < ARRAY_LEN(variants); i++)
        TRY(official_book_pair(b, character(variants[i].one), character(variants[i].other), variants[i].grade, d));
    for (size_t i = 0; i < ARRAY_LEN(towns); i++) TRY(official_book_town(b, &towns[i], d));
    return official_book_seal(b, d);
}

static struct official_book book;

static int begin(void **state) {
    struct diag d = {0};
    (void)state;
    official_book_init(&book);
    return fill(&book, &d) == ERR_OK ? 0 : -1;
}
static int end(void **state) {
    (void)state;
    official_book_fini(&book);
    return 0;
}

static void a_pair_has_its_grade_and_our_own_tables_come_first(void **state) {
    (void)state;
    const struct official *o = &book.view;
    static const struct {
        const char *a, *b;
        enum kanji_grade grade;
    } rows[] = {{"田", "畠", KANJI_REGISTER},   {"畠", "田", KANJI_REGISTER}, {"田", "山", KANJI_DICTIONARY},
                {"斎", "斉", KANJI_DICTIONARY}, /* our own row says that they are names of their own */
                {"郎", "実", KANJI_REGISTER},   /* named twice: the better grade */
                {"田", "花", KANJI_DIFFERENT},  /* nothing follows from 田~畠 and 畠~花 */
                {"髙", "高", KANJI_REGISTER},   {"田", "田", KANJI_SAME}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        row_check(official_kanji(o, character(rows[i].a), character(rows[i].b)) == rows[i].grade, rows[i].a);
    assert_int_equal(official_kanji_kind(o, character("山")), official_kanji_kind(o, character("花")));
    assert_int_not_equal(official_kanji_kind(o, character("郎")), official_kanji_kind(o, character("花")));
    assert_int_equal(official_kanji_kind(NULL, character("畠")), kanji_kind(character("畠")));
}

static void addresses_come_apart_as_the_list_has_them(void **state) {
    (void)state;
    static const struct {
        const char *text, *parts;
    } rows[] = {
        {"北海道雨竜郡幌加内町19号1-2", "北海道 | 雨竜郡幌加内町 | 19号 | 1-2 |  | \n"},
        {"幌加内町１９号1", " | 幌加内町 | １９号 | 1 |  | \n"},
        {"東京都瑞穂町大字殿ヶ谷12番地", "東京都 | 瑞穂町 | 大字殿ヶ谷 | 12 |  | \n"},
        {"東京都青梅市河辺1-2", "東京都 | 青梅市 | 河辺 | 1-2 |  | \n"},
        {"北海道名寄市東５条南3丁目", "北海道 | 名寄市 | 東５条南 | 3 |  | \n"},
        {"東京都千代田区三番町2", "東京都 | 千代田区 | 三番町 | 2 |  | \n"}, /* not in the list: by its shape */
        {"東京都青梅市どこか3", "東京都 | 青梅市 | どこか | 3 |  | \n"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct address a;
        struct diag d = {0};
        char room[512];
        struct buf b = buf_over(room, sizeof room);
        assert_int_equal(address_parse(&book.view, str_c(rows[i].text), &a, "", &d), ERR_OK);
        address_put_text(&b, &a);
        assert_str(buf_str(&b), str_c(rows[i].parts));
    }
}

static void a_post_code_agrees_with_its_town(void **state) {
    (void)state;
    static const struct {
        const char *post, *address;
        enum official_agreement agreement;
    } rows[] = {
        {"198-0036", "東京都青梅市河辺町1-2", OFFICIAL_AGREES},
        {"198-0036", "青梅市大字河辺1-2", OFFICIAL_AGREES},
        {"198-0000", "東京都青梅市どこか1", OFFICIAL_AGREES},
        {"190-1212", "瑞穂町殿が谷1", OFFICIAL_AGREES},
        {"190-1212", "東京都西多摩郡瑞穂町二本木1", OFFICIAL_OTHER_TOWN},
        {"198-0036", "東京都瑞穂町殿ヶ谷1", OFFICIAL_OTHER_CITY},
        {"960-0501", "北海道伊達市本町1", OFFICIAL_OTHER_CITY},
        {"960-0501", "伊達市本町1", OFFICIAL_AGREES}, /* of either prefecture */
        {"199-9999", "東京都青梅市河辺町1", OFFICIAL_UNKNOWN},
        {"198", "東京都青梅市河辺町1", OFFICIAL_UNKNOWN},
        {"198-0036", "アメリカ合衆国", OFFICIAL_UNKNOWN},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct address a;
        struct postcode p;
        struct diag d = {0};
        assert_int_equal(address_parse(&book.view, str_c(rows[i].address), &a, "", &d), ERR_OK);
        row_check(postcode_read(str_c(rows[i].post), &p), rows[i].post);
        row_check(official_post(&book.view, &p, &a) == rows[i].agreement, rows[i].address);
        row_check(official_post(NULL, &p, &a) == OFFICIAL_UNKNOWN, rows[i].address);
    }
}

static void with_lists_keys_and_texts_agree_and_no_level_gets_worse(void **state) {
    (void)state;
    struct identity_pairs names = identity_pairs_of(FACT_NAME, 6), addresses = identity_pairs_of(FACT_ADDRESS, 6);
    size_t changed = 0;
    for (size_t i = 0; i < 60000; i++) {
        struct str a, b;
        struct comparison with, without;
        struct name_key na, nb;
        struct address_key aa, ab;
        struct diag d = {0};
        identity_pairs_next(&names, &a, &b);
        assert_int_equal(name_compare_by(&book.view, a, b, &with, &d), ERR_OK);
        assert_int_equal(name_compare(a, b, &without, &d), ERR_OK);
        assert_int_equal(name_prepare(&book.view, a, &na, "", &d) | name_prepare(&book.view, b, &nb, "", &d), ERR_OK);
        if (name_level(&na, &nb) != with.level) fail_msg("%.*s | %.*s", (int)a.n, a.p, (int)b.n, b.p);
        /* With a part that agrees now, more may be lost than left. */
        bool worse = with.level > without.level && with.level != LEVEL_UNKNOWN;
        if (worse || (with.level == LEVEL_SAME && without.level != LEVEL_SAME))
            fail_msg("%.*s | %.*s", (int)a.n, a.p, (int)b.n, b.p);
        changed += with.level != without.level;
        identity_pairs_next(&addresses, &a, &b);
        assert_int_equal(address_compare_by(&book.view, a, b, &with, &d), ERR_OK);
        assert_int_equal(address_prepare(&book.view, a, &aa, "", &d) | address_prepare(&book.view, b, &ab, "", &d), 0);
        assert_int_equal(address_level(&aa, &ab), with.level);
    }
    assert_true(changed > 20);
}

static void without_memory_it_says_so(void **state) {
    (void)state;
    bool failed = true;
    for (size_t nth = 1; failed; nth++) {
        struct official_book b;
        struct diag d = {0};
        official_book_init(&b);
        short_memory_from(nth);
        enum err e = fill(&b, &d);
        failed = short_memory_hit();
        assert_int_equal(e, failed ? ERR_MEMORY : ERR_OK);
        official_book_fini(&b);
        assert_true(nth < 50);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_pair_has_its_grade_and_our_own_tables_come_first, begin, end),
        cmocka_unit_test_setup_teardown(addresses_come_apart_as_the_list_has_them, begin, end),
        cmocka_unit_test_setup_teardown(a_post_code_agrees_with_its_town, begin, end),
        cmocka_unit_test_setup_teardown(with_lists_keys_and_texts_agree_and_no_level_gets_worse, begin, end),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
