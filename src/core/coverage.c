#include "core/coverage.h"

bool member_linked(const struct member *m) {
    uint8_t any = 0;
    for (size_t i = 0; i < sizeof m->link; i++) any |= m->link[i];
    return any != 0;
}

struct coverage coverage_empty(void) {
    return (struct coverage){.start = DAY_NONE,
                             .lost = DAY_NONE,
                             .issued = DAY_NONE,
                             .card_from = DAY_NONE,
                             .card_until = DAY_NONE,
                             .class = CLASS_GENERAL,
                             .ratio = RATIO_NONE};
}

const struct elderly_certificate *coverage_elderly_on(const struct coverage *c, struct day on) {
    for (size_t i = 0; i < c->elderly_count; i++)
        if (certificate_on(c->elderly[i].from, c->elderly[i].until, on)) return &c->elderly[i];
    return NULL;
}
