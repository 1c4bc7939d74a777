/* The app that nginx's worker runs for `mado window --pages`: the wiring of the reception page to the centre. */
#include "cmd/window_pages.h"

#include "base/json.h"
#include "base/log.h"
#include "base/world.h"
#include "cmd/apps.h"
#include "cmd/window_devices.h"
#include "cmd/window_papers.h"
#include "edge/receipt/known.h"
#include "edge/receipt/statement_page.h"
#include "edge/reception/handle.h"
#include "net/client.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#define SEARCH_PATH "/MSA01030/ILI01030SV01/search" /* the field's own, for one question (edge/receipt/kind.def) */

struct window_app {
    struct pages pages;
    struct client *clients[CENTRE_LANES];
    struct institution_code institution;
    struct known known; /* told NULL: nothing is remembered */
    char centre[512], ca[PATH_MAX], certificate[PATH_MAX], key[PATH_MAX];
    char address[PAGES_ADDRESS_MAX], kiosk[PAGES_ADDRESS_MAX], code[16], forget[4];
    char run[PATH_MAX], visits[PATH_MAX], log[PATH_MAX], aside[PATH_MAX], program[PATH_MAX], folders[PATH_MAX];
    struct window_devices devices;
    struct window_scan scan;
};

static enum err ask(void *context, unsigned lane, struct str message, int *status, struct str *reply, struct diag *d) {
    struct window_app *a = context;
    const struct client_reply *r;
    TRY(client_post(a->clients[lane], SEARCH_PATH, "application/json", message, &r, d));
    *status = r->status;
    *reply = buf_str(&r->body);
    return ERR_OK;
}

/* ---- what the window remembers ---- */

static void keep(void *context, struct str reply) {
    struct window_app *a = context;
    struct diag d = {0};
    if (known_keep(&a->known, MESSAGE_SINGLE, reply, world_real()->now_us(world_real()), &d) != ERR_OK)
        log_diag(LOG_WARNING, "an answer could not be remembered for when the line is down", &d);
}

static enum err recall(void *context, struct str message, struct buf *reply, int64_t *told_us, struct diag *d) {
    struct window_app *a = context;
    return known_recall(&a->known, message, world_real()->now_us(world_real()), reply, told_us, d);
}

static void sweep(void *context) {
    struct window_app *a = context;
    (void)known_sweep(&a->known, world_real()->now_us(world_real()));
}

/* The pages keep what they were told in their own folder, and look at what the folders' window was told. */
static enum err open_known(struct window_app *a, struct institution_code institution, struct reception_memory *out,
                           struct diag *d) {
    char beside[PATH_MAX];
    struct buf secret;
    if (a->forget[0]) return ERR_OK;
    if (snprintf(beside, sizeof beside, "%s/..", a->run) >= (int)sizeof beside)
        return diag_set(d, ERR_LIMIT, "folder", NULL);
    buf_init(&secret, WINDOW_KEY_FILE_MAX);
    enum err e = world_read_file(world_real(), a->key, &secret, d);
    struct known_settings s = {
        .world = world_real(), .folder = a->run, .secret = buf_str(&secret), .ca = a->ca, .institution = institution};
    if (e == ERR_OK) e = known_open(&a->known, &s, d);
    if (e == ERR_OK) e = known_look_beside(&a->known, world_real(), beside, buf_str(&secret), d);
    if (secret.p) sodium_memzero(secret.p, secret.cap);
    buf_fini(&secret);
    *out = (struct reception_memory){keep, recall, sweep, a};
    return e;
}

/* ---- statements: the folders' window takes them in ---- */

static enum err put_statement(void *context, struct str body, struct buf *id, struct diag *d) {
    const struct window_app *a = context;
    return statement_page_put(world_real(), a->folders, a->institution, body, id, d);
}

static enum err statement_answer(void *context, struct str id, struct buf *json, struct diag *d) {
    const struct window_app *a = context;
    return statement_page_answer(world_real(), a->folders, id, json, d);
}

/* ---- the settings ---- */

static enum err optional(struct json root, const char *name, char *out, size_t size, struct diag *d) {
    struct str s;
    if (json_str(json_get(root, name), &s) && str_to_c(s, out, size)) return ERR_OK;
    return diag_set(d, ERR_VALUE, WINDOW_SETTINGS, "%s", name);
}

static enum err setting(struct json root, const char *name, char *out, size_t size, struct diag *d) {
    TRY(optional(root, name, out, size, d));
    return out[0] ? ERR_OK : diag_set(d, ERR_MISSING, WINDOW_SETTINGS, "%s", name);
}

static enum err take_devices(struct window_devices *w, struct json root, struct diag *d) {
    TRY(optional(root, "reader", w->reader, sizeof w->reader, d));
    TRY(optional(root, "face", w->face, sizeof w->face, d));
    TRY(optional(root, "face_keys", w->face_keys, sizeof w->face_keys, d));
    TRY(optional(root, "encoding", w->encoding, sizeof w->encoding, d));
    return optional(root, "substitutes", w->substitutes, sizeof w->substitutes, d);
}

