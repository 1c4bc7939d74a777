/* reference: 照会番号, the number an institution itself knows a patient by. Registered once, answers carry it; and until the end of
 * the month it stands for the card that was seen then (verify.h). Only the desk's process writes. */
#ifndef SERVICE_REFERENCE_H
#define SERVICE_REFERENCE_H

#include "service/verify.h"

/* Finds the one member that insurer, symbol, number and branch name (no birth date is sent with a registration), stores the pair
 * both ways and records it in the log; durable when it returns. A number given to another member before moves.
 * ERR_NOT_FOUND: nobody; ERR_SEVERAL: a branch is needed. */
MUST_USE enum err reference_register(struct verify_desk *desk, const struct asker *asker, struct insurer_number insurer,
                                     const struct insured_id *id, struct str number, struct diag *d);

#endif
