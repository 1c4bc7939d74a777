/* reading: what the parts of a request share while it is read: where they are, and what they have said so far about who is meant. Inside
 * this room only. The message has passed shape_check(). */
#ifndef EDGE_FHIR_READING_H
#define EDGE_FHIR_READING_H

#include "base/json.h"
#include "edge/fhir/fhir.h"

struct reading {
    struct json request;
    const char *path; /* of the request in the body */
    struct json contained[FHIR_CONTAINED_MAX];
    bool used[FHIR_CONTAINED_MAX];
    size_t contained_count;
    struct diag *d;
    /* What was said of the insured person, each by whoever says it first; all others have to agree. */
    bool has_insurer, has_symbol, has_number, has_branch, url_form, oid_form;
    struct insurer_number insurer;
    struct insured_id id;
};

/* A place below a place: reading_at(r, 2, "birthDate") is "….contained[2].birthDate", and with NOT_CONTAINED the request's own. */
enum { NOT_CONTAINED = FHIR_CONTAINED_MAX };
struct place {
    char text[128];
};
struct place reading_at(const struct reading *r, size_t contained, const char *format, ...) PRINTF_LIKE(3, 4);

MUST_USE enum err offer_insurer(struct reading *r, struct str text, const char *where);
MUST_USE enum err offer_symbol(struct reading *r, struct str symbol, const char *where);
MUST_USE enum err offer_number(struct reading *r, struct str number, const char *where);
MUST_USE enum err offer_branch(struct reading *r, struct str branch, const char *where);
MUST_USE enum err offer_member_id(struct reading *r, struct str text, const char *where);
/* An Identifier of whatever system. `strict`: a system that is not known is refused, and one without a system has to be a member id. */
MUST_USE enum err offer_identifier(struct reading *r, struct json identifier, bool strict, const char *where);

#endif
