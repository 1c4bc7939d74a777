/* Any bytes as what either page sends, as what a centre says to a question or a card, and as a visit's file: an error, or something that keeps its promises. The
 * first byte picks which. */
#include "edge/reception/answer.h"
#include "edge/reception/kiosk.h"
#include "edge/reception/question.h"

#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void as_question(struct arena *a, struct str s, struct visit *v) {
    struct diag d = {0};
    struct buf message;
    struct json root;
    struct str waiting;
    enum err e = question_read(a, s, v, &waiting, &d);
    invariant(e == ERR_OK || d.err == e);
    if (e != ERR_OK) return;
    buf_init(&message, 64 << 10);
    invariant(question_put_message(&message, v, (struct institution_code){110113719}) == ERR_OK);
    invariant(json_read(a, buf_str(&message), &root, NULL) == ERR_OK);
    buf_fini(&message);
}

static void as_scan(struct arena *a, struct str s, struct visit *v) {
    struct diag d = {0};
    struct str code, waiting;
    enum err e = question_read_scan(a, s, v, &code, &waiting, &d);
    invariant(e == ERR_OK ? code.n > 0 : d.err == e);
}

static void as_answer(struct arena *a, struct str s, struct visit *v) {
    struct diag d = {0};
    struct json root;
    memset(v->id, 'a', VISIT_ID);
    invariant(insurer_number_parse(S("06139448"), &v->insurer) == ERR_OK && day_from_civil(1985, 4, 1, &v->birth));
    enum err e = reception_answer_read(s, v, &v->answer, &d);
    invariant(e == ERR_OK || d.err == e);
    if (e == ERR_OK) invariant(json_read(a, buf_str(&v->answer), &root, NULL) == ERR_OK);
    reception_refusal_read(s, v);
    invariant(strlen(v->said) <= VISIT_SAID_BYTES);
}

static void as_kiosk(struct arena *a, struct str s, struct visit *v) {
    struct diag d = {0};
    enum err e = kiosk_visit_read(a, s, v, &d);
    invariant(e == ERR_OK || d.err == e);
    invariant(e != ERR_OK || (v->way != VISIT_TYPED && v->sex <= 2));
}

static void as_card(struct arena *a, struct str s, struct visit *v) {
    struct diag d = {0};
    struct json root;
    enum err e = reception_card_read(s, v, &v->answer, &d);
    invariant(e == ERR_OK || d.err == e);
    if (e == ERR_OK) invariant(proof_info(v->proof) && json_read(a, buf_str(&v->answer), &root, NULL) == ERR_OK);
}

static void as_file(struct str s, struct visit *v) {
    struct diag d = {0};
    struct buf again;
    enum err e = visit_read(s, v, &d);
    invariant(e == ERR_OK || d.err == e);
    if (e != ERR_OK) return;
    buf_init(&again, VISIT_STORED_MAX);
    visit_put(&again, v);
    buf_fini(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    if (n == 0) return 0;
    struct str s = str_of(data + 1, n - 1);
    struct visit *v = visit_new();
    struct arena a;
    if (v == NULL) return 0;
    arena_init(&a, 1 << 20);
    if (data[0] == 'K') as_kiosk(&a, s, v);
    else if (data[0] == 'C') as_card(&a, s, v);
    else if (data[0] == 'Q') as_question(&a, s, v);
    else if (data[0] == 'A') as_answer(&a, s, v);
    else if (data[0] == 'S') as_scan(&a, s, v);
    else as_file(s, v);
    arena_fini(&a);
    visit_free(v);
    return 0;
}
