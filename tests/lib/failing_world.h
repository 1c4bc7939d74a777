/* failing_world: the real world until the nth disk operation, which fails with a given errno (for a write: after half of the
 * bytes, or tears it when errno is 0). To find out how many operations a subject makes, run it with n = SIZE_MAX. */
#ifndef TESTS_LIB_FAILING_WORLD_H
#define TESTS_LIB_FAILING_WORLD_H

#include "base/world.h"

struct failing_world {
    struct world world; /* first: a pointer to it is a pointer to the whole */
    size_t nth, count;  /* operations are counted from 1 */
    int error;          /* errno of the failure; 0: a write is done half and said to be short, nothing fails */
    bool hit;
};
struct world *failing_world(struct failing_world *f, size_t nth, int error);

#endif
