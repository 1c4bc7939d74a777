#include "net/client.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

enum { ADDRESS_MAX = 1024 };

struct client {
    CURL *curl;
    char centre[ADDRESS_MAX / 2], fault[CURL_ERROR_SIZE];
    struct client_reply reply;
};

static size_t take_body(char *p, size_t one, size_t n, void *context) {
    struct client *c = context;
    buf_put(&c->reply.body, str_of(p, one * n));
    return buf_ok(&c->reply.body) ? one * n : 0;
}

static bool set_line(CURL *h, const struct client_settings *s) {
    long connect_ms = (long)(s->connect_ms ? s->connect_ms : CLIENT_CONNECT_MS);
    long answer_ms = (long)(s->answer_ms ? s->answer_ms : CLIENT_ANSWER_MS);
    return curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, connect_ms) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, answer_ms) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_TCP_KEEPALIVE, 1L) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_MAXAGE_CONN, (long)CLIENT_IDLE_S) == CURLE_OK &&
           /* One question at a time on a line: HTTP/2 would gain nothing and cost more (goals: limits). */
           curl_easy_setopt(h, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_NOPROXY, "localhost,127.0.0.1,::1") == CURLE_OK;
}

static bool set_tls(CURL *h, const struct client_settings *s) {
    return curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "https") == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_CAINFO, s->ca) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_CAPATH, NULL) == CURLE_OK && /* the centre's authority, and no other */
           curl_easy_setopt(h, CURLOPT_SSLCERT, s->certificate) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_SSLKEY, s->key) == CURLE_OK;
}

static bool set_callbacks(struct client *c) {
    return curl_easy_setopt(c->curl, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
           curl_easy_setopt(c->curl, CURLOPT_WRITEDATA, c) == CURLE_OK &&
           curl_easy_setopt(c->curl, CURLOPT_ERRORBUFFER, c->fault) == CURLE_OK;
}

enum err client_open(struct client **out, const struct client_settings *s, struct diag *d) {
    struct str centre = str_c(s->centre);
    if (str_ends(centre, S("/"))) centre.n--;
    if (!str_starts(centre, S("https://")) || centre.n == 8)
        return diag_set(d, ERR_VALUE, "centre", "https://HOST:PORT");
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return diag_set(d, ERR_MEMORY, "centre", NULL);
    struct client *c = calloc(1, sizeof *c);
    if (c == NULL) {
        curl_global_cleanup();
        return diag_set(d, ERR_MEMORY, "centre", NULL);
    }
    buf_init(&c->reply.body, s->reply_max ? s->reply_max : CLIENT_REPLY_MAX);
    c->curl = curl_easy_init();
    bool fits = str_to_c(centre, c->centre, sizeof c->centre);
    if (!fits || c->curl == NULL || !set_line(c->curl, s) || !set_tls(c->curl, s) || !set_callbacks(c)) {
        client_close(c);
        return fits ? diag_set(d, ERR_MEMORY, "centre", NULL) : diag_set(d, ERR_LIMIT, "centre", NULL);
    }
    *out = c;
    return ERR_OK;
}

void client_close(struct client *c) {
    if (c == NULL) return;
    curl_easy_cleanup(c->curl);
    curl_global_cleanup();
    buf_fini(&c->reply.body);
    free(c);
}

/* Whether the line stood: then a wait that ended was for the answer. */
static bool was_connected(CURL *h) {
    curl_off_t tls_us = 0;
    long fresh = 0;
    (void)curl_easy_getinfo(h, CURLINFO_APPCONNECT_TIME_T, &tls_us);
    (void)curl_easy_getinfo(h, CURLINFO_NUM_CONNECTS, &fresh);
    return tls_us > 0 || fresh == 0;
}

static enum err error_of(const struct client *c, CURLcode code) {
    switch (code) {
    case CURLE_OPERATION_TIMEDOUT: return was_connected(c->curl) ? ERR_TIMEOUT : ERR_UNAVAILABLE;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR: return ERR_UNAUTHENTICATED;
    case CURLE_WRITE_ERROR: return buf_ok(&c->reply.body) ? ERR_IO : ERR_LIMIT;
    case CURLE_OUT_OF_MEMORY: return ERR_MEMORY;
    case CURLE_URL_MALFORMAT: return ERR_VALUE;
    default: return ERR_UNAVAILABLE;
    }
}

static void fill_reply(struct client *c) {
    long status = 0;
    curl_off_t wait = 0;
    const char *type = NULL;
    (void)curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(c->curl, CURLINFO_CONTENT_TYPE, &type);
    (void)curl_easy_getinfo(c->curl, CURLINFO_RETRY_AFTER, &wait);
    c->reply.status = (int)status;
    c->reply.retry_after_s = wait > 0 && wait < 86400 ? (unsigned)wait : 0;
    snprintf(c->reply.content_type, sizeof c->reply.content_type, "%s", type ? type : "");
}

static enum err perform(struct client *c, const char *path, const struct client_reply **reply, struct diag *d) {
    char address[ADDRESS_MAX];
    invariant(path[0] == '/');
    int n = snprintf(address, sizeof address, "%s%s", c->centre, path);
    if (n < 0 || n >= (int)sizeof address) return diag_set(d, ERR_LIMIT, "path", NULL);
    buf_reset(&c->reply.body);
    c->reply.status = 0;
    c->fault[0] = 0;
    if (curl_easy_setopt(c->curl, CURLOPT_URL, address) != CURLE_OK) return diag_set(d, ERR_MEMORY, "centre", NULL);
    CURLcode code = curl_easy_perform(c->curl);
    if (code != CURLE_OK)
        return diag_set(d, error_of(c, code), c->centre, "%.150s", c->fault[0] ? c->fault : curl_easy_strerror(code));
    fill_reply(c);
    *reply = &c->reply;
    return c->reply.status == 401 ? diag_set(d, ERR_UNAUTHENTICATED, c->centre, NULL) : ERR_OK;
}

enum err client_post(struct client *c, const char *path, const char *content_type, struct str body,
                     const struct client_reply **reply, struct diag *d) {
    char type[160];
    int n = snprintf(type, sizeof type, "Content-Type: %s", content_type);
    if (n < 0 || n >= (int)sizeof type) return diag_set(d, ERR_LIMIT, "content type", NULL);
    struct curl_slist *headers = curl_slist_append(NULL, type);
    /* Else libcurl waits a second before a large body. */
    struct curl_slist *more = headers ? curl_slist_append(headers, "Expect:") : NULL;
    bool ok = more && curl_easy_setopt(c->curl, CURLOPT_POST, 1L) == CURLE_OK &&
              curl_easy_setopt(c->curl, CURLOPT_POSTFIELDS, body.p ? body.p : "") == CURLE_OK &&
              curl_easy_setopt(c->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.n) == CURLE_OK &&
              curl_easy_setopt(c->curl, CURLOPT_HTTPHEADER, headers) == CURLE_OK;
    enum err e = ok ? perform(c, path, reply, d) : diag_set(d, ERR_MEMORY, "centre", NULL);
    (void)curl_easy_setopt(c->curl, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(headers);
    return e;
}

enum err client_get(struct client *c, const char *path, const struct client_reply **reply, struct diag *d) {
    if (curl_easy_setopt(c->curl, CURLOPT_HTTPGET, 1L) != CURLE_OK) return diag_set(d, ERR_MEMORY, "centre", NULL);
    return perform(c, path, reply, d);
}
