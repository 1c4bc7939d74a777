#include "service/import_chunk.h"

#include "service/import.h"
#include "state/store/store_key.h"

#include <errno.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    CHUNK_MIN = 1 << 20,
    CHUNK_MAX = 8 << 20,
    LINE_USUAL =
        100, /* bytes; a chunk has no more lines than if all were so short: what is kept of each is larger than they are */
    LINE_KEPT = 64 * 1024 + 1, /* of a line too long for any format: enough for it to be refused as too long */
    SPREAD = 8,                /* memory of a parsed chunk beside its bytes, measured: items and texts */
    SLOTS_MAX = IMPORT_THREADS_MAX + 2,
    LINE_ARENA = 1 << 20,
};

struct import_reader {
    struct import_reader_settings s;
    size_t chunk_bytes, slot_count;
    struct import_chunk slots[SLOTS_MAX];
    bool taken[SLOTS_MAX];
    pthread_t threads[IMPORT_THREADS_MAX];
    size_t thread_count;
    pthread_mutex_t mutex, vault_mutex;
    bool sealed; /* since the last settling; under vault_mutex */
    pthread_cond_t changed;
    /* under the mutex */
    uint64_t offset, line, next_read, next_out;
    bool end, stop;
};

void import_refuse(struct import_item *i, enum err why, const char *field, const char *detail) {
    i->status = LINE_REFUSED;
    i->why = why;
    snprintf(i->field, sizeof i->field, "%s", field);
    snprintf(i->detail, sizeof i->detail, "%s", detail);
}

/* ---- reading, one thread at a time ---- */

static enum err read_some(struct import_reader *r, struct buf *b, size_t n, size_t *got, struct diag *d) {
    char *to = buf_room(b, n);
    if (to == NULL) return diag_set(d, ERR_MEMORY, "import", NULL);
    for (;;) {
        ssize_t k = r->s.world->pread(r->s.world, r->s.fd, to, n, (off_t)(r->offset + b->n));
        if (k < 0 && errno == EINTR) continue;
        if (k < 0) return diag_errno(d, "read");
        b->n += (size_t)k, *got = (size_t)k;
        return ERR_OK;
    }
}

static void digest(struct import_reader *r, struct str s) {
    invariant(EVP_DigestUpdate(r->s.digest_so_far, s.p, s.n) == 1);
}

static void digest_here(struct import_reader *r, uint8_t out[IMPORT_DIGEST_BYTES]) {
    EVP_MD_CTX *copy = EVP_MD_CTX_new();
    invariant(copy != NULL && EVP_MD_CTX_copy_ex(copy, r->s.digest_so_far) == 1 &&
              EVP_DigestFinal_ex(copy, out, NULL) == 1);
    EVP_MD_CTX_free(copy);
}

/* A line longer than a chunk: its bytes are counted and digested, and only its beginning is kept. */
static enum err skip_long_line(struct import_reader *r, struct import_chunk *c, struct diag *d) {
    struct buf more;
    digest(r, buf_str(&c->bytes));
    c->to = c->from + c->bytes.n;
    buf_cut(&c->bytes, LINE_KEPT);
    buf_init(&more, CHUNK_MIN);
    enum err e = ERR_OK;
    for (;;) {
        size_t got = 0;
        buf_reset(&more);
        r->offset = c->to;
        e = read_some(r, &more, CHUNK_MIN, &got, d);
        if (e != ERR_OK || got == 0) break;
        size_t at = str_find(buf_str(&more), S("\n"));
        size_t used = at < more.n ? at + 1 : more.n;
        digest(r, str_head(buf_str(&more), used));
        c->to += used;
        if (at < more.n) break;
    }
    buf_fini(&more);
    return e;
}

/* How many lines, up to max, and how many bytes they have together. */
static size_t count_lines(struct str s, size_t max, size_t *bytes) {
    size_t n = 0;
    struct str rest = s;
    for (; rest.n && n < max; n++) (void)str_cut(&rest, '\n');
    *bytes = s.n - rest.n;
    return n;
}

