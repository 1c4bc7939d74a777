#include "base/scan.h"
#include "state/vault/vault.h"
#include "state/vault/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { VAULT_FD = 3 };

_Noreturn static void become_vault(int fd, const char *program, const char *store, const char *cards) {
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (dup2(fd, VAULT_FD) == VAULT_FD && (fd != VAULT_FD || fcntl(fd, F_SETFD, 0) == 0))
        execl(program, "mado", "vault", "--store", store, cards, (char *)NULL);
    _exit(127);
}

/* The first message of the vault is an empty reply: ready, or why not. */
static enum err wait_ready(struct vault_client *c, struct diag *d) {
    struct buf b;
    buf_init(&b, 256);
    enum err e = wire_receive(c->fd, &b, d);
    if (e == ERR_NOT_FOUND) e = diag_set(d, ERR_UNAVAILABLE, "vault", "the sealed process did not start");
    if (e == ERR_OK && b.n == 1 && b.p[0] != ERR_OK && (unsigned char)b.p[0] < ERR_COUNT)
        e = diag_set(d, (enum err)b.p[0], "vault", NULL);
    buf_fini(&b);
    return e;
}

static enum err start(struct vault_client *c, const char *program, const char *store, const char *cards,
                      struct diag *d) {
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) return diag_errno(d, "vault");
    pid_t pid = fork();
    if (pid == 0) become_vault(pair[1], program, store, cards);
    close(pair[1]);
    if (pid < 0) {
        close(pair[0]);
        return diag_errno(d, "vault");
    }
    *c = (struct vault_client){.fd = pair[0], .process = pid};
    enum err e = wait_ready(c, d);
    if (e != ERR_OK) vault_close(c);
    return e;
}

enum err vault_start(struct vault_client *c, const char *program, const char *store, struct diag *d) {
    return start(c, program, store, NULL, d);
}

enum err vault_start_cards(struct vault_client *c, const char *program, const char *store, struct diag *d) {
    return start(c, program, store, "--cards", d);
}

void vault_close(struct vault_client *c) {
    if (c->process <= 0) return;
    close(c->fd); /* the vault ends by itself when nobody is left to talk to */
    while (waitpid(c->process, NULL, 0) < 0 && errno == EINTR) {}
    *c = (struct vault_client){.fd = -1};
}

static void put_request(struct buf *b, const struct vault_entry *entries, size_t count) {
    buf_u8(b, VAULT_INTRODUCE);
    buf_varint(b, count);
    for (size_t i = 0; i < count; i++) buf_bytes(b, entries[i].member_key);
}

static enum err take_code(struct scan *s, struct diag *d) {
    uint8_t code = 0;
    if (!scan_u8(s, &code) || code >= ERR_COUNT) return diag_set(d, ERR_CORRUPT, "vault", NULL);
    return code == ERR_OK ? ERR_OK : diag_set(d, (enum err)code, "vault", NULL);
}

static enum err take_reply(struct str reply, struct vault_entry *entries, size_t count, struct diag *d) {
    struct scan s = scan_of(reply);
    struct str pseudonym;
    TRY(take_code(&s, d));
    for (size_t i = 0; i < count; i++) {
        if (!scan_take(&s, VAULT_PSEUDONYM_BYTES, &pseudonym)) return diag_set(d, ERR_CORRUPT, "vault", NULL);
        memcpy(entries[i].pseudonym, pseudonym.p, pseudonym.n);
    }
    return scan_end(&s) ? ERR_OK : diag_set(d, ERR_CORRUPT, "vault", NULL);
}

static enum err ask(struct vault_client *c, struct buf *b, struct diag *d) {
    enum err e = buf_ok(b) ? wire_send(c->fd, buf_str(b), d) : diag_set(d, ERR_LIMIT, "vault", NULL);
    if (e == ERR_OK) e = wire_receive(c->fd, b, d);
    return e == ERR_NOT_FOUND ? diag_set(d, ERR_UNAVAILABLE, "vault", "the sealed process ended") : e;
}

enum err vault_introduce(struct vault_client *c, struct vault_entry *entries, size_t count, struct diag *d) {
    struct buf b;
    buf_init(&b, VAULT_MESSAGE_MAX);
    put_request(&b, entries, count);
    enum err e = ask(c, &b, d);
    if (e == ERR_OK) e = take_reply(buf_str(&b), entries, count, d);
    buf_fini(&b);
    return e;
}

