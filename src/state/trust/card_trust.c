#include "state/trust/card_trust.h"

#include "state/trust/certificate.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

struct believed {
    X509 *authorities[CARD_AUTHORITIES_MAX];
    X509_CRL *crls[CARD_CRLS_MAX];
    size_t authority_count, crl_count, left_out;
};

struct card_trust {
    struct world *world;
    char folder[PATH_MAX], fetched[PATH_MAX]; /* fetched "": none */
    struct believed now;
    uint64_t mark; /* of the files as they were read */
};

static void forget(struct believed *b) {
    for (size_t i = 0; i < b->authority_count; i++) X509_free(b->authorities[i]);
    for (size_t i = 0; i < b->crl_count; i++) X509_CRL_free(b->crls[i]);
    *b = (struct believed){0};
}

/* ---- what a file is ---- */

static BIO *pem_of(const struct buf *b) { return BIO_new_mem_buf(b->p, (int)b->n); }

static X509 *as_authority(const struct buf *pem) {
    BIO *bio = pem_of(pem);
    X509 *c = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
    BIO_free(bio);
    ERR_clear_error();
    if (c == NULL || X509_check_ca(c) == 1) return c;
    X509_free(c);
    return NULL;
}

static X509_CRL *as_crl(const struct buf *pem) {
    BIO *bio = pem_of(pem);
    X509_CRL *c = bio ? PEM_read_bio_X509_CRL(bio, NULL, NULL, NULL) : NULL;
    BIO_free(bio);
    ERR_clear_error();
    return c;
}

/* ---- reading the folders ---- */

struct walk {
    struct world *world;
    char folder[PATH_MAX];
    bool crls;
    struct believed *into; /* NULL: only the mark */
    uint64_t mark;
    enum err err;
};

static void take_file(struct walk *w, const char *path) {
    struct buf pem;
    struct believed *b = w->into;
    buf_init(&pem, CARD_TRUST_FILE_MAX);
    w->err = world_read_file(w->world, path, &pem, NULL);
    if (w->err == ERR_NOT_FOUND) w->err = ERR_OK; /* gone since */
    X509 *authority = w->crls ? NULL : as_authority(&pem);
    X509_CRL *crl = w->crls ? as_crl(&pem) : NULL;
    if (authority && b->authority_count < CARD_AUTHORITIES_MAX) b->authorities[b->authority_count++] = authority;
    else if (crl && b->crl_count < CARD_CRLS_MAX) b->crls[b->crl_count++] = crl;
    else {
        b->left_out++;
        X509_free(authority);
        X509_CRL_free(crl);
    }
    buf_fini(&pem);
}

static void mix(uint64_t *mark, const void *bytes, size_t n) {
    const unsigned char *p = bytes;
    for (size_t i = 0; i < n; i++) *mark = (*mark ^ p[i]) * 1099511628211u;
}

static bool each_file(void *context, const char *name) {
    struct walk *w = context;
    char path[PATH_MAX];
    struct stat st;
    uint64_t one = 14695981039346656037u;
    if (!str_ends(str_c(name), S(".pem"))) return true;
    if (snprintf(path, sizeof path, "%s/%s", w->folder, name) >= (int)sizeof path || stat(path, &st) != 0) return true;
    mix(&one, name, strlen(name));
    mix(&one, &st.st_ino, sizeof st.st_ino), mix(&one, &st.st_size, sizeof st.st_size);
    mix(&one, &st.st_mtim.tv_sec, sizeof st.st_mtim.tv_sec), mix(&one, &st.st_mtim.tv_nsec, sizeof st.st_mtim.tv_nsec);
    w->mark += one; /* names come in no order */
    if (w->into) take_file(w, path);
    return w->err == ERR_OK;
}

static enum err walk_one(struct world *w, bool crls, struct believed *into, uint64_t *mark, const char *folder,
                         const char *part) {
    struct walk one = {.world = w, .crls = crls, .into = into};
    struct stat st;
    if (snprintf(one.folder, sizeof one.folder, "%s%s", folder, part) >= (int)sizeof one.folder) return ERR_LIMIT;
    if (stat(one.folder, &st) != 0) return ERR_OK; /* nobody has put anything there */
    if (w->list(w, one.folder, each_file, &one) != 0) return ERR_IO;
    *mark += one.mark;
    return one.err;
}

static enum err walk(const struct card_trust *t, struct believed *into, uint64_t *mark) {
    *mark = 0;
    TRY(walk_one(t->world, false, into, mark, t->folder, "/cards/authorities"));
    TRY(walk_one(t->world, true, into, mark, t->folder, "/cards/crls"));
    return t->fetched[0] ? walk_one(t->world, true, into, mark, t->fetched, "") : ERR_OK;
}

static enum err read_all(struct card_trust *t, struct diag *d) {
    struct believed fresh = {0};
    uint64_t mark;
    enum err e = walk(t, &fresh, &mark);
    if (e != ERR_OK) {
        forget(&fresh);
        return diag_set(d, e, "cards", "authorities and CRLs of cards");
    }
    forget(&t->now);
    t->now = fresh, t->mark = mark;
    return ERR_OK;
}

