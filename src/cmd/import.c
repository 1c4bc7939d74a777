#include "service/import.h"
#include "base/buf.h"
#include "cmd/cmd.h"
#include "edge/insurer_file/insurer_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MIB = 1 << 20, BAR = 24, REDRAW_US = 100000 };

struct screen {
    bool terminal;
    int64_t began_us, drawn_us;
    uint64_t bytes_before; /* of an earlier run of this file, for an honest rate */
    bool began;
};

static const char *base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void draw(void *context, const struct import_progress *p) {
    struct screen *s = context;
    int64_t now = world_real()->steady_us(world_real());
    if (!s->began) s->began = true, s->bytes_before = p->resumed ? p->bytes : 0;
    if (!s->terminal || (now - s->drawn_us < REDRAW_US && p->bytes < p->size)) return;
    s->drawn_us = now;
    uint64_t percent = p->size ? p->bytes * 100 / p->size : 100, full = percent * BAR / 100;
    char bar[BAR + 1];
    for (size_t i = 0; i < BAR; i++) bar[i] = i < full ? '#' : '.';
    bar[BAR] = 0;
    uint64_t run = p->bytes - s->bytes_before, us = (uint64_t)(now - s->began_us);
    uint64_t left_s = run ? us / 1000 * (p->size - p->bytes) / run / 1000 : 0;
    fprintf(stderr, "\r%-22.22s [%s] %3llu%% %11llu 行 lines  残り left %llu:%02llu ", base_name(p->path), bar,
            (unsigned long long)percent, (unsigned long long)p->lines, (unsigned long long)(left_s / 60),
            (unsigned long long)(left_s % 60));
}

/* ---- which carrier ---- */

struct carrier {
    struct insurer_file_format format;
    struct csv_header *header;
};

static enum err first_line(const char *path, struct buf *out, struct diag *d) {
    struct world *w = world_real();
    int fd = w->open(w, path, O_RDONLY, 0);
    if (fd < 0) return errno == ENOENT ? diag_set(d, ERR_NOT_FOUND, path, NULL) : diag_errno(d, path);
    char *to = buf_room(out, INSURER_LINE_BYTES_MAX);
    ssize_t n = to ? w->pread(w, fd, to, INSURER_LINE_BYTES_MAX, 0) : -1;
    w->close(w, fd);
    if (n < 0) return diag_errno(d, path);
    out->n = str_find(str_of(to, (size_t)n), S("\n"));
    return ERR_OK;
}

static enum err carrier_open(struct carrier *c, const char *path, struct diag *d) {
    struct str name = str_c(path);
    struct buf line;
    *c = (struct carrier){.format = insurer_file_ndjson()};
    if (!str_ends(name, S(".csv"))) return ERR_OK;
    buf_init(&line, INSURER_LINE_BYTES_MAX);
    enum err e = first_line(path, &line, d);
    struct str text = str_trim(buf_str(&line));
    struct diag h = {0};
    if (e == ERR_OK && (e = csv_header_new(&c->header, text, str_ends(name, S(".sjis.csv")), &h)) != ERR_OK)
        e = diag_set(d, e, path, "見出しの行 / the header line: %s%s%s", h.where, h.where[0] ? " " : "", h.detail);
    if (e == ERR_OK) c->format = insurer_file_csv(c->header);
    buf_fini(&line);
    return e;
}

static void carrier_close(struct carrier *c) {
    if (c->header) csv_header_free(c->header);
}

/* ---- one file ---- */

static void say(const struct import_progress *p, const char *path, const char *result, uint64_t ms, bool terminal) {
    if (terminal) fputs("\r\033[K", stderr);
    if (p->changed)
        fprintf(
            stderr,
            "%s: 中断時と内容が違うため最初から読み込みました / changed since it was interrupted: read from the start\n",
            path);
    if (p->resumed) fprintf(stderr, "%s: 中断したところから続けました / went on where it was interrupted\n", path);
    printf("%s: 受理 accepted %llu  変更なし unchanged %llu  拒否 refused %llu  (%llu.%llu s) → %s\n", path,
           (unsigned long long)p->accepted, (unsigned long long)p->unchanged, (unsigned long long)p->refused,
           (unsigned long long)(ms / 1000), (unsigned long long)(ms / 100 % 10), result);
}

