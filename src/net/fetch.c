#include "net/fetch.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>

enum { POLL_MS = 1000 };

struct queue {
    struct fetch_job *first, *last;
};

struct fetch {
    CURLM *multi;
    pthread_t thread;
    pthread_mutex_t mutex;
    struct queue waiting, done;
    size_t out; /* jobs lent to us */
    bool stop;
    struct fetch_job *at_work; /* the thread's own */
    unsigned at_once;
};

static void push(struct queue *q, struct fetch_job *j) {
    j->next = NULL;
    if (q->last) q->last->next = j;
    else q->first = j;
    q->last = j;
}

static struct fetch_job *pop(struct queue *q) {
    struct fetch_job *j = q->first;
    if (j == NULL) return NULL;
    q->first = j->next;
    if (q->first == NULL) q->last = NULL;
    return j;
}

/* ---- one job, on the thread ---- */

static size_t take_body(char *p, size_t one, size_t n, void *context) {
    struct fetch_job *j = context;
    buf_put(&j->reply, str_of(p, one * n));
    return buf_ok(&j->reply) ? one * n : 0;
}

static bool set_line(CURL *h, const struct fetch_job *j) {
    return curl_easy_setopt(h, CURLOPT_URL, j->url) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, j->local ? "http,https,file" : "http,https") == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, (long)FETCH_CONNECT_MS) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, (long)(j->whole_ms ? j->whole_ms : FETCH_WHOLE_MS)) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_NOPROXY, "localhost,127.0.0.1,::1") == CURLE_OK;
}

static bool set_up(CURL *h, struct fetch_job *j) {
    bool ok = set_line(h, j) && curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
              curl_easy_setopt(h, CURLOPT_WRITEDATA, j) == CURLE_OK &&
              curl_easy_setopt(h, CURLOPT_PRIVATE, j) == CURLE_OK;
    if (!ok || j->content_type == NULL) return ok;
    char type[160];
    struct buf b = buf_over(type, sizeof type - 1);
    buf_printf(&b, "Content-Type: %s", j->content_type);
    type[b.n] = 0;
    j->headers = curl_slist_append(NULL, type);
    return j->headers && curl_easy_setopt(h, CURLOPT_HTTPHEADER, j->headers) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_POST, 1L) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_POSTFIELDS, j->body.p ? j->body.p : "") == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)j->body.n) == CURLE_OK;
}

static enum err error_of(const struct fetch_job *j, CURLcode code) {
    switch (code) {
    case CURLE_OK: return ERR_OK;
    case CURLE_OPERATION_TIMEDOUT: return ERR_TIMEOUT;
    case CURLE_WRITE_ERROR: return buf_ok(&j->reply) ? ERR_IO : ERR_LIMIT;
    case CURLE_OUT_OF_MEMORY: return ERR_MEMORY;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL: return ERR_VALUE;
    default: return ERR_UNAVAILABLE;
    }
}

static void hand_back(struct fetch *f, struct fetch_job *j, enum err e) {
    if (j->easy) curl_easy_cleanup(j->easy);
    curl_slist_free_all(j->headers);
    j->easy = j->headers = NULL, j->err = e;
    pthread_mutex_lock(&f->mutex);
    push(&f->done, j);
    pthread_mutex_unlock(&f->mutex);
}

static void begin(struct fetch *f, struct fetch_job *j) {
    j->easy = curl_easy_init();
    if (j->easy && set_up(j->easy, j) && curl_multi_add_handle(f->multi, j->easy) == CURLM_OK) {
        j->next = f->at_work, f->at_work = j;
        f->at_once++;
        return;
    }
    hand_back(f, j, ERR_MEMORY);
}

static void end(struct fetch *f, struct fetch_job *j, enum err e) {
    struct fetch_job **at = &f->at_work;
    while (*at != j) at = &(*at)->next;
    *at = j->next;
    f->at_once--;
    long status = 0;
    (void)curl_easy_getinfo(j->easy, CURLINFO_RESPONSE_CODE, &status);
    j->status = status ? (int)status : e == ERR_OK ? 200 : 0;
    (void)curl_multi_remove_handle(f->multi, j->easy);
    hand_back(f, j, e);
}

static bool begin_waiting(struct fetch *f) {
    pthread_mutex_lock(&f->mutex);
    bool stop = f->stop;
    struct fetch_job *j = stop || f->at_once >= FETCH_AT_ONCE_MAX ? NULL : pop(&f->waiting);
    pthread_mutex_unlock(&f->mutex);
    if (j) begin(f, j);
    return j != NULL;
}

static bool stopped(struct fetch *f) {
    pthread_mutex_lock(&f->mutex);
    bool stop = f->stop;
    pthread_mutex_unlock(&f->mutex);
    return stop;
}

static void *work(void *context) {
    struct fetch *f = context;
    while (!stopped(f)) {
        int running = 0, left = 0;
        while (begin_waiting(f)) {}
        (void)curl_multi_perform(f->multi, &running);
        for (CURLMsg *m; (m = curl_multi_info_read(f->multi, &left));) {
            struct fetch_job *j = NULL;
            if (m->msg != CURLMSG_DONE) continue;
            CURLcode code = m->data.result;
            (void)curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&j);
            end(f, j, error_of(j, code));
        }
        if (!begin_waiting(f)) (void)curl_multi_poll(f->multi, NULL, 0, POLL_MS, NULL);
    }
    while (f->at_work) end(f, f->at_work, ERR_UNAVAILABLE);
    return NULL;
}

/* ---- the caller's side ---- */

enum err fetch_open(struct fetch **out, struct diag *d) {
    struct fetch *f = calloc(1, sizeof *f);
    if (f == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return free(f), diag_set(d, ERR_MEMORY, "fetch", NULL);
    pthread_mutex_init(&f->mutex, NULL);
    f->multi = curl_multi_init();
    if (f->multi && pthread_create(&f->thread, NULL, work, f) == 0) return *out = f, ERR_OK;
    if (f->multi) (void)curl_multi_cleanup(f->multi);
    curl_global_cleanup();
    pthread_mutex_destroy(&f->mutex);
    free(f);
    return diag_set(d, ERR_MEMORY, "fetch", NULL);
}

void fetch_close(struct fetch *f) {
    if (f == NULL) return;
    pthread_mutex_lock(&f->mutex);
    f->stop = true;
    pthread_mutex_unlock(&f->mutex);
    (void)curl_multi_wakeup(f->multi);
    pthread_join(f->thread, NULL);
    (void)curl_multi_cleanup(f->multi);
    curl_global_cleanup();
    pthread_mutex_destroy(&f->mutex);
    free(f);
}

enum err fetch_start(struct fetch *f, struct fetch_job *job) {
    pthread_mutex_lock(&f->mutex);
    bool full = f->out >= FETCH_QUEUE_MAX;
    if (!full) push(&f->waiting, job), f->out++;
    pthread_mutex_unlock(&f->mutex);
    if (full) return ERR_BUSY;
    (void)curl_multi_wakeup(f->multi);
    return ERR_OK;
}

struct fetch_job *fetch_take(struct fetch *f) {
    pthread_mutex_lock(&f->mutex);
    struct fetch_job *j = pop(&f->done);
    if (j) f->out--;
    pthread_mutex_unlock(&f->mutex);
    return j;
}
