#include "service/card_ways.h"

enum err card_ways_ended(struct store *ways, const struct card_registration *r, bool *ended, struct diag *d) {
    struct ways_facts f;
    TRY(ways_of(ways, r->member_key, &f, d));
    const struct way *w = &f.ways.of[r->holder == HOLDER_PHONE ? WAY_PHONE : WAY_CARD];
    bool said = w->state != WAY_NONE && w->state != WAY_REGISTERED;
    *ended = said && day_until(day_in_japan(r->at_us), w->stated);
    return ERR_OK;
}