/* Whole lines up to about chunk_bytes, always at least one; the end of the file ends the last line. */
static enum err read_chunk(struct import_reader *r, struct import_chunk *c, struct diag *d) {
    size_t got = 1, whole = 0;
    buf_reset(&c->bytes);
    c->from = r->offset;
    while (c->bytes.n < r->chunk_bytes && got) TRY(read_some(r, &c->bytes, r->chunk_bytes - c->bytes.n, &got, d));
    const char *last = c->bytes.n ? memrchr(c->bytes.p, '\n', c->bytes.n) : NULL;
    if (last) buf_cut(&c->bytes, (size_t)(last - c->bytes.p) + 1);
    c->line_count = count_lines(buf_str(&c->bytes), r->chunk_bytes / LINE_USUAL, &whole);
    buf_cut(&c->bytes, whole);
    if (last || got == 0) {
        digest(r, buf_str(&c->bytes));
        c->to = c->from + c->bytes.n;
    } else {
        TRY(skip_long_line(r, c, d));
    }
    r->end = c->bytes.n == 0;
    r->offset = c->to;
    c->first_line = r->line;
    digest_here(r, c->digest);
    return ERR_OK;
}

/* ---- parsing, all threads ---- */

static struct str keep(struct arena *a, struct str s) { return s.n ? arena_copy(a, s) : S(""); }

static const void *keep_list(struct arena *a, const void *p, size_t n) {
    return n ? arena_copy(a, str_of(p, n)).p : NULL;
}

/* Texts move from the line's arena, which is used again for the next line, into the chunk's. */
static void keep_line(struct arena *a, struct insurer_line *l) {
    struct coverage *c = &l->period;
    struct str *texts[] = {&l->id.symbol, &l->id.number,  &l->insurer_name,  &c->name,
                           &c->kana,      &c->other_name, &c->other_kana,    &c->head,
                           &c->post,      &c->address,    &c->welfare_office};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) *texts[i] = keep(a, *texts[i]);
    c->elderly = keep_list(a, c->elderly, c->elderly_count * sizeof *c->elderly);
    c->limits = keep_list(a, c->limits, c->limit_count * sizeof *c->limits);
    c->diseases = keep_list(a, c->diseases, c->disease_count * sizeof *c->diseases);
    struct medical_ticket *tickets = (void *)(uintptr_t)keep_list(a, c->tickets, c->ticket_count * sizeof *c->tickets);
    for (size_t i = 0; i < c->ticket_count && tickets; i++) {
        tickets[i].issue_number = keep(a, tickets[i].issue_number);
        tickets[i].contact = keep(a, tickets[i].contact);
    }
    c->tickets = tickets;
}

static void make_keys(struct arena *a, struct import_item *i) {
    char room[STORE_MEMBER_KEY_MAX];
    struct buf b = buf_over(room, sizeof room);
    enum err e = store_key_card(&b, i->line.insurer, &i->line.id);
    size_t card = b.n;
    if (e == ERR_OK) {
        buf_cut(&b, 0);
        e = store_key_member(&b, i->line.insurer, &i->line.id, i->line.birth);
    }
    if (e != ERR_OK) return import_refuse(i, e, "number", "");
    i->member_key = arena_copy(a, buf_str(&b));
    i->card_key = str_head(i->member_key, card);
}

static void parse_line(struct import_reader *r, struct arena *scratch, struct import_chunk *c, struct str text,
                       struct import_item *i) {
    struct diag d = {0};
    if (str_ends(text, S("\r"))) text.n--;
    enum err e = r->s.format->read(r->s.format->context, scratch, text, &i->line, &d);
    if (e != ERR_OK) {
        i->line = (struct insurer_line){0};
        return import_refuse(i, e, d.where, d.detail);
    }
    keep_line(&c->arena, &i->line);
    if (i->line.op != LINE_INSURER) make_keys(&c->arena, i);
}

