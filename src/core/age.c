#include "core/age.h"

enum { EARLY_ELDERLY = 70, LATE_STAGE = 75 };

bool age_reached(struct day birth, int age, struct day on) { return day_until(day_birthday(birth, age), on); }

bool age_within_school_year(struct day birth, int age, struct day on) {
    struct day complete = day_add(day_birthday(birth, age), -1), end;
    struct civil c = day_civil(complete);
    if (!day_from_civil(c.year, 3, 31, &end)) return false;
    if (day_before(end, complete) && !day_from_civil(c.year + 1, 3, 31, &end)) return false;
    return day_until(birth, on) && day_until(on, end);
}

bool age_early_elderly(struct day birth, struct day on) {
    struct day seventy = day_birthday(birth, EARLY_ELDERLY), first;
    struct civil c = day_civil(seventy);
    if (!day_from_civil(c.year, c.month, 1, &first)) return false;
    struct day from = c.day == 1 ? first : day_add_months(first, 1);
    return day_until(from, on) && day_before(on, day_birthday(birth, LATE_STAGE));
}
