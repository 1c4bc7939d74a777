/* The tree written as it stands, without recursion: each node is entered once and left once. */
#include "edge/receipt/tree.h"
#include "edge/receipt/writer.h"

static bool is_list(const struct tree *t) { return str_ends(t->name, S("List")); }

void tree_put_xml(const struct tree *root, struct buf *out) {
    struct writer w = writer_of(out, CARRIER_XML);
    const struct tree *t = root;
    for (;;) {
        if (t->first) {
            writer_open(&w, t->name);
            t = t->first;
            continue;
        }
        writer_text(&w, t->name, t->text);
        while (t != root && t->next == NULL) {
            t = t->parent;
            writer_close(&w, t->name);
        }
        if (t == root) return;
        t = t->next;
    }
}

/* JSON names each member once, so elements of one name are gathered into an array where the first of them stands. */
static const struct tree *before(const struct tree *t) {
    for (const struct tree *c = t->parent->first; c != t; c = c->next)
        if (str_eq(c->name, t->name)) return c;
    return NULL;
}

/* The next of that name within the same run needs no search; see TREE_RUNS_MAX. */
static const struct tree *next_of_name(const struct tree *t) {
    if (t->next && str_eq(t->next->name, t->name)) return t->next;
    return tree_again(t);
}

/* The first child after t that begins a name not seen before. */
static const struct tree *next_name(const struct tree *t) {
    const struct tree *first = t;
    for (const struct tree *c = t->next; c; c = c->next) {
        if (str_eq(c->name, first->name)) continue;
        if (before(c) == NULL) return c;
        first = c;
    }
    return NULL;
}

static bool in_list(const struct tree *t, const struct tree *root) { return t != root && is_list(t->parent); }
/* More than one of its name: asked of the first. */
static bool repeated(const struct tree *t, const struct tree *root) {
    return t != root && !in_list(t, root) && tree_again(t);
}

static void enter(struct writer *w, const struct tree *t, const struct tree *root, bool first_of_name) {
    if (in_list(t, root) && is_list(t)) return writer_one(w, S("")), writer_list(w, t->name);
    if (in_list(t, root)) return writer_item(w, t->name);
    if (first_of_name && repeated(t, root)) writer_repeat(w, t->name);
    if (is_list(t)) return writer_list(w, t->name);
    if (!first_of_name || repeated(t, root)) return writer_one(w, t->name);
    writer_open(w, t->name);
}

static void leave(struct writer *w, const struct tree *t, const struct tree *root) {
    if (in_list(t, root) && is_list(t)) return writer_list_end(w, t->name), writer_one_end(w, S(""));
    if (in_list(t, root)) return writer_item_end(w, t->name);
    if (is_list(t)) return writer_list_end(w, t->name);
    writer_close(w, t->name);
}

static void leaf(struct writer *w, const struct tree *t, const struct tree *root, bool first_of_name) {
    bool many = first_of_name && repeated(t, root);
    if (many) writer_repeat(w, t->name);
    if (many || !first_of_name) {
        if (w->comma) buf_putc(w->out, ',');
        buf_putc(w->out, '"');
        writer_escape(w->out, CARRIER_JSON, t->text);
        buf_putc(w->out, '"');
        w->comma = true;
    } else if (in_list(t, root)) {
        writer_one(w, S(""));
        writer_text(w, t->name, t->text);
        writer_one_end(w, S(""));
    } else {
        writer_text(w, t->name, t->text);
    }
}

/* What is written after t's name group: the next of its name, or of the list, or the next name. */
static const struct tree *follow(struct writer *w, const struct tree *t, const struct tree *root, bool *first_of_name) {
    const struct tree *n;
    if (in_list(t, root)) return *first_of_name = true, t->next;
    if ((n = next_of_name(t)) != NULL) return *first_of_name = false, n;
    const struct tree *first = before(t);
    if (first) writer_repeat_end(w);
    *first_of_name = true;
    return next_name(first ? first : t);
}

void tree_put_json(const struct tree *root, struct buf *out) {
    struct writer w = writer_of(out, CARRIER_JSON);
    const struct tree *t = root;
    bool first_of_name = true;
    buf_putc(out, '{');
    for (;;) {
        if (t->first) {
            enter(&w, t, root, first_of_name);
            t = t->first;
            first_of_name = true;
            continue;
        }
        leaf(&w, t, root, first_of_name);
        for (;;) {
            if (t == root) return buf_putc(out, '}');
            const struct tree *n = follow(&w, t, root, &first_of_name);
            if (n) {
                t = n;
                break;
            }
            t = t->parent;
            leave(&w, t, root);
        }
    }
}
