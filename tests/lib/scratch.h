/* A folder of a test's own below $TMPDIR, removed with everything in it. */
#ifndef TESTS_LIB_SCRATCH_H
#define TESTS_LIB_SCRATCH_H

#include "base/str.h"

enum { SCRATCH_PATH_MAX = 256 };

struct scratch {
    char folder[SCRATCH_PATH_MAX];
};
void scratch_make(struct scratch *s);
void scratch_remove(struct scratch *s);
/* folder/name; `out` of SCRATCH_PATH_MAX bytes. */
const char *scratch_path(const struct scratch *s, const char *name, char *out);
void scratch_write(const struct scratch *s, const char *name, struct str bytes);
/* Whether `bytes` stand in any file below the folder. */
bool scratch_holds(const struct scratch *s, struct str bytes);

#endif
