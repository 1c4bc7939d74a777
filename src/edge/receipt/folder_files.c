#include "edge/receipt/folder_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEPT_MAX = 128 << 20, ASIDE_TRIES = 10000 };
/* The receipt computer runs as somebody else of the group, who must be able to read the answer and take it away. */
enum { FILE_MODE = 0664 };

enum err folder_path(const struct folder_files *f, const char *sub, const char *file, char out[PATH_MAX],
                     struct diag *d) {
    int n = snprintf(out, PATH_MAX, "%s/%s%s%s", f->root, sub, file[0] ? "/" : "", file);
    return n > 0 && n < PATH_MAX ? ERR_OK : diag_set(d, ERR_LIMIT, "path", NULL);
}

/* A path in a diag would be logged, and may hold a patient's number. */
static enum err hide(enum err e, const char *step, struct diag *d) {
    if (e != ERR_OK && d) snprintf(d->where, sizeof d->where, "%s", step);
    return e;
}

static enum err take_lock(struct folder_files *f, struct diag *d) {
    char path[PATH_MAX];
    TRY(folder_path(f, ".mado", "lock", path, d));
    f->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (f->lock < 0) return diag_errno(d, "lock");
    if (flock(f->lock, LOCK_EX | LOCK_NB) == 0) return ERR_OK;
    return diag_set(d, ERR_LOCKED, "folders", "another window answers there");
}

enum err folder_files_open(struct folder_files *f, struct world *w, const char *root, struct diag *d) {
    static const char *const subs[] = {"req", "res", "face", "trash", ".mado"};
    *f = (struct folder_files){.world = w, .lock = -1};
    int n = snprintf(f->root, sizeof f->root, "%s", root);
    if (n <= 0 || (size_t)n >= sizeof f->root) return diag_set(d, ERR_LIMIT, "folders", NULL);
    for (size_t i = 0; i < ARRAY_LEN(subs); i++) {
        char path[PATH_MAX];
        TRY(folder_path(f, subs[i], "", path, d));
        TRY(world_make_folder(path, d));
    }
    return take_lock(f, d);
}

void folder_files_close(struct folder_files *f) {
    if (f->lock >= 0) close(f->lock);
    f->lock = -1;
}

/* ---- a kept answer: .mado/<response file name>[.aside] ---- */

static enum err sync_sub(struct folder_files *f, const char *sub, struct diag *d) {
    char path[PATH_MAX];
    TRY(folder_path(f, sub, "", path, d));
    return f->world->sync_folder(f->world, path) == 0 ? ERR_OK : diag_errno(d, sub);
}

static bool exists(const char *path) {
    struct stat st;
    return lstat(path, &st) == 0;
}

/* trash/ is never overwritten: a name that is taken gets a number. */
static enum err move_aside(struct folder_files *f, const char *request, struct diag *d) {
    char from[PATH_MAX], to[PATH_MAX];
    TRY(folder_path(f, "req", request, from, d));
    TRY(folder_path(f, "trash", request, to, d));
    for (int i = 1; exists(to); i++) {
        char numbered[FOLDERS_NAME_MAX + 64];
        if (i == ASIDE_TRIES) return diag_set(d, ERR_LIMIT, "trash", "a name is taken too often");
        snprintf(numbered, sizeof numbered, "%s.%d", request, i);
        TRY(folder_path(f, "trash", numbered, to, d));
    }
    if (f->world->rename(f->world, from, to) != 0 && errno != ENOENT) return diag_errno(d, "trash");
    return sync_sub(f, "trash", d);
}

static enum err take_away(struct folder_files *f, const char *request, struct diag *d) {
    char path[PATH_MAX];
    TRY(folder_path(f, "req", request, path, d));
    return f->world->unlink(f->world, path) == 0 || errno == ENOENT ? ERR_OK : diag_errno(d, "req");
}

static enum err forget(struct folder_files *f, const char *kept, struct diag *d) {
    char path[PATH_MAX];
    TRY(folder_path(f, ".mado", kept, path, d));
    return f->world->unlink(f->world, path) == 0 || errno == ENOENT ? ERR_OK : diag_errno(d, "kept");
}

static enum err publish(struct folder_files *f, const char *file, struct str bytes, struct diag *d) {
    char path[PATH_MAX];
    TRY(folder_path(f, "res", file, path, d));
    return hide(world_replace_file(f->world, path, bytes, FILE_MODE, d), "res", d);
}

/* An earlier step's answer with the other ending would be taken for this one. */
static void drop_other_ending(struct folder_files *f, const char *response, bool zip) {
    char file[FOLDERS_NAME_MAX + 16], path[PATH_MAX];
    snprintf(file, sizeof file, "%s%s", response, zip ? ".xml" : ".zip");
    if (folder_path(f, "res", file, path, NULL) == ERR_OK) (void)f->world->unlink(f->world, path);
}

