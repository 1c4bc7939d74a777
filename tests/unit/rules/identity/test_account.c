/* Names of accounts against people's names, and accounts as they are written. */
#include "lib/hostile.h"
#include "lib/unit.h"
#include "rules/identity/account.h"
#include "rules/identity/account_number.h"
#include "rules/identity/zengin.h"

static void names_are_written_as_banks_write_them(void **state) {
    (void)state;
    static const struct {
        const char *name, *written;
        bool writable;
    } rows[] = {
        {"タナカ　ハナコ", "ﾀﾅｶ ﾊﾅｺ", true},
        {"  たなか  はなこ ", "ﾀﾅｶ ﾊﾅｺ", true},
        {"オーノ ショウコ", "ｵ-ﾉ ｼﾖｳｺ", true},
        {"ｵｰﾉ ガ ﾊﾟ ヴ", "ｵ-ﾉ ｶﾞ ﾊﾟ ｳﾞ", true},
        {"パベヴァッヮヶ", "ﾊﾟﾍﾞｳﾞｱﾂﾜｹ", true},
        {"ジョン・スミス", "ｼﾞﾖﾝ.ｽﾐｽ", true},
        {"ｊｏｈｎ Smith", "JOHN SMITH", true},
        {"カ）マド「ミナミ」", "ｶ)ﾏﾄﾞ｢ﾐﾅﾐ｣", true},
        {"ヰヱヲ", "ｲｴｦ", true},
        {"田中　ハナコ", "田中 ﾊﾅｺ", false},
        {"A&B", "A&B", false},
        {"", "", true},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct text t, written;
        struct diag d;
        char room[256];
        struct buf b = buf_over(room, sizeof room);
        assert_int_equal(text_read(str_c(rows[i].name), &t, "", &d), ERR_OK);
        row_check(zengin_write(&t, &written) == rows[i].writable, rows[i].name);
        zengin_put(&b, &written);
        assert_str(buf_str(&b), str_c(rows[i].written));
    }
}

