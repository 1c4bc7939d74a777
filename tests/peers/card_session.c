/* usage: card_session PIN OUT [READER]   A whole session with the card on a PC/SC reader, for tests/peers/card.sh: answers a challenge, writes
 * OUT.challenge, OUT.sig and OUT.der, prints "token N step N outcome N tries N". With PIN "hold" it takes the card, says so, and keeps it
 * until its standard input ends.
 * card_session check OUT KEYS [OCSP]   Checks what a session wrote against KEYS/jpki/auth and an OCSP answer: "fault N revocation N". */
#include "base/buf.h"
#include "base/world.h"
#include "edge/card/card.h"
#include "edge/card/reader_pcsc.h"
#include "state/trust/card_check.h"

#include <openssl/pem.h>
#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

static int fail(const struct diag *d) {
    struct buf text;
    buf_init(&text, 1024);
    diag_put(d, &text);
    fprintf(stderr, "%.*s\n", (int)text.n, text.p);
    buf_fini(&text);
    return 1;
}

static enum err write_to(const char *out, const char *end, struct str bytes, struct diag *d) {
    char path[512];
    snprintf(path, sizeof path, "%s%s", out, end);
    return world_replace_file(world_real(), path, bytes, 0600, d);
}

static enum err hold(struct diag *d) {
    char c;
    puts("held");
    fflush(stdout);
    while (read(STDIN_FILENO, &c, 1) > 0) continue;
    (void)d;
    return ERR_OK;
}

static enum err session(struct reader *r, const char *pin, const char *out, struct diag *d) {
    char challenge[32];
    struct card_proof p;
    card_proof_init(&p);
    world_real()->random(world_real(), challenge, sizeof challenge);
    enum err e = card_prove(r, str_c(pin), str_of(challenge, sizeof challenge), &p, d);
    if (e == ERR_OK)
        printf("token %d step %d outcome %d tries %u\n", (int)p.token, (int)p.step, (int)p.result.outcome,
               p.result.tries_left);
    if (e == ERR_OK && p.result.outcome == CARD_DONE) {
        e = write_to(out, ".challenge", str_of(challenge, sizeof challenge), d);
        if (e == ERR_OK) e = write_to(out, ".sig", buf_str(&p.signature), d);
        if (e == ERR_OK) e = write_to(out, ".der", buf_str(&p.certificate), d);
    }
    card_proof_fini(&p);
    return e;
}

static enum err read_from(const char *folder, const char *end, struct buf *out, struct diag *d) {
    char path[512];
    snprintf(path, sizeof path, "%s%s", folder, end);
    buf_init(out, 1 << 20);
    return world_read_file(world_real(), path, out, d);
}

static enum err check(const char *out, const char *keys, const char *ocsp, struct diag *d) {
    struct buf der, challenge, signature, ca, crl, online;
    struct card_checked got;
    TRY(read_from(out, ".der", &der, d));
    TRY(read_from(out, ".challenge", &challenge, d));
    TRY(read_from(out, ".sig", &signature, d));
    TRY(read_from(keys, "/jpki/auth/ca.pem", &ca, d));
    TRY(read_from(keys, "/jpki/auth/crl.pem", &crl, d));
    buf_init(&online, 0);
    if (ocsp) TRY(read_from(ocsp, "", &online, d));
    X509 *authority = PEM_read_bio_X509(BIO_new_mem_buf(ca.p, (int)ca.n), NULL, NULL, NULL);
    X509_CRL *list = PEM_read_bio_X509_CRL(BIO_new_mem_buf(crl.p, (int)crl.n), NULL, NULL, NULL);
    const struct card_anchors a = {&authority, 1, &list, ocsp ? 0 : 1};
    const struct card_claim c = {JPKI_AUTH,           buf_str(&der),    buf_str(&challenge),
                                 buf_str(&signature), buf_str(&online), false};
    TRY(card_check(&a, &c, world_real()->now_us(world_real()) / 1000000, &got, d));
    printf("fault %d revocation %d\n", (int)got.fault, (int)got.revocation);
    return ERR_OK; /* the process ends: what is still held goes with it */
}

int main(int argc, char **argv) {
    struct reader r;
    struct diag d = {0};
    if (argc < 3 || sodium_init() < 0) return 2;
    if (argc > 3 && str_eq(str_c(argv[1]), S("check")))
        return check(argv[2], argv[3], argc > 4 ? argv[4] : NULL, &d) == ERR_OK ? 0 : fail(&d);
    enum err e = reader_pcsc_open(&r, argc > 3 ? str_c(argv[3]) : S(""), &d);
    if (e != ERR_OK) return fail(&d);
    e = str_eq(str_c(argv[1]), S("hold")) ? hold(&d) : session(&r, argv[1], argv[2], &d);
    reader_leave(&r);
    return e == ERR_OK ? 0 : fail(&d);
}
