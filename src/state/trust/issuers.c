#include "state/trust/issuers.h"

#include "state/trust/es256.h"

#include <errno.h>
#include <limits.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <stdio.h>
#include <stdlib.h>

enum { COORDINATE_BYTES = 32, JWKS_ARENA_MAX = 256 << 10, LIST_ARENA_MAX = 96 << 20 };

struct issuer {
    struct insurer_number insurer;
    char kid[KEY_KID_BYTES + 1];
    EVP_PKEY *key;
};

struct issuers {
    struct world *world;
    char *folder;
    struct issuer *keys;
    size_t count, room, damaged;
    enum err fault; /* while the folder is walked */
};

/* ---- one key ---- */

static bool build_params(OSSL_PARAM_BLD *b, const unsigned char point[1 + 2 * COORDINATE_BYTES], OSSL_PARAM **out) {
    return b && OSSL_PARAM_BLD_push_utf8_string(b, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) == 1 &&
           OSSL_PARAM_BLD_push_octet_string(b, OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * COORDINATE_BYTES) == 1 &&
           (*out = OSSL_PARAM_BLD_to_param(b)) != NULL;
}

/* NULL for a point that is not on the curve. */
static EVP_PKEY *make_key(const unsigned char point[1 + 2 * COORDINATE_BYTES]) {
    EVP_PKEY *key = NULL;
    OSSL_PARAM *params = NULL;
    OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    if (c == NULL || !build_params(b, point, &params) || EVP_PKEY_fromdata_init(c) != 1 ||
        EVP_PKEY_fromdata(c, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
        key = NULL;
    EVP_PKEY_CTX *check = key ? EVP_PKEY_CTX_new(key, NULL) : NULL;
    if (key && (check == NULL || EVP_PKEY_public_check(check) != 1)) {
        EVP_PKEY_free(key);
        key = NULL;
    }
    EVP_PKEY_CTX_free(check);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(b);
    EVP_PKEY_CTX_free(c);
    return key;
}

static bool read_coordinate(struct json v, const char *name, unsigned char *out) {
    char room[COORDINATE_BYTES + 4];
    struct buf b = buf_over(room, sizeof room);
    struct str s;
    if (!json_str(json_get(v, name), &s) || base64url_read(s, &b, NULL) != ERR_OK || b.n != COORDINATE_BYTES)
        return false;
    memcpy(out, b.p, COORDINATE_BYTES);
    return true;
}

static bool is_word(struct json v, const char *name, struct str want) {
    struct str s;
    return json_str(json_get(v, name), &s) && str_eq(s, want);
}

/* False: not a key of ours; another kind of key in a set is no fault. */
static bool read_key(struct json v, struct issuer *out) {
    unsigned char point[1 + 2 * COORDINATE_BYTES] = {4}; /* uncompressed (SEC 1, 2.3.3) */
    struct str kid;
    if (!is_word(v, "kty", S("EC")) || !is_word(v, "crv", S("P-256")) || !json_str(json_get(v, "kid"), &kid) ||
        !read_coordinate(v, "x", point + 1) || !read_coordinate(v, "y", point + 1 + COORDINATE_BYTES))
        return false;
    insurer_key_name(point + 1, point + 1 + COORDINATE_BYTES, out->kid);
    if (!str_eq(kid, str_c(out->kid))) return false; /* the name is proof of the key, or two could share one */
    out->key = make_key(point);
    return out->key != NULL;
}

static enum err add_key(struct issuers *s, const struct issuer *one, struct diag *d) {
    if (s->count == ISSUERS_MAX) return diag_set(d, ERR_LIMIT, "insurers", NULL);
    if (s->count == s->room) {
        size_t room = s->room ? 2 * s->room : 16;
        void *more = realloc(s->keys, room * sizeof *s->keys);
        if (more == NULL) return diag_set(d, ERR_MEMORY, "insurers", NULL);
        s->keys = more, s->room = room;
    }
    s->keys[s->count++] = *one;
    return ERR_OK;
}

static enum err add_keys(struct issuers *s, struct insurer_number insurer, struct json keys, struct diag *d) {
    size_t before = s->count;
    if (json_count(keys) > ISSUER_KEYS_MAX) return diag_set(d, ERR_LIMIT, "keys", NULL);
    for (struct json v = json_first(keys); !json_none(v); v = json_next(v)) {
        struct issuer one = {.insurer = insurer};
        if (!read_key(v, &one)) continue;
        enum err e = issuers_find(s, one.kid) ? diag_set(d, ERR_DUPLICATE, "kid", NULL) : add_key(s, &one, d);
        if (e != ERR_OK) EVP_PKEY_free(one.key);
        if (e != ERR_OK) return e;
    }
    return s->count > before ? ERR_OK : diag_set(d, ERR_MISSING, "keys", "a P-256 key named by its thumbprint");
}

enum err issuers_read(struct issuers *s, struct insurer_number insurer, struct str jwks, struct diag *d) {
    struct arena a;
    struct json v;
    arena_init(&a, JWKS_ARENA_MAX);
    enum err e = json_read(&a, jwks, &v, d);
    if (e == ERR_OK) e = add_keys(s, insurer, json_get(v, "keys"), d);
    arena_fini(&a);
    return e;
}

/* ---- all of them ---- */

static bool read_insurer(void *context, const char *name) {
    struct issuers *s = context;
    char path[PATH_MAX];
    struct insurer_number insurer;
    struct buf text;
    struct diag d = {0};
    if (insurer_number_parse(str_c(name), &insurer) != ERR_OK) return true;
    enum err e = insurer_file(path, s->folder, insurer, "/jwks.json", &d);
    buf_init(&text, ISSUER_JWKS_MAX);
    if (e == ERR_OK) e = world_read_file(s->world, path, &text, &d);
    if (e == ERR_OK) e = issuers_read(s, insurer, buf_str(&text), &d);
    buf_fini(&text);
    if (e == ERR_MEMORY) return s->fault = e, false;
    if (e != ERR_OK && e != ERR_NOT_FOUND) s->damaged++;
    return true;
}

enum err issuers_new(struct issuers **out, struct world *w, const char *folder, struct diag *d) {
    struct issuers *s = calloc(1, sizeof *s);
    if (s == NULL || (s->folder = strdup(folder)) == NULL) {
        free(s);
        return diag_set(d, ERR_MEMORY, folder, NULL);
    }
    s->world = w;
    *out = s;
    return ERR_OK;
}

static enum err read_all(struct issuers *s, struct diag *d) {
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s/insurers", s->folder) >= PATH_MAX)
        return diag_set(d, ERR_LIMIT, s->folder, NULL);
    if (s->world->list(s->world, path, read_insurer, s) != 0)
        return errno == ENOENT
                   ? diag_set(d, ERR_NOT_FOUND, path, "保険者の鍵がありません / there are no insurers' keys here")
                   : diag_errno(d, path);
    return s->fault == ERR_OK ? ERR_OK : diag_set(d, s->fault, path, NULL);
}

enum err issuers_open(struct issuers **out, struct world *w, const char *folder, struct diag *d) {
    struct issuers *s = NULL;
    TRY(issuers_new(&s, w, folder, d));
    enum err e = read_all(s, d);
    if (e == ERR_OK) *out = s;
    else issuers_close(s);
    return e;
}

void issuers_close(struct issuers *s) {
    if (s == NULL) return;
    for (size_t i = 0; i < s->count; i++) EVP_PKEY_free(s->keys[i].key);
    free(s->keys);
    free(s->folder);
    free(s);
}

size_t issuers_count(const struct issuers *s) { return s->count; }
size_t issuers_damaged(const struct issuers *s) { return s->damaged; }

const struct issuer *issuers_find(const struct issuers *s, const char *kid) {
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->keys[i].kid, kid) == 0) return &s->keys[i];
    return NULL;
}

