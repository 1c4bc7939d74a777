#include "core/digits.h"
#include "lib/hostile.h"
#include "lib/unit.h"

static struct str text_of(struct buf *b, struct insurer_number i, void (*put)(struct buf *, struct insurer_number)) {
    buf_reset(b);
    put(b, i);
    return buf_str(b);
}

static void insurer_numbers_are_read_with_their_check_digit(void **state) {
    (void)state;
    char room[16];
    struct buf b = buf_over(room, sizeof room);
    static const struct {
        const char *text;
        enum err err;
        const char *written, *padded;
        unsigned law;
    } rows[] = {
        /* real numbers that must hold */
        {"33120015", ERR_OK, "33120015", "33120015", 33},
        {"01130012", ERR_OK, "01130012", "01130012", 1},
        {"06139448", ERR_OK, "06139448", "06139448", 6},
        {"39131156", ERR_OK, "39131156", "39131156", 39},
        {"138057", ERR_OK, "138057", "  138057", 0},
        /* padded as the field pads a number of six digits */
        {"  138057", ERR_OK, "138057", "  138057", 0},
        {" 138057", ERR_OK, "138057", "  138057", 0},
        {"00138057", ERR_OK, "138057", "  138057", 0},
        {"06139449", ERR_CHECK_DIGIT, NULL, NULL, 0},
        {"138058", ERR_CHECK_DIGIT, NULL, NULL, 0},
        {"16139448", ERR_VALUE, NULL, NULL, 0}, /* no such 法別 */
        {"", ERR_VALUE, NULL, NULL, 0},
        {"        ", ERR_VALUE, NULL, NULL, 0},
        {"000000", ERR_VALUE, NULL, NULL, 0},
        {"00000000", ERR_VALUE, NULL, NULL, 0},
        {"6139448", ERR_VALUE, NULL, NULL, 0},
        {"061394480", ERR_VALUE, NULL, NULL, 0},
        {"0613944A", ERR_VALUE, NULL, NULL, 0},
        {"０６１３９４４８", ERR_VALUE, NULL, NULL, 0},
        {"138057  ", ERR_VALUE, NULL, NULL, 0},
        {"-6139448", ERR_VALUE, NULL, NULL, 0},
        {"+138057", ERR_VALUE, NULL, NULL, 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct insurer_number n = {0};
        row_check(insurer_number_parse(str_c(rows[i].text), &n) == rows[i].err, rows[i].text);
        if (rows[i].err != ERR_OK) continue;
        row_check(str_eq(text_of(&b, n, insurer_number_put), str_c(rows[i].written)), rows[i].text);
        row_check(str_eq(text_of(&b, n, insurer_number_put_padded), str_c(rows[i].padded)), rows[i].text);
        row_check(insurer_number_law(n) == rows[i].law, rows[i].text);
        row_check(insurer_scheme_ja(n)[0] && insurer_scheme_en(n)[0], rows[i].text);
    }
}

static void one_wrong_digit_is_always_noticed(void **state) {
    (void)state;
    char text[9] = "33120015";
    for (size_t at = 0; at < 8; at++) {
        for (char c = '0'; c <= '9'; c++) {
            struct insurer_number n;
            char was = text[at];
            text[at] = c;
            if (c != was) assert_int_not_equal(insurer_number_parse(str_of(text, 8), &n), ERR_OK);
            text[at] = was;
        }
    }
}

static void made_insurer_numbers_are_good_ones(void **state) {
    (void)state;
    char room[16];
    struct buf b = buf_over(room, sizeof room);
    for (uint32_t n = 13001; n < 4800000; n += 997) {
        struct insurer_number made = insurer_number_make(n), read;
        enum err e = insurer_number_parse(text_of(&b, made, insurer_number_put), &read);
        if (!insurer_scheme_en(made)[0]) assert_int_equal(e, ERR_VALUE);
        else assert_true(e == ERR_OK && read.n == made.n);
    }
}

static void institutions_have_ten_digits_and_a_check_digit_told_apart(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum err err;
        bool check_digit;
    } rows[] = {
        {"0110113719", ERR_OK, true},     {"2714206386", ERR_OK, true},     /* real */
        {"1311111111", ERR_OK, false},                                      /* a dummy of the field's samples */
        {"0010113719", ERR_VALUE, false}, {"4810113719", ERR_VALUE, false}, /* no such prefecture */
        {"0120113719", ERR_VALUE, false}, {"0170113719", ERR_VALUE, false}, /* no such fee table */
        {"011011371", ERR_VALUE, false},  {"01101137190", ERR_VALUE, false},  {"", ERR_VALUE, false},
        {"01101 3719", ERR_VALUE, false}, {"０１10113719", ERR_VALUE, false},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct institution_code c = {0};
        char room[16];
        struct buf b = buf_over(room, sizeof room);
        row_check(institution_code_parse(str_c(rows[i].text), &c) == rows[i].err, rows[i].text);
        if (rows[i].err != ERR_OK) continue;
        row_check(institution_code_check_digit(c) == rows[i].check_digit, rows[i].text);
        institution_code_put(&b, c);
        row_check(str_eq(buf_str(&b), str_c(rows[i].text)), rows[i].text);
    }
}

