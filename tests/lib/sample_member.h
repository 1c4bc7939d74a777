/* Members made at random from a seed, for tests of what is stored: every field and list from absent to its limit. The same
 * seed makes the same member. All texts are invented. */
#ifndef TESTS_LIB_SAMPLE_MEMBER_H
#define TESTS_LIB_SAMPLE_MEMBER_H

#include "base/arena.h"
#include "core/coverage.h"

/* `full`: every text and list at its limit. Periods do not overlap and stand newest first. */
struct member sample_member(struct arena *a, uint64_t seed, size_t periods, bool full);
struct coverage sample_coverage(struct arena *a, uint64_t seed, bool full);
/* Field by field, when it was recorded aside. */
bool sample_coverage_same(const struct coverage *x, const struct coverage *y);

#endif
