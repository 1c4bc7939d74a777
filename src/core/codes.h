/* The field's code tables (codes.def), by their number: code_known(CODES_SEX, S("1")). */
#ifndef CORE_CODES_H
#define CORE_CODES_H

#include "base/str.h"

enum code_table {
    CODES_LIMIT_CONSENT = 1,
    CODES_REFERENCE = 2,
    CODES_SEGMENT = 3,
    CODES_STATUS = 4,
    CODES_ENCODING = 5,
    CODES_VALIDITY = 6,
    CODES_SEX = 7,
    CODES_LOSS_REASON = 8,
    CODES_RELATION = 9,
    CODES_CARD_CLASS = 10,
    CODES_LIMIT_CLASS = 11,
    CODES_LIMIT_CATEGORY = 12,
    CODES_DISEASE = 13,
    CODES_TICKET_TYPE = 18,
    CODES_TREATMENT = 19,
};

struct code {
    unsigned table;
    const char *value, *ja, *en;
};

/* The row, or NULL. `value` as it stands in messages: "01", "A1". */
const struct code *code_find(enum code_table table, struct str value);
static inline bool code_known(enum code_table table, struct str value) { return code_find(table, value) != NULL; }
/* All rows in order of the file, for documents and tests. */
const struct code *code_rows(size_t *count);

#endif
