#include "edge/card/reader_replay.h"

#include "edge/card/apdu.h"

static int nibble(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

static bool put_unhex(struct str hex, struct buf *out) {
    size_t before = out->n;
    if (hex.n == 0 || hex.n % 2 || hex.n > (size_t)2 * APDU_MAX) return false;
    for (size_t i = 0; i < hex.n; i += 2) {
        int high = nibble(hex.p[i]), low = nibble(hex.p[i + 1]);
        if (high < 0 || low < 0) {
            buf_cut(out, before);
            return false;
        }
        buf_putc(out, (char)(high << 4 | low));
    }
    return true;
}

/* The next line that is neither empty nor a comment; empty at the end. */
static struct str next_line(struct replay *r) {
    while (!str_empty(r->rest)) {
        struct str line = str_trim(str_cut(&r->rest, '\n'));
        r->line++;
        if (!str_empty(line) && line.p[0] != '#') return line;
    }
    return S("");
}

static enum err at_line(const struct replay *r, enum err e, const char *why, struct diag *d) {
    enum err set = diag_set(d, e, "transcript", "%s", why);
    if (d) d->line = r->line;
    return set;
}

static enum err take(struct replay *r, char mark, struct buf *out, struct diag *d) {
    struct str line = next_line(r);
    if (str_empty(line)) return at_line(r, ERR_CONFLICT, "it ends here", d);
    if (line.p[0] != mark) return at_line(r, ERR_CONFLICT, mark == '>' ? "it sends nothing here" : "no answer here", d);
    struct str value = str_trim(str_skip(line, 1));
    if (mark == '<' && str_eq(value, S("-"))) return at_line(r, ERR_UNAVAILABLE, "the card was taken away", d);
    return put_unhex(value, out) ? ERR_OK : at_line(r, ERR_CORRUPT, "hexadecimal bytes", d);
}

static enum err replay_send(void *line, struct str command, struct buf *answer, struct diag *d) {
    struct replay *r = line;
    char room[APDU_MAX];
    struct buf expected = buf_over(room, sizeof room);
    TRY(take(r, '>', &expected, d));
    if (!buf_ok(&expected) || !str_eq(buf_str(&expected), command))
        return at_line(r, ERR_CONFLICT, "it expects another command", d);
    return take(r, '<', answer, d);
}

static void replay_leave(void *line) {
    struct replay *r = line;
    r->left = true;
}

struct reader replay_open(struct replay *r, struct str transcript) {
    static const struct reader_kind kind = {replay_send, replay_leave};
    *r = (struct replay){.rest = transcript};
    return (struct reader){&kind, r};
}

bool replay_finished(const struct replay *r) {
    struct replay look = *r;
    return str_empty(next_line(&look));
}
