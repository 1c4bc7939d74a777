#include "service/people/mistakes.h"

static const struct mistake_info table[MISTAKE_COUNT] = {
#define MISTAKE(name, per_million, of, ja, en, source) {#name, per_million, of, ja, en, source},
#include "service/people/mistakes.def"
#undef MISTAKE
};

const struct mistake_info *mistake_info(enum mistake m) {
    invariant(m < MISTAKE_COUNT);
    return &table[m];
}

uint32_t mistake_rate(enum mistake m, uint32_t percent) {
    uint32_t plain = mistake_info(m)->per_million, most = plain > MILLION / 2 ? plain : MILLION / 2;
    uint64_t scaled = (uint64_t)plain * percent / 100;
    return scaled < most ? (uint32_t)scaled : most;
}
