/* mado demo: everything at once on made-up people, in a folder that goes away. Each part is this program again, run by its other
 * commands: what is seen here can be done by hand. */
#include "cmd/demo.h"

#include "base/world.h"
#include "cmd/cmd.h"

#include <dirent.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    PEOPLE = 100000,
    PEOPLE_MIN = 2000, /* fewer hold no example of every kind */
    PEOPLE_MAX = 10 * 1000 * 1000,
    SEED = 20261122,
    INSURERS_MAX = 4096,
    OPEN_WAIT_MS = 60 * 1000,
    WINDOW_WAIT_MS = 10 * 1000,
};

/* ---- the steps ---- */

static int64_t now_us(void) { return world_real()->steady_us(world_real()); }

struct watch {
    struct demo *m;
    struct demo_child *child;
    const char *ja;
    unsigned permille;
    uint64_t bytes; /* of all insurers' files */
};

static enum err run(struct demo *m, const char *name, const char *const *arguments, struct diag *d) {
    struct demo_child c;
    TRY(demo_child_start(&c, m->folder.path, name, arguments, false, d));
    return demo_child_wait(&c, NULL, NULL, d);
}

static enum err make_keys(struct demo *m, struct diag *d) {
    static const char *const authority[] = {"mado", "keys", "init", "keys", NULL};
    static const char *const clinic[] = {"mado", "keys", "institution", "keys", DEMO_INSTITUTION, NULL};
    int64_t began = now_us();
    screen_busy(&m->screen, "鍵を作っています", UINT32_MAX);
    TRY(run(m, "keys", authority, d));
    TRY(run(m, "clinic", clinic, d));
    screen_done(&m->screen, "鍵を作りました", "keys: authority, server, clinic", now_us() - began);
    return ERR_OK;
}

/* mado people draws its own bar, "… 45%  …", on the terminal it believes to have. */
static void look_at_people(void *context) {
    struct watch *w = context;
    struct pollfd p = {.fd = w->child->terminal_fd, .events = POLLIN};
    char chunk[512];
    while (p.fd >= 0 && poll(&p, 1, 0) == 1 && (p.revents & POLLIN)) {
        ssize_t n = read(p.fd, chunk, sizeof chunk);
        if (n <= 0) break;
        for (ssize_t i = 1; i < n; i++) {
            unsigned percent = 0, ten = 1;
            if (chunk[i] != '%') continue;
            for (ssize_t k = i - 1; k >= 0 && chunk[k] >= '0' && chunk[k] <= '9' && ten <= 100; k--, ten *= 10)
                percent += ten * (unsigned)(chunk[k] - '0');
            w->permille = percent * 10;
        }
    }
    screen_busy(&w->m->screen, w->ja, w->permille);
}

static enum err make_people(struct demo *m, uint64_t count, struct diag *d) {
    char number[24], seed[24], ja[96], en[96], room[GROUPED_MAX];
    snprintf(number, sizeof number, "%llu", (unsigned long long)count);
    snprintf(seed, sizeof seed, "%d", SEED);
    const char *arguments[] = {"mado", "people", "--count", number, "--seed", seed, "--out", "town", NULL};
    struct demo_child c;
    struct watch w = {.m = m, .child = &c, .ja = "町を作っています"};
    int64_t began = now_us();
    TRY(demo_child_start(&c, m->folder.path, "people", arguments, m->screen.terminal, d));
    TRY(demo_child_wait(&c, look_at_people, &w, d));
    snprintf(ja, sizeof ja, "%s 人の町を作りました", grouped(count, room));
    snprintf(en, sizeof en, "a town of made-up people");
    screen_done(&m->screen, ja, en, now_us() - began);
    return ERR_OK;
}

struct files {
    char *paths[INSURERS_MAX + 8];
    size_t count;
    uint64_t bytes;
};

static void files_fini(struct files *f) {
    for (size_t i = 0; i < f->count; i++) free(f->paths[i]);
}

