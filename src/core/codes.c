#include "core/codes.h"

#define NUMBER(digits) (1##digits - 1000) /* 008 would be octal */
#define TABLE(number, ja, en)
#define CODE(number, value, ja, en) {NUMBER(number), value, ja, en},
static const struct code rows[] = {
#include "core/codes.def"
};
#undef TABLE
#undef CODE

const struct code *code_find(enum code_table table, struct str value) {
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (rows[i].table == table && str_eq(str_c(rows[i].value), value)) return &rows[i];
    return NULL;
}

const struct code *code_rows(size_t *count) {
    *count = ARRAY_LEN(rows);
    return rows;
}
