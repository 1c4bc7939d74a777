/* Reading JSON (RFC 8259), strictly and within bounds: grammar, UTF-8, depth, no duplicate names, no zero character, and the
 * place of the first fault. Why it is our own: docs/decisions/json.md. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/arena.h"
#include "base/err.h"

struct json_node;
struct json {
    const struct json_node *node;
};

enum json_kind { JSON_NONE, JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

enum { JSON_DEPTH_MAX = 32 }; /* FHIR with contained resources needs about 12 */

/* Values live as long as the arena. `text` is not changed and may go afterwards. Strings are no C strings. */
MUST_USE enum err json_read(struct arena *a, struct str text, struct json *out, struct diag *d);

enum json_kind json_kind(struct json v);
/* A member by name; JSON_NONE when v is no object or has no such member. */
struct json json_get(struct json v, const char *name);
/* First and next element of an array or member of an object; JSON_NONE after the last. */
struct json json_first(struct json v);
struct json json_next(struct json v);
/* The member's own name while walking an object. */
struct str json_name(struct json v);
size_t json_count(struct json v);
/* False when v is not of that kind. json_uint: a whole number 0 … max without fraction or exponent. */
MUST_USE bool json_str(struct json v, struct str *out);
MUST_USE bool json_uint(struct json v, uint64_t max, uint64_t *out);
/* A number 0 … max / 10^places without exponent, in units of 10^-places; further digits are cut off: 0.98765 in 3 places is 987. */
MUST_USE bool json_decimal(struct json v, unsigned places, uint64_t max, uint64_t *out);
MUST_USE bool json_bool(struct json v, bool *out);
static inline bool json_none(struct json v) { return v.node == NULL; }

#endif
