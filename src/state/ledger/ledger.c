#include "state/ledger/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum { FIRST_BATCH = 64 << 10 }; /* bytes of both batches from the start: a busy ledger then never allocates */

void ticket_push(struct ticket_list *l, struct ledger_ticket *t) {
    t->next = NULL;
    if (l->last) l->last->next = t;
    else l->first = t;
    l->last = t;
}

struct ledger_ticket *ticket_pop(struct ticket_list *l) {
    struct ledger_ticket *t = l->first;
    invariant(t != NULL);
    l->first = t->next;
    if (l->first == NULL) l->last = NULL;
    return t;
}

void batch_reset(struct batch *b) {
    b->bytes.n = COMMIT_HEADER;
    b->tickets = (struct ticket_list){0};
    b->count = 0;
}

static bool batch_init(struct batch *b) {
    buf_init(&b->bytes, COMMIT_HEADER + LEDGER_QUEUE_BYTES + COMMIT_TRAILER_MAX);
    bool ok = buf_room(&b->bytes, FIRST_BATCH) != NULL;
    batch_reset(b);
    return ok;
}

/* mkdir -p through the world, each new folder made durable in its parent. */
static enum err make_folder(struct world *w, const char *path, struct diag *d) {
    char part[SEGMENT_PATH_MAX], parent[SEGMENT_PATH_MAX] = ".";
    size_t n = strlen(path);
    if (n == 0 || n >= sizeof part) return diag_set(d, ERR_LIMIT, "path", NULL);
    memcpy(part, path, n + 1);
    for (size_t i = 1; i <= n; i++) {
        if (part[i] != '/' && part[i] != 0) continue;
        char was = part[i];
        part[i] = 0;
        if (w->mkdir(w, part, 0700) == 0) {
            if (w->sync_folder(w, parent) != 0) return diag_errno(d, parent);
        } else if (errno != EEXIST) return diag_errno(d, part);
        memcpy(parent, part, i + 1);
        part[i] = was;
    }
    return ERR_OK;
}

static enum err take_lock(struct ledger *l, struct diag *d) {
    char path[SEGMENT_PATH_MAX];
    TRY(segment_path(path, l->folder, l->writer, 0, "", d));
    TRY(make_folder(l->w, path, d));
    TRY(segment_path(path, l->folder, l->writer, 0, "lock", d));
    l->lock_fd = l->w->open(l->w, path, O_RDWR | O_CREAT, 0600);
    if (l->lock_fd < 0) return diag_errno(d, path);
    if (l->w->lock(l->w, l->lock_fd) == 0) return ERR_OK;
    return errno == EWOULDBLOCK ? diag_set(d, ERR_LOCKED, path, NULL) : diag_errno(d, path);
}

static enum err start_thread(pthread_t *thread, void *(*run)(void *), struct ledger *l, struct diag *d) {
    return pthread_create(thread, NULL, run, l) == 0 ? ERR_OK : diag_set(d, ERR_MEMORY, "thread", NULL);
}

static void stop(struct ledger *l) {
    pthread_mutex_lock(&l->lock);
    l->stopping = true;
    pthread_cond_broadcast(&l->work);
    pthread_cond_broadcast(&l->prepare);
    pthread_mutex_unlock(&l->lock);
}

/* Signals belong to the program's own thread. */
static enum err start_threads(struct ledger *l, struct diag *d) {
    sigset_t all, was;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &was);
    enum err e = start_thread(&l->helper_thread, spare_main, l, d);
    if (e == ERR_OK && (e = start_thread(&l->commit_thread, commit_main, l, d)) != ERR_OK) {
        stop(l);
        pthread_join(l->helper_thread, NULL);
    }
    pthread_sigmask(SIG_SETMASK, &was, NULL);
    return e;
}

static void release(struct ledger *l) {
    if (l->fd >= 0) l->w->close(l->w, l->fd);
    if (l->spare == SPARE_READY) l->w->close(l->w, l->spare_fd);
    if (l->lock_fd >= 0) l->w->close(l->w, l->lock_fd);
    pthread_cond_destroy(&l->prepare);
    pthread_cond_destroy(&l->progress);
    pthread_cond_destroy(&l->work);
    pthread_mutex_destroy(&l->lock);
    buf_fini(&l->gathering.bytes);
    buf_fini(&l->committing.bytes);
    hash_fini(&l->hash);
    free(l);
}

