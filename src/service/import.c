#include "service/import.h"

#include "service/import_card.h"
#include "service/import_place.h"
#include "state/store/rows.h"
#include "state/store/store_key.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <openssl/evp.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RESULT_BUF_MAX = 64 << 20 };

struct importer {
    struct import_settings s;
    struct store *store;
    struct vault_client vault;
};

struct job {
    struct importer *i;
    const char *path, *result_path;
    char part_path[PATH_MAX];
    const struct insurer_file_format *format;
    int in, out;
    uint8_t key[IMPORT_FILE_KEY_BYTES];
    struct import_place place;
    struct import_progress progress;
    struct import_writer writer;
    struct import_reader *reader;
    struct buf results;
    struct import_item **order; /* of one chunk */
    size_t order_room;
};

/* ---- opening ---- */

static enum err make_unmatched_key(const struct import_settings *s, struct diag *d) {
    char path[PATH_MAX];
    struct buf b;
    uint8_t key[32];
    if (snprintf(path, sizeof path, "%s/unmatched.key", s->store) >= (int)sizeof path)
        return diag_set(d, ERR_LIMIT, "path", NULL);
    buf_init(&b, sizeof key);
    enum err e = world_read_file(s->world, path, &b, d);
    buf_fini(&b);
    if (e != ERR_NOT_FOUND) return e;
    s->world->random(s->world, key, sizeof key);
    e = world_replace_file(s->world, path, str_of(key, sizeof key), 0600, d);
    sodium_memzero(key, sizeof key);
    return e;
}

