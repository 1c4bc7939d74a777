#include "state/trust/trust.h"

#include "base/buf.h"
#include "state/trust/attestation.h"
#include "state/trust/certificate.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CLOCK_SLACK_S = 3600, DAY_S = 86400, HOST_MAX = 253 };

struct path {
    char at[PATH_MAX];
};

static const char *in(struct path *p, const char *folder, const char *name) {
    int n = snprintf(p->at, sizeof p->at, "%s/%s", folder, name);
    invariant(n > 0 && (size_t)n < sizeof p->at); /* world_make_folder() refused longer ones */
    return p->at;
}

static bool exists(const char *path) { return access(path, F_OK) == 0; }
static int64_t now_s(struct world *w) { return w->now_us(w) / 1000000; }

static enum err folder_fits(const char *folder, struct diag *d) {
    return strlen(folder) + 128 < PATH_MAX ? ERR_OK : diag_set(d, ERR_LIMIT, "DIR", NULL);
}

static void authority_fini(struct authority *a) {
    EVP_PKEY_free(a->key);
    X509_free(a->certificate);
    *a = (struct authority){0};
}

static enum err authority_read(struct world *w, const char *folder, struct authority *a, struct diag *d) {
    struct path p;
    *a = (struct authority){0};
    enum err e = key_read(w, in(&p, folder, "authority/ca.key"), &a->key, d);
    if (e == ERR_OK) e = certificate_read(w, in(&p, folder, "authority/ca.pem"), &a->certificate, d);
    if (e == ERR_NOT_FOUND) e = diag_set(d, e, "authority", "run: mado keys init DIR");
    if (e != ERR_OK) authority_fini(a);
    return e;
}

/* The key last: as long as there is none, nothing is lost by starting again. A certificate without its key is made anew. */
static enum err write_pair(struct world *w, const char *folder, const char *key_name, const char *certificate_name_,
                           EVP_PKEY *key, X509 *certificate, struct diag *d) {
    struct path p;
    TRY(world_make_folder(folder, d));
    TRY(certificate_write(w, in(&p, folder, certificate_name_), certificate, d));
    return key_write(w, in(&p, folder, key_name), key, d);
}

static enum err make_authority(struct world *w, const char *folder, struct diag *d) {
    struct authority a = {0};
    struct path p;
    const struct certificate_plan plan = {
        .common_name = "Mado institutions",
        .basic = "critical,CA:TRUE,pathlen:0",
        .usage = "critical,keyCertSign,cRLSign",
        .from_s = now_s(w) - CLOCK_SLACK_S,
        .to_s = now_s(w) + (int64_t)TRUST_AUTHORITY_DAYS * DAY_S,
    };
    enum err e = key_make(&a.key, d);
    if (e == ERR_OK) e = certificate_make(&a.certificate, w, a.key, &plan, NULL, d);
    if (e == ERR_OK) e = write_pair(w, in(&p, folder, "authority"), "ca.key", "ca.pem", a.key, a.certificate, d);
    authority_fini(&a);
    return e;
}

static enum err issue(struct world *w, const char *folder, const struct certificate_plan *plan,
                      const struct authority *by, struct diag *d) {
    EVP_PKEY *key = NULL;
    X509 *certificate = NULL;
    enum err e = key_make(&key, d);
    if (e == ERR_OK) e = certificate_make(&certificate, w, key, plan, by, d);
    if (e == ERR_OK) e = write_pair(w, folder, "key.pem", "cert.pem", key, certificate, d);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return e;
}

/* A name goes into OpenSSL's own little language, where commas and colons mean something. */
static enum err put_host(struct buf *names, struct str host, struct diag *d) {
    unsigned char address[sizeof(struct in6_addr)];
    char c[HOST_MAX + 1];
    if (str_empty(host) || !str_to_c(host, c, sizeof c)) return diag_set(d, ERR_VALUE, "host", NULL);
    bool ip = inet_pton(AF_INET, c, address) == 1 || inet_pton(AF_INET6, c, address) == 1;
    for (size_t i = 0; !ip && i < host.n; i++) {
        bool letter = (c[i] >= 'a' && c[i] <= 'z') || (c[i] >= 'A' && c[i] <= 'Z') || (c[i] >= '0' && c[i] <= '9');
        if (!letter && c[i] != '-' && c[i] != '.')
            return diag_set(d, ERR_VALUE, "host", "letters, digits, - and . only");
    }
    buf_puts(names, ip ? ",IP:" : ",DNS:");
    buf_put(names, host);
    return ERR_OK;
}