enum err vault_tokens(struct vault_client *c, const struct mynumber *numbers, size_t count,
                      uint8_t (*tokens)[VAULT_TOKEN_BYTES], struct diag *d) {
    struct buf b;
    buf_init(&b, VAULT_MESSAGE_MAX);
    (void)buf_room(&b, 16 + count * VAULT_TOKEN_BYTES); /* at once: growing would leave copies of numbers behind */
    buf_u8(&b, VAULT_TOKENS);
    buf_varint(&b, count);
    for (size_t i = 0; i < count; i++) buf_put(&b, str_of(numbers[i].sealed_digits, sizeof numbers[i].sealed_digits));
    enum err e = ask(c, &b, d); /* whose receiving wipes the request */
    struct scan s = scan_of(buf_str(&b));
    if (e == ERR_OK) e = take_code(&s, d);
    for (size_t i = 0; e == ERR_OK && i < count; i++) {
        struct str token;
        if (!scan_take(&s, VAULT_TOKEN_BYTES, &token)) e = diag_set(d, ERR_CORRUPT, "vault", NULL);
        else memcpy(tokens[i], token.p, token.n);
    }
    if (e == ERR_OK && !scan_end(&s)) e = diag_set(d, ERR_CORRUPT, "vault", NULL);
    if (b.p) explicit_bzero(b.p, b.cap);
    buf_fini(&b);
    return e;
}

enum err vault_name_card(struct vault_client *c, struct str card_name, uint8_t pseudonym[VAULT_PSEUDONYM_BYTES],
                         struct diag *d) {
    char room[256];
    struct buf b = buf_over(room, sizeof room);
    struct vault_entry entry;
    buf_u8(&b, VAULT_CARDS);
    buf_varint(&b, 1);
    buf_bytes(&b, card_name);
    enum err e = buf_ok(&b) ? wire_send(c->fd, buf_str(&b), d) : diag_set(d, ERR_LIMIT, "vault", NULL);
    explicit_bzero(room, sizeof room);
    if (e == ERR_OK) e = wire_receive(c->fd, &b, d);
    if (e == ERR_NOT_FOUND) e = diag_set(d, ERR_UNAVAILABLE, "vault", "the sealed process ended");
    if (e == ERR_OK) e = take_reply(buf_str(&b), &entry, 1, d);
    if (e == ERR_OK) memcpy(pseudonym, entry.pseudonym, VAULT_PSEUDONYM_BYTES);
    return e;
}

enum err vault_seal(struct vault_client *c, const struct vault_number *numbers, size_t count, struct diag *d) {
    struct buf b;
    size_t room = 16;
    for (size_t i = 0; i < count; i++) room += numbers[i].member_key.n + 4 + sizeof numbers[i].mynumber->sealed_digits;
    buf_init(&b, VAULT_MESSAGE_MAX);
    (void)buf_room(&b, room); /* at once: growing would leave copies of it behind */
    buf_u8(&b, VAULT_SEAL);
    buf_varint(&b, count);
    for (size_t i = 0; i < count; i++) {
        buf_bytes(&b, numbers[i].member_key);
        buf_put(&b, str_of(numbers[i].mynumber->sealed_digits, sizeof numbers[i].mynumber->sealed_digits));
    }
    enum err e = buf_ok(&b) ? wire_send(c->fd, buf_str(&b), d) : diag_set(d, ERR_LIMIT, "vault", NULL);
    if (b.p) explicit_bzero(b.p, b.cap);
    buf_fini(&b);
    return e;
}

static enum err settle(struct vault_client *c, enum vault_request what, struct diag *d) {
    char room[16];
    struct buf b = buf_over(room, sizeof room);
    buf_u8(&b, (uint8_t)what);
    TRY(ask(c, &b, d));
    return take_reply(buf_str(&b), NULL, 0, d);
}

enum err vault_keep(struct vault_client *c, struct diag *d) { return settle(c, VAULT_KEEP, d); }
enum err vault_drop(struct vault_client *c, struct diag *d) { return settle(c, VAULT_DROP, d); }