enum err import_open(struct importer **out, const struct import_settings *s, struct diag *d) {
    char folder[PATH_MAX];
    struct importer *i = calloc(1, sizeof *i);
    if (i == NULL) return diag_set(d, ERR_MEMORY, "import", NULL);
    i->s = *s;
    if (i->s.memory_bytes == 0) i->s.memory_bytes = IMPORT_MEMORY_DEFAULT;
    if (i->s.threads == 0) i->s.threads = (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
    enum err e = snprintf(folder, sizeof folder, "%s/coverage", s->store) < (int)sizeof folder
                     ? world_make_folder(s->store, d)
                     : diag_set(d, ERR_LIMIT, "path", NULL);
    if (e == ERR_OK)
        e = store_open(&i->store,
                       &(struct store_settings){.home = STORE_HOME_COVERAGE, .folder = folder, .write = true}, d);
    if (e == ERR_OK) e = make_unmatched_key(s, d);
    if (e == ERR_OK) e = vault_start(&i->vault, s->program, s->store, d);
    if (e == ERR_OK) *out = i;
    else import_close(i);
    return e;
}

void import_close(struct importer *i) {
    vault_close(&i->vault);
    store_close(i->store);
    free(i);
}

/* ---- results ---- */

static void put_result(struct buf *b, const struct import_item *i) {
    struct diag why = {.err = i->why};
    snprintf(why.where, sizeof why.where, "%s", i->field);
    snprintf(why.detail, sizeof why.detail, "%s", i->detail);
    line_result_put(b, i->line_number, i->status, &why);
}

static enum err write_results(struct job *j, const struct import_chunk *c, struct diag *d) {
    struct world *w = j->i->s.world;
    buf_reset(&j->results);
    for (size_t i = 0; i < c->item_count; i++) {
        put_result(&j->results, &c->items[i]);
        j->place.accepted += c->items[i].status == LINE_ACCEPTED;
        j->place.refused += c->items[i].status == LINE_REFUSED;
        j->place.unchanged += c->items[i].status == LINE_UNCHANGED;
    }
    if (!buf_ok(&j->results)) return diag_set(d, ERR_MEMORY, "results", NULL);
    TRY(world_write_all(w, j->out, buf_str(&j->results), (off_t)j->place.results, d));
    if (w->fdatasync(w, j->out) != 0) return diag_errno(d, j->part_path);
    j->place.results += j->results.n;
    return ERR_OK;
}

/* ---- one chunk, one transaction ---- */

static enum err apply_insurer(struct job *j, struct import_item *i, struct diag *d) {
    char room[1024], key_room[4];
    struct buf b = buf_over(room, sizeof room), key = buf_over(key_room, sizeof key_room);
    struct store_row row;
    insurer_row_put(&b, i->line.insurer_name);
    store_key_insurer(&key, i->line.insurer);
    enum err e = store_seek(j->writer.txn, STORE_INSURER, buf_str(&key), false, &row, d);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    bool same = e == ERR_OK && str_eq(row.key, buf_str(&key)) && str_eq(row.value, buf_str(&b));
    i->status = same ? LINE_UNCHANGED : LINE_ACCEPTED;
    return same ? ERR_OK : store_put(j->writer.txn, STORE_INSURER, buf_str(&key), buf_str(&b), d);
}

/* A file speaks for one insurer: the first line that names one settles which. */
static size_t settle_insurer(struct job *j, struct import_chunk *c) {
    size_t n = 0;
    for (size_t i = 0; i < c->item_count; i++) {
        struct import_item *item = &c->items[i];
        if (item->why != ERR_OK) continue;
        if (j->place.insurer.n == 0) j->place.insurer = item->line.insurer;
        if (item->line.insurer.n != j->place.insurer.n)
            import_refuse(item, ERR_CONFLICT, "insurer",
                          "このファイルの保険者とは別の保険者です / a member of another insurer than this file's");
        else if (item->line.op != LINE_INSURER) j->order[n++] = item;
    }
    return n;
}

static int by_card(const void *a, const void *b) {
    const struct import_item *x = *(struct import_item *const *)a, *y = *(struct import_item *const *)b;
    int c = str_cmp(x->card_key, y->card_key);
    return c ? c : x->line_number < y->line_number ? -1 : 1;
}

static void sort(struct import_item **items, size_t n) {
    size_t i = 1;
    while (i < n && by_card(&items[i - 1], &items[i]) < 0) i++;
    if (i < n) qsort(items, n, sizeof(struct import_item *), by_card);
}

static enum err apply_chunk(struct job *j, struct import_chunk *c, struct diag *d) {
    size_t n = settle_insurer(j, c);
    for (size_t i = 0; i < c->item_count; i++)
        if (c->items[i].why == ERR_OK && c->items[i].line.op == LINE_INSURER) TRY(apply_insurer(j, &c->items[i], d));
    sort(j->order, n);
    for (size_t from = 0, to, sealed = 0; from < n; from = to) {
        for (to = from + 1; to < n && str_eq(j->order[to]->card_key, j->order[from]->card_key);) to++;
        TRY(import_card(&j->writer, j->order + from, to - from, d));
        while (sealed < to && (to - sealed >= IMPORT_SEAL_MAX || to == n)) {
            size_t some = to - sealed < IMPORT_SEAL_MAX ? to - sealed : IMPORT_SEAL_MAX;
            TRY(import_reader_seal(j->reader, j->order + sealed, some, d));
            sealed += some;
        }
    }
    TRY(write_results(j, c, d));
    j->place.offset = c->to;
    j->place.lines += c->item_count;
    memcpy(j->place.digest, c->digest, sizeof c->digest);
    return import_place_write(j->writer.txn, j->key, &j->place, d);
}

static bool room_for_order(struct job *j, size_t n) {
    if (n <= j->order_room) return true;
    struct import_item **p = realloc(j->order, n * sizeof(struct import_item *));
    if (p == NULL) return false;
    j->order = p, j->order_room = n;
    return true;
}

static enum err commit_chunk(struct job *j, struct import_chunk *c, struct diag *d) {
    struct import_place before = j->place;
    struct world *w = j->i->s.world;
    if (!room_for_order(j, c->item_count)) return diag_set(d, ERR_MEMORY, "import", NULL);
    j->writer.at_us = w->now_us(w);
    TRY(store_begin(j->i->store, &j->writer.txn, d));
    enum err e = apply_chunk(j, c, d);
    if (e == ERR_OK)
        e = import_reader_settle(j->reader, true, d); /* a line that counts as stored has its number sealed */
    if (e == ERR_OK) e = store_commit(j->writer.txn, d);
    else store_abort(j->writer.txn);
    for (size_t i = 0; i < c->item_count; i++) mynumber_forget(&c->items[i].line.mynumber);
    if (e == ERR_OK) return ERR_OK;
    (void)!import_reader_settle(j->reader, false, &(struct diag){0});
    j->place = before;
    (void)w->ftruncate(w, j->out, (off_t)before.results);
    return e;
}

static void report(struct job *j) {
    struct import_progress *p = &j->progress;
    p->path = j->path;
    p->bytes = j->place.offset, p->lines = j->place.lines;
    p->accepted = j->place.accepted, p->refused = j->place.refused, p->unchanged = j->place.unchanged;
    if (p->size < p->bytes) p->size = p->bytes;
    if (j->i->s.progress) j->i->s.progress(j->i->s.context, p);
}

/* ---- beginning, or going on ---- */

/* Stopped between naming the results and noting it: they go on from their old name. */
static enum err take_results_back(struct job *j, struct diag *d) {
    struct world *w = j->i->s.world;
    w->close(w, j->out);
    j->out = -1;
    if (w->rename(w, j->result_path, j->part_path) != 0) return diag_errno(d, j->part_path);
    j->out = w->open(w, j->part_path, O_RDWR, 0600);
    return j->out < 0 ? diag_errno(d, j->part_path) : ERR_OK;
}

/* Goes on only when the bytes before the place are the same and the results that belong to it are there. */
static enum err find_place(struct job *j, EVP_MD_CTX *md, struct diag *d) {
    struct import_place p = {0};
    struct stat st;
    bool same = false;
    enum err e = import_place_find(j->i->store, j->key, &p, d);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    TRY(import_place_same(&p, j->i->s.world, j->in, md, &same, d));
    bool results = fstat(j->out, &st) == 0 && (uint64_t)st.st_size >= p.results;
    if (same && !results && stat(j->result_path, &st) == 0 && (uint64_t)st.st_size == p.results) {
        TRY(take_results_back(j, d));
        results = true;
    }
    j->progress.changed = !same;
    j->progress.resumed = same && results;
    if (j->progress.resumed) j->place = p;
    else invariant(EVP_DigestInit_ex(md, NULL, NULL) == 1);
    return ERR_OK;
}

static enum err open_files(struct job *j, struct diag *d) {
    char whole[PATH_MAX];
    struct stat st;
    struct world *w = j->i->s.world;
    if (realpath(j->path, whole) == NULL)
        return errno == ENOENT ? diag_set(d, ERR_NOT_FOUND, j->path, NULL) : diag_errno(d, j->path);
    (void)crypto_generichash(j->key, sizeof j->key, (const unsigned char *)whole, strlen(whole), NULL, 0);
    j->in = w->open(w, j->path, O_RDONLY, 0);
    if (j->in < 0) return diag_errno(d, j->path);
    if (fstat(j->in, &st) != 0 || !S_ISREG(st.st_mode))
        return diag_set(d, ERR_USAGE, j->path, "普通のファイルではありません / not a regular file");
    j->progress.size = (uint64_t)st.st_size;
    if (snprintf(j->part_path, sizeof j->part_path, "%s.part", j->result_path) >= (int)sizeof j->part_path)
        return diag_set(d, ERR_LIMIT, "path", NULL);
    j->out = w->open(w, j->part_path, O_RDWR | O_CREAT, 0600);
    return j->out < 0 ? diag_errno(d, j->part_path) : ERR_OK;
}

/* A CSV's header is no line with a result: it is counted, and the lines begin behind it. */
static enum err skip_header(struct job *j, EVP_MD_CTX *md, struct diag *d) {
    char room[64 * 1024];
    struct world *w = j->i->s.world;
    if (!j->format->header || j->place.offset) return ERR_OK;
    ssize_t n = w->pread(w, j->in, room, sizeof room, 0);
    if (n < 0) return diag_errno(d, j->path);
    size_t at = str_find(str_of(room, (size_t)n), S("\n"));
    if (at == (size_t)n && n == (ssize_t)sizeof room) return diag_set(d, ERR_LIMIT, "header", NULL);
    j->place.offset = at < (size_t)n ? at + 1 : (size_t)n;
    invariant(EVP_DigestUpdate(md, room, j->place.offset) == 1);
    j->place.lines = 1;
    return ERR_OK;
}

static enum err last_member(struct job *j, struct diag *d) {
    struct store_row row;
    TRY(store_begin(j->i->store, &j->writer.txn, d));
    enum err e = store_last(j->writer.txn, STORE_MEMBER, &row, d);
    if (e == ERR_OK) buf_put(&j->writer.last_key, row.key);
    store_abort(j->writer.txn);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* ---- the file ---- */

static enum err run_chunks(struct job *j, EVP_MD_CTX *md, struct diag *d) {
    struct import_reader *r = NULL;
    struct import_reader_settings s = {.world = j->i->s.world,
                                       .fd = j->in,
                                       .from = j->place.offset,
                                       .first_line = j->place.lines + 1,
                                       .digest_so_far = md,
                                       .format = j->format,
                                       .vault = &j->i->vault,
                                       .memory_bytes = j->i->s.memory_bytes,
                                       .threads = j->i->s.threads};
    TRY(import_reader_start(&r, &s, d));
    j->reader = r;
    struct import_chunk *c = NULL;
    enum err e;
    while ((e = import_reader_next(r, &c, d)) == ERR_OK && c) {
        e = commit_chunk(j, c, d);
        import_reader_give_back(r, c);
        if (e != ERR_OK) break;
        report(j);
    }
    import_reader_stop(r);
    return e;
}

static enum err write_place_alone(struct job *j, struct diag *d) {
    struct store_txn *t = NULL;
    TRY(store_begin(j->i->store, &t, d));
    enum err e = import_place_write(t, j->key, &j->place, d);
    if (e == ERR_OK) return store_commit(t, d);
    store_abort(t);
    return e;
}

/* The results get their name when all is stored, and only then the file counts as done. */
static enum err finish(struct job *j, struct diag *d) {
    char folder[PATH_MAX];
    struct world *w = j->i->s.world;
    if (w->fdatasync(w, j->out) != 0 || w->rename(w, j->part_path, j->result_path) != 0)
        return diag_errno(d, j->result_path);
    snprintf(folder, sizeof folder, "%s", j->result_path);
    if (w->sync_folder(w, dirname(folder)) != 0) return diag_errno(d, j->result_path);
    j->place.done = true;
    TRY(write_place_alone(j, d));
    report(j);
    return ERR_OK;
}

static enum err run(struct job *j, struct diag *d) {
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    if (md == NULL || EVP_DigestInit_ex(md, EVP_sha256(), NULL) != 1)
        return EVP_MD_CTX_free(md), diag_set(d, ERR_CRYPTO, "sha256", NULL);
    struct world *w = j->i->s.world;
    enum err e = open_files(j, d);
    if (e == ERR_OK) e = find_place(j, md, d);
    if (e == ERR_OK) e = skip_header(j, md, d);
    if (e == ERR_OK && w->ftruncate(w, j->out, (off_t)j->place.results) != 0) e = diag_errno(d, j->part_path);
    if (e == ERR_OK) e = last_member(j, d);
    if (e != ERR_OK) return EVP_MD_CTX_free(md), e;
    TRY(run_chunks(j, md, d));
    return finish(j, d);
}

enum err import_file(struct importer *i, const char *path, const struct insurer_file_format *format,
                     const char *result_path, struct import_progress *out, struct diag *d) {
    struct arena arena;
    struct job j = {.i = i, .path = path, .result_path = result_path, .format = format, .in = -1, .out = -1};
    arena_init(&arena, 256 << 20);
    j.writer.arena = &arena;
    buf_init(&j.results, RESULT_BUF_MAX);
    buf_init(&j.writer.last_key, STORE_KEY_MAX);
    buf_init(&j.writer.row, 1 << 20);
    enum err e = run(&j, d);
    *out = j.progress;
    if (j.in >= 0) close(j.in);
    if (j.out >= 0) close(j.out);
    buf_fini(&j.results);
    buf_fini(&j.writer.last_key);
    buf_fini(&j.writer.row);
    free(j.order);
    arena_fini(&arena);
    return e;
}
