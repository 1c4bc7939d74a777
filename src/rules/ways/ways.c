#include "rules/ways/ways.h"

static struct day later(struct day a, struct day b) { return day_before(a, b) ? b : a; }
static struct day earlier(struct day a, struct day b) { return day_before(a, b) ? a : b; }

/* ---- until when ---- */

static struct day grace_end(struct day certificate_until) {
    struct civil c = day_civil(certificate_until);
    struct day first = DAY_NONE;
    invariant(day_from_civil(c.year, c.month, 1, &first));
    return day_add(day_add_months(first, WAY_GRACE_MONTHS + 1), -1);
}

static bool begun(const struct way *w, struct day on) {
    return w->state == WAY_REGISTERED && (!day_is(w->since) || day_until(w->since, on)) && day_is(w->certificate_until);
}

struct day way_until(const struct way *w, enum way_kind kind, struct day on) {
    struct day until = DAY_NONE;
    if (!begun(w, on)) return DAY_NONE;
    if (kind == WAY_PHONE) until = w->certificate_until;
    else if (day_is(w->card_until)) until = earlier(w->card_until, grace_end(w->certificate_until));
    return day_is(until) && day_until(on, until) ? until : DAY_NONE;
}

struct day ways_until(const struct ways *w, struct day on) {
    struct day best = DAY_NONE;
    for (unsigned k = 0; k < WAY_KINDS; k++) best = later(best, way_until(&w->of[k], k, on));
    return best;
}

bool ways_in_grace(const struct ways *w, struct day on) {
    bool grace = false;
    for (unsigned k = 0; k < WAY_KINDS; k++) {
        if (!day_is(way_until(&w->of[k], k, on))) continue;
        if (day_until(on, w->of[k].certificate_until)) return false;
        grace = true;
    }
    return grace;
}

struct day papers_until(const struct papers *p, struct day on) {
    struct day reached = day_add(on, -1);
    for (size_t round = 0; round < p->count;
         round++) /* each round joins one more paper, in whatever order they stand */
        for (size_t i = 0; i < p->count; i++)
            if (day_until(p->list[i].from, day_add(reached, 1))) reached = later(reached, p->list[i].until);
    return day_before(reached, on) ? DAY_NONE : reached;
}

const struct paper_made *paper_on(const struct papers *p, struct day on) {
    const struct paper_made *best = NULL;
    for (size_t i = 0; i < p->count; i++) {
        const struct paper_made *x = &p->list[i];
        if (day_until(x->from, on) && day_until(on, x->until) && (best == NULL || day_before(best->until, x->until)))
            best = x;
    }
    return best;
}

void papers_add(struct papers *p, const struct paper_made *made) {
    if (p->count == PAPERS_KEPT) {
        for (size_t i = 1; i < PAPERS_KEPT; i++) p->list[i - 1] = p->list[i];
        p->count--;
    }
    p->list[p->count++] = *made;
}

/* ---- what follows by itself ---- */

/* A clock that was set back, or a day named late, is no reason to print again what was made for the days after. */
static struct day not_before_made(const struct papers *p, struct day on) {
    struct day last = on;
    for (size_t i = 0; i < p->count; i++)
        if (p->list[i].made.n - on.n <= LEAD_DAYS) last = later(last, p->list[i].made);
    return last;
}

struct day certificate_due(const struct ways *w, const struct papers *certificates, struct day on) {
    on = not_before_made(certificates, on);
    struct day needed = day_add(on, LEAD_DAYS), way = w->paper_wanted ? DAY_NONE : ways_until(w, on),
               paper = papers_until(certificates, on);
    if (day_is(way) && day_until(needed, way)) return DAY_NONE;
    if (day_is(paper) && day_until(needed, paper)) return DAY_NONE;
    /* A paper that begins only after the way's end was made for it. */
    if (day_is(way)) {
        struct day after = papers_until(certificates, day_add(way, 1));
        if (day_is(after) && day_until(needed, after)) return DAY_NONE;
    }
    return day_is(paper) ? day_add(paper, 1) : on;
}

#define DUE(name, word, ja, en) {word, ja, en},
static const struct ways_word due_words[DUE_COUNT] = {
#include "rules/ways/due.def"
};
#undef DUE

const struct ways_word *certificate_why_word(enum certificate_why w) {
    invariant((unsigned)w < DUE_COUNT);
    return &due_words[w];
}

/* Of several ways that ended the card speaks first: it is what the person had in hand. */
static enum certificate_why why_no_way(const struct ways *w) {
    for (unsigned k = 0; k < WAY_KINDS; k++) {
        switch (w->of[k].state) {
        case WAY_DEREGISTERED: return DUE_DEREGISTERED;
        case WAY_RETURNED: return DUE_RETURNED;
        case WAY_REVOKED: return DUE_REVOKED;
        case WAY_EXPIRED:
        case WAY_REGISTERED: return DUE_ENDED;
        default: break;
        }
    }
    return DUE_NO_WAY;
}

