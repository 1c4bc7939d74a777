#include "edge/receipt/folders.h"

#include "base/log.h"
#include "edge/receipt/answer.h"
#include "edge/receipt/face.h"
#include "edge/receipt/folder_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

/* A request that could not be answered at once. */
struct waiting {
    char file[FOLDERS_NAME_MAX + 16];
    int64_t since_us, changed_us; /* steady; of the first attempt, and of the last change of the file */
    int64_t size, modified;
};

struct found {
    char file[FOLDERS_NAME_MAX + 16], response[FOLDERS_NAME_MAX + 1];
    enum message_kind kind;
    int64_t size, modified;
};

struct folders {
    struct folders_settings s;
    struct folder_files files;
    int inotify;
    struct waiting *waiting;
    size_t waiting_count;
    struct found *found;
    size_t found_count;
    bool centre_silent;
    enum err silence; /* why: a refusal is not the line's silence, and nothing is answered from memory then */
    int64_t ask_again_us, clean_us, forget_us, settle_us, statements_us; /* steady */
    char statement[SEALED_NAME + 1];                                     /* where the round through them is */
    struct buf request;
    struct folder_response response;
};

/* ---- names ---- */

bool folders_request_name(const char *file, enum message_kind *kind, char response[FOLDERS_NAME_MAX + 1]) {
    struct str s = str_c(file);
    if (!str_ends(s, S(".xml")) || s.n - 4 > FOLDERS_NAME_MAX) return false;
    s.n -= 4;
    for (int k = 0; k < MESSAGE_KINDS; k++) {
        const struct message_kind_info *info = message_kind_info((enum message_kind)k);
        if (!str_starts(s, info->request) || s.n < info->request.n + 2 || s.p[info->request.n] != '_') continue;
        *kind = (enum message_kind)k;
        snprintf(response, FOLDERS_NAME_MAX + 1, "%.*s%.*s", (int)info->response.n, info->response.p,
                 (int)(s.n - info->request.n), s.p + info->request.n);
        return true;
    }
    return false;
}

static bool is_quick(enum message_kind k) {
    return k == MESSAGE_SINGLE || k == MESSAGE_REGISTER || k == MESSAGE_STATEMENT || k == MESSAGE_DISASTER;
}

/* ---- opening ---- */

static void watch(struct folders *f) {
    char path[PATH_MAX];
    f->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (f->inotify < 0 || folder_path(&f->files, "req", "", path, NULL) != ERR_OK) return;
    if (inotify_add_watch(f->inotify, path, IN_CLOSE_WRITE | IN_MOVED_TO) >= 0) return;
    close(f->inotify);
    f->inotify = -1; /* looking twice a second is enough */
}

static enum err prepare(struct folders *f, struct diag *d) {
    f->waiting = calloc(FOLDERS_REQUESTS_MAX, sizeof *f->waiting);
    f->found = calloc(FOLDERS_REQUESTS_MAX, sizeof *f->found);
    if (f->waiting == NULL || f->found == NULL) return diag_set(d, ERR_MEMORY, NULL, NULL);
    TRY(folder_files_open(&f->files, f->s.world, f->s.folder, d));
    TRY(folder_recover(&f->files, d));
    watch(f);
    return ERR_OK;
}

enum err folders_open(struct folders **out, const struct folders_settings *s, struct diag *d) {
    struct folders *f = calloc(1, sizeof *f);
    if (f == NULL) return diag_set(d, ERR_MEMORY, NULL, NULL);
    f->s = *s;
    f->inotify = -1, f->files.lock = -1;
    if (f->s.stay_minutes == 0) f->s.stay_minutes = FOLDERS_STAY_MINUTES;
    if (f->s.give_up_s == 0) f->s.give_up_s = FOLDERS_GIVE_UP_S;
    buf_init(&f->request, FOLDERS_REQUEST_MAX);
    buf_init(&f->response.bytes, 128 << 20);
    enum err e = prepare(f, d);
    if (e == ERR_OK) *out = f;
    else folders_close(f);
    return e;
}

