/* Inside edge/insurer_file: how a value of each kind is read, for both carriers. */
#ifndef EDGE_INSURER_FILE_FIELD_H
#define EDGE_INSURER_FILE_FIELD_H

#include "service/insurer_line.h"

enum field_kind {
    FIELD_OP,
    FIELD_INSURER,
    FIELD_IDENTIFIER,
    FIELD_BRANCH,
    FIELD_DAY,
    FIELD_CODE,
    FIELD_TEXT,
    FIELD_POST,
    FIELD_MYNUMBER,
    FIELD_CATEGORY,
    FIELD_MONTH,
    FIELD_INSTITUTION,
    FIELD_RATIO,
    FIELD_YEN, /* numbers */
    FIELD_ELDERLY,
    FIELD_LIMITS,
    FIELD_DISEASES,
    FIELD_TICKETS, /* lists */
};

struct field {
    const char *name;
    enum field_kind kind;
    size_t offset;
    unsigned limit;
    bool must; /* of list fields */
};

/* The fields of a line, and those of the list a field of a list kind holds. */
const struct field *line_fields(size_t *count);
const struct field *list_fields(enum field_kind list, size_t *count, size_t *item_size);

static inline bool field_is_number(const struct field *f) { return f->kind == FIELD_RATIO || f->kind == FIELD_YEN; }
static inline bool field_is_list(const struct field *f) { return f->kind >= FIELD_ELDERLY; }

/* Reads a not empty text (or a number) into its place in `object`; texts are borrowed from `value`. */
MUST_USE enum err field_set_text(const struct field *f, struct str value, void *object);
MUST_USE enum err field_set_number(const struct field *f, uint64_t value, void *object);
/* A list item with every optional field absent. */
void list_item_init(enum field_kind list, void *item);
/* Hands a finished list to the line. */
void line_set_list(struct insurer_line *line, enum field_kind list, const void *items, size_t count);

/* A line with every optional field absent; then, when all fields were read, what they promise each other. `seen` has a bit for
 * each field of line_fields(). */
struct insurer_line line_empty(void);
MUST_USE enum err line_check(const struct insurer_line *line, uint64_t seen, struct diag *d);

/* ERR_UNKNOWN naming the field, when the name looks like one (it may be anything, also a person's). */
enum err unknown_field(struct diag *d, struct str name);

#endif
