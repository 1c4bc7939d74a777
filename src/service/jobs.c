#include "service/jobs.h"

#include "base/scan.h"
#include "base/world.h"
#include "core/day.h"
#include "state/store/store_key.h"

#include <stdio.h>
#include <string.h>

enum { JOB_VERSION = 1, KEY_MAX = 8 + RECEPTION_MAX, ROW_MAX = 128 };

static struct buf key_of(char room[KEY_MAX], struct institution_code institution, struct str reception) {
    struct buf b = buf_over(room, KEY_MAX);
    buf_u64_big(&b, institution.n);
    buf_put(&b, reception);
    return b;
}

static void row_put(struct buf *b, const struct job *j) {
    buf_u8(b, JOB_VERSION);
    buf_u8(b, (uint8_t)j->state);
    buf_u8(b, (uint8_t)j->kind);
    buf_u64(b, (uint64_t)j->submitted_us);
    buf_u32(b, (uint32_t)j->on.n);
    buf_u32(b, j->processed), buf_u32(b, j->normal), buf_u32(b, j->errors);
    buf_put(b, str_of(j->id, sizeof j->id));
}

static bool row_read(struct store_row row, struct job *j) {
    struct scan k = scan_of(row.key), s = scan_of(row.value);
    uint8_t version = 0, state = 0, kind = 0;
    uint32_t on = 0;
    uint64_t institution = 0, at = 0;
    struct str id;
    if (!scan_u64(&k, &institution) || !str_to_c(scan_rest(&k), j->reception, sizeof j->reception)) return false;
    if (!scan_u8(&s, &version) || version != JOB_VERSION || !scan_u8(&s, &state) || !scan_u8(&s, &kind) ||
        !scan_u64(&s, &at) || !scan_u32(&s, &on) || !scan_u32(&s, &j->processed) || !scan_u32(&s, &j->normal) ||
        !scan_u32(&s, &j->errors) || !scan_take(&s, sizeof j->id, &id) || !scan_end(&s))
        return false;
    j->institution.n = __builtin_bswap64(institution);
    j->state = state, j->kind = kind, j->submitted_us = (int64_t)at, j->on.n = (int32_t)on;
    memcpy(j->id, id.p, id.n);
    return true;
}

static enum err write_job(struct store_txn *t, const struct job *j, const struct str *text, struct diag *d) {
    char key_room[KEY_MAX], row_room[ROW_MAX];
    struct buf key = key_of(key_room, j->institution, str_c(j->reception)), row = buf_over(row_room, sizeof row_room);
    row_put(&row, j);
    TRY(store_put(t, STORE_JOB, buf_str(&key), buf_str(&row), d));
    if (text) return store_put(t, STORE_JOB_TEXT, buf_str(&key), *text, d);
    return store_del(t, STORE_JOB_TEXT, buf_str(&key), d);
}

static enum err write_alone(struct store *s, const struct job *j, const struct str *text, struct diag *d) {
    struct store_txn *t = NULL;
    TRY(store_begin(s, &t, d));
    enum err e = write_job(t, j, text, d);
    if (e == ERR_OK) return store_commit(t, d);
    store_abort(t);
    return e;
}

/* Walks jobs (of one institution, or all with n 0) until `each` says stop. */
struct walk {
    bool (*each)(struct walk *w, const struct job *j, struct store_txn *t);
    void *context;
    enum err err;
};