static enum err parse_chunk(struct import_reader *r, struct import_chunk *c, struct diag *d) {
    struct arena scratch;
    struct str rest = buf_str(&c->bytes);
    c->item_count = c->line_count;
    c->items = arena_new(&c->arena, c->item_count * sizeof *c->items);
    if (c->items == NULL) return diag_set(d, ERR_MEMORY, "import", NULL);
    arena_init(&scratch, LINE_ARENA);
    for (size_t n = 0; n < c->item_count; n++) {
        c->items[n].line_number = c->first_line + n;
        parse_line(r, &scratch, c, str_cut(&rest, '\n'), &c->items[n]);
        arena_reset(&scratch);
    }
    arena_fini(&scratch);
    explicit_bzero(c->bytes.p, c->bytes.cap); /* My Numbers were in it, and in what was read beyond it */
    return ERR_OK;
}

static enum err introduce(struct import_reader *r, struct import_chunk *c, struct diag *d) {
    size_t n = 0;
    struct vault_entry *entries = arena_new(&c->arena, c->item_count * sizeof *entries);
    if (entries == NULL) return diag_set(d, ERR_MEMORY, "import", NULL);
    for (size_t i = 0; i < c->item_count; i++) {
        struct import_item *item = &c->items[i];
        if (item->why != ERR_OK || item->line.op != LINE_PUT) continue;
        entries[n++] = (struct vault_entry){.member_key = item->member_key};
    }
    pthread_mutex_lock(&r->vault_mutex);
    enum err e = n ? vault_introduce(r->s.vault, entries, n, d) : ERR_OK;
    pthread_mutex_unlock(&r->vault_mutex);
    n = 0;
    for (size_t i = 0; i < c->item_count; i++) {
        struct import_item *item = &c->items[i];
        if (item->why == ERR_OK && item->line.op == LINE_PUT)
            memcpy(item->pseudonym, entries[n++].pseudonym, sizeof item->pseudonym);
    }
    return e;
}

/* ---- My Numbers, when a line was taken in ---- */

enum err import_reader_seal(struct import_reader *r, struct import_item *const *items, size_t count, struct diag *d) {
    struct vault_number numbers[IMPORT_SEAL_MAX];
    size_t n = 0;
    invariant(count <= IMPORT_SEAL_MAX);
    for (size_t i = 0; i < count; i++)
        if (items[i]->status != LINE_REFUSED && items[i]->line.op == LINE_PUT && items[i]->line.has_mynumber)
            numbers[n++] = (struct vault_number){items[i]->member_key, &items[i]->line.mynumber};
    if (n == 0) return ERR_OK;
    pthread_mutex_lock(&r->vault_mutex);
    enum err e = vault_seal(r->s.vault, numbers, n, d);
    r->sealed = true;
    pthread_mutex_unlock(&r->vault_mutex);
    return e;
}

enum err import_reader_settle(struct import_reader *r, bool keep, struct diag *d) {
    enum err e = ERR_OK;
    pthread_mutex_lock(&r->vault_mutex);
    if (r->sealed) e = keep ? vault_keep(r->s.vault, d) : vault_drop(r->s.vault, d);
    r->sealed = false;
    pthread_mutex_unlock(&r->vault_mutex);
    return e;
}

/* ---- the threads ---- */

static struct import_chunk *free_slot(struct import_reader *r) {
    for (size_t i = 0; i < r->slot_count; i++)
        if (!r->taken[i]) return r->taken[i] = true, &r->slots[i];
    return NULL;
}

/* NULL when there is nothing more to read. */
static struct import_chunk *claim(struct import_reader *r) {
    struct import_chunk *c = NULL;
    pthread_mutex_lock(&r->mutex);
    while (!r->stop && !r->end && (c = free_slot(r)) == NULL) pthread_cond_wait(&r->changed, &r->mutex);
    if (c) {
        c->sequence = r->next_read++;
        c->ready = false;
        c->err = read_chunk(r, c, &c->diag);
        if (c->err == ERR_OK) r->line += c->line_count;
        else r->end = true;
    }
    pthread_mutex_unlock(&r->mutex);
    return c;
}

