/* sex: as forms and files have it, for comparing. The insurance itself keeps the field's code (core/coverage.h). */
#ifndef RULES_IDENTITY_SEX_H
#define RULES_IDENTITY_SEX_H

#include "rules/identity/comparison.h"

enum sex { SEX_NOT_SET, SEX_MALE, SEX_FEMALE, SEX_OTHER };

/* False for a word that is none of sex.def's; nothing at all is SEX_NOT_SET. */
MUST_USE bool sex_read(struct str s, enum sex *out);
/* LEVEL_SAME, LEVEL_DIFFERENT (男 and 女 alone), or LEVEL_UNKNOWN. */
enum level sex_level(enum sex a, enum sex b);

#endif