enum certificate_why certificate_why(const struct ways *w, const struct papers *certificates, struct day on) {
    if (paper_on(certificates, on)) return DUE_RENEWAL;
    if (w->paper_wanted) return DUE_WANTED;
    return day_is(ways_until(w, on)) ? DUE_ENDS : why_no_way(w);
}

struct day notice_due(const struct ways *w, const struct papers *notices, struct day on) {
    if (w->paper_wanted || !day_is(ways_until(w, on))) return DAY_NONE;
    on = not_before_made(notices, on);
    return day_is(papers_until(notices, on)) ? DAY_NONE : on;
}

static bool soon(struct day ends, struct day on) {
    return day_is(ends) && day_until(on, ends) && day_before(ends, day_add_months(on, WAY_SOON_MONTHS));
}

size_t ways_reminders(const struct ways *w, const struct papers *certificates, struct day on,
                      struct reminder out[ENDINGS_MAX]) {
    const struct way *card = &w->of[WAY_CARD], *phone = &w->of[WAY_PHONE];
    const struct paper_made *paper = paper_on(certificates, on);
    size_t n = 0;
    bool card_first = day_until(card->card_until, card->certificate_until);
    if (begun(card, on) && soon(card->card_until, on)) out[n++] = (struct reminder){ENDING_CARD, card->card_until};
    if (begun(card, on) && !card_first && soon(card->certificate_until, on) && day_is(card->card_until))
        out[n++] = (struct reminder){ENDING_CARD_CERTIFICATE, card->certificate_until};
    if (begun(phone, on) && soon(phone->certificate_until, on))
        out[n++] = (struct reminder){ENDING_PHONE, phone->certificate_until};
    bool needed = w->paper_wanted || !day_is(ways_until(w, on));
    if (paper && needed && paper->until.n - on.n <= PAPER_REMIND_DAYS)
        out[n++] = (struct reminder){ENDING_PAPER, paper->until};
    return n;
}

/* ---- at the window ---- */

/* The last day of what can be used: the certificate's own end, which is behind the day in its grace. DAY_NONE: nothing can be used. */
static struct day own_end(const struct ways *w, struct day on) {
    struct day best = DAY_NONE;
    for (unsigned k = 0; k < WAY_KINDS; k++) {
        const struct way *x = &w->of[k];
        if (!day_is(way_until(x, k, on))) continue;
        best = later(best, k == WAY_CARD ? earlier(x->card_until, x->certificate_until) : x->certificate_until);
    }
    return best;
}

static uint32_t bit(enum warning w) { return 1u << w; }

uint32_t ways_warnings(uint32_t decided, const struct ways *ways, const struct papers *certificates, bool other,
                       struct day on) {
    struct day paper = papers_until(certificates, on);
    uint32_t w = decided;
    if (day_is(paper)) {
        w &= ~(bit(WARNING_CARD_ENDED) | bit(WARNING_CARD_ENDS_SOON));
        if (soon(paper, on)) w |= bit(WARNING_CARD_ENDS_SOON);
    }
    if (ways == NULL) return w;
    if (soon(own_end(ways, on), on)) w |= bit(WARNING_WAY_ENDS_SOON);
    if (ways_in_grace(ways, on)) w |= bit(WARNING_WAY_IN_GRACE);
    if (!day_is(ways_until(ways, on)) && !day_is(paper) && !other) w |= bit(WARNING_CERTIFICATE_FOLLOWS);
    return w;
}

/* ---- what changes them ---- */

static bool ended_since(const struct way *known, const struct way *listed, struct day listed_on) {
    bool ended = known->state != WAY_NONE && known->state != WAY_REGISTERED;
    bool anew = day_is(listed->since) && day_before(known->stated, listed->since);
    return ended && listed->state == WAY_REGISTERED && day_until(listed_on, known->stated) && !anew;
}

struct ways ways_merge(const struct ways *known, const struct ways *listed, struct day listed_on) {
    struct ways w = *listed;
    if (day_is(known->listed) && day_before(listed_on, known->listed)) return *known;
    w.listed = listed_on;
    for (size_t k = 0; k < WAY_KINDS; k++)
        if (ended_since(&known->of[k], &listed->of[k], listed_on)) w.of[k] = known->of[k];
    return w;
}

size_t ways_change(struct ways *w, const struct way_change *c, struct day on) {
    bool every = c->state == WAY_DEREGISTERED || c->state == WAY_RETURNED;
    size_t n = 0;
    invariant(c->state > WAY_REGISTERED && c->state < WAY_STATES);
    for (unsigned k = 0; k < WAY_KINDS; k++) {
        struct way *x = &w->of[k];
        if (x->state != WAY_REGISTERED || (!every && k != c->kind)) continue;
        x->state = (uint8_t)c->state, x->reason = (uint8_t)c->reason, x->by = (uint8_t)c->by, x->stated = on;
        n++;
    }
    return n;
}