struct insurer_number issuer_insurer(const struct issuer *i) {
    return i->insurer;
}

/* ---- signatures ---- */

bool issuer_signed(const struct issuer *i, const struct jws *j) {
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    bool good = c && es256_verify(c, i->key, j->signed_part, j->signature);
    EVP_MD_CTX_free(c);
    return good;
}

/* ---- lists ---- */

const char *void_list_state_name(enum void_list_state s) {
    static const char *const names[] = {"current", "stale", "missing", "damaged"};
    return names[s];
}

static enum err read_list(struct arena *a, const struct issuer *i, struct str text, struct buf *json,
                          struct void_list *out, struct diag *d) {
    struct jws j;
    TRY(jws_split(str_trim(text), &j, d));
    if (strcmp(j.kid, i->kid) != 0 || !issuer_signed(i, &j))
        return diag_set(d, ERR_VALUE, "status.jws", "not signed by this insurer");
    TRY(jws_unpack(&j, json, d));
    TRY(void_list_read(a, buf_str(json), out, d));
    return str_eq(out->kid, str_c(i->kid)) ? ERR_OK : diag_set(d, ERR_VALUE, "kid", NULL);
}

enum err issuer_void_text(const struct issuer *i, struct str jws, struct str rid, int64_t nbf_s, int64_t now_s,
                          struct void_status *out, struct diag *d) {
    struct arena a;
    struct buf json;
    struct void_list l;
    *out = (struct void_status){.state = VOID_LIST_DAMAGED};
    arena_init(&a, LIST_ARENA_MAX);
    buf_init(&json, VOID_LIST_JSON_MAX);
    enum err e = read_list(&a, i, jws, &json, &l, d);
    if (e == ERR_OK)
        *out = (struct void_status){.state = now_s < l.until_s ? VOID_LIST_CURRENT : VOID_LIST_STALE,
                                    .holds = !str_empty(rid) && void_list_holds(&l, rid, nbf_s),
                                    .at_s = l.at_s,
                                    .until_s = l.until_s,
                                    .ctr = l.ctr};
    buf_fini(&json);
    arena_fini(&a);
    return e == ERR_MEMORY ? e : ERR_OK;
}

