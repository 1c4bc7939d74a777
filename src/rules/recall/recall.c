#include "rules/recall/recall.h"

#include "core/age.h"

enum { LATE_STAGE_AGE = 75, SCHOOL_AGE = 6 };

static bool near(struct day a, struct day b) {
    int days = a.n - b.n;
    return days <= RECALL_DAYS_MAX && -days <= RECALL_DAYS_MAX;
}

/* Whoever turns 75 changes insurer on that day, whether or not the old one has said so yet. */
static bool turns_75(const struct recall_facts *f, struct day on) {
    bool moves = !f->late_stage && !f->medical_aid;
    return moves && !age_reached(f->birth, LATE_STAGE_AGE, f->on) && age_reached(f->birth, LATE_STAGE_AGE, on);
}

/* Where age decides the share, or a certificate does, what was told of one day says nothing of the other. */
static bool share_changes(const struct recall_facts *f, struct day on) {
    bool by_age = !f->late_stage && !f->medical_aid;
    if (day_is(f->elderly_from) && !certificate_on(f->elderly_from, f->elderly_until, on)) return true;
    return by_age &&
           (age_within_school_year(f->birth, SCHOOL_AGE, f->on) != age_within_school_year(f->birth, SCHOOL_AGE, on) ||
            age_early_elderly(f->birth, f->on) != age_early_elderly(f->birth, on));
}

enum recall_outcome recall_decide(const struct recall_facts *f, struct day on, struct day today) {
    if (f->validity != VALID && f->validity != VALIDITY_NO_TICKET) return RECALL_DENIED;
    if (f->pays_all && f->denial == NULL) return RECALL_DENIED;
    if (!near(f->told, today) || !near(f->on, on)) return RECALL_TOO_OLD;
    if (f->medical_aid && !day_same_month(f->on, on)) return RECALL_TOO_OLD; /* tickets are a month's */
    if (day_before(on, f->start) || (day_is(f->lost) && day_until(f->lost, on))) return RECALL_OUTSIDE;
    if (turns_75(f, on)) return RECALL_OUTSIDE;
    return share_changes(f, on) ? RECALL_SHARE : RECALL_ANSWER;
}