static enum err list_files(const struct demo *m, struct files *f, struct diag *d) {
    char folder[PATH_MAX], path[PATH_MAX];
    struct stat st;
    int n = snprintf(folder, sizeof folder, "%s/town/insurers", m->folder.path);
    DIR *dir = n < (int)sizeof folder ? opendir(folder) : NULL;
    if (dir == NULL) return diag_errno(d, "town/insurers");
    for (struct dirent *e; f->count < INSURERS_MAX && (e = readdir(dir)) != NULL;) {
        if (!str_ends(str_c(e->d_name), S(".ndjson"))) continue;
        if (snprintf(path, sizeof path, "%s/%s", folder, e->d_name) >= (int)sizeof path || stat(path, &st) != 0)
            continue;
        f->bytes += (uint64_t)st.st_size;
        if ((f->paths[f->count] = strdup(path)) != NULL) f->count++;
    }
    closedir(dir);
    return f->count ? ERR_OK : diag_set(d, ERR_NOT_FOUND, "town/insurers", NULL);
}

/* A file is done when it has a result. */
static void look_at_import(void *context) {
    struct watch *w = context;
    struct files f = {0};
    struct stat st;
    char result[PATH_MAX];
    uint64_t done = 0;
    struct diag d;
    if (list_files(w->m, &f, &d) == ERR_OK)
        for (size_t i = 0; i < f.count; i++) {
            snprintf(result, sizeof result, "%.*s.result", (int)sizeof result - 8, f.paths[i]);
            if (stat(result, &st) == 0 && stat(f.paths[i], &st) == 0) done += (uint64_t)st.st_size;
        }
    files_fini(&f);
    screen_busy(&w->m->screen, w->ja, (unsigned)(w->bytes ? done * 1000 / w->bytes : 0));
}

/* "…: 受理 accepted 5930  変更なし unchanged 0  拒否 refused 0 …", a line a file. */
static uint64_t accepted_lines(const struct demo_child *c) {
    struct buf said;
    uint64_t sum = 0, n;
    buf_init(&said, 16 << 20);
    demo_child_said(c, &said);
    for (struct str s = buf_str(&said), line; !str_empty(s);) {
        line = str_cut(&s, '\n');
        line = str_skip(line, str_find(line, S("accepted ")) + strlen("accepted "));
        if (str_uint(str_cut(&line, ' '), UINT64_MAX, &n)) sum += n;
    }
    buf_fini(&said);
    return sum;
}

static enum err import_files(struct demo *m, struct files *f, struct diag *d) {
    const char **arguments = calloc(f->count + 8, sizeof *arguments);
    struct demo_child c;
    struct watch w = {.m = m, .child = &c, .ja = "取り込んでいます", .bytes = f->bytes};
    char ja[96], en[96], room[GROUPED_MAX];
    size_t n = 0;
    if (arguments == NULL) return diag_set(d, ERR_MEMORY, "import", NULL);
    arguments[n++] = "mado", arguments[n++] = "import", arguments[n++] = "--store", arguments[n++] = "store";
    for (size_t i = 0; i < f->count; i++) arguments[n++] = f->paths[i];
    int64_t began = now_us();
    enum err e = demo_child_start(&c, m->folder.path, "import", arguments, false, d);
    if (e == ERR_OK) e = demo_child_wait(&c, look_at_import, &w, d);
    free(arguments);
    if (e != ERR_OK) return e;
    uint64_t lines = accepted_lines(&c);
    snprintf(ja, sizeof ja, "%s 行を取り込みました", grouped(lines, room));
    snprintf(en, sizeof en, "lines of %zu insurers taken in", f->count);
    screen_done(&m->screen, ja, en, now_us() - began);
    return ERR_OK;
}

static enum err import_all(struct demo *m, struct diag *d) {
    struct files f = {0};
    enum err e = list_files(m, &f, d);
    if (e == ERR_OK) e = import_files(m, &f, d);
    files_fini(&f);
    return e;
}

/* "…: https://127.0.0.1:41234 (状態 / status: http://127.0.0.1:41235/)" */
static bool find_address(struct str said, struct str begin, char *out, size_t size) {
    struct str at = str_skip(said, str_find(said, begin));
    size_t n = 0;
    while (n < at.n && at.p[n] != ' ' && at.p[n] != ')' && at.p[n] != '\n') n++;
    return n > begin.n && n < at.n && str_to_c(str_head(at, n), out, size);
}

