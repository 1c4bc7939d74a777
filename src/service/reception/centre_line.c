#include "service/reception/centre_line.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct queue {
    struct centre_reply *first, *last;
    size_t count;
};

struct lane {
    pthread_t thread;
    struct centre_line *line;
    unsigned number;
    bool idle;
};

struct centre_line {
    struct lane lanes[CENTRE_LANES];
    unsigned started;
    pthread_mutex_t mutex;
    pthread_cond_t more;
    struct queue waiting, answered;
    bool stop;
    struct centre_asker asker;
    void (*wake)(void *context);
    void *context;
};

static void push(struct queue *q, struct centre_reply *r) {
    r->next = NULL;
    if (q->last) q->last->next = r;
    else q->first = r;
    q->last = r;
    q->count++;
}

static struct centre_reply *pop(struct queue *q) {
    struct centre_reply *r = q->first;
    if (r == NULL) return NULL;
    q->first = r->next;
    if (q->first == NULL) q->last = NULL;
    q->count--;
    return r;
}

static void drop(struct queue *q) {
    for (struct centre_reply *r; (r = pop(q));) centre_reply_free(r);
}

void centre_reply_free(struct centre_reply *r) {
    buf_fini(&r->body), buf_fini(&r->message);
    free(r);
}

static void ask(struct lane *lane, struct centre_reply *r) {
    const struct centre_asker *a = &lane->line->asker;
    struct str body;
    struct diag d;
    r->err = a->ask(a->context, lane->number, buf_str(&r->message), &r->status, &body, &d);
    if (r->err != ERR_OK) return;
    buf_put(&r->body, body);
    if (!buf_ok(&r->body)) r->err = ERR_LIMIT;
}

/* With the mutex. */
static void wait_a_tick(struct centre_line *l) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += CENTRE_TICK_MS * 1000000L;
    if (until.tv_nsec >= 1000000000L) until.tv_sec++, until.tv_nsec -= 1000000000L;
    (void)pthread_cond_timedwait(&l->more, &l->mutex, &until);
}

/* With the mutex. The lanes before this one come first, so that no connection is opened that is not needed. */
static size_t idle_before(const struct lane *lane) {
    size_t n = 0;
    for (unsigned i = 0; i < lane->number; i++) n += lane->line->lanes[i].idle;
    return n;
}

static void *work(void *context) {
    struct lane *lane = context;
    struct centre_line *l = lane->line;
    pthread_mutex_lock(&l->mutex);
    while (!l->stop) {
        if (l->waiting.count > idle_before(lane)) {
            struct centre_reply *r = pop(&l->waiting);
            lane->idle = false;
            pthread_mutex_unlock(&l->mutex);
            ask(lane, r);
            pthread_mutex_lock(&l->mutex);
            lane->idle = true;
            push(&l->answered, r);
        } else {
            wait_a_tick(l);
            if (idle_before(lane) > 0) continue; /* one idle lane's clock is enough */
        }
        l->wake(l->context);
    }
    pthread_mutex_unlock(&l->mutex);
    return NULL;
}

static bool start(struct centre_line *l) {
    pthread_condattr_t steady;
    pthread_mutex_init(&l->mutex, NULL);
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&l->more, &steady);
    pthread_condattr_destroy(&steady);
    for (unsigned i = 0; i < CENTRE_LANES; i++) l->lanes[i] = (struct lane){.line = l, .number = i, .idle = true};
    for (; l->started < CENTRE_LANES; l->started++) {
        struct lane *lane = &l->lanes[l->started];
        if (pthread_create(&lane->thread, NULL, work, lane) != 0) return false;
    }
    return true;
}

static void end(struct centre_line *l) {
    pthread_mutex_lock(&l->mutex);
    l->stop = true;
    pthread_cond_broadcast(&l->more);
    pthread_mutex_unlock(&l->mutex);
    for (unsigned i = 0; i < l->started; i++) pthread_join(l->lanes[i].thread, NULL);
    pthread_cond_destroy(&l->more), pthread_mutex_destroy(&l->mutex);
}

enum err centre_line_open(struct centre_line **out, const struct centre_asker *asker, void (*wake)(void *context),
                          void *context, struct diag *d) {
    struct centre_line *l = calloc(1, sizeof *l);
    if (l == NULL) return diag_set(d, ERR_MEMORY, "line", NULL);
    l->asker = *asker, l->wake = wake, l->context = context;
    if (start(l)) return *out = l, ERR_OK;
    end(l);
    free(l);
    return diag_set(d, ERR_MEMORY, "thread", NULL);
}

void centre_line_close(struct centre_line *l) {
    if (l == NULL) return;
    end(l);
    drop(&l->waiting), drop(&l->answered);
    free(l);
}

static struct centre_reply *new_reply(const char *id, struct str message) {
    struct centre_reply *r = calloc(1, sizeof *r);
    if (r == NULL) return NULL;
    memcpy(r->id, id, VISIT_ID);
    buf_init(&r->body, CENTRE_REPLY_MAX), buf_init(&r->message, CENTRE_REPLY_MAX);
    buf_put(&r->message, message);
    if (buf_ok(&r->message)) return r;
    centre_reply_free(r);
    return NULL;
}

enum err centre_line_ask(struct centre_line *l, const char *id, struct str message) {
    struct centre_reply *r = new_reply(id, message);
    if (r == NULL) return ERR_MEMORY;
    pthread_mutex_lock(&l->mutex);
    bool full = l->waiting.count >= CENTRE_QUEUE_MAX;
    if (!full) push(&l->waiting, r);
    pthread_cond_broadcast(&l->more);
    pthread_mutex_unlock(&l->mutex);
    if (full) centre_reply_free(r);
    return full ? ERR_BUSY : ERR_OK;
}

struct centre_reply *centre_line_take(struct centre_line *l) {
    pthread_mutex_lock(&l->mutex);
    struct centre_reply *r = pop(&l->answered);
    pthread_mutex_unlock(&l->mutex);
    return r;
}
