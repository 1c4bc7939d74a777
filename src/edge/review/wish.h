/* wish: what the page sends. Any web page can send bytes here, so every field is of its type and within its length or the whole is refused. */
#ifndef EDGE_REVIEW_WISH_H
#define EDGE_REVIEW_WISH_H

#include "base/arena.h"
#include "base/err.h"
#include "core/review_event.h"

enum { WISH_BYTES_MAX = 8 << 10, SIGN_IN_BYTES_MAX = 1024 };

/* Texts live as long as the arena. */
struct review_wish {
    struct str alarm, reason; /* the reason without spaces around it, at most REVIEW_REASON_MAX bytes */
    enum review_decision decision;
};
/* {"alarm","decision","reason"?}. ERR_LIMIT, ERR_VALUE, ERR_CODE for a decision of no kind, and those of base/json.h. */
MUST_USE enum err review_wish_read(struct arena *a, struct str body, struct review_wish *out);

struct sign_in_words {
    struct str name, passphrase; /* the name without spaces around it, at most REVIEWER_NAME_MAX bytes */
};
/* {"name","passphrase"}. */
MUST_USE enum err sign_in_read(struct arena *a, struct str body, struct sign_in_words *out);

#endif
