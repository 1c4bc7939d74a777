/* share: what a person pays at the window when there may be no answer, or none to rely on. Pure.
 *
 * Only a signed denial can yield 100 %, and this cannot be written otherwise. What is told, stated or assumed is an `enum lower_share`, which
 * has no value for 100 %; the one way to 100 % is a pointer to a `struct signed_denial`, which only the check of a signature gives out
 * (core/signed_denial.h); and a `struct share` is made here alone: its number is read with share_percent() and has no other name.
 *
 * Why: in Japan's order of things, somebody whose coverage cannot be confirmed pays the share of the insured and not all (保発0710第1号, 2023-07-10);
 * whoever was billed 100 % had been denied by a machine that did not know. Unknown therefore always means the share that is known, or else
 * the lower one that the person's age allows; whether it was right is settled between the institution and the insurer afterwards. */
#ifndef RULES_SHARE_SHARE_H
#define RULES_SHARE_SHARE_H

#include "core/day.h"
#include "core/signed_denial.h"

enum lower_share { LOWER_UNKNOWN, LOWER_0, LOWER_10, LOWER_20, LOWER_30 };
enum { LOWER_SHARES = LOWER_30 + 1 };

/* 0, 10, 20 or 30; everything else, 100 first of all, is LOWER_UNKNOWN. */
enum lower_share lower_share_of(unsigned percent);

struct share_facts {
    const struct signed_denial *denial; /* about this person and this day, its signature checked; NULL: none */
    enum lower_share told;              /* by the insurer, through the centre, for this day or lately */
    enum lower_share stated;            /* by the person, in writing (資格申立書) */
    struct day birth, on;               /* birth DAY_NONE: not known either */
};

enum share_why {
    SHARE_TOLD,   /* as the insurer told */
    SHARE_STATED, /* as the person states, of whom nothing is known */
    SHARE_BY_AGE, /* nothing is known: the lowest that a person of that age can have */
    SHARE_DENIED, /* a signed denial */
};
enum { SHARE_WHYS = SHARE_DENIED + 1 };

struct share {
    unsigned char made_by_share_decide;
    enum share_why why;
};

struct share share_decide(const struct share_facts *f);
/* 0, 10, 20, 30 or, with SHARE_DENIED alone, 100. */
unsigned share_percent(struct share s);
const char *share_why_ja(enum share_why w);
const char *share_why_en(enum share_why w);

#endif
