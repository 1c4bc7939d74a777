/* The app that nginx's worker runs for `mado window --pages`: the wiring of the reception page to the centre. */
#include "cmd/window_pages.h"

#include "base/json.h"
#include "base/world.h"
#include "cmd/apps.h"
#include "edge/receipt/statement_page.h"
#include "edge/reception/handle.h"
#include "net/client.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#define SEARCH_PATH "/MSA01030/ILI01030SV01/search" /* the field's own, for one question (edge/receipt/kind.def) */

struct window_app {
    struct pages pages;
    struct client *client;
    struct institution_code institution;
    char folders[PATH_MAX];
    char centre[512], ca[PATH_MAX], certificate[PATH_MAX], key[PATH_MAX], address[PAGES_ADDRESS_MAX], code[16];
};

static enum err ask(void *context, struct str message, int *status, struct str *reply, struct diag *d) {
    struct window_app *a = context;
    const struct client_reply *r;
    TRY(client_post(a->client, SEARCH_PATH, "application/json", message, &r, d));
    *status = r->status;
    *reply = buf_str(&r->body);
    return ERR_OK;
}

static enum err put_statement(void *context, struct str body, struct buf *id, struct diag *d) {
    const struct window_app *a = context;
    return statement_page_put(world_real(), a->folders, a->institution, body, id, d);
}

static enum err statement_answer(void *context, struct str id, struct buf *json, struct diag *d) {
    const struct window_app *a = context;
    return statement_page_answer(world_real(), a->folders, id, json, d);
}

static enum err setting(struct json root, const char *name, char *out, size_t size, struct diag *d) {
    struct str s;
    if (json_str(json_get(root, name), &s) && s.n && str_to_c(s, out, size)) return ERR_OK;
    return diag_set(d, ERR_VALUE, WINDOW_SETTINGS, "%s", name);
}

static enum err read_settings(struct window_app *a, const char *path, struct diag *d) {
    struct buf text;
    struct arena arena;
    struct json root;
    buf_init(&text, WINDOW_SETTINGS_MAX);
    arena_init(&arena, 16 * WINDOW_SETTINGS_MAX);
    enum err e = world_read_file(world_real(), path, &text, d);
    if (e == ERR_OK) e = json_read(&arena, buf_str(&text), &root, d);
    if (e == ERR_OK) e = setting(root, "centre", a->centre, sizeof a->centre, d);
    if (e == ERR_OK) e = setting(root, "ca", a->ca, sizeof a->ca, d);
    if (e == ERR_OK) e = setting(root, "certificate", a->certificate, sizeof a->certificate, d);
    if (e == ERR_OK) e = setting(root, "key", a->key, sizeof a->key, d);
    if (e == ERR_OK) e = setting(root, "address", a->address, sizeof a->address, d);
    if (e == ERR_OK) e = setting(root, "institution", a->code, sizeof a->code, d);
    arena_fini(&arena);
    buf_fini(&text);
    return e;
}

static enum err open_pages(struct window_app *a, struct http_loop *loop, const char *visits, struct diag *d) {
    struct pages_settings s = {.world = world_real(),
                               .loop = loop,
                               .address = str_c(a->address),
                               .folder = visits,
                               .asker = {ask, a},
                               .statements = {put_statement, statement_answer, a}};
    const struct client_settings c = {.centre = a->centre,
                                      .ca = a->ca,
                                      .certificate = a->certificate,
                                      .key = a->key,
                                      .connect_ms = WINDOW_CONNECT_MS,
                                      .answer_ms = WINDOW_ANSWER_MS,
                                      .reply_max = CENTRE_REPLY_MAX};
    if (institution_code_parse(str_c(a->code), &s.institution) != ERR_OK)
        return diag_set(d, ERR_VALUE, WINDOW_SETTINGS, "institution");
    a->institution = s.institution;
    TRY(client_open(&a->client, &c, d));
    return pages_open(&a->pages, &s, d);
}

static enum err start(struct http_loop *loop, struct str config, unsigned worker, void **app, struct diag *d) {
    char settings[PATH_MAX], visits[PATH_MAX];
    struct window_app *a = calloc(1, sizeof *a);
    (void)worker;
    if (a == NULL) return diag_set(d, ERR_MEMORY, "window", NULL);
    int n = snprintf(settings, sizeof settings, "%.*s/" WINDOW_SETTINGS, (int)config.n, config.p);
    int m = snprintf(visits, sizeof visits, "%.*s/" WINDOW_VISITS, (int)config.n, config.p);
    /* The folders are where the pages' own folder is kept: DIR/.mado/pages (window_serve.c). */
    int l = snprintf(a->folders, sizeof a->folders, "%.*s/../..", (int)config.n, config.p);
    enum err e = n > 0 && n < PATH_MAX && m > 0 && m < PATH_MAX && l < PATH_MAX
                     ? ERR_OK
                     : diag_set(d, ERR_LIMIT, "folder", NULL);
    if (e == ERR_OK && sodium_init() < 0) e = diag_set(d, ERR_CRYPTO, "window", NULL);
    if (e == ERR_OK) e = read_settings(a, settings, d);
    if (e == ERR_OK) e = open_pages(a, loop, visits, d);
    if (e == ERR_OK) return *app = a, ERR_OK;
    client_close(a->client);
    free(a);
    return e;
}

static enum http_step handle(void *app, struct http_exchange *x) {
    return pages_handle(&((struct window_app *)app)->pages, x);
}
static void turn(void *app) { pages_turn(&((struct window_app *)app)->pages); }

static void stop(void *app) {
    struct window_app *a = app;
    pages_close(&a->pages);
    client_close(a->client);
    free(a);
}

const struct http_app app_window = {
    .name = "window", .start = start, .handle = handle, .turn = turn, .woken = turn, .stop = stop};
