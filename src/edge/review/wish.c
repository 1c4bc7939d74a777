#include "edge/review/wish.h"

#include "base/json.h"

enum err review_wish_read(struct arena *a, struct str body, struct review_wish *out) {
    struct json root;
    struct str decision;
    struct diag d;
    *out = (struct review_wish){0};
    if (body.n > WISH_BYTES_MAX) return ERR_LIMIT;
    TRY(json_read(a, body, &root, &d));
    struct json reason = json_get(root, "reason");
    if (!json_str(json_get(root, "alarm"), &out->alarm) || !json_str(json_get(root, "decision"), &decision))
        return ERR_VALUE;
    if (!json_none(reason) && !json_str(reason, &out->reason)) return ERR_VALUE;
    out->reason = str_trim(out->reason);
    if (out->reason.n > REVIEW_REASON_MAX) return ERR_LIMIT;
    out->decision = review_decision_of(decision);
    return out->decision == DECISION_NONE ? ERR_CODE : ERR_OK;
}

enum err sign_in_read(struct arena *a, struct str body, struct sign_in_words *out) {
    struct json root;
    struct diag d;
    *out = (struct sign_in_words){0};
    if (body.n > SIGN_IN_BYTES_MAX) return ERR_LIMIT;
    TRY(json_read(a, body, &root, &d));
    if (!json_str(json_get(root, "name"), &out->name) || !json_str(json_get(root, "passphrase"), &out->passphrase))
        return ERR_VALUE;
    out->name = str_trim(out->name);
    return out->name.n <= REVIEWER_NAME_MAX ? ERR_OK : ERR_LIMIT;
}