static enum err make_server(struct world *w, const char *folder, const struct trust_host *hosts, size_t count,
                            const struct authority *by, struct diag *d) {
    struct buf names;
    struct path p;
    enum err e = ERR_OK;
    buf_init(&names, (TRUST_HOSTS_MAX + 1) * (HOST_MAX + 8));
    buf_puts(&names, "DNS:localhost,IP:127.0.0.1,IP:::1");
    for (size_t i = 0; i < count && e == ERR_OK; i++) e = put_host(&names, hosts[i].name, d);
    buf_putc(&names, 0);
    if (e == ERR_OK && !buf_ok(&names)) e = diag_set(d, ERR_LIMIT, "host", NULL);
    const struct certificate_plan plan = {
        .common_name = "Mado",
        .basic = "critical,CA:FALSE",
        .usage = "critical,digitalSignature",
        .extended_usage = "serverAuth",
        .alternative_name = names.p,
        .from_s = now_s(w) - CLOCK_SLACK_S,
        .to_s = now_s(w) + (int64_t)TRUST_SERVER_DAYS * DAY_S,
    };
    if (e == ERR_OK) e = issue(w, in(&p, folder, "server"), &plan, by, d);
    buf_fini(&names);
    return e;
}

/* Named by its common name alone, and good for neither end of a line: it can stand for nobody else. */
static enum err make_attestation(struct world *w, const char *folder, const struct authority *by, struct diag *d) {
    struct path p;
    const struct certificate_plan plan = {
        .common_name = ATTESTATION_NAME,
        .basic = "critical,CA:FALSE",
        .usage = "critical,digitalSignature",
        .from_s = now_s(w) - CLOCK_SLACK_S,
        .to_s = now_s(w) + (int64_t)TRUST_SERVER_DAYS * DAY_S,
    };
    return issue(w, in(&p, folder, "attestation"), &plan, by, d);
}

static enum err write_crl(struct world *w, const char *folder, const struct authority *by, struct diag *d) {
    struct buf list;
    struct path p;
    buf_init(&list, STANDING_LIST_MAX);
    enum err e = world_read_file(w, in(&p, folder, "revoked"), &list, d);
    if (e == ERR_NOT_FOUND) e = world_replace_file(w, p.at, S(""), 0644, d);
    if (e == ERR_OK) e = crl_write(w, in(&p, folder, "crl.pem"), by, buf_str(&list), d);
    buf_fini(&list);
    return e;
}

static enum err init_rest(struct world *w, const char *folder, const struct trust_host *hosts, size_t count,
                          const struct authority *by, struct trust_made *made, struct diag *d) {
    struct path p;
    TRY(certificate_write(w, in(&p, folder, "ca.pem"), by->certificate, d));
    if (!exists(in(&p, folder, "crl.pem"))) TRY(write_crl(w, folder, by, d));
    made->server = !exists(in(&p, folder, "server/key.pem"));
    if (made->server) TRY(make_server(w, folder, hosts, count, by, d));
    made->attestation = !exists(in(&p, folder, "attestation/key.pem"));
    if (made->attestation) TRY(make_attestation(w, folder, by, d));
    return certificate_end(by->certificate, &made->not_after_s, d);
}

enum err trust_init(struct world *w, const char *folder, const struct trust_host *hosts, size_t count,
                    struct trust_made *made, struct diag *d) {
    struct authority a;
    struct path p;
    *made = (struct trust_made){0};
    if (count > TRUST_HOSTS_MAX) return diag_set(d, ERR_LIMIT, "host", "at most %d names", TRUST_HOSTS_MAX);
    TRY(folder_fits(folder, d));
    TRY(world_make_folder(folder, d));
    made->authority = !exists(in(&p, folder, "authority/ca.key"));
    if (made->authority) TRY(make_authority(w, folder, d));
    TRY(authority_read(w, folder, &a, d));
    enum err e = init_rest(w, folder, hosts, count, &a, made, d);
    authority_fini(&a);
    return e;
}

/* institutions/CODE */
static const char *institution_folder(struct path *p, const char *folder, struct institution_code code, char text[16]) {
    int n = snprintf(p->at, sizeof p->at, "%s/institutions/%010llu", folder, (unsigned long long)code.n);
    invariant(n > 0 && (size_t)n < sizeof p->at);
    snprintf(text, 16, "%010llu", (unsigned long long)code.n);
    return p->at;
}

