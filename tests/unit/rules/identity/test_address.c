#include "lib/hostile.h"
#include "lib/unit.h"
#include "rules/identity/address.h"

static void addresses_come_apart_and_what_is_unread_stays(void **state) {
    (void)state;
    static const struct {
        const char *text, *parts; /* prefecture | city | town | block | rest | unread */
    } rows[] = {
        {"〒100-0001東京都千代田区千代田1-1", "東京都 | 千代田区 | 千代田 | 1-1 |  | \n"},
        {"東京都千代田区三番町2", "東京都 | 千代田区 | 三番町 | 2 |  | \n"},
        {"北海道札幌市中央区北1条西2丁目1-3 ビル4階", "北海道 | 札幌市中央区 | 北1条西 | 2-1-3 | ビル4階 | \n"},
        {"三重県四日市市諏訪町１－５", "三重県 | 四日市市 | 諏訪町 | 1-5 |  | \n"},
        {"千葉県市川市八幡1−1ー1", "千葉県 | 市川市 | 八幡 | 1-1-1 |  | \n"},
        {"福島県郡山市本町一丁目十二番地の三", "福島県 | 郡山市 | 本町 | 1-12-3 |  | \n"},
        {"大阪市北区梅田3丁目1番3号 101号室", " | 大阪市北区 | 梅田 | 3-1-3 | 101号室 | \n"},
        {"東京都西多摩郡瑞穂町大字箱根ケ崎2335番地", "東京都 | 西多摩郡瑞穂町 | 大字箱根ケ崎 | 2335 |  | \n"},
        {"群馬県佐波郡玉村町下新田201", "群馬県 | 佐波郡玉村町 | 下新田 | 201 |  | \n"},
        {"京都府京都市中京区寺町通御池上る上本能寺前町488番地",
         "京都府 | 京都市中京区 | 寺町通御池上る上本能寺前町 | 488 |  | \n"},
        {"新潟県新潟市中央区五十嵐 1-2", "新潟県 | 新潟市中央区 | 五十嵐 | 1-2 |  | \n"},
        {"岩手県二戸市金田一1丁目2番3号", "岩手県 | 二戸市 | 金田一 | 1-2-3 |  | \n"},
        {"東京都青梅市", "東京都 | 青梅市 |  |  |  | \n"},
        {"東京都", "東京都 |  |  |  |  | \n"},
        {"アメリカ合衆国", " |  |  |  |  | アメリカ合衆国\n"},
        {"東京都どこか1-2", "東京都 |  |  |  |  | どこか1-2\n"},
        {"", " |  |  |  |  | \n"},
    };
    struct buf b;
    buf_init(&b, 4096);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct address a;
        struct diag d = {0};
        assert_int_equal(address_parse(NULL, str_c(rows[i].text), &a, "", &d), ERR_OK);
        buf_reset(&b);
        address_put_text(&b, &a);
        if (!str_eq(buf_str(&b), str_c(rows[i].parts))) print_error("got %.*s", (int)b.n, b.p);
        row_check(str_eq(buf_str(&b), str_c(rows[i].parts)), rows[i].text);
    }
    buf_fini(&b);
}

static void a_post_code_is_a_member_only_when_it_was_there(void **state) {
    (void)state;
    struct address a;
    struct diag d = {0};
    struct buf b;
    buf_init(&b, 4096);
    assert_int_equal(address_parse(NULL, S("〒198-0036 東京都青梅市河辺町1"), &a, "", &d), ERR_OK);
    address_put_json(&b, &a);
    assert_str(buf_str(&b),
               S("{\"prefecture\":\"東京都\",\"city\":\"青梅市\",\"town\":\"河辺町\",\"block\":\"1\",\"rest\":\"\","
                 "\"unread\":\"\",\"postcode\":\"198-0036\"}\n"));
    buf_fini(&b);
}

static void feed(void *context, struct str input) {
    struct address a;
    struct diag d = {0};
    (void)context;
    if (address_parse(NULL, input, &a, "", &d) != ERR_OK) return;
    assert_true(a.block_n <= ADDRESS_BLOCK_MAX);
    assert_true(a.unread.n == 0 || a.city.n == 0);
    assert_true(a.prefecture.n + a.city.n + a.town.n + a.rest.n + a.unread.n + a.postcode.n <= input.n);
}

static void damaged_addresses_come_apart_or_are_refused(void **state) {
    (void)state;
    assert_true(hostile_all(S("〒198-0036東京都西多摩郡瑞穂町大字箱根ケ崎一丁目2335番地の4 窓101"), feed, NULL) > 500);
    assert_true(hostile_all(S("大阪市北区梅田１－2-3-4-5-6-7-8-9-10-11-12-13-14-15-16-17-18-19-20-21-22"), feed, NULL) >
                500);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_come_apart_and_what_is_unread_stays),
        cmocka_unit_test(a_post_code_is_a_member_only_when_it_was_there),
        cmocka_unit_test(damaged_addresses_come_apart_or_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
