#include "core/card_verdict.h"
#include "lib/unit.h"

static void every_row_has_its_words_and_its_own_number_and_code(void **state) {
    (void)state;
    size_t count, ways;
    const struct card_verdict_info *rows = card_verdict_rows(&count);
    for (size_t i = 0; i < count; i++) {
        row_check(card_verdict_info(rows[i].verdict) == &rows[i], rows[i].code);
        row_check(card_verdict_of(str_c(rows[i].code)) == rows[i].verdict, rows[i].code);
        row_check(rows[i].verdict > 0 && rows[i].verdict <= UINT8_MAX, rows[i].code); /* a byte in the log */
        row_check(strlen(rows[i].ja) > 0 && strlen(rows[i].en) > 0, rows[i].code);
        row_check((strlen(rows[i].next_ja) > 0) == (strlen(rows[i].next_en) > 0), rows[i].code);
    }
    const struct other_way *way = other_ways(&ways);
    assert_true(ways >= 3);
    for (size_t i = 0; i < ways; i++) row_check(strlen(way[i].ja) > 0 && strlen(way[i].en) > 0, way[i].code);
    assert_null(card_verdict_info(CARD_VERDICT_NONE));
    assert_int_equal(card_verdict_of(S("no such code")), CARD_VERDICT_NONE);
}

/* A card that does not serve is never the end of the way. */
static void without_an_answer_there_is_always_something_to_do(void **state) {
    (void)state;
    size_t count;
    const struct card_verdict_info *rows = card_verdict_rows(&count);
    for (size_t i = 0; i < count; i++) row_check(rows[i].answered || strlen(rows[i].next_ja) > 0, rows[i].code);
}

static void every_proof_has_its_words(void **state) {
    (void)state;
#define PROOF(name, number, code_, ja_, en_)                                                                           \
    assert_string_equal(proof_info(PROOF_##name)->code, code_),                                                        \
        assert_string_equal(proof_info(PROOF_##name)->ja, ja_),                                                        \
        assert_string_equal(proof_info(PROOF_##name)->en, en_);
#include "core/proof.def"
#undef PROOF
    assert_null(proof_info(PROOF_NONE));
    assert_null(proof_info((enum proof)200));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_has_its_words_and_its_own_number_and_code),
        cmocka_unit_test(without_an_answer_there_is_always_something_to_do),
        cmocka_unit_test(every_proof_has_its_words),
    };
    return cmocka_run_group_tests_name("card verdict", tests, NULL, NULL);
}
