/* Any bytes as one of the smaller things that are stored (first byte: which): refused, or written again as they were. */
#include "core/audit_event.h"
#include "service/jobs.h"
#include "state/store/rows.h"
#include "state/store/ways_row.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void audit_event(struct str s, struct buf *b) {
    struct audit_event e;
    if (!audit_event_read(s, &e)) return;
    audit_event_put(b, &e);
    invariant(str_eq(buf_str(b), s));
    (void)audit_kind_ja(e.kind), (void)audit_door_name(e.door);
}

static void reference(struct str s, struct buf *b) {
    int64_t at;
    struct str key;
    if (!reference_row_read(s, &at, &key)) return;
    reference_row_put(b, at, key);
    invariant(str_eq(buf_str(b), s));
}

static void insurer(struct str s) {
    struct str name;
    if (insurer_row_read(s, &name)) invariant(name.n < s.n);
}

static void card(struct str s, struct buf *b) {
    struct str key = str_head(s, 40), value = str_skip(s, 40);
    struct card_registration c, of;
    char room[CARD_KEY_MAX];
    struct buf again = buf_over(room, sizeof room);
    if (card_of_key_read(key, &of)) {
        card_of_key_put(&again, &of);
        invariant(str_eq(buf_str(&again), key));
    }
    if (!card_row_read(key, value, &c)) return;
    card_row_put(b, &c);
    invariant(str_eq(buf_str(b), value));
    buf_reset(&again), card_key_put(&again, &c);
    invariant(str_eq(buf_str(&again), key));
}

static void ways(struct str s, struct buf *b) {
    struct ways w;
    if (!ways_row_read(s, &w)) return;
    ways_row_put(b, &w);
    invariant(str_eq(buf_str(b), s));
}

static void papers(struct str s, struct buf *b) {
    struct papers p;
    if (!papers_row_read(s, &p)) return;
    papers_row_put(b, &p);
    invariant(str_eq(buf_str(b), s));
}

static void reminder(struct str s, struct buf *b) {
    int64_t at;
    uint8_t channel;
    if (!reminder_row_read(s, &at, &channel)) return;
    reminder_row_put(b, at, channel);
    invariant(str_eq(buf_str(b), s));
}

/* As the row of a job, in a store of its own. */
static void job(struct str s) {
    struct store *store = NULL;
    struct store_txn *t = NULL;
    struct job j;
    struct buf text;
    buf_init(&text, 1 << 16);
    invariant(store_open(&store, &(struct store_settings){.home = STORE_HOME_DESK}, NULL) == ERR_OK);
    invariant(store_begin(store, &t, NULL) == ERR_OK);
    invariant(store_put(t, STORE_JOB, S("\0\0\0\0\0\0\0\x07reception"), s, NULL) == ERR_OK);
    invariant(store_commit(t, NULL) == ERR_OK);
    enum err e = job_find(store, (struct institution_code){7}, S("reception"), &j, NULL);
    invariant(e == ERR_OK || e == ERR_CORRUPT || e == ERR_LIMIT);
    e = job_next(store, &j, &text, NULL);
    invariant(e == ERR_NOT_FOUND || e == ERR_CORRUPT);
    e = jobs_sweep(store, 0, NULL);
    invariant(e == ERR_OK || e == ERR_CORRUPT);
    store_close(store);
    buf_fini(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    struct buf b;
    if (n == 0) return 0;
    struct str s = str_of(data + 1, n - 1);
    buf_init(&b, 1 << 20);
    switch (data[0] % 8) {
    case 0: audit_event(s, &b); break;
    case 1: reference(s, &b); break;
    case 2: insurer(s); break;
    case 3: job(s); break;
    case 4: card(s, &b); break;
    case 5: ways(s, &b); break;
    case 6: papers(s, &b); break;
    default: reminder(s, &b); break;
    }
    buf_fini(&b);
    return 0;
}
