#include "service/review/side_work.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

struct side_list {
    struct side_job *first, *last;
};

struct side_work {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t work;
    struct side_list waiting, worked;
    size_t owed; /* put, not collected */
    bool stopping;
    void (*wake)(void *context);
    void *context;
};

static void push(struct side_list *l, struct side_job *job) {
    job->next = NULL;
    if (l->last) l->last->next = job;
    else l->first = job;
    l->last = job;
}

static struct side_job *pop(struct side_list *l) {
    struct side_job *job = l->first;
    if (job == NULL) return NULL;
    l->first = job->next;
    if (l->first == NULL) l->last = NULL;
    return job;
}

static struct side_job *next_job(struct side_work *s) {
    struct side_job *job = NULL;
    pthread_mutex_lock(&s->lock);
    while (!s->stopping && (job = pop(&s->waiting)) == NULL) pthread_cond_wait(&s->work, &s->lock);
    pthread_mutex_unlock(&s->lock);
    return job;
}

static void *run(void *context) {
    struct side_work *s = context;
    for (struct side_job *job; (job = next_job(s));) {
        job->work(job);
        pthread_mutex_lock(&s->lock);
        push(&s->worked, job);
        pthread_mutex_unlock(&s->lock);
        s->wake(s->context);
    }
    return NULL;
}

enum err side_work_open(struct side_work **out, void (*wake)(void *context), void *context, struct diag *d) {
    sigset_t all, before;
    struct side_work *s = calloc(1, sizeof *s);
    if (s == NULL) return diag_set(d, ERR_MEMORY, "thread", NULL);
    s->wake = wake, s->context = context;
    invariant(pthread_mutex_init(&s->lock, NULL) == 0 && pthread_cond_init(&s->work, NULL) == 0);
    sigfillset(&all); /* signals are the loop's */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&s->thread, NULL, run, s);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed == 0) return *out = s, ERR_OK;
    pthread_cond_destroy(&s->work);
    pthread_mutex_destroy(&s->lock);
    free(s);
    return diag_set(d, ERR_MEMORY, "thread", NULL);
}

static void drop(struct side_list *l) {
    for (struct side_job *job; (job = pop(l));)
        if (job->dropped) job->dropped(job);
}

void side_work_close(struct side_work *s) {
    if (s == NULL) return;
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    pthread_cond_signal(&s->work);
    pthread_mutex_unlock(&s->lock);
    pthread_join(s->thread, NULL);
    drop(&s->worked), drop(&s->waiting);
    pthread_cond_destroy(&s->work);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

void side_work_put(struct side_work *s, struct side_job *job) {
    pthread_mutex_lock(&s->lock);
    push(&s->waiting, job);
    s->owed++;
    pthread_cond_signal(&s->work);
    pthread_mutex_unlock(&s->lock);
}

size_t side_work_collect(struct side_work *s) {
    size_t n = 0;
    for (;; n++) {
        pthread_mutex_lock(&s->lock);
        struct side_job *job = pop(&s->worked);
        if (job) s->owed--;
        pthread_mutex_unlock(&s->lock);
        if (job == NULL) return n;
        job->done(job);
    }
}

bool side_work_idle(struct side_work *s) {
    pthread_mutex_lock(&s->lock);
    bool idle = s->owed == 0;
    pthread_mutex_unlock(&s->lock);
    return idle;
}
