/* Any bytes as a message in XML: refused with a place, or a tree that holds its promises; then it is written as XML and as JSON, both
 * of which are read back as the same tree, and each kind of question is read from it. */
#include "base/buf.h"
#include "base/utf8.h"
#include "edge/receipt/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const struct tree *next(const struct tree *t) {
    if (t->first) return t->first;
    while (t && t->next == NULL) t = t->parent;
    return t ? t->next : NULL;
}

static void check(const struct tree *root) {
    for (const struct tree *t = root; t; t = next(t)) {
        unsigned depth = 0;
        for (const struct tree *p = t; p; p = p->parent) depth++;
        invariant(depth <= TREE_DEPTH_MAX && t->runs <= TREE_RUNS_MAX);
        invariant(utf8_valid(t->name) && utf8_valid(t->text) && t->name.n <= TREE_NAME_MAX);
        invariant(t->first == NULL || t->text.n == 0);
    }
}

static bool drop_empty_child(struct tree *parent) {
    struct tree **at = &parent->first;
    parent->last = NULL;
    bool dropped = false;
    while (*at) {
        bool empty = (*at)->first == NULL && (*at)->text.n == 0;
        if (empty) *at = (*at)->next, dropped = true;
        else parent->last = *at, at = &(*at)->next;
    }
    return dropped;
}

/* Elements with nothing in them are not written; without them, what is written, and read, and written again is the same. */
static void prune(struct tree *root) {
    for (bool again = true; again;) {
        again = false;
        for (const struct tree *t = root; t; t = next(t))
            again = drop_empty_child((struct tree *)(uintptr_t)t) || again;
    }
}

static void check_written(struct arena *a, const struct tree *t, bool json) {
    struct buf one, two;
    struct tree *back;
    struct diag d = {0};
    buf_init(&one, 1 << 24), buf_init(&two, 1 << 24);
    json ? tree_put_json(t, &one) : tree_put_xml(t, &one);
    invariant(buf_ok(&one));
    enum err e = json ? tree_read_json(a, buf_str(&one), &back, &d) : tree_read_xml(a, buf_str(&one), &back, &d);
    if (e == ERR_OK) {
        check(back);
        json ? tree_put_json(back, &two) : tree_put_xml(back, &two);
        invariant(str_eq(buf_str(&one), buf_str(&two)));
    } else {
        /* Only an empty message is written as nothing, and only JSON counts differently what is too large. */
        invariant(one.n == 0 || (json && (e == ERR_LIMIT || e == ERR_DEPTH || e == ERR_MISSING || e == ERR_DUPLICATE)));
    }
    buf_fini(&one), buf_fini(&two);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    struct arena a;
    struct tree *t;
    struct diag d = {0};
    arena_init(&a, TREE_ARENA_MAX);
    enum err e = tree_read_xml(&a, str_of(data, n), &t, &d);
    if (e == ERR_OK) {
        check(t);
        prune(t);
        check_written(&a, t, false);
        check_written(&a, t, true);
        for (int k = 0; k < MESSAGE_KINDS; k++) {
            struct request r;
            if (request_read(&a, t, (enum message_kind)k, &r, &d) == ERR_OK) invariant(r.institution.n > 0);
        }
    } else {
        invariant(d.err == e && utf8_valid(str_c(d.detail)));
    }
    arena_fini(&a);
    return 0;
}
