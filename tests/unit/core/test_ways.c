#include "core/ways.h"
#include "lib/unit.h"

static const struct ways_word *(*const tables[])(unsigned) = {way_kind_word, way_state_word, way_reason_word,
                                                              counter_word, channel_word};

static void every_word_leads_back_to_its_number(void **state) {
    (void)state;
    for (size_t t = 0; t < ARRAY_LEN(tables); t++) {
        size_t rows = 0;
        for (unsigned n = 0; n < 16; n++) {
            uint8_t number = 99;
            const struct ways_word *w = tables[t](n);
            if (w == NULL) continue;
            assert_true(ways_number_of(tables[t], str_c(w->word), &number));
            assert_int_equal(number, n);
            assert_true(w->ja[0] && w->en[0]);
            rows++;
        }
        assert_true(rows >= 2);
    }
}

static void what_is_no_word_has_no_number(void **state) {
    (void)state;
    uint8_t number = 99;
    static const char *const words[] = {"", "Card", "card ", "registered\n", "none"};
    for (size_t t = 0; t < ARRAY_LEN(tables); t++)
        for (size_t i = 0; i < ARRAY_LEN(words); i++)
            row_check(!ways_number_of(tables[t], str_c(words[i]), &number), words[i]);
    assert_int_equal(number, 99);
    assert_null(way_state_word(WAY_NONE));
    assert_null(way_state_word(WAY_STATES));
    assert_null(channel_word(255));
}

static void ways_differ_in_every_field_but_the_list_s_day(void **state) {
    (void)state;
    struct ways a = ways_none(), b;
#define DIFFERS(change) b = a, change, assert_false(ways_same(&a, &b))
    DIFFERS(b.of[WAY_CARD].state = WAY_REGISTERED);
    DIFFERS(b.of[WAY_PHONE].reason = REASON_OF_WAY_LOST);
    DIFFERS(b.of[WAY_CARD].by = COUNTER_LETTER);
    DIFFERS(b.of[WAY_CARD].pinless = true);
    DIFFERS(b.of[WAY_CARD].since.n = 1);
    DIFFERS(b.of[WAY_CARD].stated.n = 1);
    DIFFERS(b.of[WAY_PHONE].card_until.n = 1);
    DIFFERS(b.of[WAY_PHONE].certificate_until.n = 1);
    DIFFERS(b.channel = CHANNEL_APP);
    DIFFERS(b.paper_wanted = true);
    b = a, b.listed.n = 1;
    assert_true(ways_same(&a, &b));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_word_leads_back_to_its_number),
        cmocka_unit_test(what_is_no_word_has_no_number),
        cmocka_unit_test(ways_differ_in_every_field_but_the_list_s_day),
    };
    return cmocka_run_group_tests_name("ways", tests, NULL, NULL);
}
