/* Any bytes as a line of alarms, as what the review page sends, and as a record of the log of decisions: refused, or something that keeps its promises. The
 * first byte picks which. */
#include "base/json.h"
#include "edge/review/alarm_line.h"
#include "edge/review/marks.h"
#include "edge/review/wish.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* What is shown of it is JSON, whatever stood in the line. */
static void show(struct arena *a, const struct alarm_side *x, const struct alarm_side *y) {
    struct buf out;
    struct json root;
    buf_init(&out, 4 << 20);
    buf_putc(&out, '[');
    marks_put(&out, FACT_NAME, x->name, y->name), buf_putc(&out, ',');
    marks_put(&out, FACT_KANA, x->kana, y->kana), buf_putc(&out, ',');
    marks_put(&out, FACT_BIRTH, x->birth, y->birth), buf_putc(&out, ',');
    marks_put(&out, FACT_ADDRESS, x->address, y->address), buf_putc(&out, ']');
    invariant(buf_ok(&out) && json_read(a, buf_str(&out), &root, NULL) == ERR_OK && json_count(root) == 4);
    buf_fini(&out);
}

static void as_alarm(struct arena *a, struct str s) {
    struct alarm *m = calloc(1, sizeof *m);
    struct diag d = {0};
    enum err e = m ? alarm_line_read(a, s, m, &d) : ERR_MEMORY;
    invariant(m == NULL || e == d.err);
    if (e == ERR_OK) {
        invariant(m->cause < ALARM_CAUSES && m->next < ALARM_NEXTS && m->wrong_ppm <= ALARM_CERTAIN);
        show(a, &m->record, &m->registry);
        for (size_t i = 0; i < m->other_count; i++) show(a, &m->record, &m->others[i].registry);
    }
    free(m);
}

static void as_event(struct str s) {
    struct review_event e;
    struct buf b;
    if (!review_event_read(s, &e)) return;
    buf_init(&b, REVIEW_EVENT_BYTES_MAX);
    review_event_put(&b, &e);
    invariant(buf_ok(&b) && str_eq(buf_str(&b), s));
    buf_fini(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    struct arena a;
    struct review_wish w;
    struct sign_in_words words;
    if (n == 0) return 0;
    struct str s = str_of(data + 1, n - 1);
    arena_init(&a, 16 << 20);
    if (data[0] == 'A') as_alarm(&a, s);
    else if (data[0] == 'E') as_event(s);
    else {
        if (review_wish_read(&a, s, &w) == ERR_OK)
            invariant(w.decision != DECISION_NONE && w.reason.n <= REVIEW_REASON_MAX);
        if (sign_in_read(&a, s, &words) == ERR_OK) invariant(words.name.n <= REVIEWER_NAME_MAX);
    }
    arena_fini(&a);
    return 0;
}