static enum err issue_institution(struct world *w, const char *folder, const char *code, unsigned days,
                                  const struct authority *by, struct diag *d) {
    int64_t authority_end, end = now_s(w) + (int64_t)days * DAY_S;
    struct path p;
    TRY(certificate_end(by->certificate, &authority_end, d));
    const struct certificate_plan plan = {
        .common_name = code,
        .serial_number = code,
        .basic = "critical,CA:FALSE",
        .usage = "critical,digitalSignature",
        .extended_usage = "clientAuth",
        .from_s = now_s(w) - CLOCK_SLACK_S,
        .to_s = end < authority_end ? end : authority_end,
    };
    TRY(world_make_folder(folder, d));
    TRY(certificate_write(w, in(&p, folder, "ca.pem"), by->certificate, d));
    return issue(w, folder, &plan, by, d);
}

enum err trust_institution(struct world *w, const char *folder, struct institution_code code, unsigned days,
                           struct trust_made *made, struct diag *d) {
    struct authority a;
    struct path own, p;
    X509 *certificate = NULL;
    char text[16];
    *made = (struct trust_made){0};
    if (days < 1 || days > TRUST_DAYS_MAX) return diag_set(d, ERR_VALUE, "days", "1 to %d", TRUST_DAYS_MAX);
    TRY(folder_fits(folder, d));
    institution_folder(&own, folder, code, text);
    made->institution = !exists(in(&p, own.at, "key.pem"));
    if (made->institution) {
        TRY(authority_read(w, folder, &a, d));
        enum err e = issue_institution(w, own.at, text, days, &a, d);
        authority_fini(&a);
        TRY(e);
    }
    TRY(certificate_read(w, in(&p, own.at, "cert.pem"), &certificate, d));
    enum err e = certificate_end(certificate, &made->not_after_s, d);
    X509_free(certificate);
    return e;
}

struct search {
    const uint8_t *fingerprint;
    bool found;
};

static enum err compare(void *context, const struct revocation *r) {
    struct search *s = context;
    if (memcmp(r->fingerprint, s->fingerprint, STANDING_FINGERPRINT) == 0) s->found = true;
    return ERR_OK;
}

/* Whole or not at all; a certificate that is on the list stays there once. */
static enum err add_to_list(struct world *w, const char *folder, const struct revocation *r, struct diag *d) {
    struct buf list;
    struct path p;
    struct search s = {.fingerprint = r->fingerprint};
    buf_init(&list, STANDING_LIST_MAX);
    enum err e = world_read_file(w, in(&p, folder, "revoked"), &list, d);
    if (e == ERR_NOT_FOUND) e = ERR_OK;
    if (e == ERR_OK) e = revocations_read(buf_str(&list), compare, &s, d);
    if (e == ERR_OK && !s.found) {
        revocation_put(&list, r);
        e = buf_ok(&list) ? world_replace_file(w, p.at, buf_str(&list), 0644, d)
                          : diag_set(d, ERR_LIMIT, "revoked", NULL);
    }
    buf_fini(&list);
    return e;
}

static enum err name_revoked(struct world *w, const char *own, const char *code, struct revocation *r, struct diag *d) {
    struct path p;
    X509 *certificate = NULL;
    *r = (struct revocation){.at_s = now_s(w)};
    snprintf(r->code, sizeof r->code, "%s", code);
    enum err e = certificate_read(w, in(&p, own, "cert.pem"), &certificate, d);
    if (e == ERR_NOT_FOUND) return diag_set(d, e, "institution", "%s has no certificate here", code);
    if (e == ERR_OK) e = certificate_name(certificate, r, d);
    X509_free(certificate);
    return e;
}

enum err trust_revoke(struct world *w, const char *folder, struct institution_code code, struct trust_made *made,
                      struct diag *d) {
    struct authority a;
    struct path own, aside;
    struct revocation r;
    char text[16];
    *made = (struct trust_made){0};
    TRY(folder_fits(folder, d));
    institution_folder(&own, folder, code, text);
    TRY(name_revoked(w, own.at, text, &r, d));
    TRY(authority_read(w, folder, &a, d));
    enum err e = add_to_list(w, folder, &r, d);
    if (e == ERR_OK) e = write_crl(w, folder, &a, d);
    authority_fini(&a);
    TRY(e);
    int n = snprintf(aside.at, sizeof aside.at, "%s.revoked-%s", own.at, r.serial);
    invariant(n > 0 && (size_t)n < sizeof aside.at);
    if (w->rename(w, own.at, aside.at) != 0) return diag_errno(d, own.at);
    made->revoked = true;
    snprintf(made->moved_to, sizeof made->moved_to, "%.*s", (int)sizeof made->moved_to - 1, aside.at);
    return ERR_OK;
}
