#include "edge/receipt/tree.h"

#include "base/buf.h"
#include "base/json.h"

#include <stdio.h>

struct tree *tree_add(struct arena *a, struct tree *parent, struct str name) {
    struct tree *t = arena_new(a, sizeof *t);
    if (t == NULL) return NULL;
    t->name = name, t->parent = parent, t->nth = 1;
    if (parent == NULL) return t;
    if (parent->last == NULL || !str_eq(parent->last->name, name)) parent->runs++;
    else t->nth = parent->last->nth + 1;
    if (parent->last) parent->last->next = t;
    else parent->first = t;
    parent->last = t;
    return t;
}

void tree_drop(struct tree *parent, struct str name) {
    struct tree *kept = parent->first;
    parent->first = parent->last = NULL, parent->runs = 0;
    while (kept) {
        struct tree *c = kept, *last = parent->last;
        kept = c->next;
        c->next = NULL;
        if (str_eq(c->name, name)) continue;
        bool again = last && str_eq(last->name, c->name);
        c->nth = again ? last->nth + 1 : 1;
        parent->runs += !again;
        if (last) last->next = c;
        else parent->first = c;
        parent->last = c;
    }
}

struct tree *tree_child(const struct tree *t, struct str name) {
    if (t == NULL) return NULL;
    for (struct tree *c = t->first; c; c = c->next)
        if (str_eq(c->name, name)) return c;
    return NULL;
}

struct tree *tree_again(const struct tree *t) {
    for (struct tree *c = t ? t->next : NULL; c; c = c->next)
        if (str_eq(c->name, t->name)) return c;
    return NULL;
}

struct str tree_text(const struct tree *t, struct str name) {
    const struct tree *c = tree_child(t, name);
    return c ? str_trim(c->text) : S("");
}

/* ---- where ---- */

/* "BulkConfirmUnit[3]"; without a number when it is the only one. */
static void put_step(struct buf *b, const struct tree *t) {
    bool more = t->nth > 1 || (t->next && str_eq(t->next->name, t->name));
    buf_put(b, t->name);
    if (more) buf_printf(b, "[%u]", t->nth);
}

enum err tree_fault(struct diag *d, enum err e, const struct tree *at, const char *below, const char *detail) {
    const struct tree *path[TREE_DEPTH_MAX];
    size_t n = 0;
    struct buf b;
    if (d == NULL) return e;
    buf_init(&b, 4096);
    for (const struct tree *t = at; t && n < TREE_DEPTH_MAX; t = t->parent) path[n++] = t;
    if (n > 1) n--; /* every message begins with XmlMsg */
    while (n > 0) {
        put_step(&b, path[--n]);
        if (n || below) buf_putc(&b, '/');
    }
    if (below) buf_puts(&b, below);
    /* The end of a path says more than its beginning. */
    size_t from = b.n >= sizeof d->where ? b.n - sizeof d->where + 1 : 0;
    buf_putc(&b, 0);
    (void)!diag_set(d, e, buf_ok(&b) ? b.p + from : "", "%s", detail ? detail : "");
    d->line = at ? at->line : 0;
    buf_fini(&b);
    return e;
}

/* ---- from JSON ---- */

static enum err leaf_text(struct arena *a, struct json v, struct tree *t, struct diag *d) {
    uint64_t n = 0;
    bool b = false;
    if (json_str(v, &t->text)) return ERR_OK;
    if (json_bool(v, &b)) {
        t->text = b ? S("1") : S("0");
        return ERR_OK;
    }
    if (!json_uint(v, UINT64_MAX, &n)) return tree_fault(d, ERR_VALUE, t, NULL, "expected text");
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)n);
    t->text = arena_copy(a, str_of(digits, (size_t)length));
    return t->text.p ? ERR_OK : diag_set(d, ERR_MEMORY, NULL, NULL);
}

