#include "service/reception/visits.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#define ENDING ".visit"
enum { NAME_ROOM = VISIT_ID + sizeof ENDING, PATH_ROOM = VISITS_FOLDER_MAX + NAME_ROOM + 16 };

static void path_of(const struct visits *v, const char *name, char out[PATH_ROOM]) {
    int n = snprintf(out, PATH_ROOM, "%s/%s", v->folder, name);
    invariant(n > 0 && n < PATH_ROOM);
}

static struct day day_now(const struct visits *v) { return day_in_japan(v->world->now_us(v->world)); }

static bool room_for_one(struct visits *v) {
    if (v->count < v->room) return true;
    size_t room = v->room ? v->room * 2 : 64;
    struct visit **list = realloc(v->list, room * sizeof *list);
    if (list == NULL) return false;
    v->list = list, v->room = room;
    return true;
}

static void insert(struct visits *v, struct visit *one) {
    size_t at = v->count++;
    for (; at > 0 && v->list[at - 1]->number > one->number; at--) v->list[at] = v->list[at - 1];
    v->list[at] = one;
    one->version = ++v->version;
    if (one->number > v->last_number) v->last_number = one->number;
}

static bool is_visit(struct str name) { return name.n == VISIT_ID + sizeof ENDING - 1 && str_ends(name, S(ENDING)); }

/* Half of one, when the power went in the middle (world_replace_file). */
static bool is_half(struct str name) {
    return str_ends(name, S(".tmp")) && is_visit(str_head(name, name.n - sizeof ".tmp" + 1));
}

static void erase_file(struct visits *v, const char *name) {
    char path[PATH_ROOM];
    path_of(v, name, path);
    (void)v->world->unlink(v->world, path);
}

/* ---- at the start ---- */

static enum err load(struct visits *v, const char *name, struct visit *one, struct diag *d) {
    char path[PATH_ROOM];
    struct buf bytes;
    path_of(v, name, path);
    buf_init(&bytes, VISIT_STORED_MAX);
    enum err e = world_read_file(v->world, path, &bytes, d);
    if (e == ERR_OK) e = visit_read(buf_str(&bytes), one, d);
    if (e == ERR_OK && !str_starts(str_c(name), str_c(one->id)))
        e = diag_set(d, ERR_CORRUPT, "visit", "another's name");
    buf_fini(&bytes);
    return e;
}

static bool load_one(void *context, const char *name) {
    struct visits *v = context;
    struct diag d;
    if (is_half(str_c(name))) erase_file(v, name);
    if (!is_visit(str_c(name))) return true;
    struct visit *one = visit_new();
    bool good = one && v->count < VISITS_MAX && room_for_one(v) && load(v, name, one, &d) == ERR_OK;
    if (good && day_eq(one->day, v->today)) return insert(v, one), true;
    if (good ? day_before(one->day, v->today) : v->turning) erase_file(v, name);
    else if (!good) v->damaged++;
    visit_free(one);
    return true;
}

enum err visits_open(struct visits *v, struct world *w, const char *folder, struct diag *d) {
    *v = (struct visits){.world = w};
    if (!str_to_c(str_c(folder), v->folder, sizeof v->folder)) return diag_set(d, ERR_LIMIT, "folder", NULL);
    TRY(world_make_folder(folder, d));
    v->today = day_now(v);
    if (w->list(w, folder, load_one, v) != 0) return diag_errno(d, "visits");
    return ERR_OK;
}

static void forget(struct visits *v) {
    for (size_t i = 0; i < v->count; i++) visit_free(v->list[i]);
    v->count = 0;
    v->last_number = 0;
}

void visits_close(struct visits *v) {
    forget(v);
    free(v->list);
    *v = (struct visits){0};
}

/* ---- while it runs ---- */

static void name_of(const struct visit *one, char out[NAME_ROOM]) { snprintf(out, NAME_ROOM, "%s" ENDING, one->id); }

static void erase_visit(struct visits *v, const struct visit *one) {
    char name[NAME_ROOM];
    name_of(one, name);
    erase_file(v, name);
}

static enum err write_one(struct visits *v, const struct visit *one, struct diag *d) {
    char name[NAME_ROOM], path[PATH_ROOM];
    struct buf bytes;
    name_of(one, name);
    path_of(v, name, path);
    buf_init(&bytes, VISIT_STORED_MAX);
    visit_put(&bytes, one);
    enum err e = buf_ok(&bytes) ? world_replace_file(v->world, path, buf_str(&bytes), 0600, d)
                                : diag_set(d, ERR_MEMORY, "visit", NULL);
    buf_fini(&bytes);
    return e;
}

void visits_make_id(struct visits *v, char out[VISIT_ID + 1]) {
    unsigned char random[VISIT_ID / 2];
    struct buf b = buf_over(out, VISIT_ID + 1);
    v->world->random(v->world, random, sizeof random);
    buf_hex(&b, str_of(random, sizeof random));
    buf_putc(&b, 0);
}

enum err visits_add(struct visits *v, struct visit *one, struct diag *d) {
    (void)visits_turn(v);
    if (v->count >= VISITS_MAX) return diag_set(d, ERR_LIMIT, "visits", "今日の受付がいっぱいです / the day is full");
    if (!room_for_one(v)) return diag_set(d, ERR_MEMORY, "visits", NULL);
    if (one->id[0] == 0) visits_make_id(v, one->id);
    one->number = v->last_number + 1;
    one->day = v->today;
    one->asked_us = v->world->now_us(v->world);
    if (one->state == 0) one->state = VISIT_WAITING;
    enum err e = write_one(v, one, d);
    if (e == ERR_OK) insert(v, one);
    else erase_visit(v, one); /* its name may be there already, only not for certain */
    return e;
}

enum err visits_keep(struct visits *v, struct visit *one, struct diag *d) {
    one->version = ++v->version;
    return write_one(v, one, d);
}

void visits_forget(struct visits *v, struct visit *one) {
    size_t at = 0;
    while (at < v->count && v->list[at] != one) at++;
    invariant(at < v->count);
    memmove(&v->list[at], &v->list[at + 1], (--v->count - at) * sizeof v->list[0]);
    erase_visit(v, one);
    (void)v->world->sync_folder(v->world, v->folder);
    v->version++;
}

void visits_drop(struct visits *v, struct visit *one) {
    visits_forget(v, one);
    visit_free(one);
}

struct visit *visits_find(const struct visits *v, struct str id) {
    for (size_t i = v->count; i-- > 0;) /* the newest is asked for most */
        if (str_eq(str_c(v->list[i]->id), id)) return v->list[i];
    return NULL;
}

/* A clock that was set back is no new day, and one that was wrong and is put right finds what belongs to the day again. */
bool visits_turn(struct visits *v) {
    struct day now = day_now(v);
    if (!day_before(v->today, now)) return false;
    forget(v);
    v->today = now;
    v->damaged = 0;
    v->turning = true;
    (void)v->world->list(v->world, v->folder, load_one, v);
    v->turning = false;
    (void)v->world->sync_folder(v->world, v->folder);
    v->version++;
    return true;
}
