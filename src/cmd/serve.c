/* mado serve: stays in the foreground, keeps nginx and what stands beside it, and ends with them. */
#include "base/world.h"
#include "cmd/cmd.h"
#include "cmd/serve_children.h"
#include "edge/fhir/fhir.h"
#include "net/door_config.h"
#include "net/listen.h"
#include "service/figures.h"
#include "state/store/store.h"

#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WORKERS_MAX = 64, CONFIG_MAX = 64 << 10, OPEN_FILES = 32 * 1024 };

#define NGINX  "/usr/sbin/nginx" /* Debian's; the module is built for that build alone */
#define MODULE "ngx_http_mado_module.so"

struct serve {
    char store[PATH_MAX], keys[PATH_MAX], run[PATH_MAX], module[PATH_MAX], config[PATH_MAX], own[PATH_MAX];
    char sockets[64], ready[64], user[64];
    struct listener door, status;
    bool has_status;
    unsigned workers;
    int ready_fds[2];
};

static enum err join(char out[PATH_MAX], const char *folder, const char *name, struct diag *d) {
    int n = snprintf(out, PATH_MAX, "%s/%s", folder, name);
    return n > 0 && n < PATH_MAX ? ERR_OK : diag_set(d, ERR_LIMIT, "path", NULL);
}

static enum err resolve(const char *given, char out[PATH_MAX], const char *what, struct diag *d) {
    return realpath(given, out) ? ERR_OK : diag_set(d, ERR_NOT_FOUND, what, "%s", strlen(given) < 128 ? given : "");
}

/* Beside the program (a build folder), or where a package puts it. */
static enum err find_module(struct serve *s, struct diag *d) {
    char own[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", own, sizeof own - 1);
    if (n > 0) {
        own[n] = 0;
        memcpy(s->own, own, (size_t)n + 1);
        char *slash = strrchr(own, '/');
        if (slash) *slash = 0;
        TRY(join(s->module, own, MODULE, d));
        if (access(s->module, R_OK) == 0) return ERR_OK;
    }
    TRY(join(s->module, "/usr/lib/mado", MODULE, d));
    if (access(s->module, R_OK) == 0) return ERR_OK;
    return diag_set(d, ERR_NOT_FOUND, MODULE, "neither beside mado nor in /usr/lib/mado");
}

/* Root gives its powers up for good: nginx's workers would otherwise run as nobody and not enter a private folder. */
static enum err become_owner(struct serve *s, struct diag *d) {
    struct stat owner;
    if (geteuid() != 0) return ERR_OK;
    if (stat(s->store, &owner) != 0) return diag_errno(d, "store");
    if (owner.st_uid == 0) {
        const struct passwd *root = getpwuid(0);
        snprintf(s->user, sizeof s->user, "%s", root ? root->pw_name : "root");
        return ERR_OK;
    }
    if (setgroups(0, NULL) != 0 || setresgid(owner.st_gid, owner.st_gid, owner.st_gid) != 0 ||
        setresuid(owner.st_uid, owner.st_uid, owner.st_uid) != 0)
        return diag_errno(d, "owner of the store");
    return ERR_OK;
}

/* run/ of the store: private, and one server's alone. The list of revoked certificates is found by workers through run/keys. */
static enum err prepare_run(struct serve *s, struct diag *d) {
    char path[PATH_MAX];
    TRY(join(s->run, s->store, "run", d));
    TRY(world_make_folder(s->run, d));
    TRY(join(path, s->run, "serve.lock", d));
    int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0) return diag_errno(d, path);
    if (flock(lock, LOCK_EX | LOCK_NB) != 0) return diag_set(d, ERR_LOCKED, "store", "another mado serve runs on it");
    figures_forget(s->store);
    TRY(join(path, s->run, "keys", d));
    if (unlink(path) != 0 && access(path, F_OK) == 0) return diag_errno(d, path);
    return symlink(s->keys, path) == 0 ? ERR_OK : diag_errno(d, path);
}

/* Nothing loaded, nothing to answer: better said here than by a worker. */
static enum err check_loaded(struct serve *s, struct diag *d) {
    char folder[PATH_MAX];
    struct store *coverage = NULL;
    TRY(join(folder, s->store, "coverage", d));
    enum err e = store_open(&coverage, &(struct store_settings){.home = STORE_HOME_COVERAGE, .folder = folder}, d);
    if (e == ERR_NOT_FOUND)
        return diag_set(
            d, e, s->store,
            "ここに保管庫はありません。mado import で作ります / there is no store here; mado import makes one");
    if (e == ERR_OK) store_close(coverage);
    return e;
}

/* Workers open the desk's store to read, so it has to be there before the first of them. */
static enum err make_desk_store(struct serve *s, struct diag *d) {
    char folder[PATH_MAX];
    struct store *desk = NULL;
    TRY(join(folder, s->store, "desk", d));
    TRY(store_open(&desk, &(struct store_settings){.home = STORE_HOME_DESK, .folder = folder, .write = true}, d));
    store_close(desk);
    return ERR_OK;
}

static unsigned open_files(void) {
    struct rlimit r;
    if (getrlimit(RLIMIT_NOFILE, &r) != 0) return 1024;
    return r.rlim_max < OPEN_FILES ? (unsigned)r.rlim_max : OPEN_FILES;
}

static enum err write_config(const struct serve *s, struct diag *d) {
    const struct door_form fhir = {S("/fhir/"), S("application/fhir+json; charset=utf-8"), fhir_write_outcome};
    const struct door_config c = {
        .module = str_c(s->module),
        .config = str_c(s->store),
        .keys = str_c(s->keys),
        .user = str_c(s->user),
        .listen = str_c(s->door.address),
        .status = s->has_status ? str_c(s->status.address) : S(""),
        .workers = s->workers,
        .open_files = open_files(),
        .form = &fhir,
    };
    struct buf text;
    buf_init(&text, CONFIG_MAX);
    enum err e = door_config_put(&text, &c, d);
    if (e == ERR_OK) e = world_replace_file(world_real(), s->config, buf_str(&text), 0600, d);
    buf_fini(&text);
    return e;
}

