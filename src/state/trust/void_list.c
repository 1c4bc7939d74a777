#include "state/trust/void_list.h"

#include "state/trust/issuers.h"
#include "state/trust/jws.h"

#include <limits.h>
#include <stdio.h>

enum { ENTRY_MAX = VOID_RID_MAX + 1 + 20 };

/* ---- reading ---- */

static bool is_base64url(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

bool void_rid_good(struct str rid) {
    if (rid.n == 0 || rid.n > VOID_RID_MAX) return false;
    for (size_t i = 0; i < rid.n; i++)
        if (!is_base64url(rid.p[i])) return false;
    return true;
}

/* "RID" or "RID.SECONDS"; before_s is INT64_MAX without. */
static bool read_entry(struct str text, struct str *rid, int64_t *before_s) {
    bool dotted = str_find(text, S(".")) < text.n;
    uint64_t seconds = INT64_MAX;
    *rid = str_cut(&text, '.');
    if (!void_rid_good(*rid) || (dotted && !str_uint(text, INT64_MAX, &seconds))) return false;
    *before_s = (int64_t)seconds;
    return true;
}

static enum err read_seconds(struct json v, const char *name, int64_t *out, struct diag *d) {
    uint64_t n;
    if (!json_uint(json_get(v, name), INT64_MAX, &n)) return diag_set(d, ERR_VALUE, name, "seconds since 1970");
    *out = (int64_t)n;
    return ERR_OK;
}

enum err void_list_read(struct arena *a, struct str text, struct void_list *out, struct diag *d) {
    struct json v;
    struct str method, entry, rid;
    int64_t before_s;
    *out = (struct void_list){0};
    TRY(json_read(a, text, &v, d));
    if (!json_str(json_get(v, "method"), &method) || !str_eq(method, S("rid")))
        return diag_set(d, ERR_NOT_SUPPORTED, "method", "rid alone");
    if (!json_str(json_get(v, "kid"), &out->kid)) return diag_set(d, ERR_MISSING, "kid", NULL);
    if (!json_uint(json_get(v, "ctr"), INT64_MAX, &out->ctr)) return diag_set(d, ERR_VALUE, "ctr", NULL);
    TRY(read_seconds(v, "iat", &out->at_s, d));
    TRY(read_seconds(v, "exp", &out->until_s, d));
    out->rids = json_get(v, "rids");
    if (json_kind(out->rids) != JSON_ARRAY) return diag_set(d, ERR_MISSING, "rids", NULL);
    for (struct json e = json_first(out->rids); !json_none(e); e = json_next(e))
        if (!json_str(e, &entry) || !read_entry(entry, &rid, &before_s)) return diag_set(d, ERR_VALUE, "rids", NULL);
    return ERR_OK;
}

bool void_list_holds(const struct void_list *l, struct str rid, int64_t nbf_s) {
    struct str entry, one;
    int64_t before_s;
    for (struct json e = json_first(l->rids); !json_none(e); e = json_next(e))
        if (json_str(e, &entry) && read_entry(entry, &one, &before_s) && str_eq(one, rid) && nbf_s < before_s)
            return true;
    return false;
}

/* ---- publishing ---- */

/* The seconds of now grow by themselves also when the old list is lost; a clock set back does not take the counter with it. */
static enum err next_ctr(const struct void_list_plan *p, uint64_t *out, struct diag *d) {
    struct void_status old;
    *out = (uint64_t)p->now_s;
    enum err e = issuer_status_of(p->world, p->folder, p->insurer, &old, d);
    if (e == ERR_OK && old.state != VOID_LIST_MISSING && old.ctr >= *out) *out = old.ctr + 1;
    return e;
}

static void put_standard(struct buf *b, const struct void_list_plan *p, struct str kid, uint64_t ctr) {
    buf_puts(b, "\"kid\":");
    buf_json(b, kid);
    buf_printf(b, ",\"method\":\"rid\",\"ctr\":%llu,\"rids\":[", (unsigned long long)ctr);
    for (size_t i = 0; i < p->count; i++) {
        invariant(void_rid_good(p->rids[i]));
        buf_puts(b, i ? ",\"" : "\"");
        buf_put(b, p->rids[i]);
        buf_putc(b, '"');
    }
    buf_puts(b, "]}");
}

static void put_ours(struct buf *b, const struct void_list_plan *p, struct str kid, uint64_t ctr) {
    buf_puts(b, "{\"iss\":\"");
    buf_put(b, p->issuer);
    buf_puts(b, "/insurers/");
    insurer_number_put(b, p->insurer);
    buf_printf(b, "\",\"iat\":%lld,\"exp\":%lld,", (long long)p->now_s, (long long)(p->now_s + 3600ll * p->hours));
    put_standard(b, p, kid, ctr);
}

static enum err write_in(const struct void_list_plan *p, const char *name, struct buf *bytes, struct diag *d) {
    char path[PATH_MAX];
    if (!buf_ok(bytes)) return diag_set(d, ERR_LIMIT, name, NULL);
    TRY(insurer_file(path, p->folder, p->insurer, name, d));
    return world_replace_file(p->world, path, buf_str(bytes), 0644, d);
}

static enum err publish_standard(const struct void_list_plan *p, struct str kid, uint64_t ctr, struct buf *b,
                                 struct diag *d) {
    char path[PATH_MAX], name[16 + KEY_KID_BYTES];
    TRY(insurer_file(path, p->folder, p->insurer, "/crl", d));
    TRY(world_make_folder(path, d));
    snprintf(name, sizeof name, "/crl/%.*s.json", (int)kid.n, kid.p);
    buf_reset(b);
    buf_putc(b, '{');
    put_standard(b, p, kid, ctr);
    buf_putc(b, '\n');
    return write_in(p, name, b, d);
}

static enum err publish(const struct void_list_plan *p, struct insurer_key *key, struct diag *d) {
    struct buf json, jws;
    uint64_t ctr = 0;
    TRY(next_ctr(p, &ctr, d));
    buf_init(&json, VOID_LIST_JSON_MAX);
    buf_init(&jws, VOID_LIST_JWS_MAX);
    put_ours(&json, p, insurer_key_kid(key), ctr);
    enum err e = buf_ok(&json) ? jws_put(&jws, buf_str(&json), key, d) : diag_set(d, ERR_LIMIT, "status.jws", NULL);
    if (e == ERR_OK) e = write_in(p, "/status.jws", &jws, d);
    if (e == ERR_OK) e = publish_standard(p, insurer_key_kid(key), ctr, &json, d);
    if (e == ERR_OK) e = insurer_key_publish(key, p->world, p->folder, p->insurer, ctr, d);
    buf_fini(&jws);
    buf_fini(&json);
    return e;
}

enum err void_list_publish(const struct void_list_plan *p, struct diag *d) {
    struct insurer_key *key = NULL;
    invariant(p->hours >= 1 && p->hours <= VOID_LIST_HOURS_MAX);
    TRY(insurer_key_open(&key, p->world, p->folder, p->insurer, d));
    enum err e = publish(p, key, d);
    insurer_key_close(key);
    return e;
}
