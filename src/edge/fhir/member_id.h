/* 被保険者個人識別子 (JP_Coverage, notes): 保険者番号 (8 digits):記号:番号:枝番, as "00012345:あいう:１８７:05"; without symbol and branch
 * "00012345::187:". And the older form of JP Core 1.1.2's example: "記号","番号","枝番" in quotes, without the insurer. */
#ifndef EDGE_FHIR_MEMBER_ID_H
#define EDGE_FHIR_MEMBER_ID_H

#include "core/digits.h"
#include "core/insured_id.h"

struct member_id {
    bool has_insurer; /* the older form has none */
    struct insurer_number insurer;
    struct insured_id id; /* borrowed from the text */
};

/* Either form. Also taken, because published texts say so: 'Z' as the separator (the notes give its code as hex 5A), a full-width
 * branch, an insurer's number of 5 or 7 digits without its leading zero. ERR_VALUE or ERR_CHECK_DIGIT; *why says what in English. */
MUST_USE enum err member_id_parse(struct str s, struct member_id *out, const char **why);

/* An insurer's number as FHIR messages have it: 8 or 6 digits, or 7 or 5 whose leading zero was dropped. */
MUST_USE enum err fhir_insurer_parse(struct str s, struct insurer_number *out);

/* The first form, as content of a JSON string. Symbol and number: ASCII letters and digits alone stay as they are; with anything else in
 * them all of it is written full-width, without spaces, as the notes ask. */
void member_id_put(struct buf *out, struct insurer_number insurer, const struct insured_id *id);

#endif
