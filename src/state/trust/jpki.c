#include "state/trust/jpki.h"

#include "base/buf.h"
#include "state/trust/jpki_profile.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

enum { INDEX_MAX = 16 << 20, CRL_MAX = 16 << 20 };

#define JPKI_KIND(name, folder, unit, policy, usage, extended, ocsp) folder,
static const char *const kind_names[JPKI_KINDS] = {
#include "state/trust/jpki_kind.def"
};
#undef JPKI_KIND
static const char *const standing_suffix[JPKI_STANDINGS] = {"", "-expired", "-revoked"};

struct path {
    char at[PATH_MAX];
};

static bool exists(const char *path) { return access(path, F_OK) == 0; }

static const char *of_kind(struct path *p, const char *folder, enum jpki_kind kind, const char *name) {
    int n = snprintf(p->at, sizeof p->at, "%s/jpki/%s/%s", folder, kind_names[kind], name);
    invariant(n > 0 && (size_t)n < sizeof p->at); /* jpki_make() refused longer ones */
    return p->at;
}

static const char *of_card(struct path *p, const char *folder, struct str id, enum jpki_kind kind, const char *suffix) {
    int n =
        snprintf(p->at, sizeof p->at, "%s/jpki/people/%.*s/%s%s", folder, (int)id.n, id.p, kind_names[kind], suffix);
    invariant(n > 0 && (size_t)n < sizeof p->at);
    return p->at;
}

static enum err check(const char *folder, struct str id, struct diag *d) {
    if (strlen(folder) + 128 >= PATH_MAX) return diag_set(d, ERR_LIMIT, "DIR", NULL);
    bool good = id.n > 0 && id.n <= JPKI_ID_MAX;
    for (size_t i = 0; good && i < id.n; i++) {
        char c = id.p[i];
        good = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
    }
    return good ? ERR_OK
                : diag_set(d, ERR_VALUE, "--person",
                           "英数字と - _ で 32 文字まで / letters, digits, - and _, at most 32");
}

struct jpki_holder jpki_nobody(void) {
    struct jpki_holder h = {S("窓野　花子"), S("東京都千代田区見本町１丁目２番３号"), '2', DAY_NONE};
    invariant(day_from_civil(1985, 4, 1, &h.birth));
    return h;
}

void jpki_card_fini(struct jpki_card *c) {
    for (enum jpki_kind k = 0; k < JPKI_KINDS; k++)
        EVP_PKEY_free(c->key[k]), X509_free(c->certificate[k]), X509_free(c->authority[k]);
    *c = (struct jpki_card){0};
}

static void authority_fini(struct authority *a) {
    EVP_PKEY_free(a->key);
    X509_free(a->certificate);
    *a = (struct authority){0};
}

/* ---- the authorities ---- */

static enum err make_responder(struct world *w, const char *folder, enum jpki_kind kind, const struct authority *by,
                               struct diag *d) {
    EVP_PKEY *key = NULL;
    X509 *certificate = NULL;
    struct path p;
    enum err e = jpki_key_make(&key, d);
    if (e == ERR_OK) e = jpki_responder_make(w, kind, by, key, &certificate, d);
    if (e == ERR_OK) e = certificate_write(w, of_kind(&p, folder, kind, "ocsp.pem"), certificate, d);
    if (e == ERR_OK) e = key_write(w, of_kind(&p, folder, kind, "ocsp.key"), key, d);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return e;
}

/* The authority's key last: as long as there is none, nothing is lost by starting again. */
static enum err make_authority(struct world *w, const char *folder, enum jpki_kind kind, struct diag *d) {
    struct authority a;
    struct path p;
    of_kind(&p, folder, kind, "");
    TRY(world_make_folder(p.at, d));
    TRY(jpki_authority_make(w, kind, &a, d));
    enum err e = make_responder(w, folder, kind, &a, d);
    if (e == ERR_OK) e = world_replace_file(w, of_kind(&p, folder, kind, "index.txt"), S(""), 0644, d);
    if (e == ERR_OK) e = certificate_write(w, of_kind(&p, folder, kind, "ca.pem"), a.certificate, d);
    if (e == ERR_OK) e = key_write(w, of_kind(&p, folder, kind, "ca.key"), a.key, d);
    authority_fini(&a);
    return e;
}

static enum err read_authority(struct world *w, const char *folder, enum jpki_kind kind, struct authority *a,
                               struct diag *d) {
    struct path p;
    *a = (struct authority){0};
    enum err e = key_read(w, of_kind(&p, folder, kind, "ca.key"), &a->key, d);
    if (e == ERR_OK) e = certificate_read(w, of_kind(&p, folder, kind, "ca.pem"), &a->certificate, d);
    if (e != ERR_OK) authority_fini(a);
    return e;
}

static enum err write_crl(struct world *w, const char *folder, enum jpki_kind kind, const struct authority *by,
                          struct str index, struct diag *d) {
    struct buf crl;
    struct path p;
    buf_init(&crl, CRL_MAX);
    enum err e = jpki_crl_put(w, kind, by, index, &crl, d);
    if (e == ERR_OK) e = world_replace_file(w, of_kind(&p, folder, kind, "crl.pem"), buf_str(&crl), 0644, d);
    buf_fini(&crl);
    return e;
}