/* Where the walk stands: the value whose members come next, and the node they belong to. */
struct level {
    struct json next;
    struct tree *node;
    struct str name;               /* of all items, when this is an array; else empty */
    bool array, items_are_objects; /* of an array in …List: its items' members are children of `node` */
};

struct walk {
    struct arena *arena;
    struct level level[JSON_DEPTH_MAX + 1];
    unsigned depth;
    struct diag *d;
};

static enum err push(struct walk *w, struct json v, struct tree *node) {
    if (w->depth > JSON_DEPTH_MAX) return tree_fault(w->d, ERR_DEPTH, node, NULL, NULL);
    w->level[w->depth++] = (struct level){.next = json_first(v), .node = node};
    return ERR_OK;
}

static unsigned depth_of(const struct tree *t) {
    unsigned n = 0;
    for (; t; t = t->parent) n++;
    return n;
}

static enum err add_value(struct walk *w, struct tree *parent, struct str name, struct json v) {
    if (name.n == 0 || name.n > TREE_NAME_MAX)
        return tree_fault(w->d, ERR_LIMIT, parent, NULL, "a name is empty or too long");
    if (depth_of(parent) >= TREE_DEPTH_MAX) return tree_fault(w->d, ERR_DEPTH, parent, NULL, NULL);
    struct tree *t = tree_add(w->arena, parent, name);
    if (t == NULL) return diag_set(w->d, ERR_MEMORY, NULL, NULL);
    enum json_kind kind = json_kind(v);
    if (kind == JSON_OBJECT) return push(w, v, t);
    if (kind != JSON_ARRAY) return leaf_text(w->arena, v, t, w->d);
    TRY(push(w, v, t)); /* only an array in …List comes here: its items become children of t */
    w->level[w->depth - 1].array = w->level[w->depth - 1].items_are_objects = true;
    return ERR_OK;
}

static enum err add_member(struct walk *w, struct level *l, struct json v) {
    struct str name = json_name(v);
    enum json_kind kind = json_kind(v);
    if (kind == JSON_NULL) return ERR_OK;
    if (kind != JSON_ARRAY || str_ends(name, S("List"))) return add_value(w, l->node, name, v);
    TRY(push(w, v, l->node));
    w->level[w->depth - 1].array = true;
    w->level[w->depth - 1].name = name;
    return ERR_OK;
}

static enum err add_item(struct walk *w, struct level *l, struct json v) {
    if (!l->items_are_objects) {
        if (json_kind(v) == JSON_ARRAY) return tree_fault(w->d, ERR_SYNTAX, l->node, NULL, "an array in an array");
        return json_kind(v) == JSON_NULL ? ERR_OK : add_value(w, l->node, l->name, v);
    }
    if (json_kind(v) != JSON_OBJECT)
        return tree_fault(w->d, ERR_SYNTAX, l->node, NULL, "each item is an object with the element's name");
    return push(w, v, l->node);
}

enum err tree_read_json(struct arena *a, struct str text, struct tree **out, struct diag *d) {
    struct json root;
    struct tree top = {.name = S("")};
    struct walk w = {.arena = a, .d = d};
    TRY(json_read(a, text, &root, d));
    struct json message = json_get(root, "XmlMsg");
    if (json_kind(message) != JSON_OBJECT) return diag_set(d, ERR_MISSING, "XmlMsg", "the message is {\"XmlMsg\":{…}}");
    TRY(add_value(&w, &top, S("XmlMsg"), message));
    while (w.depth) {
        struct level *l = &w.level[w.depth - 1];
        struct json v = l->next;
        if (json_none(v)) {
            w.depth--;
            continue;
        }
        l->next = json_next(v);
        TRY(l->array ? add_item(&w, l, v) : add_member(&w, l, v));
        if (l->node->runs > TREE_RUNS_MAX) return tree_fault(d, ERR_LIMIT, l->node, NULL, "too many elements");
    }
    top.first->parent = NULL;
    *out = top.first;
    return ERR_OK;
}