static enum err take_settings(struct window_app *a, struct json root, struct diag *d) {
    TRY(setting(root, "centre", a->centre, sizeof a->centre, d));
    TRY(setting(root, "ca", a->ca, sizeof a->ca, d));
    TRY(setting(root, "certificate", a->certificate, sizeof a->certificate, d));
    TRY(setting(root, "key", a->key, sizeof a->key, d));
    TRY(setting(root, "address", a->address, sizeof a->address, d));
    TRY(setting(root, "institution", a->code, sizeof a->code, d));
    TRY(setting(root, "program", a->program, sizeof a->program, d));
    TRY(optional(root, "kiosk", a->kiosk, sizeof a->kiosk, d));
    TRY(optional(root, "forget", a->forget, sizeof a->forget, d));
    return take_devices(&a->devices, root, d);
}

static enum err join(char out[PATH_MAX], const char *folder, const char *name, struct diag *d) {
    int n = snprintf(out, PATH_MAX, "%s/%s", folder, name);
    return n > 0 && n < PATH_MAX ? ERR_OK : diag_set(d, ERR_LIMIT, "folder", NULL);
}

static enum err read_settings(struct window_app *a, struct str run, struct diag *d) {
    char path[PATH_MAX];
    struct buf text;
    struct arena arena;
    struct json root;
    if (!str_to_c(run, a->run, sizeof a->run)) return diag_set(d, ERR_LIMIT, "folder", NULL);
    TRY(join(path, a->run, WINDOW_SETTINGS, d));
    TRY(join(a->visits, a->run, WINDOW_VISITS, d));
    TRY(join(a->log, a->run, WINDOW_LOG, d));
    TRY(join(a->aside, a->run, WINDOW_ASIDE, d));
    TRY(join(a->devices.folder, a->run, WINDOW_FACE, d));
    TRY(join(a->folders, a->run, "../..", d)); /* DIR/.mado/pages (window_serve.c) */
    buf_init(&text, WINDOW_SETTINGS_MAX);
    arena_init(&arena, 16 * WINDOW_SETTINGS_MAX);
    enum err e = world_read_file(world_real(), path, &text, d);
    if (e == ERR_OK) e = json_read(&arena, buf_str(&text), &root, d);
    if (e == ERR_OK) e = take_settings(a, root, d);
    arena_fini(&arena);
    buf_fini(&text);
    return e;
}

/* ---- the app ---- */

static struct client_settings client_of(const struct window_app *a) {
    return (struct client_settings){.centre = a->centre,
                                    .ca = a->ca,
                                    .certificate = a->certificate,
                                    .key = a->key,
                                    .connect_ms = WINDOW_CONNECT_MS,
                                    .answer_ms = WINDOW_ANSWER_MS,
                                    .reply_max = CENTRE_REPLY_MAX};
}

static enum err open_scan(struct window_app *a, struct reception_paper *out, struct diag *d) {
    char papers[PATH_MAX];
    TRY(join(papers, a->run, "../papers", d)); /* WINDOW_PAPERS, from WINDOW_RUN */
    return window_scan_open(&a->scan, papers, a->program, out, d);
}

static enum err open_pages(struct window_app *a, struct http_loop *loop, struct diag *d) {
    struct pages_settings s = {.world = world_real(),
                               .loop = loop,
                               .address = str_c(a->address),
                               .kiosk = str_c(a->kiosk),
                               .folder = a->visits,
                               .log = a->log,
                               .aside = a->aside,
                               .asker = {ask, a},
                               .statements = {put_statement, statement_answer, a}};
    if (institution_code_parse(str_c(a->code), &s.institution) != ERR_OK)
        return diag_set(d, ERR_VALUE, WINDOW_SETTINGS, "institution");
    a->institution = s.institution;
    const struct client_settings c = client_of(a);
    for (size_t i = 0; i < CENTRE_LANES; i++) TRY(client_open(&a->clients[i], &c, d));
    TRY(window_devices_open(&a->devices, &c, s.institution, &s.devices, d));
    TRY(open_known(a, s.institution, &s.memory, d));
    TRY(open_scan(a, &s.paper, d));
    return pages_open(&a->pages, &s, d);
}

static void close_all(struct window_app *a) {
    for (size_t i = 0; i < CENTRE_LANES; i++) client_close(a->clients[i]);
    window_devices_close(&a->devices);
    known_close(&a->known);
    window_scan_close(&a->scan);
    free(a);
}

static enum err start(struct http_loop *loop, struct str config, unsigned worker, void **app, struct diag *d) {
    struct window_app *a = calloc(1, sizeof *a);
    (void)worker;
    if (a == NULL) return diag_set(d, ERR_MEMORY, "window", NULL);
    enum err e = sodium_init() < 0 ? diag_set(d, ERR_CRYPTO, "window", NULL) : ERR_OK;
    if (e == ERR_OK) e = read_settings(a, config, d);
    if (e == ERR_OK) e = open_pages(a, loop, d);
    if (e == ERR_OK) return *app = a, ERR_OK;
    close_all(a);
    return e;
}

static enum http_step handle(void *app, struct http_exchange *x) {
    return pages_handle(&((struct window_app *)app)->pages, x);
}
static void turn(void *app) { pages_turn(&((struct window_app *)app)->pages); }

static void stop(void *app) {
    struct window_app *a = app;
    pages_close(&a->pages);
    close_all(a);
}

const struct http_app app_window = {
    .name = "window", .start = start, .handle = handle, .turn = turn, .woken = turn, .stop = stop};
