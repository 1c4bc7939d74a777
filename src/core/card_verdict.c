#include "core/card_verdict.h"

#define CARD_VERDICT(name, number, code, answered, ja, en, next_ja, next_en)                                           \
    {CARD_VERDICT_##name, code, answered, ja, en, next_ja, next_en},
static const struct card_verdict_info verdicts[] = {
#include "core/card_verdict.def"
};
#undef CARD_VERDICT

#define OTHER_WAY(name, code, ja, en) {code, ja, en},
static const struct other_way ways[] = {
#include "core/other_way.def"
};
#undef OTHER_WAY

#define PROOF(name, number, code, ja, en) {number, {code, ja, en}},
static const struct {
    enum proof proof;
    struct proof_info info;
} proofs[] = {
#include "core/proof.def"
};
#undef PROOF

const struct card_verdict_info *card_verdict_info(enum card_verdict v) {
    for (size_t i = 0; i < ARRAY_LEN(verdicts); i++)
        if (verdicts[i].verdict == v) return &verdicts[i];
    return NULL;
}

enum card_verdict card_verdict_of(struct str code) {
    for (size_t i = 0; i < ARRAY_LEN(verdicts); i++)
        if (str_eq(code, str_c(verdicts[i].code))) return verdicts[i].verdict;
    return CARD_VERDICT_NONE;
}

const struct card_verdict_info *card_verdict_rows(size_t *count) {
    *count = ARRAY_LEN(verdicts);
    return verdicts;
}

const struct other_way *other_ways(size_t *count) {
    *count = ARRAY_LEN(ways);
    return ways;
}

const struct proof_info *proof_info(enum proof p) {
    for (size_t i = 0; i < ARRAY_LEN(proofs); i++)
        if (proofs[i].proof == p) return &proofs[i].info;
    return NULL;
}
