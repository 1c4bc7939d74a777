/* Days, ages and names that cannot be, or seldom are. */
#include "base/utf8.h"
#include "core/age.h"
#include "rules/plausibility/look.h"

enum {
    LATE_STAGE_DISABLED_AGE = 65, /* from 65 with a certified disability */
    VERY_OLD_AGE = 115,
    CERTIFICATE_MONTHS_MAX = 5 * 12,
    GAP_DAYS_MAX = 31,
    AHEAD_DAYS_MAX = 366,
    ENDS_AHEAD_MONTHS_MAX = 5 * 12,
    LOSS_DEATH = 1, /* OQSCD008 */
};

/* The first day of today's eligibility certificates: the longest life is theirs, older cards had others. */
static struct day first_certificates(void) {
    struct day d = DAY_NONE;
    invariant(day_from_civil(2024, 12, 2, &d));
    return d;
}

static bool lasts_too_long(const struct coverage *c) {
    struct day from = day_is(c->card_from) ? c->card_from : c->issued;
    if (!day_is(from) || !day_is(c->card_until) || day_before(from, first_certificates())) return false;
    return day_until(day_add_months(from, CERTIFICATE_MONTHS_MAX), c->card_until);
}

/* Of one period that is not over yet. */
static void look_at_period(const struct look *l, const struct coverage *c) {
    bool late = insurer_is_elderly(l->m->insurer);
    if (late && !age_reached(l->m->birth, LATE_STAGE_DISABLED_AGE, c->start)) tell(l, FINDING_LATE_STAGE_TOO_YOUNG, c);
    if (lasts_too_long(c)) tell(l, FINDING_CARD_TOO_LONG, c);
    if (c->start.n - l->on.n > AHEAD_DAYS_MAX) tell(l, FINDING_BEGINS_FAR_AHEAD, c);
    if (day_is(c->lost) && day_before(day_add_months(l->on, ENDS_AHEAD_MONTHS_MAX), c->lost))
        tell(l, FINDING_ENDS_FAR_AHEAD, c);
}

/* Between one period and the one after it, which stands before it. */
static void look_between(const struct look *l, const struct coverage *earlier, const struct coverage *later) {
    int gap = later->start.n - earlier->lost.n;
    if (!day_is(earlier->lost)) return;
    if (earlier->loss_reason == LOSS_DEATH) tell(l, FINDING_AFTER_DEATH, later);
    else if (gap > 0 && gap <= GAP_DAYS_MAX) tell(l, FINDING_SHORT_GAP, later);
}

void look_at_times(const struct look *l) {
    for (size_t i = 0; i < l->m->period_count; i++) {
        const struct coverage *c = &l->m->periods[i];
        bool over = day_is(c->lost) && day_until(c->lost, l->on);
        if (!over) look_at_period(l, c);
        if (i > 0) look_between(l, c, &l->m->periods[i - 1]);
    }
    const struct coverage *now = period_on(l->m, l->on);
    if (now && age_reached(l->m->birth, VERY_OLD_AGE, l->on)) tell(l, FINDING_VERY_OLD, now);
}

/* What systems write in the place of a character they could not hold: ● ○ ■ □ 〓 ? ？ � */
static bool is_lost_mark(uint32_t c) {
    static const uint32_t marks[] = {0x25cf, 0x25cb, 0x25a0, 0x25a1, 0x3013, '?', 0xff1f, 0xfffd};
    for (size_t i = 0; i < ARRAY_LEN(marks); i++)
        if (c == marks[i]) return true;
    return false;
}

static bool is_kanji(uint32_t c) {
    return (c >= 0x3400 && c <= 0x9fff) || (c >= 0xf900 && c <= 0xfaff) || (c >= 0x20000 && c <= 0x3ffff);
}
static bool is_digit(uint32_t c) { return (c >= '0' && c <= '9') || (c >= 0xff10 && c <= 0xff19); }
static bool is_no_kana(uint32_t c) { return is_kanji(c) || is_digit(c); }

static bool holds(struct str s, bool (*is)(uint32_t)) {
    for (uint32_t c; (c = utf8_next(&s)) != UTF8_BAD;)
        if (is(c)) return true;
    return false;
}

void look_at_names(const struct look *l, const struct coverage *c) {
    if (holds(c->name, is_lost_mark) || holds(c->other_name, is_lost_mark)) tell(l, FINDING_NAME_LOST_CHARACTER, c);
    if (holds(c->kana, is_no_kana) || holds(c->other_kana, is_no_kana)) tell(l, FINDING_KANA_NOT_KANA, c);
}
