/* ways: what a member can prove being insured with on a day, until when, and what follows from it by itself: a certificate
 * (資格確認書), a notice (資格情報のお知らせ), a reminder, a warning at the window. Pure: facts and a day in, a decision out.
 *
 * Sources
 * - who must have a certificate without applying (当分の間の職権交付): nobody with a card, a card that is not registered, taken back,
 *   returned, revoked or expired; and who asked for one beside a card that works (要配慮者).
 * - a card's certificate (利用者証明用電子証明書) may be used for eligibility for three more months after its end, counted from the end of
 *   that month; a phone's may not; the card itself has no such grace (here: nobody has published one).
 * - warned and reminded from three months before an end.
 * Ours, no source: LEAD_DAYS and PAPER_REMIND_DAYS. */
#ifndef RULES_WAYS_WAYS_H
#define RULES_WAYS_WAYS_H

#include "core/verdict.h"
#include "core/ways.h"

enum {
    WAY_GRACE_MONTHS = 3,
    WAY_SOON_MONTHS = 3,
    LEAD_DAYS = 45,         /* a certificate is made so long before it is needed: a run a month, two weeks to post it */
    PAPER_REMIND_DAYS = 31, /* before a certificate ends: the next one is made by then */
};

/* ---- until when ---- */

/* The last day on which the certificate of this way is taken at a window, its grace included, if nothing changes; DAY_NONE when it cannot
 * be used on the day. A registered way of which an end is not known counts as none: nobody is left out because a list was short. */
struct day way_until(const struct way *w, enum way_kind kind, struct day on);
/* The longest of all ways. */
struct day ways_until(const struct ways *w, struct day on);
/* Whether a way is used on the day in the grace after its certificate's end alone. */
bool ways_in_grace(const struct ways *w, struct day on);
/* The last day up to which papers cover every day from `on` without a gap; DAY_NONE when none covers `on`. */
struct day papers_until(const struct papers *p, struct day on);
/* The paper that covers the day, the one that ends last; NULL: none. */
const struct paper_made *paper_on(const struct papers *p, struct day on);
/* Adds at the end; the oldest goes when there is no room. */
void papers_add(struct papers *p, const struct paper_made *made);

/* ---- what follows by itself ---- */

/* The first day of the certificate to be made now; DAY_NONE when ways and certificates reach LEAD_DAYS beyond the day already. Ask
 * again after each paper: a span may be short (a share that changes). A day earlier than the one on which a paper was made, by LEAD_DAYS
 * at most, is taken for that one: clocks step back. */
struct day certificate_due(const struct ways *w, const struct papers *certificates, struct day on);
#define DUE(name, word, ja, en) DUE_##name,
enum certificate_why {
#include "rules/ways/due.def"
    DUE_COUNT
};
#undef DUE
const struct ways_word *certificate_why_word(enum certificate_why w);
/* Why it is due, when certificate_due() gives a day. */
enum certificate_why certificate_why(const struct ways *w, const struct papers *certificates, struct day on);
/* Likewise of a notice: for who has a way on the day and is not holding a notice that is still true. */
struct day notice_due(const struct ways *w, const struct papers *notices, struct day on);

enum ending { ENDING_CARD = 1, ENDING_CARD_CERTIFICATE = 2, ENDING_PHONE = 3, ENDING_PAPER = 4 };
enum { ENDINGS_MAX = 4 };
struct reminder {
    enum ending ending;
    struct day ends; /* the last day */
};
/* What ends soon on the day and has not ended, at most one of each kind; returns how many. A certificate that ends with its card, or
 * after it, is the card's reminder. */
size_t ways_reminders(const struct ways *w, const struct papers *certificates, struct day on,
                      struct reminder out[ENDINGS_MAX]);

/* ---- at the window ---- */

/* The warnings of core/warning.def with what follows from ways, over those decided from coverage alone. ways NULL: the member is on no
 * list. `other`: the insurer registered a certificate of its own that is in force. Only for who is covered. The day's answer says that a
 * certificate follows, never why. */
uint32_t ways_warnings(uint32_t decided, const struct ways *ways, const struct papers *certificates, bool other,
                       struct day on);

/* ---- what changes them ---- */

/* What a list of a day says, over what is known. A list older than one that was taken in says nothing. A way taken back, returned or revoked on or after that day is not brought back by an
 * older list; one registered anew since is. The channel and the wish for a paper are what `listed` says. */
struct ways ways_merge(const struct ways *known, const struct ways *listed, struct day listed_on);

struct way_change {
    enum way_state state; /* not WAY_NONE or WAY_REGISTERED */
    enum way_reason reason;
    enum counter by;
    enum way_kind kind; /* of revoked and expired; taking back and returning end every way */
};
/* How many ways changed: those that were registered. */
size_t ways_change(struct ways *w, const struct way_change *c, struct day on);

#endif
