#include "core/proof.h"
#include "lib/unit.h"

static void every_way_is_told_for_what_it_is_and_has_an_event_of_its_own(void **state) {
    (void)state;
    for (enum proof p = 0; p < PROOF_COUNT; p++) {
        const struct proof_info *i = proof_info(p);
        row_check(i->code && i->code[0] && i->ja[0] && i->en[0], "a hole in the numbers");
        row_check(audit_kind_en(i->event)[0] && audit_kind_ja(i->event)[0], i->code);
        for (enum proof q = 0; q < p; q++)
            row_check(proof_info(q)->event != i->event && strcmp(proof_info(q)->code, i->code) != 0, i->code);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_is_told_for_what_it_is_and_has_an_event_of_its_own),
    };
    return cmocka_run_group_tests_name("proof", tests, NULL, NULL);
}
