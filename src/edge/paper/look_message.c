/* Apart from look.c: whoever asks has none of its libraries. */
#include "edge/paper/look.h"

void look_put_reply(struct buf *out, enum err e, const struct diag *d, struct str lines) {
    if (e == ERR_OK) buf_puts(out, "OK\n"), buf_put(out, lines);
    else buf_printf(out, "E%u %s\n", (unsigned)e, d->detail);
}

enum err look_reply_read(struct str reply, struct str *lines, struct diag *d) {
    uint64_t code;
    struct str rest = reply, line = str_cut(&rest, '\n');
    *lines = rest;
    if (str_eq(line, S("OK")) && (str_empty(rest) || str_ends(rest, S("\n")))) return ERR_OK;
    struct str number = str_cut(&line, ' ');
    if (str_starts(number, S("E")) && str_uint(str_skip(number, 1), ERR_COUNT - 1, &code) && code != ERR_OK)
        return diag_set(d, (enum err)code, "picture", "%.*s", (int)line.n, line.p);
    return diag_set(d, ERR_CORRUPT, "picture",
                    "読み取りの処理が途中で終わりました / the process that looks at it ended early");
}
