/* record: what is done at the window, in a log of the window's own (state/ledger), which nobody rewrites either: `mado ledger list --store`
 * and `verify` read it. A record holds no person: the visit's id, the institution, the kind, the time. */
#ifndef SERVICE_RECEPTION_RECORD_H
#define SERVICE_RECEPTION_RECORD_H

#include "core/audit_event.h"
#include "service/reception/visit.h"
#include "state/ledger/ledger.h"

struct record {
    struct world *world;
    struct ledger *ledger;
    struct institution_code institution;
};

MUST_USE enum err record_open(struct record *r, struct world *w, const char *folder,
                              struct institution_code institution, struct diag *d);
void record_close(struct record *r);
/* On the disk when this returns ERR_OK: a millisecond, and a reception has the time. `id`: of the visit, VISIT_ID digits. `proof`:
 * how it was received; PROOF_NONE where the event is about something else. */
MUST_USE enum err record_put(struct record *r, enum audit_kind kind, enum proof proof, const char *id, struct diag *d);

#endif
