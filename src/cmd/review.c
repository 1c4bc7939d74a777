/* mado review: keeps nginx with the page for those who decide about links, on an address of this machine alone, and ends with it. */
#include "base/world.h"
#include "cmd/cmd.h"
#include "cmd/nginx_run.h"
#include "cmd/review_pages.h"
#include "cmd/serve_children.h"
#include "net/door_config.h"

#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

struct review_serve {
    struct nginx_run nginx;
    struct listener pages;
    char user[64];
};

static enum err open_pages(struct review_serve *w, const char *address, struct diag *d) {
    enum err e = listener_open(&w->pages, str_c(address), d);
    if (e == ERR_VALUE) snprintf(d->where, sizeof d->where, "--pages");
    if (e != ERR_OK) return e;
    if (!w->pages.loopback)
        return diag_set(
            d, ERR_FORBIDDEN, "--pages",
            "この計算機の中だけの場所です (127.0.0.1 など) / an address of this machine alone, such as 127.0.0.1");
    w->nginx.sockets[0] = &w->pages;
    return ERR_OK;
}

/* DECISIONS/run: private, and one review's alone. */
static enum err prepare_run(struct review_serve *w, const char *decisions, struct diag *d) {
    char path[PATH_MAX], whole[PATH_MAX];
    TRY(nginx_join(path, decisions, "run", d));
    TRY(world_make_folder(path, d));
    if (realpath(path, whole) == NULL) return diag_errno(d, path);
    TRY(nginx_join(w->nginx.run, whole, "", d));
    w->nginx.run[strlen(whole)] = 0;
    TRY(nginx_join(path, whole, "review.lock", d));
    int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0) return diag_errno(d, path);
    if (flock(lock, LOCK_EX | LOCK_NB) == 0) return ERR_OK;
    return diag_set(d, ERR_LOCKED, "--decisions", "another mado review has them");
}

static enum err put_path(struct buf *b, const char *name, const struct cmd_args *args, struct diag *d) {
    char whole[PATH_MAX];
    if (realpath(cmd_value(args, name), whole) == NULL) return diag_errno(d, cmd_value(args, name));
    buf_printf(b, "\"%s\":", name), buf_json(b, str_c(whole)), buf_putc(b, ',');
    return ERR_OK;
}

static enum err write_settings(const struct review_serve *w, const struct cmd_args *args, struct diag *d) {
    static const char *const paths[] = {"alarms", "decisions", "store", "keys"};
    char path[PATH_MAX];
    struct buf b;
    enum err e = ERR_OK;
    TRY(nginx_join(path, w->nginx.run, REVIEW_SETTINGS, d));
    buf_init(&b, REVIEW_SETTINGS_MAX);
    buf_putc(&b, '{');
    for (size_t i = 0; i < ARRAY_LEN(paths) && e == ERR_OK; i++) e = put_path(&b, paths[i], args, d);
    buf_puts(&b, "\"address\":"), buf_json(&b, str_c(w->pages.address)), buf_puts(&b, "}\n");
    if (e == ERR_OK && !buf_ok(&b)) e = diag_set(d, ERR_LIMIT, REVIEW_SETTINGS, NULL);
    if (e == ERR_OK) e = world_replace_file(world_real(), path, buf_str(&b), 0600, d);
    buf_fini(&b);
    return e;
}

static enum err write_config(const struct review_serve *w, struct diag *d) {
    const struct door_config c = {
        .module = str_c(w->nginx.module),
        .app = S("review"),
        .config = str_c(w->nginx.run),
        .user = str_c(w->user),
        .pages = str_c(w->pages.address),
        .workers = 1, /* one keeps the state of all decisions */
        .open_files = nginx_open_files(),
    };
    return nginx_configure(&w->nginx, &c, d);
}

static enum err prepare(struct review_serve *w, const struct cmd_args *args, struct diag *d) {
    const struct passwd *root = geteuid() == 0 ? getpwuid(0) : NULL;
    if (geteuid() == 0) snprintf(w->user, sizeof w->user, "%s", root ? root->pw_name : "root");
    TRY(open_pages(w, cmd_value(args, "pages"), d));
    TRY(nginx_find(&w->nginx, d));
    TRY(prepare_run(w, cmd_value(args, "decisions"), d));
    TRY(write_settings(w, args, d));
    TRY(nginx_prepare(&w->nginx, d));
    TRY(write_config(w, d));
    return nginx_test(&w->nginx, d);
}

static void opened(void *context) {
    const struct review_serve *w = context;
    printf("審査の画面が開きました / The review page is ready: http://%s/review\n", w->pages.address);
    fflush(stdout);
}

static int keep(struct review_serve *w) {
    const char *arguments[NGINX_ARGUMENTS], *environment[NGINX_ENVIRONMENT];
    struct child children[] = {nginx_child(&w->nginx, arguments, environment)};
    const struct supervision plan = {.name = "mado review",
                                     .children = children,
                                     .count = ARRAY_LEN(children),
                                     .ready_fd = w->nginx.ready_fds[0],
                                     .expected = 1,
                                     .opened = opened,
                                     .context = w};
    return supervise(&plan);
}

int cmd_review(const struct cmd_args *args) {
    struct review_serve *w = calloc(1, sizeof *w);
    struct diag d = {0};
    invariant(w != NULL);
    w->pages.fd = -1;
    int status = prepare(w, args, &d) == ERR_OK ? keep(w) : cmd_fail(&d);
    listener_close(&w->pages);
    free(w);
    return status;
}
