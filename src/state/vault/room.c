#include "base/scan.h"
#include "base/world.h"
#include "state/vault/vault.h"
#include "state/vault/wire.h"

#include <errno.h>
#include <limits.h>
#include <lmdb.h>
#include <seccomp.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>

enum {
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    SEALED_BYTES = NONCE + 12 + crypto_aead_xchacha20poly1305_ietf_ABYTES
};
#define VAULT_MAP (64ull << 30) /* address space: 250 bytes a person for more people than any nation of this kind has */

/* Random nonces drawn in one go: a system call each would cost more than the sealing. */
struct nonces {
    unsigned char bytes[64 * NONCE];
    size_t left;
};

struct vault_room {
    MDB_env *env;
    MDB_dbi sealed; /* member key → nonce ‖ number, sealed with the member key as context */
    MDB_txn *txn;   /* of what was sealed since the last keep or drop; NULL: nothing was */
    enum err fault; /* of a seal since then */
    struct nonces nonces;
    unsigned char master[crypto_kdf_KEYBYTES];
    unsigned char pseudonym_key[crypto_generichash_KEYBYTES]; /* of members */
    unsigned char card_key[crypto_generichash_KEYBYTES];
    unsigned char sealing_key[crypto_aead_xchacha20poly1305_ietf_KEYBYTES];
    unsigned char token_key[crypto_generichash_KEYBYTES];
};

/* ---- opening ---- */

static enum err load_key(struct vault_room *v, const char *folder, bool make, struct diag *d) {
    char path[PATH_MAX];
    struct world *w = world_real();
    struct buf b;
    if (snprintf(path, sizeof path, "%s/key", folder) >= (int)sizeof path) return diag_set(d, ERR_LIMIT, "path", NULL);
    buf_init(&b, sizeof v->master);
    enum err e = world_read_file(w, path, &b, d);
    if (e == ERR_OK && b.n != sizeof v->master) e = diag_set(d, ERR_CORRUPT, path, NULL);
    if (e == ERR_OK) memcpy(v->master, b.p, b.n);
    if (e == ERR_NOT_FOUND && make) {
        crypto_kdf_keygen(v->master);
        e = world_replace_file(w, path, str_of(v->master, sizeof v->master), 0600, d);
    }
    if (b.p) explicit_bzero(b.p, b.cap);
    buf_fini(&b);
    (void)crypto_kdf_derive_from_key(v->pseudonym_key, sizeof v->pseudonym_key, 1, "madoname", v->master);
    (void)crypto_kdf_derive_from_key(v->sealing_key, sizeof v->sealing_key, 2, "madoseal", v->master);
    (void)crypto_kdf_derive_from_key(v->token_key, sizeof v->token_key, 4, "madolink", v->master);
    (void)crypto_kdf_derive_from_key(v->card_key, sizeof v->card_key, 3, "madocard", v->master);
    sodium_memzero(v->master, sizeof v->master);
    return e;
}

static enum err open_store(struct vault_room *v, const char *folder, struct diag *d) {
    MDB_txn *txn = NULL;
    int code = mdb_env_create(&v->env);
    if (code == 0) code = mdb_env_set_mapsize(v->env, VAULT_MAP);
    if (code == 0) code = mdb_env_set_maxdbs(v->env, 4);
    if (code == 0) code = mdb_env_open(v->env, folder, MDB_NORDAHEAD, 0600);
    if (code == 0) code = mdb_txn_begin(v->env, NULL, 0, &txn);
    if (code == 0) code = mdb_dbi_open(txn, "SEALED", MDB_CREATE, &v->sealed);
    if (code == 0) code = mdb_txn_commit(txn);
    return code == 0 ? ERR_OK : diag_set(d, code == ENOSPC ? ERR_DISK_FULL : ERR_IO, folder, "%s", mdb_strerror(code));
}

static enum err new_room(struct vault_room **out, struct diag *d) {
    if (sodium_init() < 0) return diag_set(d, ERR_CRYPTO, "vault", NULL);
    struct vault_room *v = sodium_malloc(sizeof *v); /* guarded, not swapped, not in core files */
    if (v == NULL) return diag_set(d, ERR_MEMORY, "vault", NULL);
    memset(v, 0, sizeof *v);
    *out = v;
    return ERR_OK;
}

enum err vault_room_open(struct vault_room **out, const char *folder, struct diag *d) {
    struct vault_room *v = NULL;
    TRY(new_room(&v, d));
    enum err e = world_make_folder(folder, d);
    if (e == ERR_OK) e = load_key(v, folder, true, d);
    if (e == ERR_OK) e = open_store(v, folder, d);
    if (e == ERR_OK) *out = v;
    else vault_room_close(v);
    return e;
}

