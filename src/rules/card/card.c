#include "rules/card/card.h"

struct day card_usable_until(struct day until, bool on_phone) {
    struct day first;
    struct civil c = day_civil(until);
    if (on_phone || !day_from_civil(c.year, c.month, 1, &first)) return until;
    return day_add(day_add_months(first, CARD_GRACE_MONTHS + 1), -1);
}

static enum card_verdict of_end(const struct card_facts *f, struct day today, struct day usable_until) {
    if (day_before(usable_until, today)) return CARD_VERDICT_ENDED;
    if (day_before(f->until, today)) return CARD_VERDICT_GRACE;
    if (day_until(f->until, day_add_months(today, CARD_REMIND_MONTHS))) return CARD_VERDICT_ENDS_SOON;
    return CARD_VERDICT_ANSWERED;
}

static enum card_verdict verdict_of(const struct card_facts *f, struct day today, struct day usable_until) {
    if (!f->trusted) return CARD_VERDICT_UNTRUSTED;
    if (!f->is_signed) return CARD_VERDICT_SIGNATURE;
    if (f->revoked == CARD_IS_REVOKED) return CARD_VERDICT_REVOKED;
    if (f->revoked == CARD_NOBODY_KNOWS_IT) return CARD_VERDICT_UNKNOWN;
    enum card_verdict end = of_end(f, today, usable_until);
    if (end == CARD_VERDICT_ENDED) return end;
    if (!f->registered) return CARD_VERDICT_NOT_REGISTERED;
    if (!f->in_use) return CARD_VERDICT_DEREGISTERED;
    return f->revoked == CARD_NOT_LEARNT && end != CARD_VERDICT_GRACE ? CARD_VERDICT_UNCHECKED : end;
}

static enum proof proof_of(const struct card_facts *f, enum card_verdict v) {
    if (v == CARD_VERDICT_GRACE) return PROOF_CARD_PIN_ENDED;
    if (f->revoked == CARD_NOT_LEARNT) return PROOF_CARD_PIN_UNCHECKED;
    return PROOF_CARD_PIN;
}

struct card_decision card_decide(const struct card_facts *f, struct day today) {
    struct day usable = f->trusted && day_is(f->until) ? card_usable_until(f->until, f->on_phone) : DAY_NONE;
    enum card_verdict v = verdict_of(f, today, usable);
    bool answered = card_verdict_info(v)->answered;
    return (struct card_decision){v, answered ? proof_of(f, v) : PROOF_NONE, answered ? usable : DAY_NONE};
}

enum card_said card_said(const struct way *w, struct day registered) {
    if (day_is(w->stated) && day_before(w->stated, registered)) return CARD_SAID_NOTHING;
    switch (w->state) {
    case WAY_DEREGISTERED:
    case WAY_RETURNED: return CARD_SAID_ENDED;
    case WAY_REVOKED: return CARD_SAID_REVOKED;
    default: return CARD_SAID_NOTHING; /* an end by time is the certificate's own to say */
    }
}

/* The latest period of m that covers the day (covers) or any (not). NULL when there is none. */
static const struct coverage *latest(const struct member *m, struct day on, bool covers) {
    const struct coverage *best = NULL;
    for (size_t i = 0; i < m->period_count; i++) {
        const struct coverage *c = &m->periods[i];
        if (covers && !coverage_on(c, on)) continue;
        if (best == NULL || day_before(best->start, c->start)) best = c;
    }
    return best;
}

const struct member *card_member_on(const struct member *members, size_t count, struct day on) {
    const struct member *best = NULL;
    const struct coverage *of_best = NULL;
    bool best_covers = false;
    for (size_t i = 0; i < count; i++) {
        const struct coverage *now = latest(&members[i], on, true), *c = now ? now : latest(&members[i], on, false);
        bool better = best == NULL || (now && !best_covers) ||
                      ((now != NULL) == best_covers && c && (of_best == NULL || day_before(of_best->start, c->start)));
        if (better) best = &members[i], of_best = c, best_covers = now != NULL;
    }
    return best;
}
