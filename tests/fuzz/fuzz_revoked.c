/* Any bytes as the list of revoked certificates: what is read can be written again and read to the same. */
#include "state/trust/standing.h"

#include "base/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static enum err collect(void *context, const struct revocation *r) {
    revocation_put(context, r);
    return ERR_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    struct buf once, twice;
    buf_init(&once, 4 * n + 64);
    buf_init(&twice, 4 * n + 64);
    if (revocations_read(str_of(data, n), collect, &once, NULL) == ERR_OK) {
        invariant(buf_ok(&once));
        invariant(revocations_read(buf_str(&once), collect, &twice, NULL) == ERR_OK);
        invariant(str_eq(buf_str(&once), buf_str(&twice)));
    }
    buf_fini(&once);
    buf_fini(&twice);
    return 0;
}
