/* tree: a message of the field as it came, whatever carried it: names, text and children. The folders carry it as XML, the
 * centre's entrance as JSON; both become this tree, and everything else here reads the tree alone.
 *
 * Nodes live in the caller's arena. Order means nothing, unknown elements stand in the tree and nobody asks for them. */
#ifndef EDGE_RECEIPT_TREE_H
#define EDGE_RECEIPT_TREE_H

#include "base/arena.h"
#include "base/err.h"

enum {
    TREE_DEPTH_MAX = 16,       /* the deepest message known (bulk result with tickets) has 7 */
    TREE_NAME_MAX = 128,       /* the longest name known has 44 characters */
    TREE_RUNS_MAX = 256,       /* differently named children of one element; a result has about 60 */
    TREE_ARENA_MAX = 160 << 20 /* the tree of a bulk result of 10,000 people takes about 60 MB */
};

struct tree {
    struct str name, text; /* UTF-8; text only where there are no children */
    struct tree *first, *last, *next, *parent;
    unsigned line; /* in the input; 0: not known (JSON) */
    unsigned nth;  /* of those of its name that stand side by side, from 1 */
    unsigned runs; /* of children with one name */
};

/* A new node behind the last child of `parent` (NULL: a root). NULL without memory. */
struct tree *tree_add(struct arena *a, struct tree *parent, struct str name);

/* XML: CP932 or UTF-8 by declaration in any usual spelling, with or without a byte-order mark. Nothing outside the bytes is
 * ever read: a document type, an entity that is not one of XML's five, or an encoding that contradicts the bytes is an error,
 * with line and column. ERR_SYNTAX, ERR_ENCODING, ERR_CP932, ERR_UTF8, ERR_DEPTH, ERR_LIMIT, ERR_MEMORY. */
MUST_USE enum err tree_read_xml(struct arena *a, struct str bytes, struct tree **out, struct diag *d);
/* JSON: {"XmlMsg":{…}}. An array is an element that stands several times; in one whose name ends in List each item is an object with
 * the element's name ("ResultList":[{"ResultOfQualificationConfirmation":{…}}]). Whole numbers count as text, null as absent.
 * Text is borrowed from the arena. ERR_SYNTAX and what json_read() gives. */
MUST_USE enum err tree_read_json(struct arena *a, struct str text, struct tree **out, struct diag *d);

/* Takes the children of that name away from `parent`, if there are any. */
void tree_drop(struct tree *parent, struct str name);

/* The first child of that name, or NULL; NULL has none. */
struct tree *tree_child(const struct tree *t, struct str name);
/* The next sibling of the same name, or NULL. */
struct tree *tree_again(const struct tree *t);
/* The text of the first child of that name without white space around it; "" when there is none. */
struct str tree_text(const struct tree *t, struct str name);

/* Writes the tree as it stands: compact, without a declaration. */
struct buf;
void tree_put_xml(const struct tree *t, struct buf *out);
void tree_put_json(const struct tree *root, struct buf *out);

/* Sets d with the element's path from the root and its line; `below` (may be NULL) is a child's name that is not there. */
MUST_USE enum err tree_fault(struct diag *d, enum err e, const struct tree *at, const char *below, const char *detail);

#endif
