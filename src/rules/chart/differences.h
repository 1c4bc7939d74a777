/* differences: what reception's chart says of a patient, against what the insurer has registered. Shown to a person, who decides;
 * nothing is corrected by itself. Variants of a character are never taken for the same: a name in another form is a difference. */
#ifndef RULES_CHART_DIFFERENCES_H
#define RULES_CHART_DIFFERENCES_H

#include "core/insured_id.h"

/* DIFFERENCE_FORM: the same written differently (width, leading zeros, kind of dash), the question found the person all the same. */
enum difference_grade { DIFFERENCE_NONE, DIFFERENCE_FORM, DIFFERENCE_UNKNOWN, DIFFERENCE_OTHER };
enum difference_field { CHART_SYMBOL, CHART_NUMBER, CHART_BRANCH, CHART_NAME, CHART_OWN_NUMBER, CHART_FIELDS };

/* Either side. What is empty (BRANCH_NONE) is not known there. */
struct chart_entry {
    struct insured_id id;
    struct str name, other_name; /* other_name: 通称, of the registered side */
    struct str own_number;       /* the institution's own patient number; registered: 照会番号 */
};

struct differences {
    enum difference_grade of[CHART_FIELDS];
};

/* DIFFERENCE_UNKNOWN: the chart has nothing where something is registered, which is worth writing down; only for the branch, since
 * the other fields may be left out of a question at will. ERR_MEMORY, ERR_LIMIT as insured_part_fold(). */
MUST_USE enum err chart_compare(const struct chart_entry *chart, const struct chart_entry *registered,
                                struct differences *out);

const char *difference_field_name(enum difference_field f); /* "symbol", … */
const char *difference_grade_name(enum difference_grade g); /* "form", "unknown", "other" */

#endif