void folders_close(struct folders *f) {
    if (f == NULL) return;
    if (f->inotify >= 0) close(f->inotify);
    folder_files_close(&f->files);
    buf_fini(&f->request), buf_fini(&f->response.bytes);
    free(f->waiting), free(f->found);
    free(f);
}

int folders_fd(const struct folders *f) { return f->inotify; }

void folders_noticed(struct folders *f) {
    char events[4096];
    while (f->inotify >= 0 && read(f->inotify, events, sizeof events) > 0) continue;
}

/* ---- what is there ---- */

/* Single questions before bulk ones, older before newer. */
static int by_urgency(const void *a, const void *b) {
    const struct found *x = a, *y = b;
    if (is_quick(x->kind) != is_quick(y->kind)) return is_quick(x->kind) ? -1 : 1;
    if (x->modified != y->modified) return x->modified < y->modified ? -1 : 1;
    return strcmp(x->file, y->file);
}

static void add_found(struct folders *f, const char *name) {
    struct found *n = &f->found[f->found_count];
    struct stat st;
    char path[PATH_MAX];
    if (!folders_request_name(name, &n->kind, n->response) || folder_path(&f->files, "req", name, path, NULL) != ERR_OK)
        return;
    if (lstat(path, &st) != 0 || !S_ISREG(st.st_mode)) return;
    if (!str_to_c(str_c(name), n->file, sizeof n->file)) return;
    n->size = (int64_t)st.st_size;
    n->modified = (int64_t)st.st_mtim.tv_sec * 1000000 + st.st_mtim.tv_nsec / 1000;
    f->found_count++;
}

static void look(struct folders *f) {
    char path[PATH_MAX];
    f->found_count = 0;
    if (folder_path(&f->files, "req", "", path, NULL) != ERR_OK) return;
    DIR *dir = opendir(path);
    if (dir == NULL) return;
    for (struct dirent *i; f->found_count < FOLDERS_REQUESTS_MAX && (i = readdir(dir)) != NULL;)
        add_found(f, i->d_name);
    closedir(dir);
    qsort(f->found, f->found_count, sizeof *f->found, by_urgency);
}

/* ---- those that wait ---- */

static struct waiting *waiting_for(struct folders *f, const struct found *n) {
    int64_t now = f->s.world->steady_us(f->s.world);
    struct waiting *w = NULL;
    for (size_t i = 0; i < f->waiting_count && w == NULL; i++)
        if (strcmp(f->waiting[i].file, n->file) == 0) w = &f->waiting[i];
    if (w == NULL) {
        if (f->waiting_count == FOLDERS_REQUESTS_MAX) return NULL;
        w = &f->waiting[f->waiting_count++];
        *w = (struct waiting){.since_us = now, .changed_us = now, .size = n->size, .modified = n->modified};
        snprintf(w->file, sizeof w->file, "%s", n->file);
    }
    if (w->size != n->size || w->modified != n->modified)
        w->changed_us = now, w->size = n->size, w->modified = n->modified;
    return w;
}

static void forget_gone(struct folders *f) {
    size_t kept = 0;
    for (size_t i = 0; i < f->waiting_count; i++) {
        struct waiting w = f->waiting[i];
        bool there = false;
        for (size_t k = 0; k < f->found_count && !there; k++) there = strcmp(f->found[k].file, w.file) == 0;
        if (there) f->waiting[kept++] = w;
    }
    f->waiting_count = kept;
}

/* ---- one request ---- */

static bool deliver(struct folders *f, const struct found *n, bool aside) {
    struct diag d = {0};
    enum err e =
        folder_deliver(&f->files, n->file, n->response, buf_str(&f->response.bytes), f->response.zip, aside, &d);
    if (e != ERR_OK) log_diag(LOG_ERROR, "an answer could not be delivered; its request waits", &d);
    return e == ERR_OK;
}