enum err issuers_void(const struct issuers *s, const struct issuer *i, struct str rid, int64_t nbf_s, int64_t now_s,
                      struct void_status *out, struct diag *d) {
    char path[PATH_MAX];
    struct buf text;
    *out = (struct void_status){.state = VOID_LIST_MISSING};
    TRY(insurer_file(path, s->folder, i->insurer, "/status.jws", d));
    buf_init(&text, VOID_LIST_JWS_MAX);
    enum err e = world_read_file(s->world, path, &text, d);
    if (e == ERR_OK) e = issuer_void_text(i, buf_str(&text), rid, nbf_s, now_s, out, d);
    else if (e == ERR_NOT_FOUND) e = ERR_OK;
    else if (e == ERR_LIMIT) out->state = VOID_LIST_DAMAGED, e = ERR_OK;
    buf_fini(&text);
    return e;
}

enum err issuer_status_of(struct world *w, const char *folder, struct insurer_number insurer, struct void_status *out,
                          struct diag *d) {
    char path[PATH_MAX];
    struct issuers *s = NULL;
    struct buf text;
    *out = (struct void_status){.state = VOID_LIST_MISSING};
    TRY(insurer_file(path, folder, insurer, "/jwks.json", d));
    TRY(issuers_new(&s, w, folder, d));
    buf_init(&text, ISSUER_JWKS_MAX);
    enum err e = world_read_file(w, path, &text, d);
    if (e == ERR_OK) e = issuers_read(s, insurer, buf_str(&text), d);
    if (e == ERR_OK) e = issuers_void(s, &s->keys[0], S(""), 0, 0, out, d);
    else if (e == ERR_NOT_FOUND) e = ERR_OK;
    buf_fini(&text);
    issuers_close(s);
    return e;
}