enum err card_trust_open(struct card_trust **out, struct world *w, const char *keys_folder, const char *fetched,
                         struct diag *d) {
    struct card_trust *t = calloc(1, sizeof *t);
    if (t == NULL) return diag_set(d, ERR_MEMORY, "cards", NULL);
    t->world = w;
    bool fits = str_to_c(str_c(keys_folder), t->folder, sizeof t->folder) &&
                str_to_c(str_c(fetched), t->fetched, sizeof t->fetched);
    enum err e = fits ? read_all(t, d) : diag_set(d, ERR_LIMIT, "--keys", NULL);
    if (e == ERR_OK) *out = t;
    else card_trust_close(t);
    return e;
}

void card_trust_close(struct card_trust *t) {
    if (t == NULL) return;
    forget(&t->now);
    free(t);
}

void card_trust_refresh(struct card_trust *t) {
    uint64_t mark;
    if (walk(t, NULL, &mark) == ERR_OK && mark != t->mark) (void)!read_all(t, NULL);
}

struct card_anchors card_trust_anchors(const struct card_trust *t) {
    return (struct card_anchors){t->now.authorities, t->now.authority_count, t->now.crls, t->now.crl_count};
}
bool card_trust_empty(const struct card_trust *t) { return t->now.authority_count == 0; }
size_t card_trust_left_out(const struct card_trust *t) { return t->now.left_out; }

/* ---- taking a file in ---- */

static X509 *signer_of(const struct believed *b, X509_CRL *crl) {
    for (size_t i = 0; i < b->authority_count; i++)
        if (X509_CRL_verify(crl, X509_get0_pubkey(b->authorities[i])) == 1) return b->authorities[i];
    ERR_clear_error();
    return NULL;
}

/* A name of the signer's key and of the distribution point: a CRL's successor has the same. */
static bool name_crl(X509_CRL *crl, X509 *signer, unsigned char name[EVP_MAX_MD_SIZE]) {
    unsigned n = 0;
    unsigned char *idp = NULL, key[EVP_MAX_MD_SIZE];
    ISSUING_DIST_POINT *point = X509_CRL_get_ext_d2i(crl, NID_issuing_distribution_point, NULL, NULL);
    int idp_n = point ? i2d_ISSUING_DIST_POINT(point, &idp) : 0;
    EVP_MD_CTX *m = EVP_MD_CTX_new();
    bool ok = m && idp_n >= 0 && X509_pubkey_digest(signer, EVP_sha256(), key, &n) == 1 &&
              EVP_DigestInit_ex(m, EVP_sha256(), NULL) == 1 && EVP_DigestUpdate(m, key, n) == 1 &&
              EVP_DigestUpdate(m, idp, (size_t)idp_n) == 1 && EVP_DigestFinal_ex(m, name, &n) == 1;
    EVP_MD_CTX_free(m);
    ISSUING_DIST_POINT_free(point);
    OPENSSL_free(idp);
    return ok;
}

static enum err path_for(char path[PATH_MAX], const char *folder, const char *part,
                         const unsigned char name[EVP_MAX_MD_SIZE], struct diag *d) {
    char hex[17];
    struct buf b = buf_over(hex, sizeof hex - 1);
    buf_hex(&b, str_of(name, 8));
    hex[b.n] = 0;
    int n = snprintf(path, PATH_MAX, "%s%s", folder, part);
    if (n >= PATH_MAX) return diag_set(d, ERR_LIMIT, "path", NULL);
    TRY(world_make_folder(path, d));
    n = snprintf(path, PATH_MAX, "%s%s/%s.pem", folder, part, hex);
    return n < PATH_MAX ? ERR_OK : diag_set(d, ERR_LIMIT, "path", NULL);
}

static enum err check_newer(struct world *w, const char *path, X509_CRL *crl, const char *file, struct diag *d) {
    struct buf there;
    buf_init(&there, CARD_TRUST_FILE_MAX);
    enum err e = world_read_file(w, path, &there, d);
    X509_CRL *old = e == ERR_OK ? as_crl(&there) : NULL;
    int day = 0, s = 0;
    bool older = old && ASN1_TIME_diff(&day, &s, X509_CRL_get0_lastUpdate(old), X509_CRL_get0_lastUpdate(crl)) == 1 &&
                 (day < 0 || s < 0);
    X509_CRL_free(old);
    buf_fini(&there);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    return older ? diag_set(d, ERR_CONFLICT, file, "a newer CRL of the same distribution point is there") : ERR_OK;
}

static enum err add_crl(const struct card_trust *t, const char *folder, const char *part, const char *file,
                        struct str pem, X509_CRL *crl, struct diag *d) {
    char path[PATH_MAX];
    unsigned char name[EVP_MAX_MD_SIZE];
    X509 *signer = signer_of(&t->now, crl);
    if (signer == NULL) return diag_set(d, ERR_VALUE, file, "no authority we believe signed this CRL");
    if (!name_crl(crl, signer, name)) return diag_set(d, ERR_MEMORY, file, NULL);
    TRY(path_for(path, folder, part, name, d));
    TRY(check_newer(t->world, path, crl, file, d));
    return world_replace_file(t->world, path, pem, 0644, d);
}

