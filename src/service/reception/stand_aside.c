#include "service/reception/stand_aside.h"

#include "base/buf.h"

#define ASIDE_US (STAND_ASIDE_MINUTES * INT64_C(60000000))
enum { FILE_MAX = 64 };

static int64_t now_us(const struct stand_aside *s) { return s->world->now_us(s->world); }

static void step_aside(struct stand_aside *s) {
    s->failures = 0;
    s->until_us = now_us(s) + ASIDE_US;
}

/* "3 0\n": failures, and until when in microseconds. */
static bool read_file(struct stand_aside *s, struct str text) {
    uint64_t failures, until;
    struct str first = str_cut(&text, ' ');
    if (!str_ends(text, S("\n")) || !str_uint(first, STAND_ASIDE_FAILURES - 1, &failures) ||
        !str_uint(str_head(text, text.n - 1), INT64_MAX, &until))
        return false;
    s->failures = (unsigned)failures, s->until_us = (int64_t)until;
    return true;
}

enum err stand_aside_open(struct stand_aside *s, struct world *w, const char *path, struct diag *d) {
    char room[FILE_MAX];
    struct buf text = buf_over(room, sizeof room);
    *s = (struct stand_aside){.world = w};
    if (!str_to_c(str_c(path), s->path, sizeof s->path)) return diag_set(d, ERR_LIMIT, "folder", NULL);
    enum err e = world_read_file(w, path, &text, NULL);
    if (e != ERR_NOT_FOUND && (e != ERR_OK || !read_file(s, buf_str(&text)))) step_aside(s);
    return ERR_OK;
}

/* A clock that was set back makes nobody wait for longer. */
bool stand_aside_now(const struct stand_aside *s) {
    int64_t left_us = s->until_us - now_us(s);
    return left_us > 0 && left_us <= ASIDE_US;
}

static enum err keep(struct stand_aside *s, struct diag *d) {
    char room[FILE_MAX];
    struct buf text = buf_over(room, sizeof room);
    buf_printf(&text, "%u %lld\n", s->failures, (long long)s->until_us);
    return world_replace_file(s->world, s->path, buf_str(&text), 0600, d);
}

enum err stand_aside_failed(struct stand_aside *s, struct diag *d) {
    if (++s->failures >= STAND_ASIDE_FAILURES) step_aside(s);
    return keep(s, d);
}

enum err stand_aside_succeeded(struct stand_aside *s, struct diag *d) {
    if (s->failures == 0 && s->until_us == 0) return ERR_OK;
    s->failures = 0, s->until_us = 0;
    return keep(s, d);
}
