/* mado link: members of insurers linked to the resident registry. */
#include "base/buf.h"
#include "cmd/cmd.h"
#include "cmd/link_place.h"
#include "edge/insurer_file/insurer_file.h"
#include "edge/links/links.h"
#include "edge/registry_file/registry_file.h"
#include "state/vault/vault.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OUT_BUFFER = 4 << 20, MIB = 1 << 20, REDRAW_US = 200000 };

struct screen {
    struct linking linking;
    struct vault_client vault;
    const char *out;
    char part[PATH_MAX], path[PATH_MAX], refused_path[PATH_MAX], place_path[PATH_MAX];
    const char **files; /* of members, in order; the registry behind them */
    size_t file_count;
    struct link_place place;
    bool resumed;
    int fd, refused_fd;
    struct buf lines, refused;
    uint64_t written, refused_written, refusals;
    uint64_t rules[LINK_RULES];
    bool terminal;
    int64_t drawn_us, began_us;
};

/* ---- what linking asks for ---- */

static enum err tokens(void *context, const struct mynumber *numbers, size_t count, struct link_token *out,
                       struct diag *d) {
    struct screen *s = context;
    _Static_assert(sizeof *out == VAULT_TOKEN_BYTES, "a token of the vault is a token of linking");
    return vault_tokens(&s->vault, numbers, count, (uint8_t(*)[VAULT_TOKEN_BYTES])out, d);
}

static enum err flush(struct screen *s, int fd, struct buf *b, uint64_t *written, struct diag *d) {
    struct world *w = s->linking.world;
    if (!buf_ok(b)) return diag_set(d, ERR_MEMORY, "links", NULL);
    TRY(world_write_all(w, fd, buf_str(b), (off_t)*written, d));
    *written += b->n;
    buf_reset(b);
    return ERR_OK;
}

static enum err result(void *context, const struct link_result *r, struct diag *d) {
    struct screen *s = context;
    s->rules[r->rule]++;
    TRY(links_put(&s->lines, r, d));
    return s->lines.n > OUT_BUFFER / 2 ? flush(s, s->fd, &s->lines, &s->written, d) : ERR_OK;
}

static enum err refused(void *context, const char *path, uint64_t line, const struct diag *why, struct diag *d) {
    struct screen *s = context;
    char room[512];
    struct buf text = buf_over(room, sizeof room);
    s->refusals++;
    diag_put(why, &text);
    buf_puts(&s->refused, "{\"file\":"), buf_json(&s->refused, str_c(path));
    buf_printf(&s->refused, ",\"line\":%llu,\"code\":\"%s\",\"reason\":", (unsigned long long)line,
               err_info(why->err)->code);
    buf_json(&s->refused, buf_str(&text));
    buf_puts(&s->refused, "}\n");
    return s->refused.n > OUT_BUFFER / 2 ? flush(s, s->refused_fd, &s->refused, &s->refused_written, d) : ERR_OK;
}

static void progress(void *context, const struct link_progress *p) {
    struct screen *s = context;
    int64_t now = s->linking.world->steady_us(s->linking.world);
    if (!s->terminal || now - s->drawn_us < REDRAW_US) return;
    s->drawn_us = now;
    fprintf(stderr, "\r%u 回目 pass: 住民の記録 registry %3llu%%  加入者 members %llu ", p->batch,
            (unsigned long long)(p->size ? p->bytes * 100 / p->size : 100), (unsigned long long)p->members);
}

/* ---- files ---- */

static enum err name_one(struct screen *s, const char *name, char *path, struct diag *d) {
    return snprintf(path, PATH_MAX, "%s/%s", s->out, name) < PATH_MAX ? ERR_OK : diag_set(d, ERR_LIMIT, "--out", NULL);
}

/* What was written behind the place belongs to a batch that was not settled. */
static enum err open_one(struct screen *s, const char *path, uint64_t keep, int *fd, struct diag *d) {
    struct world *w = s->linking.world;
    *fd = w->open(w, path, O_RDWR | O_CREAT, 0600);
    if (*fd < 0 || w->ftruncate(w, *fd, (off_t)keep) != 0) return diag_errno(d, path);
    return ERR_OK;
}

