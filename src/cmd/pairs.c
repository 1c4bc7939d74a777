#include "cmd/pairs.h"

#include <stdio.h>
#include <stdlib.h>

static enum err answer_line(unsigned sides, struct str line, pairs_answer *answer, void *context, struct buf *out,
                            struct diag *d) {
    struct str rest = line, a = sides == 2 ? str_cut(&rest, '\t') : line;
    if (line.n > PAIRS_LINE_MAX) return diag_set(d, ERR_LIMIT, "", "%d バイトまで / bytes at most", PAIRS_LINE_MAX);
    if (sides == 1) return answer(context, a, (struct str){0}, out, d);
    if (a.n == line.n) return diag_set(d, ERR_SYNTAX, "", "タブがありません / there is no tab");
    return answer(context, a, rest, out, d);
}

static int run_lines(unsigned sides, pairs_answer *answer, void *context) {
    char *line = NULL;
    size_t room = 0;
    unsigned number = 0;
    int status = 0;
    struct buf out;
    buf_init(&out, 1 << 20);
    for (ssize_t n; (n = getline(&line, &room, stdin)) >= 0;) {
        struct diag d = {0};
        if (n && line[n - 1] == '\n') n--;
        if (n && line[n - 1] == '\r') n--;
        buf_reset(&out);
        number++;
        if (answer_line(sides, str_of(line, (size_t)n), answer, context, &out, &d) != ERR_OK) {
            d.line = number;
            (void)cmd_fail(&d);
            status = EXIT_SOME_REFUSED;
            buf_reset(&out), buf_putc(&out, '\n');
        }
        fwrite(out.p, 1, out.n, stdout);
    }
    free(line);
    buf_fini(&out);
    return status;
}

int pairs_run(unsigned sides, const char *const *given, pairs_answer *answer, void *context) {
    if (given == NULL) return run_lines(sides, answer, context);
    struct buf out;
    struct diag d = {0};
    buf_init(&out, 1 << 20);
    enum err e = answer(context, str_c(given[0]), sides == 2 ? str_c(given[1]) : (struct str){0}, &out, &d);
    if (e == ERR_OK) fwrite(out.p, 1, out.n, stdout);
    buf_fini(&out);
    if (e == ERR_OK) return 0;
    (void)cmd_fail(&d);
    return EXIT_USAGE;
}