/* ---- a card ---- */

/* Certificates in every standing, each with its line in the index; the key last. */
static enum err issue_all(struct world *w, const char *folder, struct str id, enum jpki_kind kind,
                          const struct authority *by, const struct jpki_holder *holder, struct buf *index,
                          struct diag *d) {
    EVP_PKEY *key = NULL;
    struct path p;
    enum err e = jpki_key_make(&key, d);
    for (enum jpki_standing s = 0; s < JPKI_STANDINGS && e == ERR_OK; s++) {
        X509 *c = NULL;
        char name[32];
        snprintf(name, sizeof name, "%s.pem", standing_suffix[s]);
        e = jpki_issue(w, kind, s, by, key, holder, &c, d);
        if (e == ERR_OK) e = jpki_index_put(index, c, s == JPKI_REVOKED, w->now_us(w) / 1000000, d);
        if (e == ERR_OK) e = certificate_write(w, of_card(&p, folder, id, kind, name), c, d);
        X509_free(c);
    }
    /* In the index before the key is there: a card that can be used is one that can be revoked. */
    if (e == ERR_OK) e = world_replace_file(w, of_kind(&p, folder, kind, "index.txt"), buf_str(index), 0644, d);
    if (e == ERR_OK) e = key_write(w, of_card(&p, folder, id, kind, ".key"), key, d);
    EVP_PKEY_free(key);
    return e;
}

static enum err make_kind(struct world *w, const char *folder, struct str id, enum jpki_kind kind,
                          const struct jpki_holder *holder, struct jpki_made *made, struct diag *d) {
    struct authority a;
    struct buf index;
    struct path p;
    if (!exists(of_kind(&p, folder, kind, "ca.key"))) {
        TRY(make_authority(w, folder, kind, d));
        made->authorities = true;
    }
    TRY(read_authority(w, folder, kind, &a, d));
    buf_init(&index, INDEX_MAX);
    enum err e = world_read_file(w, of_kind(&p, folder, kind, "index.txt"), &index, d);
    if (e == ERR_OK && !exists(of_card(&p, folder, id, kind, ".key"))) {
        e = issue_all(w, folder, id, kind, &a, holder, &index, d);
        made->card = true;
    }
    if (e == ERR_OK) e = write_crl(w, folder, kind, &a, buf_str(&index), d);
    buf_fini(&index);
    authority_fini(&a);
    return e;
}

enum err jpki_make(struct world *w, const char *folder, struct str id, const struct jpki_holder *holder,
                   struct jpki_made *made, struct diag *d) {
    struct path p;
    *made = (struct jpki_made){0};
    TRY(check(folder, id, d));
    TRY(jpki_holder_check(holder, d));
    snprintf(p.at, sizeof p.at, "%s/jpki/people/%.*s", folder, (int)id.n, id.p);
    TRY(world_make_folder(p.at, d));
    for (enum jpki_kind k = 0; k < JPKI_KINDS; k++) TRY(make_kind(w, folder, id, k, holder, made, d));
    return ERR_OK;
}

enum err jpki_card_read(struct world *w, const char *folder, struct str id, enum jpki_standing standing,
                        struct jpki_card *out, struct diag *d) {
    struct path p;
    char name[32];
    enum err e = check(folder, id, d);
    *out = (struct jpki_card){0};
    snprintf(name, sizeof name, "%s.pem", standing_suffix[standing]);
    for (enum jpki_kind k = 0; k < JPKI_KINDS && e == ERR_OK; k++) {
        e = key_read(w, of_card(&p, folder, id, k, ".key"), &out->key[k], d);
        if (e == ERR_OK) e = certificate_read(w, of_card(&p, folder, id, k, name), &out->certificate[k], d);
        if (e == ERR_OK) e = certificate_read(w, of_kind(&p, folder, k, "ca.pem"), &out->authority[k], d);
    }
    if (e != ERR_OK) jpki_card_fini(out);
    return e;
}

enum err jpki_card_throwaway(struct world *w, enum jpki_standing standing, struct jpki_card *out, struct diag *d) {
    const struct jpki_holder holder = jpki_nobody();
    enum err e = ERR_OK;
    *out = (struct jpki_card){0};
    for (enum jpki_kind k = 0; k < JPKI_KINDS && e == ERR_OK; k++) {
        struct authority a = {0};
        e = jpki_authority_make(w, k, &a, d);
        if (e == ERR_OK) e = jpki_key_make(&out->key[k], d);
        if (e == ERR_OK) e = jpki_issue(w, k, standing, &a, out->key[k], &holder, &out->certificate[k], d);
        if (e == ERR_OK) out->authority[k] = a.certificate, a.certificate = NULL;
        authority_fini(&a);
    }
    if (e != ERR_OK) jpki_card_fini(out);
    return e;
}