static enum err find_place(struct screen *s, struct diag *d) {
    struct link_place p;
    uint64_t inputs = 0;
    TRY(link_place_inputs(s->files, s->file_count + 1, &inputs, d));
    s->place = (struct link_place){.inputs = inputs, .line = 1};
    if (link_place_read(s->linking.world, s->place_path, &p) != ERR_OK || p.inputs != inputs) return ERR_OK;
    if (p.file >= s->file_count) return ERR_OK;
    s->place = p, s->resumed = true;
    s->written = p.written, s->refused_written = p.refused, s->refusals = p.refusals;
    memcpy(s->rules, p.counts, sizeof s->rules);
    return ERR_OK;
}

/* links.ndjson has its name only when it is whole. */
static enum err open_files(struct screen *s, struct diag *d) {
    _Static_assert(sizeof s->rules <= sizeof s->place.counts, "a count for every rule");
    TRY(world_make_folder(s->out, d));
    TRY(name_one(s, "links.ndjson", s->path, d));
    TRY(name_one(s, "links.ndjson.part", s->part, d));
    TRY(name_one(s, "refused.ndjson", s->refused_path, d));
    TRY(name_one(s, "links.place", s->place_path, d));
    TRY(find_place(s, d));
    TRY(open_one(s, s->part, s->written, &s->fd, d));
    return open_one(s, s->refused_path, s->refused_written, &s->refused_fd, d);
}

static enum err sync_files(struct screen *s, struct diag *d) {
    struct world *w = s->linking.world;
    TRY(flush(s, s->fd, &s->lines, &s->written, d));
    TRY(flush(s, s->refused_fd, &s->refused, &s->refused_written, d));
    return w->fdatasync(w, s->fd) == 0 && w->fdatasync(w, s->refused_fd) == 0 ? ERR_OK : diag_errno(d, s->part);
}

/* A batch is on the disk: the same command goes on behind it. */
static enum err settled(void *context, const char *path, uint64_t line, struct diag *d) {
    struct screen *s = context;
    TRY(sync_files(s, d));
    while (s->place.file < s->file_count && s->files[s->place.file] != path) s->place.file++;
    s->place.line = line, s->place.written = s->written;
    s->place.refused = s->refused_written, s->place.refusals = s->refusals;
    memcpy(s->place.counts, s->rules, sizeof s->rules);
    return link_place_write(s->linking.world, s->place_path, &s->place, d);
}

static enum err close_files(struct screen *s, struct diag *d) {
    struct world *w = s->linking.world;
    TRY(sync_files(s, d));
    if (s->refusals == 0 && w->unlink(w, s->refused_path) != 0) return diag_errno(d, s->refused_path);
    if (w->rename(w, s->part, s->path) != 0) return diag_errno(d, s->path);
    if (w->unlink(w, s->place_path) != 0 && errno != ENOENT) return diag_errno(d, s->place_path);
    return w->sync_folder(w, s->out) == 0 ? ERR_OK : diag_errno(d, s->path);
}

/* The tokens' key is of no use when they are gone, and of use to whoever would make them again. */
static void forget_key(const struct screen *s) {
    static const char *const names[] = {"vault/key", "vault/data.mdb", "vault/lock.mdb", "vault"};
    char path[PATH_MAX];
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (snprintf(path, sizeof path, "%s/%s", s->out, names[i]) < (int)sizeof path) (void)!remove(path);
}

static enum err list_files(struct screen *s, const struct cmd_args *args, struct diag *d) {
    s->file_count = args->rest_count + 1;
    s->files = calloc(s->file_count + 1, sizeof *s->files);
    if (s->files == NULL) return diag_set(d, ERR_MEMORY, "link", NULL);
    s->files[0] = cmd_value(args, "members");
    for (size_t i = 0; i < args->rest_count; i++) s->files[i + 1] = args->rest[i];
    s->files[s->file_count] = s->linking.residents;
    return ERR_OK;
}

static enum err link_all(struct screen *s, struct diag *d) {
    struct insurer_file_format format = insurer_file_ndjson();
    uint64_t from = s->place.line;
    TRY(linking_open(&s->linking, d));
    for (size_t i = s->place.file; i < s->file_count; i++, from = 1)
        TRY(linking_file(&s->linking, s->files[i], from, &format, d));
    TRY(linking_finish(&s->linking, d));
    return close_files(s, d);
}

