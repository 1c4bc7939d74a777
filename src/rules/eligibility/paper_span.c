#include "rules/eligibility/paper_span.h"

#include "core/age.h"

enum { SCHOOL_AGE = 6 };

static bool preschool(struct day birth, struct day on) { return age_within_school_year(birth, SCHOOL_AGE, on); }

static void end_by(struct paper_span *s, struct day until, enum paper_end why) {
    if (day_is(until) && day_before(until, s->until)) s->until = until, s->why = why;
}

/* The last day on which `holds` is true of the birth date, when it changes inside the span: found by halving, because the ages'
 * own rules stay in one place. `on` and days up to the answer agree. */
static struct day last_alike(bool (*holds)(struct day birth, struct day on), struct day birth, struct paper_span s) {
    bool now = holds(birth, s.from);
    struct day same = s.from, other = s.until;
    if (holds(birth, other) == now) return s.until;
    while (other.n - same.n > 1) {
        struct day middle = day_add(same, (other.n - same.n) / 2);
        if (holds(birth, middle) == now) same = middle;
        else other = middle;
    }
    return same;
}

struct paper_span paper_span_decide(const struct verdict *v, struct day on) {
    struct paper_span s = {on, day_add(day_add_months(on, 12 * PAPER_YEARS), -1), PAPER_END_YEARS};
    bool ages = !insurer_is_elderly(v->member->insurer) && v->coverage->class != CLASS_MEDICAL_AID;
    invariant(verdict_covered(v));
    if (day_is(v->coverage->lost)) end_by(&s, day_add(v->coverage->lost, -1), PAPER_END_COVERAGE);
    if (v->elderly) end_by(&s, v->elderly->until, PAPER_END_SHARE);
    for (size_t i = 0; i < v->coverage->elderly_count; i++)
        if (day_before(on, v->coverage->elderly[i].from))
            end_by(&s, day_add(v->coverage->elderly[i].from, -1), PAPER_END_SHARE);
    if (ages && day_before(on, day_birthday(v->member->birth, 75)))
        end_by(&s, day_add(day_birthday(v->member->birth, 75), -1), PAPER_END_AGE_75);
    if (ages) end_by(&s, last_alike(preschool, v->member->birth, s), PAPER_END_SHARE);
    if (ages) end_by(&s, last_alike(age_early_elderly, v->member->birth, s), PAPER_END_SHARE);
    return s;
}