static enum err result_path(const struct cmd_args *args, const char *path, char *out, size_t size, struct diag *d) {
    const char *folder = cmd_value(args, "results");
    int n =
        folder ? snprintf(out, size, "%s/%s.result", folder, base_name(path)) : snprintf(out, size, "%s.result", path);
    if (n >= (int)size) return diag_set(d, ERR_LIMIT, "path", NULL);
    return folder ? world_make_folder(folder, d) : ERR_OK;
}

static enum err import_one(struct importer *i, const struct cmd_args *args, const char *path, struct screen *s,
                           uint64_t *refused, struct diag *d) {
    char result[PATH_MAX];
    struct carrier c;
    struct import_progress p = {0};
    TRY(result_path(args, path, result, sizeof result, d));
    TRY(carrier_open(&c, path, d));
    s->began_us = world_real()->steady_us(world_real());
    s->drawn_us = 0, s->began = false;
    enum err e = import_file(i, path, &c.format, result, &p, d);
    carrier_close(&c);
    if (e != ERR_OK) return e;
    say(&p, path, result, (uint64_t)(world_real()->steady_us(world_real()) - s->began_us) / 1000, s->terminal);
    *refused += p.refused;
    return ERR_OK;
}

/* ---- all of them ---- */

struct named {
    const char *path;
    uint64_t insurer; /* as the file's name says it; UINT64_MAX: it does not */
    size_t given;     /* its place on the command line */
};

static int by_insurer(const void *a, const void *b) {
    const struct named *x = a, *y = b;
    if (x->insurer != y->insurer) return x->insurer < y->insurer ? -1 : 1;
    return x->given < y->given ? -1 : 1;
}

/* In the order of the store's keys when the files are named after their insurers: a first load then only ever appends, which is
 * faster and leaves no half-filled pages. Files of one insurer stay in the order given. */
static struct named *in_order(const struct cmd_args *args) {
    struct named *files = calloc(args->rest_count, sizeof *files);
    for (size_t i = 0; files && i < args->rest_count; i++) {
        struct str name = str_c(base_name(args->rest[i]));
        files[i] = (struct named){.path = args->rest[i], .insurer = UINT64_MAX, .given = i};
        if (!str_uint(str_cut(&name, '.'), 99999999, &files[i].insurer)) files[i].insurer = UINT64_MAX;
    }
    if (files) qsort(files, args->rest_count, sizeof *files, by_insurer);
    return files;
}

int cmd_import(const struct cmd_args *args) {
    char program[PATH_MAX] = {0};
    struct screen screen = {.terminal = isatty(STDERR_FILENO) && !cmd_flag(args, "quiet")};
    struct diag d = {0};
    struct importer *i = NULL;
    uint64_t memory_mib = 0, threads = 0, refused = 0;
    if (args->rest_count == 0)
        return cmd_fail(
            &(struct diag){.err = ERR_USAGE, .where = "FILE", .detail = "ファイルがありません / no file is named"});
    if (!cmd_number(args, "memory", 1 << 20, IMPORT_MEMORY_DEFAULT / MIB, &memory_mib) ||
        !cmd_number(args, "threads", IMPORT_THREADS_MAX, 0, &threads))
        return EXIT_USAGE;
    if (readlink("/proc/self/exe", program, sizeof program - 1) < 0)
        return diag_errno(&d, "/proc/self/exe") == ERR_OK ? 0 : cmd_fail(&d);
    struct import_settings s = {.world = world_real(),
                                .store = cmd_value(args, "store"),
                                .program = program,
                                .memory_bytes =
                                    memory_mib * MIB < IMPORT_MEMORY_MIN ? IMPORT_MEMORY_MIN : memory_mib * MIB,
                                .threads = (unsigned)threads,
                                .progress = draw,
                                .context = &screen};
    struct named *files = in_order(args);
    enum err e = files ? import_open(&i, &s, &d) : diag_set(&d, ERR_MEMORY, "import", NULL);
    for (size_t n = 0; e == ERR_OK && n < args->rest_count; n++)
        e = import_one(i, args, files[n].path, &screen, &refused, &d);
    if (i) import_close(i);
    free(files);
    if (e != ERR_OK) {
        if (screen.terminal) fputc('\n', stderr);
        return d.err = e, (void)cmd_fail(&d), EXIT_FAILED;
    }
    return refused ? EXIT_SOME_REFUSED : 0;
}