static enum err add_authority(struct world *w, const char *folder, X509 *authority, struct diag *d) {
    char path[PATH_MAX];
    unsigned n = 0;
    unsigned char name[EVP_MAX_MD_SIZE];
    if (X509_digest(authority, EVP_sha256(), name, &n) != 1) return diag_set(d, ERR_MEMORY, "authority", NULL);
    TRY(path_for(path, folder, "/cards/authorities", name, d));
    return certificate_write(w, path, authority, d); /* the certificate alone, whatever else the file held */
}

enum err card_trust_add(struct world *w, const char *keys_folder, const char *file, enum card_trust_kind *kind,
                        struct diag *d) {
    struct card_trust *t = NULL;
    struct buf pem;
    TRY(card_trust_open(&t, w, keys_folder, NULL, d));
    buf_init(&pem, CARD_TRUST_FILE_MAX);
    enum err e = world_read_file(w, file, &pem, d);
    X509 *authority = e == ERR_OK ? as_authority(&pem) : NULL;
    X509_CRL *crl = e == ERR_OK && authority == NULL ? as_crl(&pem) : NULL;
    *kind = authority ? CARD_TRUST_AUTHORITY : CARD_TRUST_CRL;
    if (authority) e = add_authority(w, keys_folder, authority, d);
    else if (crl) e = add_crl(t, t->folder, "/cards/crls", file, buf_str(&pem), crl, d);
    else if (e == ERR_OK) e = diag_set(d, ERR_VALUE, file, "no authority's certificate and no CRL in PEM");
    X509_free(authority);
    X509_CRL_free(crl);
    buf_fini(&pem);
    card_trust_close(t);
    return e;
}

/* ---- a CRL that was fetched ---- */

static X509_CRL *as_der(struct str bytes) {
    const unsigned char *p = (const unsigned char *)bytes.p;
    X509_CRL *c = bytes.n && bytes.n <= CARD_TRUST_FILE_MAX ? d2i_X509_CRL(NULL, &p, (long)bytes.n) : NULL;
    ERR_clear_error();
    return c;
}

/* The directory name of its distribution point; "*" when it has none. */
static bool put_point(X509_CRL *crl, struct buf *out) {
    ISSUING_DIST_POINT *idp = X509_CRL_get_ext_d2i(crl, NID_issuing_distribution_point, NULL, NULL);
    const DIST_POINT_NAME *name = idp ? idp->distpoint : NULL;
    const GENERAL_NAME *first = name && name->type == 0 && sk_GENERAL_NAME_num(name->name.fullname) > 0
                                    ? sk_GENERAL_NAME_value(name->name.fullname, 0)
                                    : NULL;
    BIO *bio = BIO_new(BIO_s_mem());
    char *text = NULL;
    bool ok = bio != NULL;
    if (first && first->type == GEN_DIRNAME)
        ok = ok && X509_NAME_print_ex(bio, first->d.directoryName, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0;
    else ok = ok && name == NULL && BIO_puts(bio, "*") > 0;
    long n = ok ? BIO_get_mem_data(bio, &text) : 0;
    buf_put(out, str_of(text, n > 0 ? (size_t)n : 0));
    BIO_free(bio);
    ISSUING_DIST_POINT_free(idp);
    return ok && buf_ok(out);
}

static bool put_pem(X509_CRL *crl, struct buf *out) {
    BIO *bio = BIO_new(BIO_s_mem());
    char *text = NULL;
    bool ok = bio && PEM_write_bio_X509_CRL(bio, crl) == 1;
    long n = ok ? BIO_get_mem_data(bio, &text) : 0;
    buf_put(out, str_of(text, n > 0 ? (size_t)n : 0));
    BIO_free(bio);
    return ok && buf_ok(out);
}

static enum err keep_fetched(struct card_trust *t, X509_CRL *crl, struct str point, struct diag *d) {
    struct buf its, pem;
    buf_init(&its, 4096), buf_init(&pem, 2 * CARD_TRUST_FILE_MAX);
    enum err e = ERR_OK;
    if (!put_point(crl, &its) || !put_pem(crl, &pem))
        e = diag_set(d, ERR_VALUE, "crl", "a scope that is not understood");
    else if (!str_eq(buf_str(&its), point)) e = diag_set(d, ERR_CONFLICT, "crl", "it is of another distribution point");
    else e = add_crl(t, t->fetched, "", "crl", buf_str(&pem), crl, d);
    buf_fini(&its), buf_fini(&pem);
    return e;
}

enum err card_trust_take_crl(struct card_trust *t, struct str bytes, struct str point, struct diag *d) {
    const struct buf pem = {.p = (char *)(uintptr_t)bytes.p, .n = bytes.n};
    X509_CRL *crl = as_der(bytes);
    if (crl == NULL && bytes.n) crl = as_crl(&pem);
    if (crl == NULL) return diag_set(d, ERR_VALUE, "crl", "neither DER nor PEM");
    invariant(t->fetched[0]);
    enum err e = keep_fetched(t, crl, point, d);
    X509_CRL_free(crl);
    return e;
}
