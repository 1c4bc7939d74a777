#include "rules/disaster/disaster.h"

bool disaster_place_holds(const struct disaster_place *p, struct institution_code institution) {
    unsigned prefecture = (unsigned)(institution.n / 100000000),
             municipality = (unsigned)(institution.n / 100000 % 100);
    if (institution.n == 0) return false;
    if (p->institution.n) return p->institution.n == institution.n;
    return p->prefecture == prefecture && (p->municipality == 0 || p->municipality == municipality);
}

static bool open_on(const struct disaster *d, struct day today) {
    return day_until(d->from, today) && day_until(today, d->until) &&
           (!day_is(d->closed) || day_before(today, d->closed));
}

const struct disaster *disaster_for(const struct disaster *list, size_t count, struct institution_code institution,
                                    struct day today) {
    for (size_t i = 0; i < count; i++) {
        if (!open_on(&list[i], today)) continue;
        for (size_t k = 0; k < list[i].place_count; k++)
            if (disaster_place_holds(&list[i].places[k], institution)) return &list[i];
    }
    return NULL;
}
