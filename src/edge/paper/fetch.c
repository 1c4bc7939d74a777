#include "edge/paper/fetch.h"

#include "base/json.h"
#include "state/trust/issuers.h"

struct taking {
    struct world *world;
    const char *folder;
    struct paper_fetched *out;
    struct buf text;
};

/* Writes it when it is another than what is there. */
static enum err keep(struct taking *t, struct insurer_number insurer, const char *name, struct str bytes, bool *changed,
                     struct diag *d) {
    char path[PATH_MAX];
    TRY(insurer_file(path, t->folder, insurer, "", d));
    TRY(world_make_folder(path, d));
    TRY(insurer_file(path, t->folder, insurer, name, d));
    buf_reset(&t->text);
    enum err e = world_read_file(t->world, path, &t->text, d);
    if (e == ERR_OK && str_eq(buf_str(&t->text), bytes)) return ERR_OK;
    if (e != ERR_OK && e != ERR_NOT_FOUND && e != ERR_LIMIT) return e;
    *changed = true;
    return world_replace_file(t->world, path, bytes, 0600, d);
}

/* The keys, written anew from what was understood: kid, x and y of our form are in it as they came. */
static void put_keys(struct buf *b, struct json keys) {
    bool first = true;
    buf_puts(b, "{\"keys\":[");
    for (struct json k = json_first(keys); !json_none(k); k = json_next(k)) {
        static const char *const names[] = {"kty", "kid", "use", "alg", "crv", "x", "y"};
        struct str s;
        bool inside = false;
        buf_puts(b, first ? "{" : ",{");
        first = false;
        for (size_t i = 0; i < ARRAY_LEN(names); i++) {
            if (!json_str(json_get(k, names[i]), &s)) continue;
            buf_printf(b, "%s\"%s\":", inside ? "," : "", names[i]);
            buf_json(b, s);
            inside = true;
        }
        buf_putc(b, '}');
    }
    buf_puts(b, "]}\n");
}

/* A list is kept when one of the insurer's own keys signed it and it is not older than what is kept. */
static bool is_news(struct issuers *all, struct str status, const char *kid, struct diag *d) {
    const struct issuer *issuer = issuers_find(all, kid);
    struct void_status new, old;
    if (issuer == NULL || issuer_void_text(issuer, status, S(""), 0, 0, &new, d) != ERR_OK) return false;
    if (new.state == VOID_LIST_DAMAGED) return false;
    if (issuers_void(all, issuer, S(""), 0, 0, &old, d) != ERR_OK) return false;
    return old.state == VOID_LIST_MISSING || old.state == VOID_LIST_DAMAGED || new.ctr >= old.ctr;
}

static enum err take_list(struct taking *t, struct issuers *all, struct insurer_number insurer, struct str status,
                          struct diag *d) {
    struct jws j;
    struct diag why = {0};
    bool changed = false;
    if (jws_split(status, &j, &why) != ERR_OK || !is_news(all, status, j.kid, &why)) return ++t->out->refused, ERR_OK;
    return keep(t, insurer, "/status.jws", status, &changed, d);
}

static enum err take_insurer(struct taking *t, struct insurer_number insurer, struct json v, struct diag *d) {
    struct issuers *all = NULL;
    struct buf keys;
    struct str status;
    struct diag why = {0};
    TRY(issuers_new(&all, t->world, t->folder, d));
    buf_init(&keys, ISSUER_JWKS_MAX);
    put_keys(&keys, json_get(json_get(v, "jwks"), "keys"));
    enum err e = ERR_OK;
    if (!buf_ok(&keys) || issuers_read(all, insurer, buf_str(&keys), &why) != ERR_OK) t->out->refused++;
    else {
        t->out->insurers++;
        e = keep(t, insurer, "/jwks.json", buf_str(&keys), &t->out->keys_changed, d);
        if (e == ERR_OK && json_str(json_get(v, "status"), &status)) e = take_list(t, all, insurer, status, d);
    }
    buf_fini(&keys);
    issuers_close(all);
    return e;
}

static enum err take_all(struct taking *t, struct json root, struct diag *d) {
    struct json list = json_get(root, "insurers");
    struct str number;
    if (json_kind(list) != JSON_ARRAY || !json_bool(json_get(root, "more"), &t->out->more))
        return diag_set(d, ERR_VALUE, "insurers", NULL);
    for (struct json v = json_first(list); !json_none(v); v = json_next(v)) {
        struct insurer_number insurer;
        if (!json_str(json_get(v, "insurer"), &number) || insurer_number_parse(number, &insurer) != ERR_OK ||
            insurer.n <= t->out->last.n)
            return diag_set(d, ERR_VALUE, "insurer", NULL);
        t->out->last = insurer;
        TRY(take_insurer(t, insurer, v, d));
    }
    /* "more" behind nothing would be asked for for ever. */
    return t->out->more && json_count(list) == 0 ? diag_set(d, ERR_VALUE, "more", NULL) : ERR_OK;
}

enum err paper_fetch_take(struct world *w, const char *folder, struct str reply, struct paper_fetched *out,
                          struct diag *d) {
    struct arena a;
    struct json root;
    struct taking t = {.world = w, .folder = folder, .out = out};
    arena_init(&a, PAPER_FETCH_ARENA_MAX);
    buf_init(&t.text, VOID_LIST_JWS_MAX);
    enum err e = json_read(&a, reply, &root, d);
    if (e == ERR_OK) e = take_all(&t, root, d);
    buf_fini(&t.text);
    arena_fini(&a);
    return e;
}
