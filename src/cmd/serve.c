/* mado serve: stays in the foreground, keeps nginx and what stands beside it, and ends with them. */
#include "base/world.h"
#include "cmd/cmd.h"
#include "cmd/nginx_run.h"
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
#include <sys/stat.h>
#include <unistd.h>

enum { WORKERS_MAX = 64 };

struct serve {
    struct nginx_run nginx;
    char store[PATH_MAX], keys[PATH_MAX], user[64];
    struct listener door, status;
    bool has_status;
    unsigned workers;
};

static enum err resolve(const char *given, char out[PATH_MAX], const char *what, struct diag *d) {
    return realpath(given, out) ? ERR_OK : diag_set(d, ERR_NOT_FOUND, what, "%s", strlen(given) < 128 ? given : "");
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
    TRY(nginx_join(s->nginx.run, s->store, "run", d));
    TRY(world_make_folder(s->nginx.run, d));
    TRY(nginx_join(path, s->nginx.run, "serve.lock", d));
    int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0) return diag_errno(d, path);
    if (flock(lock, LOCK_EX | LOCK_NB) != 0) return diag_set(d, ERR_LOCKED, "store", "another mado serve runs on it");
    figures_forget(s->store);
    TRY(nginx_join(path, s->nginx.run, "keys", d));
    if (unlink(path) != 0 && access(path, F_OK) == 0) return diag_errno(d, path);
    return symlink(s->keys, path) == 0 ? ERR_OK : diag_errno(d, path);
}

/* Nothing loaded, nothing to answer: better said here than by a worker. */
static enum err check_loaded(struct serve *s, struct diag *d) {
    char folder[PATH_MAX];
    struct store *coverage = NULL;
    TRY(nginx_join(folder, s->store, "coverage", d));
    enum err e = store_open(&coverage, &(struct store_settings){.home = STORE_HOME_COVERAGE, .folder = folder}, d);
    if (e == ERR_NOT_FOUND)
        return diag_set(
            d, e, s->store,
            "ここに保管庫はありません。mado import で作ります / there is no store here; mado import makes one");
    if (e == ERR_OK) store_close(coverage);
    return e;
}

/* Workers open these to read, so they have to be there before the first of them. */
static enum err make_home(struct serve *s, enum store_home home, struct diag *d) {
    char folder[PATH_MAX];
    struct store *store = NULL;
    TRY(nginx_join(folder, s->store, store_home_folder(home), d));
    TRY(store_open(&store, &(struct store_settings){.home = home, .folder = folder, .write = true}, d));
    store_close(store);
    return ERR_OK;
}

static enum err write_config(const struct serve *s, struct diag *d) {
    const struct door_form fhir = {S("/fhir/"), S("application/fhir+json; charset=utf-8"), fhir_write_outcome};
    const struct door_config c = {
        .module = str_c(s->nginx.module),
        .app = S("centre"),
        .config = str_c(s->store),
        .keys = str_c(s->keys),
        .user = str_c(s->user),
        .listen = str_c(s->door.address),
        .status = s->has_status ? str_c(s->status.address) : S(""),
        .workers = s->workers,
        .open_files = nginx_open_files(),
        .form = &fhir,
    };
    return nginx_configure(&s->nginx, &c, d);
}

static enum err reload(void *context, struct diag *d) {
    struct serve *s = context;
    TRY(write_config(s, d));
    return nginx_test(&s->nginx, d);
}

static void opened(void *context) {
    const struct serve *s = context;
    printf("窓が開きました / Mado is ready: https://%s", s->door.address);
    if (s->has_status) printf(" (状態 / status: http://%s/)", s->status.address);
    printf("\n");
    fflush(stdout);
}

static int keep(struct serve *s) {
    const char *arguments[NGINX_ARGUMENTS], *environment[NGINX_ENVIRONMENT];
    const char *desk[] = {"mado", "desk", "--store", s->store, NULL};
    const char *const nothing[] = {NULL};
    /* A further process is a row here. */
    struct child children[] = {
        {.name = "desk", .program = s->nginx.own, .arguments = desk, .environment = nothing, .quit_signal = SIGTERM},
        nginx_child(&s->nginx, arguments, environment),
    };
    children[1].reload_signal = SIGHUP;
    const struct supervision plan = {
        .name = "mado serve",
        .children = children,
        .count = ARRAY_LEN(children),
        .ready_fd = s->nginx.ready_fds[0],
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
    s->nginx.sockets[0] = &s->door;
    if (s->has_status) s->nginx.sockets[1] = &s->status;
    return ERR_OK;
}

static enum err prepare(struct serve *s, const struct cmd_args *args, struct diag *d) {
    TRY(resolve(cmd_value(args, "store"), s->store, "--store", d));
    TRY(resolve(cmd_value(args, "keys"), s->keys, "--keys", d));
    TRY(nginx_find(&s->nginx, d));
    TRY(open_sockets(s, args, d));
    TRY(become_owner(s, d));
    TRY(check_loaded(s, d));
    TRY(prepare_run(s, d));
    TRY(make_home(s, STORE_HOME_DESK, d));
    TRY(make_home(s, STORE_HOME_WAYS, d));
    TRY(nginx_prepare(&s->nginx, d));
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