/* The steps after the answer is kept. */
static enum err finish(struct folder_files *f, const char *request, const char *response, const char *kept,
                       struct str bytes, bool zip, bool aside, struct diag *d) {
    char file[FOLDERS_NAME_MAX + 16];
    snprintf(file, sizeof file, "%s%s", response, zip ? ".zip" : ".xml");
    drop_other_ending(f, response, zip);
    TRY(publish(f, file, bytes, d));
    TRY(aside ? move_aside(f, request, d) : take_away(f, request, d));
    TRY(sync_sub(f, "req", d));
    return forget(f, kept, d);
}

enum err folder_deliver(struct folder_files *f, const char *request, const char *response, struct str bytes, bool zip,
                        bool aside, struct diag *d) {
    char kept[FOLDERS_NAME_MAX + 32], path[PATH_MAX];
    snprintf(kept, sizeof kept, "%s%s%s", response, zip ? ".zip" : ".xml", aside ? ".aside" : "");
    TRY(folder_path(f, ".mado", kept, path, d));
    TRY(hide(world_replace_file(f->world, path, bytes, 0600, d), "kept", d));
    return finish(f, request, response, kept, bytes, zip, aside, d);
}

/* ---- after a restart ---- */

/* "OQSsiquc01res_x.xml[.aside]" to the request's and response's names; false for anything else in .mado/. */
static bool kept_names(const char *kept, char request[FOLDERS_NAME_MAX + 16], char response[FOLDERS_NAME_MAX + 1],
                       bool *zip, bool *aside) {
    struct str s = str_c(kept);
    size_t at = str_find(s, S("res_"));
    *aside = str_ends(s, S(".aside"));
    if (*aside) s.n -= strlen(".aside");
    *zip = str_ends(s, S(".zip"));
    if (!*zip && !str_ends(s, S(".xml"))) return false;
    s.n -= 4;
    if (at >= s.n || s.n > FOLDERS_NAME_MAX || !str_to_c(s, response, FOLDERS_NAME_MAX + 1)) return false;
    snprintf(request, FOLDERS_NAME_MAX + 16, "%.*sreq_%s.xml", (int)at, response, response + at + 4);
    return true;
}

static enum err recover_one(struct folder_files *f, const char *kept, struct diag *d) {
    char request[FOLDERS_NAME_MAX + 16], response[FOLDERS_NAME_MAX + 1], path[PATH_MAX];
    bool zip, aside;
    struct buf bytes;
    if (!kept_names(kept, request, response, &zip, &aside))
        return str_ends(str_c(kept), S(".tmp")) ? forget(f, kept, d) : ERR_OK;
    TRY(folder_path(f, "req", request, path, d));
    if (!exists(path)) return forget(f, kept, d); /* it was delivered: the request goes after the answer */
    TRY(folder_path(f, ".mado", kept, path, d));
    buf_init(&bytes, KEPT_MAX);
    enum err e = hide(world_read_file(f->world, path, &bytes, d), "kept", d);
    if (e == ERR_OK) e = finish(f, request, response, kept, buf_str(&bytes), zip, aside, d);
    buf_fini(&bytes);
    return e;
}

enum err folder_recover(struct folder_files *f, struct diag *d) {
    char path[PATH_MAX];
    enum err e = ERR_OK;
    TRY(folder_path(f, ".mado", "", path, d));
    DIR *dir = opendir(path);
    if (dir == NULL) return diag_errno(d, "kept");
    for (struct dirent *i; e == ERR_OK && (i = readdir(dir)) != NULL;)
        if (i->d_name[0] != '.' && strcmp(i->d_name, "lock") != 0) e = recover_one(f, i->d_name, d);
    closedir(dir);
    return e;
}

/* ---- results nobody fetched ---- */

static bool is_result(const char *name) {
    struct str s = str_c(name);
    if (str_ends(s, S(".tmp"))) s.n -= 4;
    if (!str_ends(s, S(".xml")) && !str_ends(s, S(".zip"))) return false;
    for (int k = 0; k < MESSAGE_KINDS; k++) {
        struct str prefix = message_kind_info((enum message_kind)k)->response;
        if (str_starts(s, prefix) && s.n > prefix.n && s.p[prefix.n] == '_') return true;
    }
    return false;
}

size_t folder_clear_old(struct folder_files *f, const char *sub, int64_t older_than_us) {
    char path[PATH_MAX];
    size_t cleared = 0;
    if (folder_path(f, sub, "", path, NULL) != ERR_OK) return 0;
    DIR *dir = opendir(path);
    if (dir == NULL) return 0;
    for (struct dirent *i; (i = readdir(dir)) != NULL;) {
        struct stat st;
        if (!is_result(i->d_name) || folder_path(f, sub, i->d_name, path, NULL) != ERR_OK) continue;
        if (lstat(path, &st) != 0 || !S_ISREG(st.st_mode)) continue;
        int64_t written_us = (int64_t)st.st_mtim.tv_sec * 1000000 + st.st_mtim.tv_nsec / 1000;
        if (written_us < older_than_us && f->world->unlink(f->world, path) == 0) cleared++;
    }
    closedir(dir);
    return cleared;
}
