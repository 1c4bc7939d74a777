/* mado window --pages: keeps two children, the window that watches the folders (the same command without --pages) and nginx with the
 * pages, and ends with them. The pages are for this machine alone. */
#include "base/world.h"
#include "cmd/cmd.h"
#include "cmd/nginx_run.h"
#include "cmd/serve_children.h"
#include "cmd/window_pages.h"
#include "edge/face/face_reader.h"
#include "net/door_config.h"

#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

enum { WORDS_MAX = 2 * CMD_OPTIONS_MAX + 3, OPTION_MAX = 64 };

struct window_serve {
    struct nginx_run nginx;
    struct listener pages, kiosk;
    char user[64];
    char options[CMD_OPTIONS_MAX][OPTION_MAX];
    const char *words[WORDS_MAX]; /* of the folders' window */
};

static enum err open_here(struct listener *l, const char *option, const char *address, struct diag *d) {
    enum err e = listener_open(l, str_c(address), d);
    if (e == ERR_VALUE) snprintf(d->where, sizeof d->where, "%s", option);
    if (e != ERR_OK) return e;
    if (l->loopback) return ERR_OK;
    return diag_set(
        d, ERR_FORBIDDEN, option,
        "この計算機の中だけの場所です (127.0.0.1 など) / an address of this machine alone, such as 127.0.0.1");
}

static enum err open_pages(struct window_serve *w, const struct cmd_args *args, struct diag *d) {
    const char *kiosk = cmd_value(args, "kiosk");
    TRY(open_here(&w->pages, "--pages", cmd_value(args, "pages"), d));
    w->nginx.sockets[0] = &w->pages;
    if (kiosk == NULL) return ERR_OK;
    TRY(open_here(&w->kiosk, "--kiosk", kiosk, d));
    w->nginx.sockets[1] = &w->kiosk;
    return ERR_OK;
}

/* pages/ beside the folders' own memory: private, and one window's alone. */
static enum err prepare_run(struct window_serve *w, const char *folders, struct diag *d) {
    char path[PATH_MAX], whole[PATH_MAX];
    TRY(nginx_join(path, folders, WINDOW_RUN, d));
    TRY(world_make_folder(path, d));
    if (realpath(path, whole) == NULL) return diag_errno(d, path);
    TRY(nginx_join(w->nginx.run, whole, "", d));
    w->nginx.run[strlen(whole)] = 0;
    TRY(nginx_join(path, whole, "window.lock", d));
    int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0) return diag_errno(d, path);
    if (flock(lock, LOCK_EX | LOCK_NB) == 0) return ERR_OK;
    return diag_set(d, ERR_LOCKED, "--folders", "another mado window has them");
}

static void put_setting(struct buf *b, const char *name, const char *value) {
    buf_printf(b, "%s\"%s\":", b->n > 1 ? "," : "", name);
    buf_json(b, str_c(value));
}

static enum err put_key(struct buf *b, const char *name, const struct cmd_args *args, const char *file,
                        struct diag *d) {
    char path[PATH_MAX], whole[PATH_MAX];
    TRY(window_key_file(path, cmd_value(args, "keys"), cmd_value(args, "institution"), file, d));
    if (realpath(path, whole) == NULL) return diag_errno(d, file);
    put_setting(b, name, whole);
    return ERR_OK;
}

/* Its socket may come later; its key has to be there, or every yes would be refused. */
static enum err put_face(struct buf *b, const struct cmd_args *args, struct diag *d) {
    const char *socket = cmd_value(args, "face");
    char keys[PATH_MAX], here[PATH_MAX] = "", whole[PATH_MAX];
    if (socket == NULL) return put_setting(b, "face", ""), put_setting(b, "face_keys", ""), ERR_OK;
    /* nginx runs elsewhere */
    if (socket[0] != '/' && getcwd(here, sizeof here) == NULL) return diag_errno(d, "--face");
    int n = snprintf(whole, sizeof whole, "%s%s%s", here, here[0] ? "/" : "", socket);
    if (n < 0 || n > FACE_SOCKET_MAX) return diag_set(d, ERR_LIMIT, "--face", "%d bytes at most", FACE_SOCKET_MAX);
    bool known =
        window_key_file(keys, cmd_value(args, "keys"), cmd_value(args, "institution"), "face", NULL) == ERR_OK &&
        face_reader_known(world_real(), keys);
    if (!known)
        return diag_set(d, ERR_NOT_FOUND, "--face",
                        "機器の公開鍵を face/NAME.pem に置きます / put the device's public key into face/NAME.pem");
    put_setting(b, "face", whole);
    return put_key(b, "face_keys", args, "face", d);
}

static enum err put_substitutes(struct buf *b, const char *file, struct diag *d) {
    char whole[PATH_MAX] = "";
    if (file && realpath(file, whole) == NULL) return diag_errno(d, "--substitutes");
    put_setting(b, "substitutes", whole);
    return ERR_OK;
}