static void an_account_is_the_persons_a_family_members_or_a_strangers(void **state) {
    (void)state;
    static const struct {
        const char *account, *names;
        enum level level;
        enum reason reason;
    } rows[] = {
        {"ﾀﾅｶ ﾊﾅｺ", "ﾀﾅｶ ﾊﾅｺ", LEVEL_SAME, REASON_ALL},
        {"ﾊﾂﾄﾘ ｼﾖｳｺ", "ハットリ ショウコ", LEVEL_SAME, REASON_ACCOUNT_FORM},
        {"ｵ-ﾉ ﾕｳｷ", "オーノ ユウキ", LEVEL_SAME, REASON_ACCOUNT_FORM},
        {"ﾀﾅｶﾊﾅｺ", "タナカ ハナコ", LEVEL_VARIANT, REASON_SPACING},
        {"ｼﾞﾖﾝ ｽﾐｽ", "ジョン・スミス", LEVEL_VARIANT, REASON_SPACING},
        {"ﾐｽﾞｷ ﾊﾅｺ", "ミヅキ ハナコ", LEVEL_VARIANT, REASON_SAME_SOUND},
        /* of 30 characters, so cut there */
        {"ｱﾚｸｻﾝﾄﾞﾗ ﾏﾘｱ ﾌｴﾙﾅﾝﾃﾞｽ ﾃﾞ ﾗ ｸﾙｽ", "アレクサンドラ マリア フェルナンデス デ ラ クルスマリア", LEVEL_VARIANT,
         REASON_ACCOUNT_CUT},
        {"ﾀﾅｶ ﾊﾅ", "タナカ ハナコ", LEVEL_PART, REASON_ACCOUNT_FAMILY}, /* too short to have been cut */
        {"ｽﾐｽ ｼﾞﾖﾝ", "ジョン スミス", LEVEL_NEAR, REASON_ORDER},
        {"ｽﾐｽ ｼﾞﾖﾝ", "ジョン・ペーター・スミス", LEVEL_NEAR, REASON_ACCOUNT_NAMES_LEFT_OUT},
        {"ｵｵﾉ ﾕｳｷ", "オーノ ユウキ", LEVEL_NEAR, REASON_LONG_VOWEL},
        {"TANAKA HANAKO", "タナカ ハナコ", LEVEL_NEAR, REASON_ROMANISED},
        {"ﾀﾅｶ ﾊﾅｺ", "田中　花子", LEVEL_NEAR, REASON_READING},
        {"ﾔﾏﾀﾞ ﾊﾅｺ", "タナカ ハナコ;ヤマダ ハナコ", LEVEL_SAME, REASON_ACCOUNT_FORM}, /* a former name */
        {"ﾔﾏﾀﾞ ﾊﾅｺ", "タナカ ハナコ;山田　花子", LEVEL_NEAR, REASON_READING},         /* known in kanji alone */
        {"ﾔﾏﾀﾞﾊﾅｺ", "タナカ ハナコ;山田　花子", LEVEL_NEAR, REASON_READING},
        {"ﾅｶﾞｵ ｷﾖｼ", "ﾅｶﾞｵ ｸﾐｺ;長尾　久美子", LEVEL_PART, REASON_ACCOUNT_FAMILY}, /* 久美子 might be read so */
        {"ﾅｶﾑﾗ ｿ-ﾀ", "ﾅｶﾑﾗ ｿｳﾀ", LEVEL_NEAR, REASON_LONG_VOWEL},
        {"ﾀﾅｶ ﾀﾛｳ", "タナカ ハナコ", LEVEL_PART, REASON_ACCOUNT_FAMILY},
        {"ﾀﾅｶ", "タナカ ハナコ", LEVEL_PART, REASON_ACCOUNT_FAMILY},
        {"ﾀﾅｶﾀﾛｳ", "タナカ ハナコ", LEVEL_PART, REASON_ACCOUNT_FAMILY},
        {"ﾀﾅｶ ﾀﾛｳ", "田中　花子", LEVEL_PART, REASON_ACCOUNT_FAMILY},
        {"ﾀﾅｶ ﾐｷ", "タナカ マキ", LEVEL_PART, REASON_ACCOUNT_FAMILY}, /* twins */
        {"ﾀﾅｶﾐｷ", "タナカ マキ", LEVEL_PART, REASON_ACCOUNT_FAMILY},
        {"ﾔﾏﾀﾞ ﾊﾅｺ", "タナカ ハナコ", LEVEL_PART, REASON_ACCOUNT_GIVEN},
        {"ﾔﾏﾀﾞﾊﾅｺ", "タナカ ハナコ", LEVEL_PART, REASON_ACCOUNT_GIVEN},
        {"ｽｽﾞｷ ｼﾞﾛｳ", "タナカ ハナコ", LEVEL_DIFFERENT, REASON_ACCOUNT_STRANGER},
        {"ｽｽﾞｷ ｼﾞﾛｳ", "田中　花子", LEVEL_DIFFERENT, REASON_NO_READING},
        {"ｶ)ﾏﾄﾞ", "マド ハナコ", LEVEL_DIFFERENT, REASON_ACCOUNT_ORGANISATION},
        {"ﾏﾄﾞ(ｶ", "マド ハナコ", LEVEL_DIFFERENT, REASON_ACCOUNT_ORGANISATION},
        {"ﾏﾄﾞ(ﾌｸ)ﾐﾅﾐ", "マド ハナコ", LEVEL_DIFFERENT, REASON_ACCOUNT_ORGANISATION},
        {"", "タナカ ハナコ", LEVEL_UNKNOWN, REASON_EMPTY},
        {"ﾀﾅｶ ﾊﾅｺ", " ;", LEVEL_UNKNOWN, REASON_EMPTY},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct comparison c;
        struct diag d = {0};
        assert_int_equal(account_compare(str_c(rows[i].account), str_c(rows[i].names), &c, &d), ERR_OK);
        if (c.level != rows[i].level) print_error("level %s\n", level_info(c.level)->code);
        row_check(c.level == rows[i].level, rows[i].account);
        row_check(comparison_has(&c, rows[i].reason), rows[i].account);
    }
}

