/* unit: what every unit test includes: cmocka with the headers it wants first, and comparison of strs. */
#ifndef TESTS_LIB_UNIT_H
#define TESTS_LIB_UNIT_H

#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define assert_str(got, want) unit_assert_str((got), (want), __FILE__, __LINE__)
static inline void unit_assert_str(struct str got, struct str want, const char *file, int line) {
    if (str_eq(got, want)) return;
    print_error("%s:%d: got \"%.*s\", want \"%.*s\"\n", file, line, (int)got.n, got.p ? got.p : "", (int)want.n,
                want.p);
    _fail(file, line);
}

/* For rows: says which row a failure belongs to, then fails. */
#define row_check(claim, row)                                                                                          \
    do {                                                                                                               \
        if (claim) break;                                                                                              \
        print_error("row: %s\n", (row));                                                                               \
        _assert_true(0, #claim, __FILE__, __LINE__);                                                                   \
    } while (0)

#endif
