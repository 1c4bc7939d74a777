/* Lists that others publish: known by their content, read with mistrust, kept as lines; and what is kept is loaded again. The rows here are made up in their form. */
#include "base/cp932.h"
#include "base/zip.h"
#include "edge/official/list.h"
#include "lib/hostile.h"
#include "lib/unit.h"

#define POSTS                                                                                                                                                                   \
    "13205,\"198  \",\"1980000\",\"トウキョウト\",\"オウメシ\",\"イカニ\",\"東京都\",\"青梅市\",\"以下に掲載がない場合\",0,0,0,0,0,0\r\n"          \
    "13205,\"198  \",\"1980036\",\"トウキョウト\",\"オウメシ\",\"カベマチ\",\"東京都\",\"青梅市\",\"河辺町\",0,0,1,0,0,0\r\n"                            \
    "13303,\"19012\",\"1901211\",\"トウキョウト\",\"ミズホマチ\",\"イシハタ\",\"東京都\",\"西多摩郡瑞穂町\",\"石畑（一、二の\",0,0,0,0,0,0\r\n" \
    "13303,\"19012\",\"1901211\",\"トウキョウト\",\"ミズホマチ\",\"イシハタ\",\"東京都\",\"西多摩郡瑞穂町\",\"続き）\",0,0,0,0,0,0\r\n"
#define POSTS_KEPT                                                                                                     \
    "T\t1980000\t東京都\t青梅市\t\nT\t1980036\t東京都\t青梅市\t河辺町\nT\t1901211\t東京都\t西多摩郡瑞穂町\t石畑\n"
#define MJ_HEAD  "source\ttarget\tbasis_bits\trank\thop\n"
#define NTA_HEAD "source\ttarget\tjis_class\n"

static enum err read_list(struct str file, enum official_list *list, struct buf *out, struct diag *d) {
    size_t rows;
    buf_reset(out);
    return official_list_read(file, list, out, &rows, d);
}

static void each_list_is_known_by_its_content(void **state) {
    (void)state;
    static const struct {
        const char *file, *kept;
        enum official_list list;
    } rows[] = {
        {MJ_HEAD "髙\t高\t9\t\t1\n㐂\t喜\t4\t\t\n々\t々\t1\t\t\n", "K\t9ad9\t9ad8\t3\nK\t3402\t559c\t4\n", OFFICIAL_MJ},
        {MJ_HEAD "嶋\t島\t2\t1\t\n", "K\t5d8b\t5cf6\t4\n", OFFICIAL_MJ},
        {NTA_HEAD "｟\t（\tJISX0213NonKanji\n﨑\t崎\tL3\nＡ\tエー\tX\n", "K\tfa11\t5d0e\t4\n", OFFICIAL_NTA},
        {POSTS, POSTS_KEPT, OFFICIAL_KEN_ALL},
        {"\xef\xbb\xbf" POSTS, POSTS_KEPT, OFFICIAL_KEN_ALL},
    };
    struct buf out;
    buf_init(&out, 1 << 20);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        enum official_list list;
        struct diag d = {0};
        row_check(read_list(str_c(rows[i].file), &list, &out, &d) == ERR_OK, rows[i].file);
        row_check(list == rows[i].list, rows[i].file);
        assert_str(buf_str(&out), str_c(rows[i].kept));
    }
    buf_fini(&out);
}

static void shift_jis_and_zip_are_read_too(void **state) {
    (void)state;
    struct cp932 c;
    struct buf sjis, zip, out;
    enum official_list list;
    struct diag d = {0};
    buf_init(&sjis, 1 << 20), buf_init(&zip, 1 << 20), buf_init(&out, 1 << 20);
    assert_int_equal(cp932_open(&c, &d), ERR_OK);
    assert_int_equal(cp932_encode(&c, S(POSTS), &sjis), sizeof POSTS - 1);
    assert_int_equal(read_list(buf_str(&sjis), &list, &out, &d), ERR_OK);
    assert_str(buf_str(&out), S(POSTS_KEPT));
    assert_int_equal(zip_write_one("KEN_ALL.CSV", buf_str(&sjis), &zip, &d), ERR_OK);
    assert_int_equal(read_list(buf_str(&zip), &list, &out, &d), ERR_OK);
    assert_str(buf_str(&out), S(POSTS_KEPT));
    cp932_close(&c);
    buf_fini(&sjis), buf_fini(&zip), buf_fini(&out);
}

