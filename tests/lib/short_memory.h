/* short_memory: malloc, calloc and realloc that fail when told to, in every test program that links this. A test runs its
 * subject with the first allocation failing, then the second, and so on, until one run needs no more of them:
 *
 *     for (size_t nth = 1; short_memory_from(nth), subject(), short_memory_hit(); nth++) ...
 */
#ifndef TESTS_LIB_SHORT_MEMORY_H
#define TESTS_LIB_SHORT_MEMORY_H

#include "base/base.h"

/* From now on the nth allocation of this thread fails (1: the next one), once. 0: none fails. */
void short_memory_from(size_t nth);
/* Whether that failure has happened; also ends the arrangement. */
bool short_memory_hit(void);

#endif
