/* The app that nginx's worker runs for `mado review`: the wiring of the page to alarms, decisions and the store. */
#include "cmd/review_pages.h"

#include "base/json.h"
#include "cmd/apps.h"
#include "edge/review/alarm_line.h"
#include "edge/review/handle.h"

#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

struct review_app {
    struct review_pages pages;
    char alarms[PATH_MAX], decisions[PATH_MAX], store[PATH_MAX], keys[PATH_MAX], address[REVIEW_ADDRESS_MAX];
};

static enum err setting(struct json root, const char *name, char *out, size_t size, struct diag *d) {
    struct str s;
    if (json_str(json_get(root, name), &s) && s.n && str_to_c(s, out, size)) return ERR_OK;
    return diag_set(d, ERR_VALUE, REVIEW_SETTINGS, "%s", name);
}

static enum err read_settings(struct review_app *a, struct str folder, struct diag *d) {
    char path[PATH_MAX];
    struct buf text;
    struct arena arena;
    struct json root;
    int n = snprintf(path, sizeof path, "%.*s/" REVIEW_SETTINGS, (int)folder.n, folder.p);
    if (n < 0 || n >= PATH_MAX) return diag_set(d, ERR_LIMIT, "folder", NULL);
    buf_init(&text, REVIEW_SETTINGS_MAX);
    arena_init(&arena, 16 * REVIEW_SETTINGS_MAX);
    enum err e = world_read_file(world_real(), path, &text, d);
    if (e == ERR_OK) e = json_read(&arena, buf_str(&text), &root, d);
    if (e == ERR_OK) e = setting(root, "alarms", a->alarms, sizeof a->alarms, d);
    if (e == ERR_OK) e = setting(root, "decisions", a->decisions, sizeof a->decisions, d);
    if (e == ERR_OK) e = setting(root, "store", a->store, sizeof a->store, d);
    if (e == ERR_OK) e = setting(root, "keys", a->keys, sizeof a->keys, d);
    if (e == ERR_OK) e = setting(root, "address", a->address, sizeof a->address, d);
    arena_fini(&arena);
    buf_fini(&text);
    return e;
}

static enum err start(struct http_loop *loop, struct str config, unsigned worker, void **app, struct diag *d) {
    struct review_app *a = calloc(1, sizeof *a);
    (void)worker;
    if (a == NULL) return diag_set(d, ERR_MEMORY, "review", NULL);
    enum err e = sodium_init() < 0 ? diag_set(d, ERR_CRYPTO, "review", NULL) : read_settings(a, config, d);
    const struct review_pages_settings s = {.review = {.world = world_real(),
                                                       .store = a->store,
                                                       .alarms = a->alarms,
                                                       .decisions = a->decisions,
                                                       .line_max = ALARM_LINE_MAX,
                                                       .read = alarm_line_read},
                                            .loop = loop,
                                            .address = str_c(a->address),
                                            .keys = a->keys};
    if (e == ERR_OK) e = review_pages_open(&a->pages, &s, d);
    if (e == ERR_OK) return *app = a, ERR_OK;
    free(a);
    return e;
}

static enum http_step handle(void *app, struct http_exchange *x) {
    return review_pages_handle(&((struct review_app *)app)->pages, x);
}
static void turn(void *app) { review_pages_turn(&((struct review_app *)app)->pages); }
static void woken(void *app) { review_pages_woken(&((struct review_app *)app)->pages); }

static void stop(void *app) {
    struct review_app *a = app;
    review_pages_close(&a->pages);
    free(a);
}

const struct http_app app_review = {
    .name = "review", .start = start, .handle = handle, .turn = turn, .woken = woken, .stop = stop};