static enum err walk_jobs(struct store_txn *t, struct institution_code of, struct walk *w, struct diag *d) {
    char room[KEY_MAX];
    struct buf from = key_of(room, of, S(""));
    struct store_row row;
    enum err e;
    bool after = false;
    if (of.n == 0) buf_cut(&from, 0);
    size_t prefix = from.n;
    while ((e = store_seek(t, STORE_JOB, buf_str(&from), after, &row, d)) == ERR_OK &&
           str_starts(row.key, str_of(room, prefix))) {
        struct job j = {0};
        if (!row_read(row, &j)) return diag_set(d, ERR_CORRUPT, "job", NULL);
        buf_cut(&from, 0);
        buf_put(&from, row.key);
        after = true;
        if (!w->each(w, &j, t)) break;
        if (w->err != ERR_OK) return w->err;
    }
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* ---- taking in ---- */

static bool count_waiting(struct walk *w, const struct job *j, struct store_txn *t) {
    (void)t;
    *(unsigned *)w->context += j->state != JOB_HANDED_OUT;
    return true;
}

static void new_reception(struct job *j, struct world *w) {
    uint64_t random = 0;
    struct buf b = buf_over(j->reception, RECEPTION_MAX);
    w->random(w, &random, sizeof random);
    w->random(w, j->id, sizeof j->id);
    time_put_field(&b, j->submitted_us);
    buf_uint_pad(&b, random % 1000000000000ull, 12);
    invariant(buf_ok(&b));
    j->reception[b.n] = 0;
}

enum err job_submit(struct store *s, struct world *w, struct job *job, struct str asked, struct diag *d) {
    struct store_txn *t = NULL;
    unsigned waiting = 0;
    struct walk count = {.each = count_waiting, .context = &waiting};
    job->state = JOB_WAITING;
    new_reception(job, w);
    TRY(store_begin(s, &t, d));
    enum err e = walk_jobs(t, job->institution, &count, d);
    if (e == ERR_OK && waiting >= JOBS_WAITING_MAX)
        e = diag_set(d, ERR_BUSY, "ReceptionNumber", "%d jobs of this institution wait to be fetched",
                     JOBS_WAITING_MAX);
    if (e == ERR_OK) e = write_job(t, job, &asked, d);
    if (e == ERR_OK) return store_commit(t, d);
    store_abort(t);
    return e;
}

/* ---- finding, answering, handing out ---- */

enum err job_find(struct store *s, struct institution_code institution, struct str reception, struct job *out,
                  struct diag *d) {
    char key_room[KEY_MAX], row_room[ROW_MAX];
    if (reception.n == 0 || reception.n > RECEPTION_MAX) return diag_set(d, ERR_NOT_FOUND, "ReceptionNumber", NULL);
    struct buf key = key_of(key_room, institution, reception), row;
    buf_init(&row, sizeof row_room);
    enum err e = store_get(s, STORE_JOB, buf_str(&key), &row, d);
    if (e == ERR_NOT_FOUND) e = diag_set(d, ERR_NOT_FOUND, "ReceptionNumber", NULL);
    if (e == ERR_OK && !row_read((struct store_row){buf_str(&key), buf_str(&row)}, out))
        e = diag_set(d, ERR_CORRUPT, "job", NULL);
    buf_fini(&row);
    return e;
}

static bool older_waiting(struct walk *w, const struct job *j, struct store_txn *t) {
    struct job *best = w->context;
    (void)t;
    if (j->state == JOB_WAITING && (best->state == 0 || j->submitted_us < best->submitted_us)) *best = *j;
    return true;
}

static enum err text_of(struct store *s, const struct job *j, struct buf *out, struct diag *d) {
    char room[KEY_MAX];
    struct buf key = key_of(room, j->institution, str_c(j->reception));
    return store_get(s, STORE_JOB_TEXT, buf_str(&key), out, d);
}

enum err job_next(struct store *s, struct job *out, struct buf *asked, struct diag *d) {
    struct store_txn *t = NULL;
    *out = (struct job){0};
    struct walk oldest = {.each = older_waiting, .context = out};
    TRY(store_begin(s, &t, d));
    enum err e = walk_jobs(t, (struct institution_code){0}, &oldest, d);
    store_abort(t);
    if (e != ERR_OK) return e;
    return out->state == JOB_WAITING ? text_of(s, out, asked, d) : ERR_NOT_FOUND;
}

enum err job_answer(struct store *s, const struct job *job, struct str answered, struct diag *d) {
    struct job done = *job;
    done.state = JOB_ANSWERED;
    return write_alone(s, &done, &answered, d);
}

enum err job_hand_out(struct store *s, struct job *job, struct buf *answered, struct diag *d) {
    if (job->state == JOB_WAITING) return diag_set(d, ERR_PENDING, "ReceptionNumber", NULL);
    if (job->state == JOB_HANDED_OUT) return diag_set(d, ERR_HANDED_OUT, "ReceptionNumber", NULL);
    TRY(text_of(s, job, answered, d));
    job->state = JOB_HANDED_OUT;
    return write_alone(s, job, NULL, d);
}

/* ---- forgetting ---- */

struct sweep {
    int64_t before_us;
    struct diag *d;
};

static bool forget_old(struct walk *w, const struct job *j, struct store_txn *t) {
    char room[KEY_MAX];
    const struct sweep *s = w->context;
    if (j->submitted_us >= s->before_us) return true;
    struct buf key = key_of(room, j->institution, str_c(j->reception));
    w->err = store_del(t, STORE_JOB, buf_str(&key), s->d);
    if (w->err == ERR_OK) w->err = store_del(t, STORE_JOB_TEXT, buf_str(&key), s->d);
    return true;
}

enum err jobs_sweep(struct store *s, int64_t now_us, struct diag *d) {
    struct store_txn *t = NULL;
    struct sweep sweep = {.before_us = now_us - (int64_t)JOB_DAYS * 86400 * 1000000, .d = d};
    struct walk w = {.each = forget_old, .context = &sweep};
    TRY(store_begin(s, &t, d));
    enum err e = walk_jobs(t, (struct institution_code){0}, &w, d);
    if (e == ERR_OK) return store_commit(t, d);
    store_abort(t);
    return e;
}