static bool deliver_error(struct folders *f, const struct found *n, const struct diag *why, bool aside) {
    struct diag d = {0};
    int64_t now = f->s.world->now_us(f->s.world);
    if (folder_answer_error(n->kind, &f->s.form, now, why, &f->response, &d) != ERR_OK) return false;
    log_line(LOG_WARNING, "a request was answered with an error", "kind", message_kind_info(n->kind)->name.p, "code",
             err_info(why->err)->code, NULL);
    return deliver(f, n, aside);
}

/* Answered now (true), or left for a later turn. */
static bool not_readable(struct folders *f, const struct found *n, const struct diag *why) {
    const struct waiting *w = waiting_for(f, n);
    if (w == NULL || f->s.world->steady_us(f->s.world) - w->changed_us < (int64_t)FOLDERS_UNREADABLE_MS * 1000)
        return false;
    return deliver_error(f, n, why, true);
}

static void say_silent(struct folders *f, const struct diag *why) {
    if (!f->centre_silent) log_diag(LOG_WARNING, "the centre does not answer; requests wait and are asked again", why);
    f->centre_silent = true, f->silence = why->err;
    f->ask_again_us = f->s.world->steady_us(f->s.world) + (int64_t)FOLDERS_AGAIN_MS * 1000;
}

static void say_back(struct folders *f) {
    if (f->centre_silent) log_line(LOG_INFO, "the centre answers again", NULL);
    f->centre_silent = false;
    f->ask_again_us = 0;
}

/* Whoever waits at the window has gone after ten seconds; the request is given back with the reason. */
static bool silent(struct folders *f, const struct found *n, const struct diag *why) {
    const struct waiting *w = waiting_for(f, n);
    int64_t patience_s = is_quick(n->kind) ? f->s.give_up_s : FOLDERS_GIVE_UP_BULK_S;
    if (patience_s < (int64_t)f->s.give_up_s) patience_s = f->s.give_up_s;
    if (w == NULL || f->s.world->steady_us(f->s.world) - w->since_us < patience_s * 1000000) return false;
    return deliver_error(f, n, why, false);
}

static enum err read_request(struct folders *f, const struct found *n, struct diag *d) {
    char path[PATH_MAX];
    TRY(folder_path(&f->files, "req", n->file, path, d));
    enum err e = world_read_file(f->s.world, path, &f->request, d);
    if (e != ERR_OK) snprintf(d->where, sizeof d->where, "%s", e == ERR_LIMIT ? "" : "req");
    return e;
}

/* After the answer is delivered: nobody waits for it, and it may fail. */
static void remember(struct folders *f, enum message_kind kind, struct str told) {
    struct diag d = {0};
    if (f->s.form.known == NULL || told.n == 0) return;
    if (known_keep(f->s.form.known, kind, told, f->s.world->now_us(f->s.world), &d) != ERR_OK)
        log_diag(LOG_WARNING, "an answer could not be remembered for when the line is down", &d);
}

/* A silent centre is asked once a second and not for every request. */
static bool may_ask(const struct folders *f) {
    return !f->centre_silent || f->s.world->steady_us(f->s.world) >= f->ask_again_us;
}

static enum err ask_nobody(void *context, const char *path, struct str json, int *status, struct str *reply,
                           struct diag *d) {
    const struct folders *f = context;
    (void)path, (void)json, (void)status, (void)reply;
    return diag_set(d, f->silence, "", NULL);
}

static bool handle(struct folders *f, const struct found *n) {
    struct diag d = {0};
    int64_t now = f->s.world->now_us(f->s.world);
    enum err e = read_request(f, n, &d);
    if (e == ERR_LIMIT) return not_readable(f, n, &d);
    if (e != ERR_OK) return false; /* gone again, or not ours to read yet */
    bool asks = may_ask(f);
    const struct centre nobody = {ask_nobody, f}, *centre = asks ? &f->s.centre : &nobody;
    switch (folder_answer(n->kind, buf_str(&f->request), &f->s.form, centre, now, n->response, &f->response, &d)) {
    case FOLDER_ANSWERED:
        if (n->kind == MESSAGE_STATEMENT) return f->statements_us = 0, deliver(f, n, false);
        if (!f->response.recalled) say_back(f);
        else if (asks) say_silent(f, &d);
        if (!deliver(f, n, false)) return false;
        remember(f, n->kind, f->response.told);
        return true;
    case FOLDER_UNREADABLE: return not_readable(f, n, &d);
    case FOLDER_SILENT:
        if (asks) say_silent(f, &d);
        return silent(f, n, &d);
    default: log_diag(LOG_ERROR, "a request could not be answered; it waits", &d); return false;
    }
}

