/* Any two runs of bytes (a tab between) as names, kana, dates and addresses: refused, or of one level both ways round. */
#include "rules/identity/comparison.h"
#include "rules/identity/reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static enum err (*const kinds[])(struct str, struct str, struct comparison *, struct diag *) = {
    name_compare, kana_compare, birth_compare, address_compare, sex_compare, postcode_compare};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    struct str b = str_of(data, n), a = str_cut(&b, '\t');
    struct diag d = {0};
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        struct comparison c, back;
        enum err e = kinds[i](a, b, &c, &d);
        invariant((e == ERR_OK) == (kinds[i](b, a, &back, &d) == ERR_OK)); /* which side is told first may differ */
        if (e == ERR_OK) invariant(c.level == back.level && c.finding_count > 0);
    }
    struct reading r;
    if (reading_judge(a, b, &r, &d) == ERR_OK) invariant(r.score <= 100);
    return 0;
}