static enum err link_files(struct screen *s, const struct cmd_args *args, struct diag *d) {
    char program[PATH_MAX] = {0};
    if (readlink("/proc/self/exe", program, sizeof program - 1) < 0) return diag_errno(d, "/proc/self/exe");
    TRY(list_files(s, args, d));
    TRY(open_files(s, d));
    TRY(vault_start(&s->vault, program, s->out, d));
    enum err e = link_all(s, d);
    linking_close(&s->linking);
    vault_close(&s->vault);
    forget_key(s);
    return e;
}

/* ---- for the person who waits ---- */

static void say(const struct screen *s) {
    const struct link_progress *p = &s->linking.so_far;
    uint64_t ms = (uint64_t)(s->linking.world->steady_us(s->linking.world) - s->began_us) / 1000;
    printf("加入者 members %llu  住民 residents %llu  比べた組 pairs %llu (くわしく in full %llu)  %llu.%llu s\n",
           (unsigned long long)p->members, (unsigned long long)(p->batch ? p->residents / p->batch : 0),
           (unsigned long long)p->pairs, (unsigned long long)p->compared, (unsigned long long)(ms / 1000),
           (unsigned long long)(ms / 100 % 10));
    if (s->resumed) puts("中断したところから続けました / went on where it was interrupted");
    for (enum link_outcome o = 0; o < LINK_OUTCOMES; o++) {
        const struct trait_info *info = link_outcome_info(o);
        uint64_t n = 0;
        for (enum link_rule r = 0; r < LINK_RULES; r++)
            if (link_rule_info(r)->outcome == o) n += s->rules[r];
        printf("%10llu  %s / %s\n", (unsigned long long)n, info->ja, info->en);
        for (enum link_rule r = 0; r < LINK_RULES; r++)
            if (s->rules[r] && link_rule_info(r)->outcome == o)
                printf("%10llu    %-18s %s\n", (unsigned long long)s->rules[r], link_rule_info(r)->code,
                       link_rule_info(r)->ja);
    }
    if (s->refusals) printf("読めない行 lines not read: %llu → %s\n", (unsigned long long)s->refusals, s->refused_path);
    printf("→ %s\n", s->path);
}

int cmd_link(const struct cmd_args *args) {
    struct diag d = {0};
    uint64_t memory_mib = 0, threads = 0;
    if (sodium_init() < 0) return cmd_fail(&(struct diag){.err = ERR_CRYPTO});
    if (!cmd_number(args, "memory", 1 << 20, LINK_MEMORY_DEFAULT_MIB, &memory_mib) ||
        !cmd_number(args, "threads", LINK_THREADS_MAX, 0, &threads))
        return EXIT_USAGE;
    struct screen *s = calloc(1, sizeof *s);
    if (s == NULL) return cmd_fail(&(struct diag){.err = ERR_MEMORY});
    if (memory_mib < LINK_MEMORY_MIN_MIB) memory_mib = LINK_MEMORY_MIN_MIB;
    s->linking = (struct linking){.world = world_real(),
                                  .residents = cmd_value(args, "residents"),
                                  .format = &(const struct resident_format){registry_file_ndjson().read},
                                  .memory_bytes = memory_mib * MIB,
                                  .threads = threads ? (unsigned)threads : (unsigned)sysconf(_SC_NPROCESSORS_ONLN),
                                  .tokens = tokens,
                                  .result = result,
                                  .refused = refused,
                                  .progress = progress,
                                  .settled = settled,
                                  .context = s};
    s->out = cmd_value(args, "out"), s->fd = s->refused_fd = -1, s->terminal = isatty(STDERR_FILENO);
    s->began_us = world_real()->steady_us(world_real());
    buf_init(&s->lines, OUT_BUFFER), buf_init(&s->refused, OUT_BUFFER);
    enum err e = link_files(s, args, &d);
    if (s->terminal) fputs("\r\033[K", stderr);
    if (e == ERR_OK) say(s);
    int status = e != ERR_OK ? cmd_fail(&d) : s->refusals ? EXIT_SOME_REFUSED : 0;
    if (s->fd >= 0) close(s->fd);
    if (s->refused_fd >= 0) close(s->refused_fd);
    buf_fini(&s->lines), buf_fini(&s->refused);
    free(s->files);
    free(s);
    return status;
}
