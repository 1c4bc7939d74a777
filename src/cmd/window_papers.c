#include "cmd/window_papers.h"

#include "base/log.h"
#include "base/world.h"
#include "edge/paper/fetch.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct window_papers {
    struct client *client;
    char folder[PATH_MAX];
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t news;
    bool ending; /* under the mutex */
    bool silent; /* said once, not every minute */
};

/* The pages look at its time before each paper: keys are read anew only when one changed. */
static enum err stamp(struct window_papers *p, struct diag *d) {
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s/" WINDOW_PAPERS_STAMP, p->folder) >= PATH_MAX)
        return diag_set(d, ERR_LIMIT, p->folder, NULL);
    return world_replace_file(world_real(), path, S("\n"), 0600, d);
}

static enum err fetch_part(struct window_papers *p, struct paper_fetched *f, struct diag *d) {
    char path[64];
    const struct client_reply *r;
    struct buf b = buf_over(path, sizeof path - 1);
    buf_puts(&b, "/papers/insurers");
    if (f->last.n) buf_puts(&b, "?after="), insurer_number_put(&b, f->last);
    path[b.n] = 0;
    TRY(client_get(p->client, path, &r, d));
    if (r->status != 200) return diag_set(d, ERR_UNAVAILABLE, path, "status %d", r->status);
    return paper_fetch_take(world_real(), p->folder, buf_str(&r->body), f, d);
}

static enum err fetch(struct window_papers *p, struct paper_fetched *f, struct diag *d) {
    *f = (struct paper_fetched){.more = true};
    for (unsigned part = 0; f->more; part++) {
        if (part == PAPER_FETCH_PARTS_MAX) return diag_set(d, ERR_LIMIT, "papers", NULL);
        TRY(fetch_part(p, f, d));
    }
    return f->keys_changed ? stamp(p, d) : ERR_OK;
}

static bool fetch_and_say(struct window_papers *p) {
    struct paper_fetched f;
    struct diag d = {0};
    char insurers[16], refused[16];
    enum err e = fetch(p, &f, &d);
    if (e != ERR_OK && !p->silent)
        log_diag(LOG_WARNING, "keys and lists for checking papers could not be fetched; what is kept goes on counting",
                 &d);
    snprintf(insurers, sizeof insurers, "%u", f.insurers), snprintf(refused, sizeof refused, "%u", f.refused);
    if (e == ERR_OK && (p->silent || f.keys_changed || f.refused))
        log_line(f.refused ? LOG_WARNING : LOG_INFO, "keys and lists for checking papers are there", "insurers",
                 insurers, "not taken", refused, NULL);
    p->silent = e != ERR_OK;
    return e == ERR_OK;
}

/* False: it is over. */
static bool pause_s(struct window_papers *p, unsigned seconds) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += seconds;
    pthread_mutex_lock(&p->mutex);
    while (!p->ending && pthread_cond_timedwait(&p->news, &p->mutex, &until) != ETIMEDOUT) {}
    bool goes_on = !p->ending;
    pthread_mutex_unlock(&p->mutex);
    return goes_on;
}

static void *work(void *context) {
    struct window_papers *p = context;
    while (pause_s(p, fetch_and_say(p) ? WINDOW_PAPERS_EVERY_S : WINDOW_PAPERS_AGAIN_S)) {}
    return NULL;
}

static void init_clock(struct window_papers *p) {
    pthread_condattr_t a;
    pthread_condattr_init(&a);
    pthread_condattr_setclock(&a, CLOCK_MONOTONIC);
    pthread_cond_init(&p->news, &a);
    pthread_condattr_destroy(&a);
    pthread_mutex_init(&p->mutex, NULL);
}

/* Signals are for the thread that waits for them. */
static bool start_thread(struct window_papers *p) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(&p->thread, NULL, work, p) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

enum err window_papers_start(struct window_papers **out, const struct client_settings *centre, const char *folders,
                             struct diag *d) {
    struct window_papers *p = calloc(1, sizeof *p);
    if (p == NULL) return diag_set(d, ERR_MEMORY, "papers", NULL);
    init_clock(p);
    enum err e = snprintf(p->folder, sizeof p->folder, "%s/" WINDOW_PAPERS, folders) < PATH_MAX
                     ? world_make_folder(p->folder, d)
                     : diag_set(d, ERR_LIMIT, "--folders", NULL);
    if (e == ERR_OK) e = client_open(&p->client, centre, d);
    if (e == ERR_OK && !start_thread(p)) e = diag_set(d, ERR_MEMORY, "papers", NULL);
    if (e == ERR_OK) return *out = p, ERR_OK;
    client_close(p->client);
    free(p);
    return e;
}

void window_papers_stop(struct window_papers *p) {
    if (p == NULL) return;
    pthread_mutex_lock(&p->mutex);
    p->ending = true;
    pthread_cond_signal(&p->news);
    pthread_mutex_unlock(&p->mutex);
    pthread_join(p->thread, NULL);
    client_close(p->client);
    free(p);
}
