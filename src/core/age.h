/* age: ages as the law counts them. A year of age is complete at the end of the day before the birthday (年齢計算ニ関スル法律; who is born on
 * 29 February has it on 1 March in a common year). */
#ifndef CORE_AGE_H
#define CORE_AGE_H

#include "core/day.h"

/* Whether the birthday of that age has come. */
bool age_reached(struct day birth, int age, struct day on);
/* Up to the first 31 March on or after the day before that birthday: with 6 未就学, with 18 高校生世代まで. Born by `on`. */
bool age_within_school_year(struct day birth, int age, struct day on);
/* 70–74: from the month after the 70th birthday's month (a first's own) to the day before the 75th birthday
 * (高齢者の医療の確保に関する法律50条). */
bool age_early_elderly(struct day birth, struct day on);

#endif