/* ---- when the line is back ---- */

/* In face/, where results that nobody asked for belong. */
static enum err put_face(struct folders *f, struct str id, struct str reply, struct diag *d) {
    char face[PATH_MAX];
    TRY(folder_path(&f->files, "face", "", face, d));
    return face_put(f->s.world, face, id, reply, &f->s.form, d);
}

static enum err tell_difference(struct folders *f, struct str reply, struct diag *d) {
    char id_room[16];
    uint8_t random[8];
    struct buf id = buf_over(id_room, sizeof id_room);
    f->s.world->random(f->s.world, random, sizeof random);
    buf_hex(&id, str_of(random, sizeof random));
    log_line(LOG_WARNING, "an answer given while the centre was silent has changed; the new one is in face", NULL);
    return put_face(f, buf_str(&id), reply, d);
}

static enum err settle(struct folders *f, struct str question, struct diag *d) {
    struct known *k = f->s.form.known;
    int64_t now = f->s.world->now_us(f->s.world);
    struct str reply;
    int status = 0;
    enum err e =
        f->s.centre.ask(f->s.centre.context, message_kind_info(MESSAGE_SINGLE)->path, question, &status, &reply, d);
    if (e == ERR_UNAVAILABLE || e == ERR_TIMEOUT) return say_silent(f, d), ERR_OK; /* later, then */
    if (e != ERR_OK || status != 200) {
        /* Refused, or asked for patience: no sign that the line is down, and no reason to ask every second. */
        f->settle_us = f->s.world->steady_us(f->s.world) + (int64_t)FOLDERS_CLEAN_MS * 1000;
        return e == ERR_OK ? diag_set(d, ERR_UNAVAILABLE, "", "HTTP %d", status) : e;
    }
    say_back(f);
    remember(f, MESSAGE_SINGLE, reply);
    if (known_differs(k, question, reply, now)) TRY(tell_difference(f, reply, d));
    return known_settled(k, question, d);
}

/* Asks again, one a turn, what was answered from memory: the log of the centre learns of it, and the window of what has changed. */
static void settle_one(struct folders *f) {
    struct diag d = {0};
    struct buf question;
    if (f->s.form.known == NULL || sealed_count(f->s.form.known->later) == 0 || !may_ask(f) ||
        f->s.world->steady_us(f->s.world) < f->settle_us)
        return;
    buf_init(&question, SEALED_VALUE_MAX);
    enum err e = known_later(f->s.form.known, f->s.world->now_us(f->s.world), &question, &d);
    if (e == ERR_OK) e = settle(f, buf_str(&question), &d);
    if (e != ERR_OK && e != ERR_NOT_FOUND) log_diag(LOG_ERROR, "a question could not be settled; it stays", &d);
    buf_fini(&question);
}

/* ---- statements ---- */

/* The answer to a statement whose person was found is an answer like any other; without one the centre has the statement now. */
static enum err statement_answered(struct folders *f, struct str message, struct str reply, struct diag *d) {
    struct arena a;
    struct tree *t, *sent;
    arena_init(&a, TREE_ARENA_MAX);
    enum err e = tree_read_json(&a, reply, &t, d);
    if (e == ERR_OK) e = tree_read_json(&a, message, &sent, d);
    if (e == ERR_OK && tree_text(tree_child(t, S("MessageBody")), S("QualificationValidity")).n == 0) {
        e = statements_delivered(f->s.form.statements, message, f->s.world->now_us(f->s.world), d);
    } else if (e == ERR_OK) {
        e = put_face(f, tree_text(tree_child(sent, S("MessageBody")), S("StatementNumber")), reply, d);
        if (e == ERR_OK) e = statements_settled(f->s.form.statements, message, d);
        if (e == ERR_OK) log_line(LOG_INFO, "whom a statement is about was found; the answer is in face", NULL);
    }
    arena_fini(&a);
    return e;
}