static enum err open_server(struct demo *m, struct diag *d) {
    static const char *const arguments[] = {"mado",     "serve",       "--store",  "store",       "--keys", "keys",
                                            "--listen", "127.0.0.1:0", "--status", "127.0.0.1:0", NULL};
    struct buf said;
    bool open = false;
    int64_t began = now_us();
    TRY(demo_child_start(&m->serve, m->folder.path, "serve", arguments, false, d));
    buf_init(&said, 1 << 20);
    while (!open && !demo_stopped() && !demo_child_ended(&m->serve) && now_us() - began < OPEN_WAIT_MS * 1000ll) {
        screen_busy(&m->screen, "サーバーを動かしています", UINT32_MAX);
        demo_pause_ms(20);
        demo_child_said(&m->serve, &said);
        open = find_address(buf_str(&said), S("https://"), m->centre, sizeof m->centre) &&
               find_address(buf_str(&said), S("http://"), m->status, sizeof m->status);
    }
    struct str why = str_trim(buf_str(&said));
    enum err e = open             ? ERR_OK
                 : demo_stopped() ? diag_set(d, ERR_BUSY, "", "stopped")
                                  : diag_set(d, ERR_UNAVAILABLE, "mado serve", "%.*s", (int)(why.n < 150 ? why.n : 150),
                                             why.p ? why.p : "");
    buf_fini(&said);
    if (e == ERR_OK) screen_done(&m->screen, "サーバーが動いています", m->centre, now_us() - began);
    return e;
}

static enum err open_window(struct demo *m, struct diag *d) {
    const char *arguments[] = {"mado", "window",        "--folders",      "oqs", "--centre", m->centre, "--keys",
                               "keys", "--institution", DEMO_INSTITUTION, NULL};
    char request[PATH_MAX];
    struct stat st;
    int64_t began = now_us();
    if (snprintf(request, sizeof request, "%s/oqs/req", m->folder.path) >= (int)sizeof request)
        return diag_set(d, ERR_LIMIT, "path", NULL);
    TRY(demo_child_start(&m->window, m->folder.path, "window", arguments, false, d));
    while (stat(request, &st) != 0) {
        if (demo_stopped()) return diag_set(d, ERR_BUSY, "", "stopped");
        if (demo_child_ended(&m->window) || now_us() - began > WINDOW_WAIT_MS * 1000ll)
            return diag_set(d, ERR_UNAVAILABLE, "mado window", "it did not open");
        demo_pause_ms(10);
    }
    screen_done(&m->screen, "窓が開きました", "the window, on oqs/req and oqs/res", now_us() - began);
    return ERR_OK;
}

/* ---- all of it ---- */

static enum err demonstrate(struct demo *m, uint64_t count, struct diag *d) {
    char questions[PATH_MAX];
    TRY(demo_folder_make(&m->folder, count, d));
    screen_title(&m->screen, m->folder.path);
    TRY(make_keys(m, d));
    TRY(make_people(m, count, d));
    TRY(import_all(m, d));
    TRY(open_server(m, d));
    TRY(open_window(m, d));
    snprintf(questions, sizeof questions, "%.*s/town/questions.ndjson", (int)sizeof questions - 32, m->folder.path);
    TRY(demo_people_read(&m->people, questions, d));
    TRY(demo_line_open(&m->line, m->folder.path, m->centre, d));
    TRY(demo_show(m, d));
    return m->stays ? demo_stay(m, d) : ERR_OK;
}

static void clear_away(struct demo *m) {
    screen_live_end(&m->screen);
    if (m->stays && demo_stopped()) screen_note(&m->screen, "片づけています", "clearing away");
    demo_line_close(m->line);
    demo_child_end(&m->window);
    demo_child_end(&m->serve);
    demo_folder_remove(&m->folder);
}

int cmd_demo(const struct cmd_args *args) {
    struct demo *m = calloc(1, sizeof *m);
    struct diag d = {0};
    uint64_t count;
    invariant(m != NULL);
    if (!cmd_number(args, "count", PEOPLE_MAX, PEOPLE, &count)) return free(m), EXIT_USAGE;
    if (count < PEOPLE_MIN) count = PEOPLE_MIN;
    screen_open(&m->screen);
    ssize_t n = readlink("/proc/self/exe", m->program, sizeof m->program - 1);
    m->program[n > 0 ? n : 0] = 0;
    /* Who runs it in a script wants it to end. */
    m->stays = !cmd_flag(args, "once") && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    demo_listen_for_stop();
    enum err e = demonstrate(m, count, &d);
    clear_away(m);
    free(m);
    if (e == ERR_OK) return 0;
    if (demo_stopped()) return 128 + SIGINT;
    return cmd_fail(&d);
}
