/* face: the result of a question that a terminal asked by itself, as the receipt computer finds it:
 * <folder>/OQSsiquc01res_face_<id>_<yyyyMMddHHmmss>.xml, whole, by renaming. */
#ifndef EDGE_RECEIPT_FACE_H
#define EDGE_RECEIPT_FACE_H

#include "base/world.h"
#include "edge/receipt/folder_answer.h"
#include "service/verify.h"

enum { FACE_ID_MAX = 64 };

/* `id`: letters and digits, or ERR_VALUE. `message_json` is the answer as the centre gave it. */
MUST_USE enum err face_put(struct world *w, const char *folder, struct str id, struct str message_json,
                           const struct folder_form *form, struct diag *d);
/* The same of the centre's reply to a card (docs/format/card-question.md), whose last member is the message. ERR_SYNTAX. */
MUST_USE enum err face_put_reply(struct world *w, const char *folder, struct str id, struct str reply,
                                 const struct folder_form *form, struct diag *d);
/* The same for an answer at hand; its id is that of its record in the log. Makes the folder. */
MUST_USE enum err face_put_answer(struct world *w, const char *folder, const struct answer *a,
                                  const struct folder_form *form, struct diag *d);

#endif
