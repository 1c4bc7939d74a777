/* check: is this paper good? From a scanned code to who, which coverage, and what it is worth on a day, with nothing but the folder of
 * issuers.h: no network. The signature is checked before the payload is looked at, so what a card says is known only when an insurer
 * known here said it: with another standing than those of a good signature, `card` is empty. */
#ifndef EDGE_PAPER_CHECK_H
#define EDGE_PAPER_CHECK_H

#include "edge/paper/health_card_read.h"
#include "rules/eligibility/paper_standing.h"
#include "state/trust/issuers.h"

struct paper_check {
    enum paper_standing standing;
    bool said; /* card holds what the insurer signed: standing is VALID, NOT_YET, EXPIRED or VOIDED */
    struct health_card card;
    struct void_status list;     /* of void papers; when said */
    struct diag why;             /* UNREADABLE: what is wrong, where */
    char kid[KEY_KID_BYTES + 1]; /* "" when unreadable before that */
    struct day on;
};

/* `code` is the scanned text. ERR_MEMORY and ERR_IO alone; everything about the paper is an answer. Text lives as long as the arena. */
MUST_USE enum err paper_check(struct arena *a, const struct issuers *issuers, struct str code, struct day on,
                              int64_t now_s, struct paper_check *out, struct diag *d);

/* {"standing":"valid","ja":…,"en":…,…}, one line: docs/format/paper.md. */
void paper_check_put_json(struct buf *out, const struct paper_check *c);
/* For a person at a terminal, Japanese first. */
void paper_check_put_text(struct buf *out, const struct paper_check *c);
/* Whether no list says that it is not void: valid all the same, and said. */
static inline bool paper_list_wanting(const struct paper_check *c) {
    return c->said && c->standing == PAPER_VALID && c->list.state != VOID_LIST_CURRENT;
}
/* "（リストが古い…）": what a list that is not current means, "" for a current one. */
const char *paper_list_ja(enum void_list_state s);
const char *paper_list_en(enum void_list_state s);

#endif
