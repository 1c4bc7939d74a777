/* one_member: the member that insurer, symbol, number and branch name, where no birth date is sent (patient numbers, cards). */
#ifndef SERVICE_ONE_MEMBER_H
#define SERVICE_ONE_MEMBER_H

#include "service/verify.h"

/* In the arena. ERR_NOT_FOUND: nobody; ERR_SEVERAL: a branch is needed; ERR_VALUE: nothing is left of the number. */
MUST_USE enum err one_member_find(struct store *coverage, struct arena *arena, struct insurer_number insurer,
                                  const struct insured_id *id, const struct member **out, struct diag *d);
/* By its key: in the arena. ERR_NOT_FOUND when the store has it no more. */
MUST_USE enum err one_member_read(struct store *coverage, struct arena *arena, struct str member_key,
                                  const struct member **out, struct diag *d);

#endif
