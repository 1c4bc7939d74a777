#include "base/log.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum {
    LINE_LIMIT = 4096, /* no longer than PIPE_BUF, so lines of several processes do not mix */
    VALUE_MAX = 512,   /* a longer value is cut: six of them still make a line */
};

static void start(struct buf *b, enum log_level level, const char *event) {
    static const char *const names[] = {"debug", "info", "warning", "error"};
    struct timespec t;
    struct tm utc;
    char stamp[32];
    clock_gettime(CLOCK_REALTIME, &t);
    gmtime_r(&t.tv_sec, &utc);
    strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &utc);
    buf_init(b, LINE_LIMIT);
    buf_printf(b, "{\"time\":\"%s.%03ldZ\",\"level\":\"%s\",\"pid\":%d,\"event\":", stamp, t.tv_nsec / 1000000,
               names[level], (int)getpid());
    buf_json(b, str_c(event));
}

/* A path or a setting may hold any byte; the line stays JSON: what is not UTF-8 becomes U+FFFD. */
static void put_any_bytes(struct buf *b, struct str value) {
    struct buf clean;
    value = str_head(value, VALUE_MAX);
    buf_init(&clean, LINE_LIMIT);
    while (value.n) {
        size_t good = utf8_valid_length(value);
        buf_put(&clean, str_head(value, good));
        if (good < value.n) utf8_put(&clean, 0xfffd), good++;
        value = str_skip(value, good);
    }
    buf_json(b, buf_str(&clean));
    buf_fini(&clean);
}

static void pair(struct buf *b, const char *name, const char *value) {
    buf_putc(b, ',');
    buf_json(b, str_c(name));
    buf_putc(b, ':');
    put_any_bytes(b, str_c(value));
}

static void finish(struct buf *b) {
    buf_puts(b, "}\n");
    if (buf_ok(b)) (void)!write(STDERR_FILENO, b->p, b->n);
    buf_fini(b);
}

void log_line(enum log_level level, const char *event, ...) {
    struct buf b;
    va_list args;
    start(&b, level, event);
    va_start(args, event);
    for (const char *name; (name = va_arg(args, const char *)) != NULL;) pair(&b, name, va_arg(args, const char *));
    va_end(args);
    finish(&b);
}

void log_diag(enum log_level level, const char *event, const struct diag *d) {
    struct buf b;
    start(&b, level, event);
    pair(&b, "code", err_info(d->err)->code);
    pair(&b, "error", err_info(d->err)->en);
    if (d->where[0]) pair(&b, "where", d->where);
    if (d->detail[0]) pair(&b, "detail", d->detail);
    finish(&b);
}