enum err vault_room_open_cards(struct vault_room **out, const char *folder, struct diag *d) {
    struct vault_room *v = NULL;
    TRY(new_room(&v, d));
    enum err e = load_key(v, folder, false, d);
    sodium_memzero(v->pseudonym_key, sizeof v->pseudonym_key);
    sodium_memzero(v->sealing_key, sizeof v->sealing_key);
    sodium_memzero(v->token_key, sizeof v->token_key);
    if (e == ERR_OK) *out = v;
    else vault_room_close(v);
    return e;
}

void vault_room_close(struct vault_room *v) {
    if (v->txn) mdb_txn_abort(v->txn);
    if (v->env) mdb_env_close(v->env);
    sodium_free(v); /* wipes it */
}

/* ---- answering ---- */

static void pseudonym(const unsigned char key[crypto_generichash_KEYBYTES], struct str of,
                      unsigned char out[VAULT_PSEUDONYM_BYTES]) {
    (void)crypto_generichash(out, VAULT_PSEUDONYM_BYTES, (const unsigned char *)of.p, of.n, key,
                             crypto_generichash_KEYBYTES);
}

/* Whether the same number is sealed there already: a file sent again then writes nothing. */
static bool sealed_already(const struct vault_room *v, MDB_val stored, struct str member_key, struct str digits) {
    unsigned char open[12];
    const unsigned char *p = stored.mv_data;
    bool same = stored.mv_size == SEALED_BYTES &&
                crypto_aead_xchacha20poly1305_ietf_decrypt(open, NULL, NULL, p + NONCE, SEALED_BYTES - NONCE,
                                                           (const unsigned char *)member_key.p, member_key.n, p,
                                                           v->sealing_key) == 0 &&
                sodium_memcmp(open, digits.p, sizeof open) == 0;
    sodium_memzero(open, sizeof open);
    return same;
}

static void take_nonce(struct nonces *n, unsigned char out[NONCE]) {
    if (n->left == 0) {
        randombytes_buf(n->bytes, sizeof n->bytes);
        n->left = sizeof n->bytes;
    }
    n->left -= NONCE;
    memcpy(out, n->bytes + n->left, NONCE);
}

static int seal_one(struct vault_room *v, struct str member_key, struct str digits) {
    unsigned char row[SEALED_BYTES];
    MDB_val key = {member_key.n, (void *)(uintptr_t)member_key.p}, value = {sizeof row, row}, stored;
    int code = mdb_get(v->txn, v->sealed, &key, &stored);
    if (code == 0 && sealed_already(v, stored, member_key, digits)) return 0;
    if (code != 0 && code != MDB_NOTFOUND) return code;
    take_nonce(&v->nonces, row);
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(row + NONCE, NULL, (const unsigned char *)digits.p, digits.n,
                                                     (const unsigned char *)member_key.p, member_key.n, NULL, row,
                                                     v->sealing_key);
    return mdb_put(v->txn, v->sealed, &key, &value, 0);
}

static bool take_key(struct scan *s, struct str *key) { return scan_bytes(s, key) && key->n > 0 && key->n <= 511; }

static enum err name_each(const unsigned char with[crypto_generichash_KEYBYTES], struct scan *s, struct buf *reply) {
    uint64_t count = 0;
    if (!scan_varint(s, &count) || count > VAULT_INTRODUCE_MAX) return ERR_SYNTAX;
    for (uint64_t i = 0; i < count; i++) {
        struct str key;
        unsigned char name[VAULT_PSEUDONYM_BYTES];
        if (!take_key(s, &key)) return ERR_SYNTAX;
        pseudonym(with, key, name);
        buf_put(reply, str_of(name, sizeof name));
    }
    return scan_end(s) && buf_ok(reply) ? ERR_OK : ERR_SYNTAX;
}

static enum err tokens(struct vault_room *v, struct scan *s, struct buf *reply) {
    uint64_t count = 0;
    if (!scan_varint(s, &count) || count > VAULT_INTRODUCE_MAX) return ERR_SYNTAX;
    for (uint64_t i = 0; i < count; i++) {
        struct str digits;
        unsigned char token[VAULT_TOKEN_BYTES];
        if (!scan_take(s, 12, &digits)) return ERR_SYNTAX;
        (void)crypto_generichash(token, sizeof token, (const unsigned char *)digits.p, digits.n, v->token_key,
                                 sizeof v->token_key);
        buf_put(reply, str_of(token, sizeof token));
    }
    return scan_end(s) && buf_ok(reply) ? ERR_OK : ERR_SYNTAX;
}

static enum err store_fault(const struct vault_room *v, int code) {
    int fd = -1;
    if (code == EIO && mdb_env_get_fd(v->env, &fd) == 0 && world_disk_full(fd)) code = ENOSPC; /* a write cut short */
    return code == 0 ? ERR_OK : code == ENOSPC || code == MDB_MAP_FULL ? ERR_DISK_FULL : ERR_IO;
}

