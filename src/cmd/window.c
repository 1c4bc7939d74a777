/* mado window: the folders on one side, the centre on the other. Reads of the keys only what is the institution's own. */
#include "base/log.h"
#include "base/world.h"
#include "cmd/cmd.h"
#include "cmd/window_devices.h"
#include "cmd/window_pages.h"
#include "cmd/window_papers.h"
#include "edge/receipt/folders.h"
#include "net/client.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

enum { BULK_MS = 120 * 1000, STAY_MINUTES_MAX = 366 * 24 * 60, GIVE_UP_S_MAX = 24 * 60 * 60 };

struct window {
    char ca[PATH_MAX], certificate[PATH_MAX], key[PATH_MAX];
    struct client *single, *bulk;
    struct substitutes substitutes;
    struct known known;
    struct statements statements;
    struct folders_settings settings;
    struct window_papers *papers;
};

static volatile sig_atomic_t ended;
static void on_end(int signal_number) {
    (void)signal_number;
    ended = 1;
}

static enum err ask(void *context, const char *path, struct str json, int *status, struct str *reply, struct diag *d) {
    struct window *w = context;
    const struct client_reply *r;
    bool bulk = str_find(str_c(path), S("OQSmu")) < strlen(path);
    TRY(client_post(bulk ? w->bulk : w->single, path, "application/json", json, &r, d));
    *status = r->status;
    *reply = buf_str(&r->body);
    return ERR_OK;
}

enum err window_key_file(char out[PATH_MAX], const char *keys, const char *code, const char *file, struct diag *d) {
    int n = snprintf(out, PATH_MAX, "%s/institutions/%s/%s", keys, code, file);
    if (n > 0 && n < PATH_MAX && access(out, R_OK) == 0) return ERR_OK;
    n = snprintf(out, PATH_MAX, "%s/%s", keys, file);
    if (n > 0 && n < PATH_MAX && access(out, R_OK) == 0) return ERR_OK;
    return diag_set(d, ERR_NOT_FOUND, file, "neither in institutions/%s nor in the folder of keys itself", code);
}

static enum err open_clients(struct window *w, const char *centre, const char *keys, const char *code, struct diag *d) {
    TRY(window_key_file(w->ca, keys, code, "ca.pem", d));
    TRY(window_key_file(w->certificate, keys, code, "cert.pem", d));
    TRY(window_key_file(w->key, keys, code, "key.pem", d));
    struct client_settings s = {
        .centre = centre, .ca = w->ca, .certificate = w->certificate, .key = w->key, .connect_ms = WINDOW_CONNECT_MS};
    s.answer_ms = WINDOW_ANSWER_MS;
    TRY(client_open(&w->single, &s, d));
    s.answer_ms = BULK_MS;
    TRY(client_open(&w->bulk, &s, d));
    s.answer_ms = WINDOW_ANSWER_MS; /* and not longer: whoever ends the window waits for it */
    return window_papers_start(&w->papers, &s, w->settings.folder, d);
}

/* The institution's own key is the secret that seals what is remembered and stated: nobody who lacks it can read or forge that. */
static enum err open_sealed(struct window *w, const char *folder, bool remembers, struct diag *d) {
    char path[PATH_MAX], pages[PATH_MAX];
    struct buf secret;
    if (snprintf(path, sizeof path, "%s/" WINDOW_MEMORY, folder) >= (int)sizeof path ||
        snprintf(pages, sizeof pages, "%s/" WINDOW_RUN, folder) >= (int)sizeof pages)
        return diag_set(d, ERR_LIMIT, "--folders", NULL);
    buf_init(&secret, WINDOW_KEY_FILE_MAX);
    enum err e = world_read_file(world_real(), w->key, &secret, d);
    const struct known_settings s = {.world = world_real(),
                                     .folder = path,
                                     .secret = buf_str(&secret),
                                     .ca = w->ca,
                                     .institution = w->settings.form.institution};
    const struct statements_settings j = {
        .world = s.world, .folder = s.folder, .secret = s.secret, .institution = s.institution};
    if (e == ERR_OK) e = statements_open(&w->statements, &j, d);
    if (e == ERR_OK) w->settings.form.statements = &w->statements;
    if (e == ERR_OK && remembers) e = known_open(&w->known, &s, d);
    if (e == ERR_OK && remembers) e = known_look_beside(&w->known, world_real(), pages, buf_str(&secret), d);
    if (secret.p) explicit_bzero(secret.p, secret.cap);
    buf_fini(&secret);
    if (e == ERR_OK && remembers) w->settings.form.known = &w->known;
    return e;
}

