#include "core/proof.h"

#define PROOF(name, number, code, ja, en) [number] = {code, ja, en, AUDIT_PROVEN_##name},
static const struct proof_info infos[PROOF_COUNT] = {
#include "core/proof.def"
};
#undef PROOF

const struct proof_info *proof_info(enum proof p) {
    invariant(p < PROOF_COUNT);
    return &infos[p];
}
