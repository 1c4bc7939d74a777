#include "net/door_config.h"

#include "net/http.h"
#include "net/listen.h"

#include <stdio.h>

/* What nginx refuses by itself, before the app is asked: its status, what the client sees, and why. 495 and 496: a client
 * certificate that is wrong or missing; 497: plain HTTP on a TLS port; 494: a head that is too large. */
static const struct {
    const char *nginx;
    int status;
    enum err err;
    const char *detail;
} refusals[] = {
    {"400", 400, ERR_SYNTAX, ""},
    {"404", 404, ERR_PATH, ""},
    {"405", 405, ERR_METHOD, ""},
    {"408", 408, ERR_TIMEOUT, ""},
    {"411", 411, ERR_MISSING, "Content-Length"},
    {"413", 413, ERR_LIMIT, ""},
    {"414", 414, ERR_LIMIT, "the address"},
    {"421", 421, ERR_PATH, "another server's name"},
    {"494", 431, ERR_LIMIT, "the head of the request"},
    {"495 496", 401, ERR_UNAUTHENTICATED, ""},
    {"497", 400, ERR_SYNTAX, "this port speaks TLS only"},
    {"500", 500, ERR_IO, ""},
    {"501", 501, ERR_METHOD, ""},
    {"503", 503, ERR_BUSY, ""},
    {"505", 505, ERR_METHOD, "the version of HTTP"},
};

static enum err check_path(struct str path, struct diag *d) {
    for (size_t i = 0; i < path.n; i++)
        if ((unsigned char)path.p[i] < 0x20 || strchr("\"\\$'", path.p[i]))
            return diag_set(d, ERR_VALUE, "path", "a folder's name may not hold quotes, backslashes or dollars");
    return ERR_OK;
}

static void put_str(struct buf *b, const char *before, struct str s, const char *after) {
    buf_puts(b, before);
    buf_put(b, s);
    buf_puts(b, after);
}

static void put_process(struct buf *b, const struct door_config *c) {
    buf_puts(b, "# Written by mado at each start and reload; what is changed here is lost.\n");
    put_str(b, "load_module \"", c->module, "\";\n");
    if (!str_empty(c->user)) put_str(b, "user ", c->user, ";\n");
    buf_printf(b, "daemon off;\nmaster_process on;\nworker_processes %u;\nworker_rlimit_nofile %u;\n", c->workers,
               c->open_files);
    buf_printf(b, "worker_shutdown_timeout %ds;\n", DOOR_SHUTDOWN_S);
    /* crit and above only: lesser messages quote request lines, and what a stranger writes there may be a person. */
    buf_puts(b, "pid nginx.pid;\nerror_log stderr crit;\nenv MADO_READY_FD;\n");
    buf_printf(b, "events {\n    use epoll;\n    worker_connections %d;\n}\n", DOOR_CONNECTIONS);
}

static void put_limits(struct buf *b) {
    buf_puts(b, "    access_log off;\n    log_not_found off;\n    server_tokens off;\n    gzip off;\n"
                "    default_type \"application/json; charset=utf-8\";\n");
    static const char *const temporary[] = {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"};
    for (size_t i = 0; i < ARRAY_LEN(temporary); i++)
        buf_printf(b, "    %s_temp_path tmp-%s;\n", temporary[i], temporary[i]);
    buf_printf(b, "    client_header_timeout %ds;\n    client_body_timeout %ds;\n    send_timeout %ds;\n",
               DOOR_HEADER_S, DOOR_BODY_READ_S, DOOR_SEND_S);
    buf_printf(b, "    keepalive_timeout %ds;\n    keepalive_time %dh;\n    keepalive_requests 1000000000;\n",
               DOOR_KEEPALIVE_S, DOOR_CONNECTION_H);
    buf_printf(b, "    client_max_body_size %d;\n    client_body_buffer_size 16k;\n", HTTP_BODY_MAX);
    /* Head and body of a single question come in one read. */
    buf_puts(b, "    client_header_buffer_size 4k;\n    large_client_header_buffers 4 8k;\n");
    buf_printf(b, "    http2_max_concurrent_streams %d;\n    reset_timedout_connection on;\n", DOOR_HTTP2_STREAMS);
    buf_printf(b, "    mado_body_deadline %ds;\n    mado_owed_max %d;\n", DOOR_BODY_S, DOOR_OWED_MAX);
}

static void put_tls(struct buf *b, struct str keys) {
    put_str(b, "        ssl_certificate \"", keys, "/server/cert.pem\";\n");
    put_str(b, "        ssl_certificate_key \"", keys, "/server/key.pem\";\n");
    put_str(b, "        ssl_client_certificate \"", keys, "/ca.pem\";\n");
    put_str(b, "        ssl_crl \"", keys, "/crl.pem\";\n");
    buf_puts(
        b,
        "        ssl_verify_client on;\n        ssl_verify_depth 2;\n        ssl_protocols TLSv1.2 TLSv1.3;\n"
        "        ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;\n        ssl_ecdh_curve X25519:prime256v1;\n"
        "        ssl_prefer_server_ciphers off;\n        ssl_conf_command NumTickets 1;\n        ssl_buffer_size 4k;\n");
    buf_printf(b, "        ssl_session_cache shared:mado:%dm;\n        ssl_session_timeout %ds;\n", DOOR_SESSIONS_MB,
               DOOR_SESSION_S);
}

/* A literal in nginx's single quotes. */
static void put_quoted(struct buf *b, struct str s) {
    buf_putc(b, '\'');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\'' || s.p[i] == '\\') buf_putc(b, '\\');
        invariant(s.p[i] != '$'); /* nginx would look for a variable */
        buf_putc(b, s.p[i]);
    }
    buf_putc(b, '\'');
}