static void what_is_wrong_is_told_with_its_line(void **state) {
    (void)state;
    static const struct {
        const char *file;
        enum err err;
        unsigned line;
    } rows[] = {
        {"", ERR_NOT_SUPPORTED, 0},
        {"name,kana\n", ERR_NOT_SUPPORTED, 0},
        {MJ_HEAD, ERR_MISSING, 0},
        {MJ_HEAD "髙\t高\t9\n髙高\t高\t9\n", ERR_SYNTAX, 3},
        {MJ_HEAD "髙\t高\t0\n", ERR_CODE, 2},
        {MJ_HEAD "髙\t高\t32\n", ERR_CODE, 2},
        {MJ_HEAD "髙\t高\n", ERR_SYNTAX, 2},
        {NTA_HEAD "髙\t\tx\n", ERR_SYNTAX, 2},
        {NTA_HEAD "髙\t高\n", ERR_SYNTAX, 2},
        {POSTS "13205,\"198  \",\"198003\",a,b,c,\"東京都\",\"青梅市\",\"河辺町\",0,0,1,0,0,0\n", ERR_VALUE, 5},
        {POSTS "13205,\"198  \",\"1980036\",a,b,c,\"東京都\",\"青梅市\",\"河辺町\",0,0,1,0,0\n", ERR_SYNTAX, 5},
        {POSTS "13205,\"198  \",\"1980036\",a,b,c,\"東京都\",\"\",\"河辺町\",0,0,1,0,0,0\n", ERR_MISSING, 5},
        {POSTS "13205,\"198  \",\"1980036\",a,b,c,\"東京都\",\"青\t梅市\",\"河辺町\",0,0,1,0,0,0\n", ERR_SYNTAX, 5},
        {POSTS "13205,\"198  \",\"1980036\",a,b,c,\"東京都\",\"青\"梅市\",\"河辺町\",0,0,1,0,0,0\n", ERR_SYNTAX, 5},
    };
    struct buf out;
    buf_init(&out, 1 << 20);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        enum official_list list;
        struct diag d = {0};
        row_check(read_list(str_c(rows[i].file), &list, &out, &d) == rows[i].err, rows[i].file);
        row_check(d.line == rows[i].line, rows[i].file);
    }
    buf_fini(&out);
}

static void rows_that_name_no_town_are_the_municipalitys_own(void **state) {
    (void)state;
    static const char *const none[] = {"以下に掲載がない場合", "青梅市の次に番地がくる場合", "青梅市一円",
                                       "種市第１地割～第３地割", "一、二"};
    struct buf out;
    buf_init(&out, 1 << 20);
    for (size_t i = 0; i < ARRAY_LEN(none); i++) {
        char file[512];
        enum official_list list;
        struct diag d = {0};
        snprintf(file, sizeof file, "13205,198,1980000,a,b,c,東京都,青梅市,%s,0,0,0,0,0,0\n", none[i]);
        assert_int_equal(read_list(str_c(file), &list, &out, &d), ERR_OK);
        assert_str(buf_str(&out), S("T\t1980000\t東京都\t青梅市\t\n"));
    }
    buf_fini(&out);
}

static void what_is_kept_is_refused_when_it_is_damaged(void **state) {
    (void)state;
    static const char *const rows[] = {"K\t9ad9\t9ad8\t2\n",
                                       "K\t9ad9\t9ad8\t5\n",
                                       "K\t9ad9\tzz\t3\n",
                                       "K\t41\t42\t3\n",
                                       "K\t1000009ad9\t9ad8\t3\n",
                                       "K\t9ad9\t9ad8\n",
                                       "X\n",
                                       "T\tx\ta\tb\tc\n",
                                       "T\t1\t\tb\tc\n",
                                       "T\t1\ta\t\tc\n",
                                       "T\t1\ta\tb\n",
                                       "T\t1\ta\tb\t\xff\n",
                                       "\n"};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct official_book b;
        struct diag d = {0};
        official_book_init(&b);
        row_check(official_lines_load(str_c(rows[i]), &b, &d) == ERR_CORRUPT && d.line == 1, rows[i]);
        official_book_fini(&b);
    }
}

static void feed(void *context, struct str input) {
    struct buf out;
    enum official_list list;
    struct official_book b;
    struct diag d = {0};
    (void)context;
    buf_init(&out, 1 << 20), official_book_init(&b);
    if (read_list(input, &list, &out, &d) == ERR_OK) {
        assert_int_equal(official_lines_load(buf_str(&out), &b, &d), ERR_OK);
        assert_int_equal(official_book_seal(&b, &d), ERR_OK);
    }
    official_book_fini(&b);
    official_book_init(&b);
    if (official_lines_load(input, &b, &d) == ERR_OK) assert_int_equal(official_book_seal(&b, &d), ERR_OK);
    official_book_fini(&b), buf_fini(&out);
}

static void damaged_lists_are_read_or_refused_and_what_is_kept_can_be_loaded(void **state) {
    (void)state;
    struct buf zip;
    struct diag d = {0};
    buf_init(&zip, 1 << 20);
    assert_int_equal(zip_write_one("a.csv", S(POSTS), &zip, &d), ERR_OK);
    assert_true(hostile_all(S(POSTS), feed, NULL) > 1000);
    assert_true(hostile_all(S(MJ_HEAD "髙\t高\t9\t\t1\n㐂\t喜\t4\t\t\n"), feed, NULL) > 500);
    assert_true(hostile_all(S(NTA_HEAD "﨑\t崎\tL3\n"), feed, NULL) > 200);
    assert_true(hostile_all(S("K\t9ad9\t9ad8\t3\nT\t1980036\t東京都\t青梅市\t河辺町\n"), feed, NULL) > 200);
    assert_int_equal(hostile_all(buf_str(&zip), feed, NULL), zip.n * 9);
    buf_fini(&zip);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_list_is_known_by_its_content),
        cmocka_unit_test(shift_jis_and_zip_are_read_too),
        cmocka_unit_test(what_is_wrong_is_told_with_its_line),
        cmocka_unit_test(rows_that_name_no_town_are_the_municipalitys_own),
        cmocka_unit_test(what_is_kept_is_refused_when_it_is_damaged),
        cmocka_unit_test(damaged_lists_are_read_or_refused_and_what_is_kept_can_be_loaded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