static enum err seal(struct vault_room *v, struct scan *s) {
    uint64_t count = 0;
    if (!scan_varint(s, &count) || count > VAULT_INTRODUCE_MAX) return ERR_SYNTAX;
    if (v->txn == NULL) TRY(store_fault(v, mdb_txn_begin(v->env, NULL, 0, &v->txn)));
    for (uint64_t i = 0; i < count; i++) {
        struct str key, digits;
        if (!take_key(s, &key) || !scan_take(s, 12, &digits)) return ERR_SYNTAX;
        TRY(store_fault(v, seal_one(v, key, digits)));
    }
    return scan_end(s) ? ERR_OK : ERR_SYNTAX;
}

static enum err settle(struct vault_room *v, bool keep) {
    MDB_txn *txn = v->txn;
    enum err e = keep ? v->fault : ERR_OK;
    v->txn = NULL, v->fault = ERR_OK;
    if (txn && keep && e == ERR_OK) return store_fault(v, mdb_txn_commit(txn));
    if (txn) mdb_txn_abort(txn);
    return e;
}

void vault_room_answer(struct vault_room *v, struct str request, struct buf *reply) {
    struct scan s = scan_of(request);
    uint8_t what = 0;
    enum err e = ERR_SYNTAX;
    buf_reset(reply);
    buf_u8(reply, ERR_OK);
    if (!scan_u8(&s, &what)) what = 0;
    if (what == VAULT_CARDS) e = name_each(v->card_key, &s, reply);
    else if (v->env == NULL) e = ERR_FORBIDDEN;
    else if (what == VAULT_INTRODUCE) e = name_each(v->pseudonym_key, &s, reply);
    else if (what == VAULT_TOKENS) e = tokens(v, &s, reply);
    else if (what == VAULT_SEAL) e = seal(v, &s);
    else if ((what == VAULT_KEEP || what == VAULT_DROP) && scan_end(&s)) e = settle(v, what == VAULT_KEEP);
    if (what == VAULT_SEAL && v->env && v->fault == ERR_OK) v->fault = e;
    if (what == VAULT_SEAL && v->env) return buf_reset(reply);
    if (e == ERR_OK) return;
    buf_reset(reply);
    buf_u8(reply, (uint8_t)e);
}

/* ---- serving ---- */

/* From here on: no new file, program, connection, process or look into another one. What is open stays usable. */
static enum err give_up_powers(struct diag *d) {
    static const int gone[] = {
        SCMP_SYS(execve),   SCMP_SYS(execveat), SCMP_SYS(open),    SCMP_SYS(openat), SCMP_SYS(openat2),
        SCMP_SYS(creat),    SCMP_SYS(socket),   SCMP_SYS(connect), SCMP_SYS(bind),   SCMP_SYS(listen),
        SCMP_SYS(accept),   SCMP_SYS(accept4),  SCMP_SYS(ptrace),  SCMP_SYS(fork),   SCMP_SYS(vfork),
        SCMP_SYS(clone),    SCMP_SYS(clone3),   SCMP_SYS(rename),  SCMP_SYS(unlink), SCMP_SYS(unlinkat),
        SCMP_SYS(renameat), SCMP_SYS(link),     SCMP_SYS(symlink), SCMP_SYS(mount),  SCMP_SYS(setuid)};
    if (prctl(PR_SET_DUMPABLE, 0) != 0) return diag_errno(d, "vault");
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    int code = filter ? 0 : -ENOMEM;
    for (size_t i = 0; code == 0 && i < ARRAY_LEN(gone); i++)
        code = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), gone[i], 0);
    if (code == 0) code = seccomp_load(filter);
    if (filter) seccomp_release(filter);
    return code == 0 ? ERR_OK : diag_set(d, ERR_IO, "vault", "seccomp: %s", strerrorname_np(-code));
}

void vault_room_refuse(int fd, enum err why) {
    char code = (char)why;
    (void)!wire_send(fd, str_of(&code, 1), NULL);
}

enum err vault_room_serve(struct vault_room *v, int fd, struct diag *d) {
    struct buf request, reply;
    randombytes_stir(); /* opens what it needs before files are out of reach */
    buf_init(&request, VAULT_MESSAGE_MAX);
    buf_init(&reply, VAULT_MESSAGE_MAX);
    enum err e = give_up_powers(d);
    buf_u8(&reply, (uint8_t)e);
    if (e == ERR_OK) e = wire_send(fd, buf_str(&reply), d);
    while (e == ERR_OK && (e = wire_receive(fd, &request, d)) == ERR_OK) {
        vault_room_answer(v, buf_str(&request), &reply);
        if (reply.n) e = wire_send(fd, buf_str(&reply), d);
    }
    if (request.p) explicit_bzero(request.p, request.cap);
    buf_fini(&request);
    buf_fini(&reply);
    return e == ERR_NOT_FOUND || e == ERR_UNAVAILABLE ? ERR_OK : e; /* whoever asked has gone: so may the room */
}