static void *work(void *context) {
    struct import_reader *r = context;
    for (struct import_chunk *c; (c = claim(r)) != NULL;) {
        if (c->err == ERR_OK && c->bytes.n) c->err = parse_chunk(r, c, &c->diag);
        if (c->err == ERR_OK && c->item_count) c->err = introduce(r, c, &c->diag);
        pthread_mutex_lock(&r->mutex);
        c->ready = true;
        pthread_cond_broadcast(&r->changed);
        pthread_mutex_unlock(&r->mutex);
    }
    return NULL;
}

enum err import_reader_start(struct import_reader **out, const struct import_reader_settings *s, struct diag *d) {
    struct import_reader *r = calloc(1, sizeof *r);
    if (r == NULL) return diag_set(d, ERR_MEMORY, "import", NULL);
    r->s = *s;
    r->offset = s->from, r->line = s->first_line;
    unsigned threads = s->threads ? s->threads : 1;
    if (threads > IMPORT_THREADS_MAX) threads = IMPORT_THREADS_MAX;
    r->slot_count = threads + 2;
    r->chunk_bytes = s->memory_bytes / (r->slot_count * SPREAD);
    if (r->chunk_bytes < CHUNK_MIN) r->chunk_bytes = CHUNK_MIN;
    if (r->chunk_bytes > CHUNK_MAX) r->chunk_bytes = CHUNK_MAX;
    pthread_mutex_init(&r->mutex, NULL);
    pthread_mutex_init(&r->vault_mutex, NULL);
    pthread_cond_init(&r->changed, NULL);
    for (size_t i = 0; i < r->slot_count; i++) {
        buf_init(&r->slots[i].bytes, CHUNK_MAX + 1);
        arena_init(&r->slots[i].arena, SIZE_MAX / 2);
    }
    while (r->thread_count < threads && pthread_create(&r->threads[r->thread_count], NULL, work, r) == 0)
        r->thread_count++;
    if (r->thread_count) return *out = r, ERR_OK;
    import_reader_stop(r);
    return diag_set(d, ERR_MEMORY, "import", "no thread could be started");
}

static struct import_chunk *ready_slot(struct import_reader *r) {
    for (size_t i = 0; i < r->slot_count; i++)
        if (r->taken[i] && r->slots[i].sequence == r->next_out && r->slots[i].ready) return &r->slots[i];
    return NULL;
}

enum err import_reader_next(struct import_reader *r, struct import_chunk **out, struct diag *d) {
    pthread_mutex_lock(&r->mutex);
    struct import_chunk *c = NULL;
    while ((c = ready_slot(r)) == NULL) pthread_cond_wait(&r->changed, &r->mutex);
    r->next_out++;
    pthread_mutex_unlock(&r->mutex);
    *out = NULL;
    enum err e = c->err;
    if (e != ERR_OK) *d = c->diag;
    if (e == ERR_OK && c->bytes.n) *out = c;
    else import_reader_give_back(r, c);
    return e;
}

void import_reader_give_back(struct import_reader *r, struct import_chunk *c) {
    arena_reset(&c->arena);
    pthread_mutex_lock(&r->mutex);
    c->item_count = 0;
    r->taken[c - r->slots] = false;
    pthread_cond_broadcast(&r->changed);
    pthread_mutex_unlock(&r->mutex);
}

void import_reader_stop(struct import_reader *r) {
    pthread_mutex_lock(&r->mutex);
    r->stop = true;
    pthread_cond_broadcast(&r->changed);
    pthread_mutex_unlock(&r->mutex);
    for (size_t i = 0; i < r->thread_count; i++) pthread_join(r->threads[i], NULL);
    for (size_t i = 0; i < r->slot_count; i++) {
        buf_fini(&r->slots[i].bytes);
        arena_fini(&r->slots[i].arena);
    }
    pthread_cond_destroy(&r->changed);
    pthread_mutex_destroy(&r->vault_mutex);
    pthread_mutex_destroy(&r->mutex);
    EVP_MD_CTX_free(r->s.digest_so_far);
    free(r);
}