/* The ordinance's own words, done slowly: P n counts from the lowest of the upper eleven, Q n is n+1 up to six, then n-5. */
static unsigned ordinance(const char *eleven) {
    unsigned sum = 0;
    for (unsigned n = 1; n <= 11; n++) sum += (unsigned)(eleven[11 - n] - '0') * (n <= 6 ? n + 1 : n - 5);
    return sum % 11 <= 1 ? 0 : 11 - sum % 11;
}

static void my_numbers_hold_their_check_digit(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum err err;
    } rows[] = {
        {"123456789018", ERR_OK},
        {"123456789019", ERR_CHECK_DIGIT},
        {"000000000000", ERR_OK},
        {"12345678901", ERR_VALUE},
        {"1234567890188", ERR_VALUE},
        {"12345678901X", ERR_VALUE},
        {"1234-5678-9018", ERR_VALUE},
        {"", ERR_VALUE},
        {"１２３４５６７８９０１８", ERR_VALUE},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct mynumber m;
        row_check(mynumber_parse(str_c(rows[i].text), &m) == rows[i].err, rows[i].text);
    }
    for (unsigned v = 0; v < 20000; v++) {
        char text[16];
        struct mynumber m;
        unsigned char digits[11];
        snprintf(text, sizeof text, "%05u%06u", v * 7 % 100000, v * 7919 % 1000000);
        for (size_t i = 0; i < 11; i++) digits[i] = (unsigned char)(text[i] - '0');
        assert_int_equal(mynumber_check_digit(digits), ordinance(text));
        text[11] = (char)('0' + ordinance(text));
        assert_int_equal(mynumber_parse(str_of(text, 12), &m), ERR_OK);
    }
}

static void a_refused_or_forgotten_my_number_leaves_nothing(void **state) {
    (void)state;
    static const struct mynumber none;
    struct mynumber m;
    assert_int_equal(mynumber_parse(S("123456789019"), &m), ERR_CHECK_DIGIT);
    assert_memory_equal(&m, &none, sizeof m);
    assert_int_equal(mynumber_parse(S("123456789018"), &m), ERR_OK);
    mynumber_forget(&m);
    assert_memory_equal(&m, &none, sizeof m);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(insurer_numbers_are_read_with_their_check_digit),
        cmocka_unit_test(one_wrong_digit_is_always_noticed),
        cmocka_unit_test(made_insurer_numbers_are_good_ones),
        cmocka_unit_test(institutions_have_ten_digits_and_a_check_digit_told_apart),
        cmocka_unit_test(my_numbers_hold_their_check_digit),
        cmocka_unit_test(a_refused_or_forgotten_my_number_leaves_nothing),
    };
    return cmocka_run_group_tests_name("digits", tests, NULL, NULL);
}