static void accounts_written_in_two_ways_are_one(void **state) {
    (void)state;
    static const struct {
        const char *text, *number;
        enum err err;
    } rows[] = {
        {"0001-234-1234567", "0001-234-1-1234567", ERR_OK},
        {"０００１　２３４　１２３", "0001-234-1-0000123", ERR_OK},
        {"0001-234-2-1234567", "0001-234-2-1234567", ERR_OK},
        {"10530-12345671", "9900-058-1-1234567", ERR_OK},
        {"10530-1-12345671", "9900-058-1-1234567", ERR_OK},
        {"10530-21", "9900-058-1-0000002", ERR_OK},
        {"9900-058-1234567", "9900-058-1-1234567", ERR_OK},
        {"00530-123456", "9900-059-2-0123456", ERR_OK},
        {"10530-12345672", NULL, ERR_VALUE},
        {"10531-12345671", NULL, ERR_VALUE},
        {"20530-12345671", NULL, ERR_VALUE},
        {"10530-1", NULL, ERR_VALUE},
        {"00530-12345678", NULL, ERR_VALUE},
        {"0001-234-3-1234567", NULL, ERR_VALUE},
        {"0001-234-12345678", NULL, ERR_SYNTAX},
        {"001-234-1234567", NULL, ERR_SYNTAX},
        {"0001-234-1-1234567-1", NULL, ERR_SYNTAX},
        {"10530-11-12345671", NULL, ERR_SYNTAX},
        {"1053012345671", NULL, ERR_SYNTAX},
        {"みずほ", NULL, ERR_SYNTAX},
        {"", NULL, ERR_SYNTAX},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct account_number a;
        struct diag d = {0};
        char room[64];
        struct buf b = buf_over(room, sizeof room);
        row_check(account_number_parse(str_c(rows[i].text), &a, &d) == rows[i].err, rows[i].text);
        if (rows[i].err != ERR_OK) continue;
        account_number_put(&b, &a);
        assert_str(buf_str(&b), str_c(rows[i].number));
        buf_cut(&b, 0), account_number_put_masked(&b, &a);
        row_check(str_find(buf_str(&b), S("****")) == 11 && b.n == 18, rows[i].text);
    }
}

static void feed_name(void *context, struct str input) {
    struct comparison c;
    struct diag d = {0};
    const struct str *other = context;
    if (account_compare(input, *other, &c, &d) == ERR_OK) assert_true(c.finding_count > 0);
    if (account_compare(*other, input, &c, &d) == ERR_OK) assert_true(c.finding_count > 0);
    for (size_t i = 0; i < c.finding_count; i++) assert_true(c.findings[i].a.n <= input.n + other->n);
}

static void feed_number(void *context, struct str input) {
    struct account_number a;
    struct diag d = {0};
    (void)context;
    if (account_number_parse(input, &a, &d) != ERR_OK) return;
    for (size_t i = 0; i < sizeof a.number; i++) assert_true(a.number[i] >= '0' && a.number[i] <= '9');
}

static void damaged_names_and_numbers_are_compared_or_refused(void **state) {
    (void)state;
    struct str name = S("ﾌｼﾞﾀ ｼﾞﾖﾝ.(ｶ)ﾔ-;藤田　ジョン;FUJITA");
    assert_int_equal(hostile_all(name, feed_name, &name), name.n * 9);
    assert_int_equal(hostile_all(S("１0530-1-12345671"), feed_number, NULL), 18 * 9);
    assert_int_equal(hostile_all(S("0001-234-2-1234567"), feed_number, NULL), 18 * 9);
}

static void too_many_names_are_refused(void **state) {
    (void)state;
    struct comparison c;
    struct diag d = {0};
    assert_int_equal(account_compare(S("ｱ"), S("a;b;c;d;e;f;g;h"), &c, &d), ERR_OK);
    assert_int_equal(account_compare(S("ｱ"), S("a;b;c;d;e;f;g;h;i"), &c, &d), ERR_LIMIT);
    assert_string_equal(d.where, "B");
    assert_int_equal(account_compare(S("\xff"), S("a"), &c, &d), ERR_UTF8);
    assert_string_equal(d.where, "A");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_written_as_banks_write_them),
        cmocka_unit_test(an_account_is_the_persons_a_family_members_or_a_strangers),
        cmocka_unit_test(accounts_written_in_two_ways_are_one),
        cmocka_unit_test(damaged_names_and_numbers_are_compared_or_refused),
        cmocka_unit_test(too_many_names_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
