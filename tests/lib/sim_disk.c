#include "lib/sim_disk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { NAMES_MAX = 512, FDS_MAX = 64, SECTOR = 512 };

struct file {
    char *p;
    size_t n, cap;
    bool folder;
    int locked_by; /* fd + 1 */
};
struct name {
    char *path; /* NULL: removed */
    int file;
};
/* An operation that happened; `failed` ones changed nothing but, for a sync, lose what was pending. */
struct operation {
    enum sim_kind kind;
    int file;
    bool failed, creates;
    off_t at;
    size_t n;
    char *bytes, *path, *to;
    uint64_t mark;
};
struct sim_disk {
    struct world world;
    pthread_mutex_t lock;
    uint64_t random, clock, steady, capacity;
    struct file *files;
    size_t file_count;
    struct name names[NAMES_MAX];
    size_t name_count;
    int fds[FDS_MAX]; /* file + 1 */
    struct operation *operations;
    size_t operation_count, operation_cap;
    unsigned counts[SIM_KINDS], fail_at[SIM_KINDS];
    int fail_with[SIM_KINDS];
    struct sim_disk *base; /* what was there before the first operation */
};

uint64_t sim_random(uint64_t *state) {
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static struct sim_disk *of(struct world *w) { return w->context; }

static void *must(void *p) {
    invariant(p != NULL);
    return p;
}

static int new_file(struct sim_disk *s, bool folder) {
    s->files = must(realloc(s->files, (s->file_count + 1) * sizeof *s->files));
    s->files[s->file_count] = (struct file){.folder = folder};
    return (int)s->file_count++;
}

static struct name *find(struct sim_disk *s, const char *path) {
    for (size_t i = 0; i < s->name_count; i++)
        if (s->names[i].path && strcmp(s->names[i].path, path) == 0) return &s->names[i];
    return NULL;
}

static void set_name(struct sim_disk *s, const char *path, int file) {
    struct name *n = find(s, path);
    for (size_t i = 0; n == NULL && i < s->name_count; i++)
        if (s->names[i].path == NULL) n = &s->names[i];
    if (n == NULL) {
        invariant(s->name_count < NAMES_MAX);
        n = &s->names[s->name_count++];
        n->path = NULL;
    }
    if (n->path == NULL) n->path = must(strdup(path));
    n->file = file;
}

static void drop_name(struct sim_disk *s, const char *path) {
    struct name *n = find(s, path);
    if (n == NULL) return;
    free(n->path);
    n->path = NULL;
}

static void folder_of(const char *path, char out[PATH_MAX]) {
    const char *slash = strrchr(path, '/');
    snprintf(out, PATH_MAX, "%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".");
}

static void resize(struct file *f, size_t n) {
    if (n > f->cap) {
        f->cap = n * 2;
        f->p = must(realloc(f->p, f->cap));
    }
    if (n > f->n) memset(f->p + f->n, 0, n - f->n);
    f->n = n;
}

static void put_bytes(struct file *f, const char *p, size_t n, size_t at) {
    if (n == 0) return;
    if (at + n > f->n) resize(f, at + n);
    memcpy(f->p + at, p, n);
}

/* Remembers; the lock held. Returns false with errno set when this one is to fail. */
static bool happens(struct sim_disk *s, struct operation o) {
    if (o.kind != SIM_MARK && ++s->counts[o.kind] == s->fail_at[o.kind]) o.failed = true, errno = s->fail_with[o.kind];
    if (o.kind == SIM_READ || o.kind == SIM_LIST) return !o.failed; /* a cut after one finds what it found before */
    int error = errno;
    if (s->operation_count == s->operation_cap) {
        s->operation_cap = s->operation_cap * 2 + 256;
        s->operations = must(realloc(s->operations, s->operation_cap * sizeof o));
    }
    if (o.bytes) o.bytes = memcpy(must(malloc(o.n + 1)), o.bytes, o.n);
    if (o.path) o.path = must(strdup(o.path));
    if (o.to) o.to = must(strdup(o.to));
    s->operations[s->operation_count++] = o;
    errno = error;
    return !o.failed;
}

static int refuse(int error) { return errno = error, -1; }

static int open_locked(struct sim_disk *s, const char *path, int flags) {
    struct name *n = find(s, path);
    char folder[PATH_MAX];
    folder_of(path, folder);
    if (n && (flags & O_CREAT) && (flags & O_EXCL)) return refuse(EEXIST);
    if (n == NULL && (!(flags & O_CREAT) || find(s, folder) == NULL)) return refuse(ENOENT);
    bool creates = n == NULL;
    int file = creates ? (int)s->file_count : n->file;
    if (!happens(s, (struct operation){.kind = SIM_OPEN, .file = file, .creates = creates, .path = (char *)path}))
        return -1;
    if (creates) set_name(s, path, new_file(s, false));
    invariant(!(flags & O_TRUNC) || s->files[file].n == 0); /* not needed so far */
    for (int fd = 0; fd < FDS_MAX; fd++)
        if (s->fds[fd] == 0) return s->fds[fd] = file + 1, fd;
    return refuse(EMFILE);
}

static int sim_open(struct world *w, const char *path, int flags, mode_t mode) {
    struct sim_disk *s = of(w);
    (void)mode;
    pthread_mutex_lock(&s->lock);
    int fd = open_locked(s, path, flags);
    pthread_mutex_unlock(&s->lock);
    return fd;
}

static struct file *file_of(struct sim_disk *s, int fd) {
    invariant(fd >= 0 && fd < FDS_MAX && s->fds[fd]);
    return &s->files[s->fds[fd] - 1];
}

static ssize_t sim_pread(struct world *w, int fd, void *to, size_t n, off_t at) {
    struct sim_disk *s = of(w);
    pthread_mutex_lock(&s->lock);
    struct file *f = file_of(s, fd);
    ssize_t got = -1;
    if (happens(s, (struct operation){.kind = SIM_READ})) {
        got = (size_t)at >= f->n ? 0 : (ssize_t)(n < f->n - (size_t)at ? n : f->n - (size_t)at);
        if (got) memcpy(to, f->p + at, (size_t)got);
    }
    pthread_mutex_unlock(&s->lock);
    return got;
}

static size_t room_for(struct sim_disk *s, const struct file *f, size_t n, size_t at) {
    uint64_t used = 0;
    for (size_t i = 0; i < s->name_count; i++)
        if (s->names[i].path) used += s->files[s->names[i].file].n;
    uint64_t end = f->n + (s->capacity > used ? s->capacity - used : 0);
    return at + n <= end ? n : at >= end ? 0 : end - at;
}

static ssize_t sim_pwrite(struct world *w, int fd, const void *from, size_t n, off_t at) {
    struct sim_disk *s = of(w);
    pthread_mutex_lock(&s->lock);
    struct file *f = file_of(s, fd);
    size_t fits = room_for(s, f, n, (size_t)at);
    ssize_t wrote = fits || n == 0 ? (ssize_t)fits : refuse(ENOSPC);
    if (wrote >= 0) {
        struct operation o = {.kind = SIM_WRITE, .file = s->fds[fd] - 1, .at = at, .n = fits, .bytes = (char *)from};
        if (happens(s, o)) put_bytes(f, from, fits, (size_t)at);
        else wrote = -1;
    }
    pthread_mutex_unlock(&s->lock);
    return wrote;
}

static int simple(struct sim_disk *s, struct operation o) {
    pthread_mutex_lock(&s->lock);
    int result = happens(s, o) ? 0 : -1;
    pthread_mutex_unlock(&s->lock);
    return result;
}

static int sim_fdatasync(struct world *w, int fd) {
    struct sim_disk *s = of(w);
    return simple(s, (struct operation){.kind = SIM_SYNC, .file = s->fds[fd] - 1});
}

static int sim_sync_folder(struct world *w, const char *folder) {
    return simple(of(w), (struct operation){.kind = SIM_SYNC_FOLDER, .path = (char *)folder});
}

static int sim_ftruncate(struct world *w, int fd, off_t size) {
    struct sim_disk *s = of(w);
    pthread_mutex_lock(&s->lock);
    bool ok = happens(s, (struct operation){.kind = SIM_TRUNCATE, .file = s->fds[fd] - 1, .n = (size_t)size});
    if (ok) resize(file_of(s, fd), (size_t)size);
    pthread_mutex_unlock(&s->lock);
    return ok ? 0 : -1;
}

static int sim_rename(struct world *w, const char *from, const char *to) {
    struct sim_disk *s = of(w);
    pthread_mutex_lock(&s->lock);
    struct name *n = find(s, from);
    int result = n ? 0 : refuse(ENOENT);
    if (n && !happens(s, (struct operation){.kind = SIM_RENAME, .path = (char *)from, .to = (char *)to})) result = -1;
    if (result == 0) {
        int file = n->file;
        drop_name(s, from);
        set_name(s, to, file);
    }
    pthread_mutex_unlock(&s->lock);
    return result;
}

static int sim_unlink(struct world *w, const char *path) {
    struct sim_disk *s = of(w);
    pthread_mutex_lock(&s->lock);
    int result = find(s, path) ? 0 : refuse(ENOENT);
    if (result == 0 && !happens(s, (struct operation){.kind = SIM_UNLINK, .path = (char *)path})) result = -1;
    if (result == 0) drop_name(s, path);
    pthread_mutex_unlock(&s->lock);
    return result;
}

static int sim_mkdir(struct world *w, const char *path, mode_t mode) {
    struct sim_disk *s = of(w);
    (void)mode;
    pthread_mutex_lock(&s->lock);
    int result = find(s, path) ? refuse(EEXIST) : 0;
    struct operation o = {.kind = SIM_MKDIR, .file = (int)s->file_count, .creates = true, .path = (char *)path};
    if (result == 0 && !happens(s, o)) result = -1;
    if (result == 0) set_name(s, path, new_file(s, true));
    pthread_mutex_unlock(&s->lock);
    return result;
}

static int sim_close(struct world *w, int fd) {
    struct sim_disk *s = of(w);
    pthread_mutex_lock(&s->lock);
    struct file *f = file_of(s, fd);
    if (f->locked_by == fd + 1) f->locked_by = 0;
    s->fds[fd] = 0;
    pthread_mutex_unlock(&s->lock);
    return 0;
}

static int sim_lock(struct world *w, int fd) {
    struct sim_disk *s = of(w);
    pthread_mutex_lock(&s->lock);
    struct file *f = file_of(s, fd);
    int result = f->locked_by && f->locked_by != fd + 1 ? refuse(EWOULDBLOCK) : 0;
    if (result == 0) f->locked_by = fd + 1;
    pthread_mutex_unlock(&s->lock);
    return result;
}

static int sim_list(struct world *w, const char *folder, bool (*each)(void *ctx, const char *name), void *ctx) {
    struct sim_disk *s = of(w);
    char parent[PATH_MAX];
    pthread_mutex_lock(&s->lock);
    int result = find(s, folder) ? 0 : refuse(ENOENT);
    if (result == 0 && !happens(s, (struct operation){.kind = SIM_LIST})) result = -1;
    for (size_t i = 0; result == 0 && i < s->name_count; i++) {
        const char *path = s->names[i].path;
        if (path == NULL || strcmp(path, ".") == 0) continue;
        folder_of(path, parent);
        if (strcmp(parent, folder) == 0 && !each(ctx, strrchr(path, '/') ? strrchr(path, '/') + 1 : path)) break;
    }
    pthread_mutex_unlock(&s->lock);
    return result;
}

/* Steps up to an hour either way. */
static int64_t sim_now(struct world *w) {
    struct sim_disk *s = of(w);
    pthread_mutex_lock(&s->lock);
    s->clock += sim_random(&s->random) % 7200000000u - 3600000000u;
    int64_t now = (int64_t)s->clock;
    pthread_mutex_unlock(&s->lock);
    return now;
}

static int64_t sim_steady(struct world *w) {
    struct sim_disk *s = of(w);
    pthread_mutex_lock(&s->lock);
    int64_t now = (int64_t)(s->steady += 100);
    pthread_mutex_unlock(&s->lock);
    return now;
}

static void sim_fill(struct world *w, void *bytes, size_t n) {
    struct sim_disk *s = of(w);
    pthread_mutex_lock(&s->lock);
    for (size_t i = 0; i < n; i++) ((uint8_t *)bytes)[i] = (uint8_t)sim_random(&s->random);
    pthread_mutex_unlock(&s->lock);
}

static struct sim_disk *bare(uint64_t seed) {
    struct sim_disk *s = must(calloc(1, sizeof *s));
    s->world = (struct world){.now_us = sim_now,
                              .steady_us = sim_steady,
                              .random = sim_fill,
                              .open = sim_open,
                              .pread = sim_pread,
                              .pwrite = sim_pwrite,
                              .fdatasync = sim_fdatasync,
                              .ftruncate = sim_ftruncate,
                              .rename = sim_rename,
                              .unlink = sim_unlink,
                              .sync_folder = sim_sync_folder,
                              .close = sim_close,
                              .mkdir = sim_mkdir,
                              .lock = sim_lock,
                              .list = sim_list,
                              .context = s};
    pthread_mutex_init(&s->lock, NULL);
    s->random = seed, s->clock = 1700000000000000u, s->capacity = UINT64_MAX;
    return s;
}

static struct sim_disk *copy(const struct sim_disk *from, uint64_t seed) {
    struct sim_disk *s = bare(seed);
    for (size_t i = 0; i < from->file_count; i++) {
        int file = new_file(s, from->files[i].folder);
        put_bytes(&s->files[file], from->files[i].p, from->files[i].n, 0);
    }
    for (size_t i = 0; i < from->name_count; i++)
        if (from->names[i].path) set_name(s, from->names[i].path, from->names[i].file);
    return s;
}

struct sim_disk *sim_disk_new(uint64_t seed) {
    struct sim_disk *s = bare(seed);
    set_name(s, ".", new_file(s, true));
    s->base = copy(s, seed);
    return s;
}

void sim_disk_free(struct sim_disk *s) {
    if (s == NULL) return;
    sim_disk_free(s->base);
    for (size_t i = 0; i < s->operation_count; i++) {
        free(s->operations[i].bytes);
        free(s->operations[i].path);
        free(s->operations[i].to);
    }
    for (size_t i = 0; i < s->name_count; i++) free(s->names[i].path);
    for (size_t i = 0; i < s->file_count; i++) free(s->files[i].p);
    free(s->files);
    free(s->operations);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

struct world *sim_disk_world(struct sim_disk *s) {
    return &s->world;
}
void sim_disk_mark(struct sim_disk *s, uint64_t mark) {
    (void)simple(s, (struct operation){.kind = SIM_MARK, .mark = mark});
}

size_t sim_disk_operations(struct sim_disk *s) {
    pthread_mutex_lock(&s->lock);
    size_t n = s->operation_count;
    pthread_mutex_unlock(&s->lock);
    return n;
}

void sim_disk_marks(struct sim_disk *s, size_t n, bool *seen, size_t max) {
    for (size_t i = 0; i < n; i++)
        if (s->operations[i].kind == SIM_MARK && s->operations[i].mark < max) seen[s->operations[i].mark] = true;
}

void sim_disk_fail(struct sim_disk *s, enum sim_kind kind, unsigned nth, int error) {
    pthread_mutex_lock(&s->lock);
    s->fail_at[kind] = nth ? s->counts[kind] + nth : 0, s->fail_with[kind] = error;
    pthread_mutex_unlock(&s->lock);
}

unsigned sim_disk_count(struct sim_disk *s, enum sim_kind kind) { return s->counts[kind]; }

void sim_disk_capacity(struct sim_disk *s, uint64_t bytes) {
    pthread_mutex_lock(&s->lock);
    s->capacity = bytes;
    pthread_mutex_unlock(&s->lock);
}

char *sim_disk_file(struct sim_disk *s, const char *path, size_t *size) {
    struct name *n = find(s, path);
    if (n == NULL) return NULL;
    *size = s->files[n->file].n;
    return s->files[n->file].p;
}

/* ---- the power cut ---- */

/* What of one write reached the disk. */
static void perhaps(struct sim_disk *d, const struct operation *o, uint64_t *random) {
    struct file *f = &d->files[o->file];
    if (o->kind == SIM_TRUNCATE) {
        if (sim_random(random) % 2) resize(f, o->n);
        return;
    }
    switch (sim_random(random) % 4) {
    case 0: return;
    case 1: put_bytes(f, o->bytes, o->n, (size_t)o->at); return;
    case 2: put_bytes(f, o->bytes, o->n ? sim_random(random) % o->n : 0, (size_t)o->at); return;
    default: break;
    }
    for (size_t at = 0; at < o->n;) {
        size_t step = SECTOR - ((size_t)o->at + at) % SECTOR;
        if (step > o->n - at) step = o->n - at;
        if (sim_random(random) % 2) put_bytes(f, o->bytes + at, step, (size_t)o->at + at);
        at += step;
    }
}

static bool writes_to(const struct operation *o, int file) {
    return (o->kind == SIM_WRITE || o->kind == SIM_TRUNCATE) && o->file == file && !o->failed;
}

/* Unsynced writes to a file among operations [from, to), in any order, each perhaps. */
static void lose(struct sim_disk *d, const struct operation *o, size_t from, size_t to, int file, uint64_t *random) {
    size_t n = 0, *pending = must(malloc((to - from + 1) * sizeof *pending));
    for (size_t i = from; i < to; i++)
        if (writes_to(&o[i], file)) pending[n++] = i;
    for (; n; n--) {
        size_t pick = sim_random(random) % n;
        perhaps(d, &o[pending[pick]], random);
        pending[pick] = pending[n - 1];
    }
    free(pending);
}

static void replay_file(struct sim_disk *d, const struct operation *o, size_t n, int file, uint64_t *random) {
    size_t from = 0;
    for (size_t i = 0; i < n; i++) {
        if (o[i].kind != SIM_SYNC || o[i].file != file) continue;
        if (o[i].failed) lose(d, o, from, i, file, random);
        for (size_t k = from; k < i && !o[i].failed; k++) {
            if (!writes_to(&o[k], file)) continue;
            if (o[k].kind == SIM_TRUNCATE) resize(&d->files[file], o[k].n);
            else put_bytes(&d->files[file], o[k].bytes, o[k].n, (size_t)o[k].at);
        }
        from = i + 1;
    }
    lose(d, o, from, n, file, random);
}

/* Does the operation change a name in this folder? */
static bool names_in(const struct operation *o, const char *folder) {
    char parent[PATH_MAX];
    if (o->failed || o->path == NULL || o->kind == SIM_SYNC_FOLDER) return false;
    if (o->kind != SIM_RENAME && o->kind != SIM_UNLINK && !o->creates) return false;
    folder_of(o->path, parent);
    return strcmp(parent, folder) == 0;
}

static void apply_name(struct sim_disk *d, const struct operation *o) {
    if (o->kind == SIM_RENAME) {
        struct name *n = find(d, o->path);
        int file = n ? n->file : -1;
        drop_name(d, o->path);
        if (file >= 0) set_name(d, o->to, file);
    } else if (o->kind == SIM_UNLINK) drop_name(d, o->path);
    else set_name(d, o->path, o->file);
}

static void replay_names(struct sim_disk *d, const struct operation *o, size_t n, const char *folder,
                         uint64_t *random) {
    size_t synced = 0, pending = 0;
    for (size_t i = 0; i < n; i++)
        if (o[i].kind == SIM_SYNC_FOLDER && !o[i].failed && strcmp(o[i].path, folder) == 0) synced = i;
    for (size_t i = synced; i < n; i++) pending += names_in(&o[i], folder);
    size_t kept = sim_random(random) % (pending + 1);
    for (size_t i = 0; i < n; i++) {
        if (!names_in(&o[i], folder)) continue;
        if (i >= synced && kept-- == 0) return;
        apply_name(d, &o[i]);
    }
}

struct sim_disk *sim_disk_cut(struct sim_disk *s, size_t n, uint64_t seed) {
    uint64_t random = seed;
    struct sim_disk *d = copy(s->base, seed);
    while (d->file_count < s->file_count) (void)new_file(d, s->files[d->file_count].folder);
    for (size_t i = 0; i < d->file_count; i++) replay_file(d, s->operations, n, (int)i, &random);
    for (size_t i = 0; i < s->file_count; i++) { /* folders in the order they were made: parents first */
        if (!s->files[i].folder) continue;
        for (size_t k = 0; k < d->name_count; k++)
            if (d->names[k].path && d->names[k].file == (int)i) {
                replay_names(d, s->operations, n, d->names[k].path, &random);
                break;
            }
    }
    d->base = copy(d, seed);
    return d;
}