static enum err write_settings(const struct window_serve *w, const struct cmd_args *args, struct diag *d) {
    char path[PATH_MAX];
    struct buf b;
    TRY(nginx_join(path, w->nginx.run, WINDOW_SETTINGS, d));
    buf_init(&b, WINDOW_SETTINGS_MAX);
    buf_putc(&b, '{');
    put_setting(&b, "centre", cmd_value(args, "centre"));
    put_setting(&b, "institution", cmd_value(args, "institution"));
    put_setting(&b, "address", w->pages.address);
    put_setting(&b, "program", w->nginx.own);
    put_setting(&b, "kiosk", w->nginx.sockets[1] ? w->kiosk.address : "");
    put_setting(&b, "reader", cmd_value(args, "reader") ? cmd_value(args, "reader") : "");
    put_setting(&b, "encoding", cmd_value(args, "encoding") ? cmd_value(args, "encoding") : "");
    put_setting(&b, "forget", cmd_flag(args, "forget") ? "1" : "");
    enum err e = put_key(&b, "ca", args, "ca.pem", d);
    if (e == ERR_OK) e = put_key(&b, "certificate", args, "cert.pem", d);
    if (e == ERR_OK) e = put_key(&b, "key", args, "key.pem", d);
    if (e == ERR_OK) e = put_face(&b, args, d);
    if (e == ERR_OK) e = put_substitutes(&b, cmd_value(args, "substitutes"), d);
    buf_puts(&b, "}\n");
    if (e == ERR_OK && !buf_ok(&b)) e = diag_set(d, ERR_LIMIT, WINDOW_SETTINGS, NULL);
    if (e == ERR_OK) e = world_replace_file(world_real(), path, buf_str(&b), 0600, d);
    buf_fini(&b);
    return e;
}

static enum err write_config(const struct window_serve *w, struct diag *d) {
    const struct door_config c = {
        .module = str_c(w->nginx.module),
        .app = S("window"),
        .config = str_c(w->nginx.run),
        .user = str_c(w->user),
        .pages = str_c(w->pages.address),
        .kiosk = w->nginx.sockets[1] ? str_c(w->kiosk.address) : S(""),
        .workers = 1, /* one keeps the day's list; the pages of one reception are no load */
        .open_files = nginx_open_files(),
    };
    return nginx_configure(&w->nginx, &c, d);
}

/* The folders' window is this very command without what is about pages. */
static bool is_pages_option(const char *name) {
    static const char *const names[] = {"pages", "kiosk", "reader", "face"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strcmp(name, names[i]) == 0) return true;
    return false;
}

static void copy_words(struct window_serve *w, const struct cmd_args *args) {
    size_t n = 0;
    w->words[n++] = "mado", w->words[n++] = "window";
    for (size_t i = 0; i < args->given_count; i++) {
        if (is_pages_option(args->given[i].name)) continue;
        snprintf(w->options[i], OPTION_MAX, "--%s", args->given[i].name);
        w->words[n++] = w->options[i];
        if (args->given[i].value[0]) w->words[n++] = args->given[i].value;
    }
    w->words[n] = NULL;
}

static enum err prepare(struct window_serve *w, const struct cmd_args *args, struct diag *d) {
    const struct passwd *root = geteuid() == 0 ? getpwuid(0) : NULL;
    if (geteuid() == 0) snprintf(w->user, sizeof w->user, "%s", root ? root->pw_name : "root");
    TRY(open_pages(w, args, d));
    TRY(nginx_find(&w->nginx, d));
    TRY(prepare_run(w, cmd_value(args, "folders"), d));
    TRY(write_settings(w, args, d));
    TRY(nginx_prepare(&w->nginx, d));
    TRY(write_config(w, d));
    copy_words(w, args);
    return nginx_test(&w->nginx, d);
}

static void opened(void *context) {
    const struct window_serve *w = context;
    const struct listener *kiosk = w->nginx.sockets[1] ? &w->kiosk : &w->pages;
    printf("患者の画面 / The patients' page: http://%s/kiosk\n", kiosk->address);
    printf("受付の画面が開きました / The reception page is ready: http://%s/reception\n", w->pages.address);
    fflush(stdout);
}

static int keep(struct window_serve *w) {
    const char *arguments[NGINX_ARGUMENTS], *environment[NGINX_ENVIRONMENT];
    const char *const nothing[] = {NULL};
    struct child children[] = {
        {.name = "window",
         .program = w->nginx.own,
         .arguments = w->words,
         .environment = nothing,
         .quit_signal = SIGTERM},
        nginx_child(&w->nginx, arguments, environment),
    };
    /* A page that waits for news would hold up a polite end, and loses nothing by a quick one: all it knew is on the disk. */
    children[1].quit_signal = SIGTERM;
    const struct supervision plan = {.name = "mado window",
                                     .children = children,
                                     .count = ARRAY_LEN(children),
                                     .ready_fd = w->nginx.ready_fds[0],
                                     .expected = 1,
                                     .opened = opened,
                                     .context = w};
    return supervise(&plan);
}

int window_serve(const struct cmd_args *args) {
    struct window_serve *w = calloc(1, sizeof *w);
    struct diag d = {0};
    invariant(w != NULL);
    w->pages.fd = w->kiosk.fd = -1;
    int status = prepare(w, args, &d) == ERR_OK ? keep(w) : cmd_fail(&d);
    listener_close(&w->pages), listener_close(&w->kiosk);
    free(w);
    return status;
}
