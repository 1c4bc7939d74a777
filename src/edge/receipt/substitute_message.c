/* Making a whole message fit, and saying in it what was done. */
#include "base/buf.h"
#include "base/utf8.h"
#include "edge/receipt/answer.h"
#include "edge/receipt/substitute.h"

#define NOTE_TEXT S("端末の文字コードにない文字を置き換えました")
enum { NOTES_BYTES_MAX = 4096 }; /* of one result; about 200 substitutions */

struct pass {
    const struct substitutes *subs;
    struct arena *arena;
    struct buf text, note;
    size_t count;
    enum err err;
};

static struct tree *set(struct pass *p, struct tree *parent, struct str name, struct str text) {
    struct tree *t = tree_child(parent, name);
    struct str copied = arena_copy(p->arena, text);
    if (t == NULL) t = tree_add(p->arena, parent, name);
    if (t == NULL || copied.p == NULL) return p->err = ERR_MEMORY, NULL;
    t->text = copied;
    return t;
}

/* ProcessingResultMessage of the unit or body: the note stands after what is there already, or not at all. */
static void say_it(struct pass *p, struct tree *body) {
    struct str said = tree_text(body, S("ProcessingResultMessage"));
    if (utf8_length(said) + 1 + utf8_length(NOTE_TEXT) > NOTE_CHARACTERS) return;
    buf_reset(&p->text);
    buf_put(&p->text, said);
    if (said.n) buf_puts(&p->text, "／");
    buf_put(&p->text, NOTE_TEXT);
    if (said.n == 0) (void)set(p, body, S("ProcessingResultCode"), S("MDOW0100W"));
    (void)set(p, body, S("ProcessingResultMessage"), buf_str(&p->text));
}

/* The leaf's text; its name and substitutions are appended to the note. */
static size_t fit_leaf(struct pass *p, struct tree *t) {
    size_t before = p->note.n;
    buf_reset(&p->text);
    buf_put(&p->note, t->name);
    buf_putc(&p->note, ' ');
    size_t n = t->text.n ? substitute_text(p->subs, t->text, &p->text, &p->note) : 0;
    if (n == 0) return buf_cut(&p->note, before), 0;
    t->text = arena_copy(p->arena, buf_str(&p->text));
    if (t->text.p == NULL || !buf_ok(&p->text)) p->err = ERR_MEMORY;
    return n;
}

/* The element that holds the result's status: MessageBody, or the unit of a bulk answer. */
static struct tree *outcome_of(struct tree *t) {
    while (t && !str_eq(t->name, S("MessageBody")) && !str_eq(t->name, S("BulkConfirmUnit"))) t = t->parent;
    return t;
}

/* Where the note of this leaf belongs: its result, else the body or unit. */
static struct tree *result_of(struct tree *t) {
    struct tree *r = t;
    while (r && !str_eq(r->name, S("ResultOfQualificationConfirmation"))) r = r->parent;
    return r ? r : outcome_of(t);
}

static void tell(struct pass *p, struct tree *result) {
    if (result == NULL || p->note.n == 0) return;
    struct str note = str_trim(buf_str(&p->note));
    if (!buf_ok(&p->note)) note = S("many");
    struct str before = tree_text(result, S("SubstitutedCharacters"));
    buf_reset(&p->text);
    buf_put(&p->text, before);
    if (before.n) buf_putc(&p->text, ' ');
    buf_put(&p->text, note);
    note = buf_str(&p->text);
    if (set(p, result, S("SubstitutedCharacters"), note)) say_it(p, outcome_of(result));
    buf_reset(&p->note);
}

static struct tree *next_in_order(struct tree *t) {
    if (t->first) return t->first;
    while (t && t->next == NULL) t = t->parent;
    return t ? t->next : NULL;
}

size_t substitute_message(const struct substitutes *s, struct arena *a, struct tree *message, enum err *e) {
    struct pass p = {.subs = s, .arena = a};
    struct tree *result = NULL;
    buf_init(&p.text, 1 << 20), buf_init(&p.note, NOTES_BYTES_MAX);
    for (struct tree *t = message; t && p.err == ERR_OK; t = next_in_order(t)) {
        if (t->first || str_eq(t->name, S("SubstitutedCharacters"))) continue;
        struct tree *of = result_of(t);
        if (of != result) tell(&p, result), result = of;
        p.count += fit_leaf(&p, t);
    }
    tell(&p, result);
    buf_fini(&p.text), buf_fini(&p.note);
    *e = p.err;
    return p.count;
}
