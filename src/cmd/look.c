/* mado look: the process that looks at a stranger's picture (edge/paper/look.h). A picture on standard input, the message on standard
 * output; between the two it has no power but computing. */
#include "edge/paper/look.h"
#include "base/powers.h"
#include "cmd/cmd.h"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

static enum err read_all(struct buf *b, struct diag *d) {
    enum { STEP = 64 << 10 };
    ssize_t n = 1;
    while (n > 0) {
        size_t room = b->limit - b->n < STEP ? b->limit - b->n : STEP;
        if (room == 0) return diag_set(d, ERR_LIMIT, "picture", "more than %d MB", LOOK_FILE_MAX >> 20);
        char *to = buf_room(b, room);
        if (to == NULL) return diag_set(d, ERR_MEMORY, "picture", NULL);
        n = read(STDIN_FILENO, to, room);
        if (n > 0) b->n += (size_t)n;
    }
    return n == 0 ? ERR_OK : diag_errno(d, "picture");
}

static enum err look(struct buf *file, unsigned pages, struct buf *lines, struct diag *d) {
    const struct powers_limits limits = {(uint64_t)LOOK_MEMORY_MB << 20, LOOK_CPU_S};
    TRY(read_all(file, d));
    TRY(look_prepare(look_is_pdf(buf_str(file)), d));
    TRY(powers_keep_computing(&limits, d));
    return look_at(buf_str(file), pages, lines, d);
}

static bool write_all(struct str s) {
    while (s.n) {
        ssize_t n = write(STDOUT_FILENO, s.p, s.n);
        if (n <= 0) return false;
        s = str_skip(s, (size_t)n);
    }
    return true;
}

int cmd_look(const struct cmd_args *args) {
    uint64_t pages;
    struct diag d = {0};
    struct buf file, lines, reply;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* nobody would read it */
    if (!cmd_number(args, "pages", LOOK_PAGES_MAX, 1, &pages)) return EXIT_USAGE;
    buf_init(&file, LOOK_FILE_MAX + 1);
    buf_init(&lines, LOOK_REPLY_MAX);
    buf_init(&reply, LOOK_REPLY_MAX);
    enum err e = look(&file, (unsigned)pages, &lines, &d);
    look_put_reply(&reply, e, &d, buf_str(&lines));
    bool said = write_all(buf_str(&reply));
    buf_fini(&reply);
    buf_fini(&lines);
    buf_fini(&file);
    return said ? 0 : EXIT_FAILED;
}