static void put_refusal(struct buf *b, size_t i, const char *place, bool counted, const struct door_form *form) {
    struct buf body;
    buf_init(&body, 1024);
    if (form) {
        struct diag d = {.err = refusals[i].err};
        snprintf(d.detail, sizeof d.detail, "%s", refusals[i].detail);
        form->put(&body, &d);
    } else {
        http_error_body(&body, refusals[i].err, str_c(refusals[i].detail));
    }
    buf_printf(b, "        location = %s/%zu {\n            internal;\n", place, i);
    /* else the refusal of a large body would be refused again */
    buf_puts(b, "            client_max_body_size 0;\n");
    if (form) put_str(b, "            default_type \"", form->type, "\";\n");
    if (refusals[i].status == 503) buf_puts(b, "            add_header Retry-After 1 always;\n");
    /* TRACE, which nginx refuses before anyone knows the path. */
    if (refusals[i].status == 405) buf_puts(b, "            add_header Allow 'GET, HEAD, POST' always;\n");
    if (counted) buf_printf(b, "            mado_refusal %s;\n", err_info(refusals[i].err)->code);
    buf_printf(b, "            return %d ", refusals[i].status);
    invariant(buf_ok(&body));
    put_quoted(b, buf_str(&body));
    buf_puts(b, ";\n        }\n");
    buf_fini(&body);
}

static void put_refusals(struct buf *b, bool counted, const struct door_form *form) {
    for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
        /* By address: a named location needs a request whose own address was understood. */
        buf_printf(b, "        error_page %s =%d %s/%zu;\n", refusals[i].nginx, refusals[i].status,
                   form ? "$refusal" : "/refusal", i);
        put_refusal(b, i, "/refusal", counted, NULL);
        if (form) put_refusal(b, i, "/refusal-form", counted, form);
    }
}

/* Which of the two bodies; an address that was not understood is empty. */
static void put_form(struct buf *b, const struct door_form *form) {
    put_str(b, "    map $request_uri $refusal {\n        default /refusal;\n        ~^", form->prefix,
            " /refusal-form;\n    }\n");
}

static void put_server(struct buf *b, const struct door_config *c, const char *entrance, struct str address) {
    if (str_empty(address)) return;
    bool door = str_eq(str_c(entrance), S("door"));
    put_str(b, "    server {\n        listen ", address, door ? " ssl http2" : "");
    buf_printf(b, " backlog=%d;\n        server_name _;\n", LISTEN_BACKLOG);
    if (door) put_tls(b, c->keys);
    put_str(b, "        location / {\n            mado \"", c->config, "\" ");
    /* Answers are about a person and a day: nobody on the way keeps one. */
    buf_printf(b, "%s;\n%s        }\n", entrance,
               door ? "            add_header Cache-Control no-store always;\n" : "");
    put_refusals(b, door, door ? c->form : NULL);
    buf_puts(b, "    }\n");
}

enum err door_config_put(struct buf *out, const struct door_config *c, struct diag *d) {
    TRY(check_path(c->module, d));
    TRY(check_path(c->config, d));
    TRY(check_path(c->keys, d));
    put_process(out, c);
    buf_puts(out, "http {\n");
    put_limits(out);
    /* Said before the locations that need it: one module, several programs behind it. */
    put_str(out, "    mado_app ", c->app, ";\n");
    if (c->form) put_form(out, c->form);
    put_server(out, c, "door", c->listen);
    put_server(out, c, "status", c->status);
    put_server(out, c, "pages", c->pages);
    put_server(out, c, "kiosk", c->kiosk);
    buf_puts(out, "}\n");
    return buf_ok(out) ? ERR_OK : diag_set(d, ERR_LIMIT, "nginx.conf", NULL);
}
