#include "edge/face/face_reader.h"

#include <errno.h>
#include <openssl/pem.h>
#include <poll.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define ENDING ".pem"

/* ---- the keys ---- */

static bool note_key(void *context, const char *name) {
    struct str s = str_c(name);
    if (!str_ends(s, S(ENDING)) || !face_device_name(str_head(s, s.n - sizeof ENDING + 1))) return true;
    *(bool *)context = true;
    return false;
}

bool face_reader_known(struct world *w, const char *keys) {
    bool found = false;
    return w->list(w, keys, note_key, &found) == 0 && found;
}

static enum err read_key(const struct face_reader *f, const char *device, EVP_PKEY **out, struct diag *d) {
    char path[4096];
    struct buf pem;
    if (snprintf(path, sizeof path, "%s/%s" ENDING, f->keys, device) >= (int)sizeof path)
        return diag_set(d, ERR_LIMIT, "keys", NULL);
    buf_init(&pem, FACE_KEY_MAX);
    enum err e = world_read_file(f->world, path, &pem, NULL);
    BIO *b = e == ERR_OK ? BIO_new_mem_buf(pem.p, (int)pem.n) : NULL;
    *out = b ? PEM_read_bio_PUBKEY(b, NULL, NULL, NULL) : NULL;
    BIO_free(b);
    buf_fini(&pem);
    return *out ? ERR_OK : diag_set(d, ERR_UNAUTHENTICATED, "device", "no key of that name is registered");
}

/* ---- the line ---- */

static int connected(const char *path) {
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    if (!str_to_c(str_c(path), a.sun_path, sizeof a.sun_path)) return -1;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -1;
    if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0) return fd;
    close(fd);
    return -1;
}

/* Until `what` is possible, or the time is over. */
static enum err wait_for(struct world *w, int fd, short what, int64_t until_us) {
    for (;;) {
        int64_t left_ms = (until_us - w->steady_us(w) + 999) / 1000;
        struct pollfd p = {.fd = fd, .events = what};
        int n = left_ms > 0 ? poll(&p, 1, (int)left_ms) : 0;
        if (n > 0) return ERR_OK;
        if (n == 0) return ERR_TIMEOUT;
        if (errno != EINTR) return ERR_UNAVAILABLE;
    }
}

static enum err send_line(struct world *w, int fd, struct str line, int64_t until_us) {
    while (line.n > 0) {
        TRY(wait_for(w, fd, POLLOUT, until_us));
        ssize_t n = send(fd, line.p, line.n, MSG_NOSIGNAL);
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        if (n <= 0) return ERR_UNAVAILABLE;
        line = str_skip(line, (size_t)n);
    }
    return ERR_OK;
}

/* Up to its line feed, and not one byte more than a line may have. */
static enum err receive_line(struct world *w, int fd, struct buf *line, int64_t until_us) {
    for (;;) {
        char c;
        TRY(wait_for(w, fd, POLLIN, until_us));
        ssize_t n = recv(fd, &c, 1, 0);
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        if (n <= 0) return ERR_UNAVAILABLE;
        if (c == '\n') return ERR_OK;
        buf_putc(line, c);
        if (!buf_ok(line)) return ERR_LIMIT;
    }
}

static enum err exchange(const struct face_reader *f, struct str question, struct buf *reply, struct diag *d) {
    unsigned wait_ms = f->wait_ms ? f->wait_ms : FACE_WAIT_MS;
    int64_t until_us = f->world->steady_us(f->world) + (int64_t)wait_ms * 1000;
    int fd = connected(f->socket);
    if (fd < 0) return diag_set(d, ERR_UNAVAILABLE, "face reader", NULL);
    enum err e = send_line(f->world, fd, question, until_us);
    if (e == ERR_OK) e = receive_line(f->world, fd, reply, until_us);
    close(fd);
    return e == ERR_OK ? ERR_OK : diag_set(d, e, "face reader", NULL);
}

/* ---- one question ---- */

static void make_question(const struct face_reader *f, const char *visit, struct str certificate,
                          struct face_question *q) {
    unsigned char random[FACE_NONCE / 2], digest[32];
    crypto_hash_sha256_state s;
    *q = (struct face_question){0};
    f->world->random(f->world, random, sizeof random);
    (void)sodium_bin2hex(q->nonce, sizeof q->nonce, random, sizeof random);
    invariant(str_to_c(str_c(visit), q->visit, sizeof q->visit) && strlen(visit) == FACE_VISIT);
    if (certificate.n == 0) return;
    crypto_hash_sha256_init(&s);
    crypto_hash_sha256_update(&s, (const unsigned char *)q->nonce, FACE_NONCE);
    crypto_hash_sha256_update(&s, (const unsigned char *)certificate.p, certificate.n);
    crypto_hash_sha256_final(&s, digest);
    (void)sodium_bin2hex(q->card, sizeof q->card, digest, sizeof digest);
}

enum err face_reader_ask(const struct face_reader *f, const char *visit, struct str certificate, enum face_answer *out,
                         struct diag *d) {
    char lines[2][FACE_LINE_MAX];
    struct buf question = buf_over(lines[0], FACE_LINE_MAX), line = buf_over(lines[1], FACE_LINE_MAX);
    struct face_question q;
    struct face_reply reply;
    EVP_PKEY *key = NULL;
    make_question(f, visit, certificate, &q);
    face_question_put(&question, &q);
    TRY(exchange(f, buf_str(&question), &line, d));
    TRY(face_reply_read(buf_str(&line), &q, &reply, d));
    TRY(read_key(f, reply.device, &key, d));
    enum err e = face_reply_verify(&reply, &q, key, d);
    EVP_PKEY_free(key);
    if (e == ERR_OK) *out = reply.answer;
    return e;
}
