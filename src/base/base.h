/* The words every file here uses: sizes, attributes and the one way to stop on a bug. */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MUST_USE          __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))
#define ARRAY_LEN(a)      (sizeof(a) / sizeof((a)[0]))

/* A bug, not an error: what the program itself promises did not hold. Always on; aborts with the place. */
#define invariant(c) ((c) ? (void)0 : invariant_broken(#c, __FILE__, __LINE__))
_Noreturn void invariant_broken(const char *what, const char *file, int line);

#endif
