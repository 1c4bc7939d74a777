/* Any bytes as a request to the vault: an answer of the promised form, and never one that holds what was sealed. */
#include "lib/scratch.h"
#include "state/vault/vault.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct scratch scratch;
static struct vault_room *v;
static void tidy_up(void) {
    vault_room_close(v);
    scratch_remove(&scratch);
}

static struct vault_room *room(void) {
    char folder[SCRATCH_PATH_MAX];
    if (v) return v;
    scratch_make(&scratch);
    invariant(atexit(tidy_up) == 0);
    invariant(vault_room_open(&v, scratch_path(&scratch, "vault", folder), NULL) == ERR_OK);
    return v;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    struct buf reply;
    buf_init(&reply, 1 << 20);
    vault_room_answer(room(), str_of(data, n), &reply);
    if (reply.n > 1)
        invariant(reply.p[0] == ERR_OK && (reply.n - 1) % VAULT_PSEUDONYM_BYTES == 0 &&
                  (data[0] == 1 || data[0] == 5 || data[0] == 6));
    vault_room_answer(room(), S("\x04"), &reply); /* drop: the store stays empty */
    invariant(reply.n == 1 && reply.p[0] == ERR_OK);
    buf_fini(&reply);
    return 0;
}
