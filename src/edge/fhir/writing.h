/* writing: pieces of JSON that answers are made of. Inside this room only. All literals are JSON already; values go through
 * buf_json() unless their type cannot hold a quote. */
#ifndef EDGE_FHIR_WRITING_H
#define EDGE_FHIR_WRITING_H

#include "core/codes.h"
#include "edge/fhir/fhir.h"

#define PUT(out, literal) buf_put(out, S(literal))

/* "name":"yyyy-mm-dd" with a comma in front; nothing for DAY_NONE. `name` with its comma, quotes and colon: ",\"birthDate\":" */
void fhir_put_day(struct buf *out, struct str name, struct day d);
/* The same for text; nothing when it is empty. */
void fhir_put_text(struct buf *out, struct str name, struct str s);
/* {"start":…,"end":…} of the days that are given; at least one has to be. */
void fhir_put_period(struct buf *out, struct day from, struct day until);
/* {"system":"…","code":"01","display":"一般"} of one of the field's tables under Mado's name of it; `value` as in messages. */
void fhir_put_code(struct buf *out, enum code_table table, struct str value);
/* The field's number of a code as it stands in messages: two digits, one digit, or A1. */
struct code_text {
    char text[8];
};
struct code_text code_two(unsigned code);
struct code_text code_one(unsigned code);

/* An institution's or insurer's identifier. */
void fhir_put_institution(struct buf *out, struct institution_code i);
void fhir_put_insurer(struct buf *out, struct insurer_number i);

/* The contained resources "patient", "coverage" and "insurer", with commas between. */
void fhir_put_people(struct buf *out, const struct answer *a);
/* "insurance":[…] with what the verdict grants. */
void fhir_put_insurance(struct buf *out, const struct answer *a);

#endif
