/* proof: the ways of proving oneself at the window, each told for what it is (proof.def). */
#ifndef CORE_PROOF_H
#define CORE_PROOF_H

#include "core/audit_event.h"

#define PROOF(name, number, code, ja, en) PROOF_##name = number,
enum proof {
#include "core/proof.def"
    PROOF_COUNT
};
#undef PROOF

struct proof_info {
    const char *code, *ja, *en;
    enum audit_kind event; /* by which the log tells of it */
};
/* p < PROOF_COUNT. */
const struct proof_info *proof_info(enum proof p);

#endif
