/* known: what the centre told this window lately, for the hours in which it does not answer. The window asks for a signed copy of each answer
 * (state/trust/attestation.h), of single questions and of those of a bulk job (tomorrow's appointments); what carries one that holds, for this institution
 * and this question, is kept sealed until the copy is over, RECALL_DAYS_MAX days at most. A single question that nobody answers is answered
 * from there, of the signed message alone and with its signature checked again, when rules/recall allows it, with a note that says when it was
 * told. Each such question is kept too and asked again when the line is back. */
#ifndef EDGE_RECEIPT_KNOWN_H
#define EDGE_RECEIPT_KNOWN_H

#include "edge/receipt/request.h"
#include "rules/recall/recall.h"
#include "rules/share/share.h"
#include "state/sealed/sealed.h"
#include "state/trust/attestation.h"

struct known {
    struct sealed *told;   /* attestations */
    struct sealed *later;  /* questions that were answered from memory */
    struct sealed *beside; /* attestations that another process of this window was given; only looked at. NULL: none */
    struct attestation_check *check;
    struct institution_code institution; /* whose window this is */
};

/* ProcessingResultCode of an answer from memory; its number is no other note's (note.def). */
#define KNOWN_NOTE_CODE "MDOW0010W"

struct known_settings {
    struct world *world;
    const char *folder; /* both are below it */
    struct str
        secret; /* of which their keys are derived: bytes that the window has anyway (the private key of its institution) */
    const char *ca; /* the authority's certificate, PEM */
    struct institution_code institution;
};
MUST_USE enum err known_open(struct known *k, const struct known_settings *s, struct diag *d);
/* Answers from what the process that keeps its own below `folder` was told, too: whichever is newer, so that a denial told there is no
 * confirmation here. The same secret. */
MUST_USE enum err known_look_beside(struct known *k, struct world *w, const char *folder, struct str secret,
                                    struct diag *d);
void known_close(struct known *k);

/* Keeps what is signed in a reply (JSON, as the centre gave it). What is no confirmation takes the place of an earlier one, signed or not.
 * ERR_CRYPTO, ERR_CONFLICT …: a signed copy does not hold, or is about something else; the others of the reply are kept. */
MUST_USE enum err known_keep(struct known *k, enum message_kind kind, struct str reply, int64_t now_us, struct diag *d);
/* The answer to a single question, as a message in the arena, and its question put on the list of those to ask again: durable first. The
 * request's tree is taken apart. ERR_NOT_FOUND: nothing is known that may be said. */
MUST_USE enum err known_answer(struct known *k, struct arena *a, struct tree *request, int64_t now_us,
                               struct tree **out, struct diag *d);

/* The same for one who asks again by itself: question and reply as JSON, and when the centre told it; nothing is put on the list. */
MUST_USE enum err known_recall(struct known *k, struct str question, int64_t now_us, struct buf *reply, int64_t *at_us,
                               struct diag *d);
/* What is known of the share of whom `q` asks about: f->told, and f->denial when a signed one is at hand for that very day (borrowed until the next
 * use of `k`). */
void known_share(struct known *k, struct arena *a, const struct question *q, int64_t now_us, struct share_facts *f);

/* A question to ask again, as JSON for the centre; ERR_NOT_FOUND when there is none. */
MUST_USE enum err known_later(struct known *k, int64_t now_us, struct buf *question, struct diag *d);
/* Its answer has come: whether it differs from what was said in validity, insurer or share. The question is off the list only with known_settled(). */
MUST_USE bool known_differs(struct known *k, struct str question, struct str reply, int64_t now_us);
MUST_USE enum err known_settled(struct known *k, struct str question, struct diag *d);

/* What is over goes. */
size_t known_sweep(struct known *k, int64_t now_us);

#endif
