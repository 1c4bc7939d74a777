/* folder_answer: one request file's bytes to one response file's bytes. The message goes to the centre as JSON and comes back as
 * JSON; both are the tree of tree.h, so window and centre share one model. Touches no file. */
#ifndef EDGE_RECEIPT_FOLDER_ANSWER_H
#define EDGE_RECEIPT_FOLDER_ANSWER_H

#include "edge/receipt/known.h"
#include "edge/receipt/request.h"
#include "edge/receipt/statements.h"
#include "edge/receipt/substitute.h"

enum folder_encoding { FOLDER_UTF8 = 0, FOLDER_SJIS = 1 }; /* OQSCD005 */

/* Asks the centre. `reply` holds until the next call. An error: there is no reply (see net/client.h). */
struct centre {
    enum err (*ask)(void *context, const char *path, struct str json, int *status, struct str *reply, struct diag *d);
    void *context;
};

struct folder_form {
    enum folder_encoding encoding;
    bool zip;                              /* bulk results as ZIP */
    const struct substitutes *substitutes; /* used with FOLDER_SJIS */
    struct institution_code institution;   /* whose window this is: for answers to what cannot be read */
    struct statements *statements;         /* the journal of provisional statements; NULL: none are taken */
    struct known *known; /* what to answer from while the centre is silent; NULL: nothing is remembered */
};

struct folder_response {
    struct buf bytes;
    bool zip;
    bool recalled; /* the centre is silent: this was known from before */
    struct str
        told; /* the centre's reply, for known_keep() once the answer is delivered; holds until the centre is asked again */
};

enum folder_outcome {
    FOLDER_ANSWERED,   /* the response is complete; also when it says that something was wrong */
    FOLDER_UNREADABLE, /* the request is not a message (d says why): someone may still be writing */
    FOLDER_SILENT,     /* no answer from the centre (d says why): may be asked again */
    FOLDER_FAILED      /* our own trouble (d): memory */
};

/* `file_name` is the response's name without its ending, for the file inside a ZIP. response->bytes is initialised by the caller. */
enum folder_outcome folder_answer(enum message_kind kind, struct str request, const struct folder_form *form,
                                  const struct centre *centre, int64_t now_us, const char *file_name,
                                  struct folder_response *response, struct diag *d);
/* The response that says what was wrong, when there is no other. */
MUST_USE enum err folder_answer_error(enum message_kind kind, const struct folder_form *form, int64_t now_us,
                                      const struct diag *why, struct folder_response *response, struct diag *d);
/* A message as a file's bytes: declaration, encoding, CharacterCodeIdentifier, substitutions told. `kind` decides whether UTF-8 gets a
 * byte-order mark: one reader in the field takes the status steps of a bulk job as Shift_JIS without one. */
MUST_USE enum err folder_message(struct arena *a, struct tree *message, enum message_kind kind,
                                 const struct folder_form *form, struct buf *out, struct diag *d);

#endif