static enum err prepare(struct window *w, const struct cmd_args *args, struct diag *d) {
    struct folder_form *form = &w->settings.form;
    const char *code = cmd_value(args, "institution");
    if (institution_code_parse(str_c(code), &form->institution) != ERR_OK)
        return diag_set(d, ERR_USAGE, "--institution", "ten digits, prefecture first");
    TRY(window_encoding(cmd_value(args, "encoding"), &form->encoding, d));
    TRY(substitutes_open(&w->substitutes, world_real(), cmd_value(args, "substitutes"), d));
    form->substitutes = &w->substitutes;
    form->zip = cmd_flag(args, "zip");
    w->settings.folder = cmd_value(args, "folders");
    w->settings.world = world_real();
    w->settings.centre = (struct centre){ask, w};
    TRY(open_clients(w, cmd_value(args, "centre"), cmd_value(args, "keys"), code, d));
    return open_sealed(w, w->settings.folder, !cmd_flag(args, "forget"), d);
}

/* SIGTERM and SIGINT are seen only while waiting: a request in hand is answered first. */
static void run(struct folders *f) {
    sigset_t ends, waiting;
    struct sigaction action = {.sa_handler = on_end};
    sigemptyset(&ends), sigaddset(&ends, SIGTERM), sigaddset(&ends, SIGINT);
    sigprocmask(SIG_BLOCK, &ends, &waiting);
    sigdelset(&waiting, SIGTERM), sigdelset(&waiting, SIGINT);
    sigaction(SIGTERM, &action, NULL), sigaction(SIGINT, &action, NULL);
    while (!ended) {
        struct pollfd fd = {.fd = folders_fd(f), .events = POLLIN};
        struct timespec pause = {.tv_nsec = FOLDERS_POLL_MS * 1000000L};
        if (folders_turn(f)) pause.tv_nsec = 0;
        if (ppoll(&fd, 1, &pause, &waiting) > 0) folders_noticed(f);
    }
}

static void finish(struct window *w) {
    window_papers_stop(w->papers);
    client_close(w->single), client_close(w->bulk);
    known_close(&w->known);
    statements_close(&w->statements);
    if (w->settings.form.substitutes) substitutes_close(&w->substitutes);
}

int cmd_window(const struct cmd_args *args) {
    struct window w = {0};
    struct folders *f = NULL;
    struct diag d = {0};
    uint64_t stay, give_up;
    if (!cmd_number(args, "stay-minutes", STAY_MINUTES_MAX, FOLDERS_STAY_MINUTES, &stay) ||
        !cmd_number(args, "give-up-seconds", GIVE_UP_S_MAX, FOLDERS_GIVE_UP_S, &give_up))
        return EXIT_USAGE;
    if (cmd_value(args, "pages")) return window_serve(args);
    if (cmd_value(args, "kiosk") || cmd_value(args, "face") || cmd_value(args, "reader"))
        return (void)!diag_set(&d, ERR_USAGE, "--kiosk, --reader, --face", "needs --pages"), cmd_fail(&d);
    w.settings.stay_minutes = (unsigned)stay, w.settings.give_up_s = (unsigned)give_up;
    enum err e = prepare(&w, args, &d);
    if (e == ERR_OK) e = folders_open(&f, &w.settings, &d);
    if (e == ERR_OK) {
        log_line(LOG_INFO, "the window is open", "institution", cmd_value(args, "institution"), "centre",
                 cmd_value(args, "centre"), NULL);
        run(f);
        folders_close(f);
        log_line(LOG_INFO, "the window is closed", NULL);
    }
    finish(&w);
    return e == ERR_OK ? 0 : cmd_fail(&d);
}