static enum err send_statement(struct folders *f, struct str message, struct diag *d) {
    struct str reply;
    int status = 0;
    const char *path = message_kind_info(MESSAGE_STATEMENT)->path;
    enum err e = f->s.centre.ask(f->s.centre.context, path, message, &status, &reply, d);
    if (e == ERR_OK && status >= 502 && status <= 504) e = diag_set(d, ERR_UNAVAILABLE, "", "HTTP %d", status);
    if (e == ERR_UNAVAILABLE || e == ERR_TIMEOUT) return say_silent(f, d), ERR_OK; /* the next round, then */
    if (e != ERR_OK) return e;
    if (status != 200) return diag_set(d, ERR_CONFLICT, "statement", "HTTP %d", status);
    say_back(f);
    return statement_answered(f, message, reply, d);
}

/* One a turn, round and round; what the centre does not take now it is offered again in the next round. */
static void deliver_one_statement(struct folders *f) {
    struct diag d = {0};
    struct buf message;
    int64_t steady = f->s.world->steady_us(f->s.world);
    if (f->s.form.statements == NULL || sealed_count(f->s.form.statements->kept) == 0 || !may_ask(f) ||
        steady < f->statements_us)
        return;
    buf_init(&message, SEALED_VALUE_MAX);
    enum err e = statements_next(f->s.form.statements, f->statement, f->s.world->now_us(f->s.world), &message, &d);
    if (e == ERR_NOT_FOUND) {
        f->statement[0] = 0, f->statements_us = steady + (int64_t)FOLDERS_STATEMENTS_MS * 1000;
    } else {
        if (e == ERR_OK) e = send_statement(f, buf_str(&message), &d);
        if (e != ERR_OK) log_diag(LOG_ERROR, "a statement could not be delivered; it stays", &d);
        if (f->centre_silent) f->statement[0] = 0; /* the same one first when the line is back */
    }
    buf_fini(&message);
}

/* ---- a turn ---- */

static void clean(struct folders *f) {
    int64_t steady = f->s.world->steady_us(f->s.world);
    if (steady < f->clean_us) return;
    f->clean_us = steady + (int64_t)FOLDERS_CLEAN_MS * 1000;
    int64_t old = f->s.world->now_us(f->s.world) - (int64_t)f->s.stay_minutes * 60 * 1000000;
    size_t n = folder_clear_old(&f->files, "res", old) + folder_clear_old(&f->files, "face", old);
    char count[24];
    snprintf(count, sizeof count, "%zu", n);
    if (n) log_line(LOG_INFO, "results that nobody fetched were cleared", "files", count, NULL);
}

/* Opens each value once, some 60 µs: not every minute. What is over is not answered from in between. */
static void forget_old(struct folders *f) {
    int64_t steady = f->s.world->steady_us(f->s.world);
    if (f->s.form.known == NULL || steady < f->forget_us) return;
    f->forget_us = steady + (int64_t)FOLDERS_FORGET_MS * 1000;
    (void)known_sweep(f->s.form.known, f->s.world->now_us(f->s.world));
}

size_t folders_turn(struct folders *f) {
    size_t answered = 0;
    bool bulk_done = false;
    look(f);
    forget_gone(f);
    for (size_t i = 0; i < f->found_count; i++) {
        bool quick = is_quick(f->found[i].kind);
        if (!quick && bulk_done) break; /* single questions that came meanwhile go before the next bulk step */
        answered += handle(f, &f->found[i]);
        bulk_done = bulk_done || !quick;
    }
    if (answered == 0) settle_one(f), deliver_one_statement(f);
    clean(f);
    forget_old(f);
    return answered;
}

/* ---- face/ ---- */
