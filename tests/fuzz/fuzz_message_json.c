/* Any bytes as a message in JSON: refused with a place, or a tree from which each kind of question is read; every accepted question
 * holds what its type promises, and its error, if any, names an element. */
#include "base/utf8.h"
#include "edge/receipt/answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_unit(const struct unit *u) {
    if (u->err != ERR_OK) return invariant(u->diag.err == u->err && u->diag.where[0]);
    invariant(u->as_sent != NULL);
    if (u->reference_number.n) return;
    invariant(u->question.insurer.n > 0 && u->question.id.number.n > 0 && day_is(u->question.birth));
    invariant(utf8_valid(u->question.id.number) && utf8_length(u->question.id.number) <= INSURED_ID_CHARACTERS);
}

static void check_error_answer(struct arena *a, const struct request *r, const struct diag *d) {
    struct buf out;
    struct tree *back;
    struct writer w = writer_of(&out, CARRIER_XML);
    buf_init(&out, 1 << 20);
    answer_write_error(&w, r, 0, d);
    invariant(buf_ok(&out) && tree_read_xml(a, buf_str(&out), &back, NULL) == ERR_OK);
    buf_fini(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    struct arena a;
    struct tree *t;
    struct diag d = {0};
    arena_init(&a, TREE_ARENA_MAX);
    enum err e = tree_read_json(&a, str_of(data, n), &t, &d);
    for (int k = 0; e == ERR_OK && k < MESSAGE_KINDS; k++) {
        struct request r;
        enum err read = request_read(&a, t, (enum message_kind)k, &r, &d);
        if (read != ERR_OK) check_error_answer(&a, &r, &d);
        else
            for (size_t i = 0; i < r.unit_count; i++) check_unit(&r.units[i]);
    }
    invariant(e == ERR_OK || d.err == e);
    arena_fini(&a);
    return 0;
}
