#include "base/base.h"

#include <stdio.h>
#include <stdlib.h>

void invariant_broken(const char *what, const char *file, int line) {
    fprintf(stderr, "mado: bug: %s does not hold at %s:%d\n", what, file, line);
    abort();
}
