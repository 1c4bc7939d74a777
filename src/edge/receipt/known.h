/* known: what the centre told this window lately, for the hours in which it does not answer. Answers to single questions and to those of a bulk
 * job (tomorrow's appointments) are kept sealed for RECALL_DAYS_MAX days; a single question that nobody answers is answered from there when
 * rules/recall allows it, with a note that says when it was told. Each such question is kept too and asked again when the line is back. */
#ifndef EDGE_RECEIPT_KNOWN_H
#define EDGE_RECEIPT_KNOWN_H

#include "edge/receipt/request.h"
#include "rules/recall/recall.h"
#include "state/sealed/sealed.h"

struct known {
    struct sealed *told;   /* answers */
    struct sealed *later;  /* questions that were answered from memory */
    struct sealed *beside; /* answers that another process of this window was told; only looked at. NULL: none */
};

/* ProcessingResultCode of an answer from memory; its number is no other note's (note.def). */
#define KNOWN_NOTE_CODE "MDOW0010W"

/* Opens both below `folder`, with keys derived from the bytes of a secret the window has anyway (the private key of its institution). */
MUST_USE enum err known_open(struct known *k, struct world *w, const char *folder, struct str secret, struct diag *d);
/* Answers from what the process that keeps its own below `folder` was told, too: whichever is newer, so that a denial told there is no
 * confirmation here. The same secret. */
MUST_USE enum err known_look_beside(struct known *k, struct world *w, const char *folder, struct str secret,
                                    struct diag *d);
void known_close(struct known *k);

/* Keeps what is an answer in a reply (JSON, as the centre gave it); a denial takes the place of an earlier confirmation. */
MUST_USE enum err known_keep(struct known *k, enum message_kind kind, struct str reply, int64_t now_us, struct diag *d);
/* The answer to a single question, as a message in the arena, and its question put on the list of those to ask again: durable first. The
 * request's tree is taken apart. ERR_NOT_FOUND: nothing is known that may be said. */
MUST_USE enum err known_answer(struct known *k, struct arena *a, struct tree *request, int64_t now_us,
                               struct tree **out, struct diag *d);

/* The same for one who asks again by itself: question and reply as JSON, and when the centre told it; nothing is put on the list. */
MUST_USE enum err known_recall(struct known *k, struct str question, int64_t now_us, struct buf *reply, int64_t *at_us,
                               struct diag *d);

/* A question to ask again, as JSON for the centre; ERR_NOT_FOUND when there is none. */
MUST_USE enum err known_later(struct known *k, int64_t now_us, struct buf *question, struct diag *d);
/* Its answer has come: whether it differs from what was said in validity, insurer or share. The question is off the list only with known_settled(). */
MUST_USE bool known_differs(struct known *k, struct str question, struct str reply, int64_t now_us);
MUST_USE enum err known_settled(struct known *k, struct str question, struct diag *d);

/* What is over goes. */
size_t known_sweep(struct known *k, int64_t now_us);

#endif
