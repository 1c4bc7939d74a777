/* mado paper verify: is this paper good? Offline: a picture, a PDF or what a scanner types, and the folder of insurers' public keys. */
#include "base/world.h"
#include "cmd/cmd.h"
#include "edge/paper/check.h"
#include "edge/paper/looker.h"

#include <errno.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

enum { SECOND_US = 1000000, OUTPUT_MAX = 64 << 10, PAPER_ARENA_MAX = 1 << 20 };

struct verifying {
    struct issuers *issuers;
    struct day on;
    int64_t now_s;
    bool json;
    unsigned papers, not_valid;
};

static enum err read_input(const char *name, struct buf *out, struct diag *d) {
    enum { STEP = 64 << 10 };
    ssize_t n = 1;
    if (strcmp(name, "-") != 0) return world_read_file(world_real(), name, out, d);
    while (n > 0) {
        char *to = buf_room(out, STEP);
        if (to == NULL) return diag_set(d, ERR_LIMIT, "-", NULL);
        n = read(STDIN_FILENO, to, STEP);
        if (n > 0) out->n += (size_t)n;
        else if (n < 0 && errno == EINTR) n = 1;
    }
    return n == 0 ? ERR_OK : diag_errno(d, "-");
}

/* ---- what was found ---- */

static void print(struct verifying *v, const struct paper_check *c) {
    struct buf b;
    buf_init(&b, OUTPUT_MAX);
    if (v->json) paper_check_put_json(&b, c), buf_putc(&b, '\n');
    else paper_check_put_text(&b, c);
    if (v->papers++ && !v->json) putchar('\n');
    fwrite(b.p, 1, b.n, stdout);
    if (c->standing != PAPER_VALID) v->not_valid++;
    buf_fini(&b);
}

static enum err check_code(struct verifying *v, struct str code, struct diag *d) {
    struct arena a;
    struct paper_check c;
    arena_init(&a, PAPER_ARENA_MAX);
    enum err e = paper_check(&a, v->issuers, code, v->on, v->now_s, &c, d);
    if (e == ERR_OK) print(v, &c);
    arena_fini(&a);
    return e;
}

static enum err check_lines(struct verifying *v, struct str lines, struct diag *d) {
    while (!str_empty(lines)) {
        struct str line = str_trim(str_cut(&lines, '\n'));
        if (!str_empty(line)) TRY(check_code(v, line, d));
        if (v->papers > LOOK_CODES_MAX) return diag_set(d, ERR_LIMIT, "-", NULL);
    }
    return ERR_OK;
}

static void print_unreadable(struct verifying *v, const struct diag *why) {
    print(v, &(struct paper_check){.standing = PAPER_UNREADABLE, .on = v->on, .why = *why});
}

/* A file that cannot be looked at, or holds no code, is an unreadable paper. */
static enum err check_picture(struct verifying *v, struct str picture, struct diag *d) {
    char program[PATH_MAX];
    struct looker l;
    struct str lines;
    struct diag why = {0};
    ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
    if (n < 0) return diag_errno(d, "/proc/self/exe");
    program[n] = 0;
    TRY(looker_start(&l, program, picture, LOOK_PAGES_MAX, d));
    looker_wait(&l);
    enum err e = looker_result(&l, &lines, &why);
    if (e == ERR_OK && str_empty(lines))
        e = diag_set(&why, ERR_NOT_FOUND, "picture", "二次元コードが見つかりません / no 2D code was found in it");
    if (e != ERR_OK) print_unreadable(v, &why), e = ERR_OK;
    else e = check_lines(v, lines, d);
    looker_end(&l);
    return e;
}

/* A scanner that types gives text; everything else is looked at. */
static bool is_text(const char *name, struct str input) {
    struct str s = str_head(str_trim(input), 4);
    return str_eq_ascii_case(s, S("shc:")) || (strcmp(name, "-") == 0 && !look_is_pdf(input) && !look_is_png(input));
}

static enum err verify(struct verifying *v, const char *name, struct diag *d) {
    struct buf input;
    buf_init(&input, LOOK_FILE_MAX);
    enum err e = read_input(name, &input, d);
    if (e == ERR_OK && is_text(name, buf_str(&input))) {
        e = check_lines(v, buf_str(&input), d);
        if (e == ERR_OK && v->papers == 0) e = check_code(v, S(""), d);
    } else if (e == ERR_OK) e = check_picture(v, buf_str(&input), d);
    buf_fini(&input);
    return e;
}

static int bad_usage(const char *ja, const char *en) {
    fprintf(stderr, "mado paper: %s / %s\n  → mado help paper\n", ja, en);
    return EXIT_USAGE;
}

int cmd_paper(const struct cmd_args *args) {
    struct world *w = world_real();
    struct diag d = {0};
    const char *on = cmd_value(args, "on");
    struct verifying v = {
        .on = day_in_japan(w->now_us(w)), .now_s = w->now_us(w) / SECOND_US, .json = cmd_flag(args, "json")};
    if (args->rest_count != 2 || strcmp(args->rest[0], "verify") != 0)
        return bad_usage("verify と、PNG か PDF のファイルか - を指定してください",
                         "say verify, and a PNG, a PDF or -");
    if (on && !day_parse(str_c(on), &v.on))
        return bad_usage("--on の日付が正しくありません", "--on is not a day of the calendar");
    if (sodium_init() < 0) return cmd_fail(&(struct diag){.err = ERR_CRYPTO});
    if (issuers_open(&v.issuers, w, cmd_value(args, "keys"), &d) != ERR_OK) return cmd_fail(&d);
    if (issuers_damaged(v.issuers))
        fprintf(stderr, "※ 読めない鍵があります: %zu / keys that cannot be read: %zu\n", issuers_damaged(v.issuers),
                issuers_damaged(v.issuers));
    enum err e = verify(&v, args->rest[1], &d);
    issuers_close(v.issuers);
    if (e != ERR_OK) return cmd_fail(&d);
    return v.not_valid ? EXIT_SOME_REFUSED : 0;
}