static enum err init(struct ledger *l, struct world *w, const struct ledger_settings *s, struct diag *d) {
    pthread_condattr_t steady;
    *l = (struct ledger){.w = w, .fd = -1, .lock_fd = -1, .wake = s->wake, .wake_context = s->wake_context};
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->work, NULL);
    pthread_cond_init(&l->progress, NULL);
    pthread_cond_init(&l->prepare, &steady);
    pthread_condattr_destroy(&steady);
    l->segment_bytes = s->segment_bytes ? s->segment_bytes : LEDGER_SEGMENT_DEFAULT;
    if (!writer_name_valid(s->writer))
        return diag_set(d, ERR_VALUE, "writer", "a-z 0-9 -, at most %d", LEDGER_WRITER_MAX);
    if (l->segment_bytes < LEDGER_SEGMENT_MIN || l->segment_bytes > SEGMENT_BYTES_MAX)
        return diag_set(d, ERR_VALUE, "segment_bytes", NULL);
    memcpy(l->writer, s->writer, strlen(s->writer) + 1);
    if (snprintf(l->folder, sizeof l->folder, "%s", s->folder) >= (int)sizeof l->folder)
        return diag_set(d, ERR_LIMIT, "folder", NULL);
    TRY(hash_init(&l->hash, d));
    bool memory = batch_init(&l->gathering);
    memory = batch_init(&l->committing) && memory;
    return memory ? ERR_OK : diag_set(d, ERR_MEMORY, "ledger", NULL);
}

enum err ledger_open(struct ledger **out, struct world *w, const struct ledger_settings *s, struct diag *d) {
    *out = NULL;
    struct ledger *l = malloc(sizeof *l);
    if (l == NULL) return diag_set(d, ERR_MEMORY, "ledger", NULL);
    enum err e = init(l, w, s, d);
    if (e == ERR_OK) e = take_lock(l, d);
    if (e == ERR_OK) e = ledger_recover(l, d);
    if (e == ERR_OK) e = start_threads(l, d);
    if (e == ERR_OK) *out = l;
    else release(l);
    return e;
}

void ledger_close(struct ledger *l) {
    if (l == NULL) return;
    ledger_drain(l);
    stop(l);
    pthread_join(l->commit_thread, NULL);
    pthread_join(l->helper_thread, NULL);
    release(l);
}

static enum err refusal(const struct ledger *l, size_t n) {
    if (l->broken != ERR_OK) return l->broken;
    if (l->figures.full) return l->spare_err;
    if (l->owed >= LEDGER_QUEUE_MAX || l->gathering.bytes.n + n > COMMIT_HEADER + LEDGER_QUEUE_BYTES) return ERR_BUSY;
    return ERR_OK;
}

static enum err take_record(struct ledger *l, struct ledger_ticket *t, struct str record) {
    TRY(refusal(l, RECORD_PREFIX + record.n));
    char *to = buf_room(&l->gathering.bytes, RECORD_PREFIX + record.n);
    if (to == NULL) {
        l->gathering.bytes.broken = false; /* what it holds is whole */
        return ERR_MEMORY;
    }
    put_u32(to, (uint32_t)record.n);
    memcpy(to + RECORD_PREFIX, record.p, record.n);
    l->gathering.bytes.n += RECORD_PREFIX + record.n;
    ticket_push(&l->gathering.tickets, t);
    l->gathering.count++, l->owed++;
    return ERR_OK;
}

enum err ledger_append(struct ledger *l, struct ledger_ticket *t, struct str record) {
    if (record.n == 0 || record.n > LEDGER_RECORD_MAX) return ERR_LIMIT;
    pthread_mutex_lock(&l->lock);
    enum err e = take_record(l, t, record);
    pthread_mutex_unlock(&l->lock);
    return e;
}

void ledger_flush(struct ledger *l) {
    pthread_mutex_lock(&l->lock);
    if (l->gathering.count && !l->flushed) {
        l->flushed = true;
        pthread_cond_signal(&l->work);
    }
    pthread_mutex_unlock(&l->lock);
}

size_t ledger_collect(struct ledger *l) {
    pthread_mutex_lock(&l->lock);
    struct ticket_list done = l->completed;
    l->completed = (struct ticket_list){0};
    pthread_mutex_unlock(&l->lock);
    size_t count = 0;
    for (struct ledger_ticket *t = done.first; t; t = t->next, count++)
        __builtin_prefetch(t + 1); /* what its owner keeps beside it will be needed at once */
    pthread_mutex_lock(&l->lock);
    l->owed -= count; /* before done(): it may append */
    pthread_mutex_unlock(&l->lock);
    for (size_t i = 0; i < count; i++) {
        struct ledger_ticket *t = ticket_pop(&done);
        t->done(t);
    }
    return count;
}

void ledger_drain(struct ledger *l) {
    for (size_t owed = 1; owed;) {
        ledger_flush(l);
        (void)ledger_collect(l);
        pthread_mutex_lock(&l->lock);
        while (l->owed && l->completed.first == NULL && (l->gathering.count == 0 || l->flushed))
            pthread_cond_wait(&l->progress, &l->lock);
        owed = l->owed;
        pthread_mutex_unlock(&l->lock);
    }
}

struct ledger_figures ledger_figures(struct ledger *l) {
    pthread_mutex_lock(&l->lock);
    struct ledger_figures f = l->figures;
    f.waiting = l->owed;
    f.preparing = l->spare == SPARE_WANTED;
    f.broken = l->broken != ERR_OK;
    pthread_mutex_unlock(&l->lock);
    return f;
}