static void print_lines(struct str text) {
    while (!str_empty(text)) {
        struct str line = str_cut(&text, '\n');
        fprintf(stderr, "  nginx: %.*s\n", (int)line.n, line.p);
    }
}

/* nginx's own test: a wrong key, a module of another build, a setting it does not know. */
static enum err test_config(struct serve *s, struct diag *d) {
    const char *arguments[] = {"nginx", "-t", "-q", "-e", "stderr", "-p", s->run, "-c", s->config, NULL};
    const char *environment[] = {s->sockets, NULL};
    struct child test = {.name = "nginx -t", .program = NGINX, .arguments = arguments, .environment = environment};
    struct buf said;
    test.fds[test.fd_count++] = s->door.fd;
    if (s->has_status) test.fds[test.fd_count++] = s->status.fd;
    if (access(NGINX, X_OK) != 0) return diag_set(d, ERR_NOT_FOUND, NGINX, "install it: ./setup");
    buf_init(&said, CHILD_LINE_MAX);
    int status = child_run(&test, &said);
    if (status != 0) print_lines(buf_str(&said));
    buf_fini(&said);
    return status == 0 ? ERR_OK : diag_set(d, ERR_VALUE, "nginx -t", "nginx does not accept the settings, see above");
}

static enum err reload(void *context, struct diag *d) {
    TRY(write_config(context, d));
    return test_config(context, d);
}

static void opened(void *context) {
    const struct serve *s = context;
    printf("窓が開きました / Mado is ready: https://%s", s->door.address);
    if (s->has_status) printf(" (状態 / status: http://%s/)", s->status.address);
    printf("\n");
    fflush(stdout);
}

static int keep(struct serve *s) {
    const char *arguments[] = {"nginx", "-e", "stderr", "-p", s->run, "-c", s->config, NULL};
    const char *environment[] = {s->sockets, s->ready, NULL};
    const char *desk[] = {"mado", "desk", "--store", s->store, NULL};
    const char *const nothing[] = {NULL};
    /* A further process is a row here. */
    struct child children[] = {
        {.name = "desk", .program = s->own, .arguments = desk, .environment = nothing, .quit_signal = SIGTERM},
        {.name = "nginx",
         .program = NGINX,
         .arguments = arguments,
         .environment = environment,
         .fds = {s->ready_fds[1], s->door.fd, s->status.fd},
         .fd_count = s->has_status ? 3 : 2,
         .quit_signal = SIGQUIT,
         .reload_signal = SIGHUP},
    };
    const struct supervision plan = {
        .children = children,
        .count = ARRAY_LEN(children),
        .ready_fd = s->ready_fds[0],
        .expected = s->workers,
        .reload = reload,
        .opened = opened,
        .context = s,
    };
    return supervise(&plan);
}

static enum err open_listener(struct listener *l, const char *address, const char *option, struct diag *d) {
    enum err e = listener_open(l, str_c(address), d);
    if (e == ERR_VALUE) snprintf(d->where, sizeof d->where, "%s", option);
    return e;
}

static enum err open_sockets(struct serve *s, const struct cmd_args *args, struct diag *d) {
    const char *status = cmd_value(args, "status");
    TRY(open_listener(&s->door, cmd_value(args, "listen"), "--listen", d));
    if (status) {
        TRY(open_listener(&s->status, status, "--status", d));
        if (!s->status.loopback)
            return diag_set(d, ERR_FORBIDDEN, "--status", "an address of this machine alone, such as 127.0.0.1");
        s->has_status = true;
    }
    /* nginx takes listening sockets by number from this variable, as it does when its binary is replaced. */
    if (s->has_status) snprintf(s->sockets, sizeof s->sockets, "NGINX=%d;%d;", s->door.fd, s->status.fd);
    else snprintf(s->sockets, sizeof s->sockets, "NGINX=%d;", s->door.fd);
    return ERR_OK;
}

static enum err prepare(struct serve *s, const struct cmd_args *args, struct diag *d) {
    TRY(resolve(cmd_value(args, "store"), s->store, "--store", d));
    TRY(resolve(cmd_value(args, "keys"), s->keys, "--keys", d));
    TRY(find_module(s, d));
    TRY(open_sockets(s, args, d));
    TRY(become_owner(s, d));
    TRY(check_loaded(s, d));
    TRY(prepare_run(s, d));
    TRY(make_desk_store(s, d));
    TRY(join(s->config, s->run, "nginx.conf", d));
    if (pipe2(s->ready_fds, O_CLOEXEC) != 0) return diag_errno(d, "pipe");
    snprintf(s->ready, sizeof s->ready, "MADO_READY_FD=%d", s->ready_fds[1]);
    return reload(s, d);
}

int cmd_serve(const struct cmd_args *args) {
    struct serve *s = calloc(1, sizeof *s);
    struct diag d;
    uint64_t workers;
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    invariant(s != NULL);
    if (!cmd_number(args, "workers", WORKERS_MAX, cpus > 0 && cpus < WORKERS_MAX ? (uint64_t)cpus : 1, &workers) ||
        workers == 0)
        return free(s), EXIT_USAGE;
    s->workers = (unsigned)workers;
    s->door.fd = s->status.fd = -1;
    int status = prepare(s, args, &d) == ERR_OK ? keep(s) : cmd_fail(&d);
    listener_close(&s->door);
    listener_close(&s->status);
    free(s);
    return status;
}
