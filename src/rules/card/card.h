/* card: what a card's certificate is worth today. Pure: what was found out about it and a day in, a verdict and how it counts as proof out.
 *
 * The end of a certificate (docs/format/card.md, "期限"): until its last day it is in order, from three months before with a reminder; then,
 * for eligibility alone, until the last day of the third month after the month in which it ended; a phone's certificate has no such grace.
 * A revocation that could not be learnt is not good and is not called so; but the answer is one that typing a number gives as well, so it is
 * given, recorded for what it is, and opens nothing else. */
#ifndef RULES_CARD_CARD_H
#define RULES_CARD_CARD_H

#include "core/card_verdict.h"
#include "core/coverage.h"
#include "core/ways.h"

enum { CARD_REMIND_MONTHS = 3, CARD_GRACE_MONTHS = 3, CARD_MEMBERS_MAX = 16 };

enum card_revoked { CARD_NOT_REVOKED, CARD_IS_REVOKED, CARD_NOBODY_KNOWS_IT, CARD_NOT_LEARNT };

struct card_facts {
    bool trusted;    /* an authentication certificate by an authority's key, with the right policy and use */
    bool is_signed;  /* its key signed the challenge */
    bool registered; /* for insurance use, for somebody; also when that was ended */
    bool in_use;     /* … and it was not ended */
    bool on_phone;
    enum card_revoked revoked;
    struct day until; /* its last day */
};

struct card_decision {
    enum card_verdict verdict;
    enum proof proof;        /* NONE without an answer */
    struct day usable_until; /* last day on which it serves for eligibility; DAY_NONE when it serves for nothing */
};

struct card_decision card_decide(const struct card_facts *f, struct day today);
/* Last day on which a certificate that ends on `until` serves for eligibility. */
struct day card_usable_until(struct day until, bool on_phone);

/* What a counter or a list said of the member's way to prove (service/ways.h), for a card registered on that day: a new registration after it
 * begins anew. Taken back or returned: its use has ended; revoked there (lost, say) counts as revoked, whatever the authority knows yet. */
enum card_said { CARD_SAID_NOTHING, CARD_SAID_ENDED, CARD_SAID_REVOKED };
enum card_said card_said(const struct way *w, struct day registered);

/* Of the members that one certificate stands for, the one a question about that day is about: who is covered on it, the latest coverage
 * first; else who was covered last; NULL without members. Never a reason to say "several": it is one person. */
const struct member *card_member_on(const struct member *members, size_t count, struct day on);

#endif
