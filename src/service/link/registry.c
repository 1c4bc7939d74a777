#include "service/link/registry.h"

#include <stdlib.h>

enum { LINE_BYTES_LEAST = 24, LINE_BYTES_USUAL = 200, FOUND_FIRST = 1024 };

/* What two residents who are easily mistaken for one another have alike. */
enum { DOUBLE_KEYS = 3 };
struct keys {
    uint64_t of[DOUBLE_KEYS];
};

struct search {
    const struct registry_settings *s;
    const struct members *members;
    struct blocks lines;
    pthread_mutex_t mutex; /* of tokens, progress and what follows */
    struct twice keys;
    uint64_t sample_every; /* households */
    bool stop;
    enum err err;
    struct diag diag;
};

struct worker {
    struct search *search;
    pthread_t thread;
    struct buf block;
    struct arena scratch, kept;
    struct resident *residents; /* of one block */
    struct link_token *tokens;
    bool *has;
    struct keys *keys;
    size_t count;
    struct found *found;
    size_t found_count, found_room;
    const struct packed **sample;
    size_t sample_count, sample_room;
    uint64_t read, pairs, compared;
};

/* ---- one resident ---- */

struct meeting {
    struct worker *w;
    const struct resident *r;
    const struct packed *kept; /* made when the first member needs it */
};

static enum err keep(struct meeting *m, struct diag *d) {
    if (m->kept) return ERR_OK;
    struct packed *p = arena_new(&m->w->kept, sizeof *p);
    const struct str names[PACKED_NAMES] = {m->r->id, m->r->household, S("")};
    enum err e = p ? packed_put(&m->w->kept, &m->r->person, names, p) : ERR_MEMORY;
    if (e != ERR_OK) return diag_set(d, e, "residents", NULL);
    m->kept = p;
    return ERR_OK;
}

static enum err note(struct meeting *m, uint32_t member, bool holder, const struct likeness *l, struct diag *d) {
    struct worker *w = m->w;
    TRY(keep(m, d));
    if (w->found_count == w->found_room) {
        size_t room = w->found_room ? w->found_room * 2 : FOUND_FIRST;
        struct found *p = realloc(w->found, room * sizeof *p);
        if (p == NULL) return diag_set(d, ERR_MEMORY, "residents", NULL);
        w->found = p, w->found_room = room;
    }
    w->found[w->found_count++] = (struct found){member, holder, *l, m->kept};
    return ERR_OK;
}

/* Whole households, by a hash, so that the same ones are taken whoever reads them. */
static enum err sample(struct meeting *m, struct diag *d) {
    struct worker *w = m->w;
    uint64_t h = 14695981039346656037u;
    struct str household = m->r->household;
    for (size_t i = 0; i < household.n; i++) h = (h ^ (unsigned char)household.p[i]) * 0x100000001b3u;
    h = (h ^ (h >> 29)) * 0xbf58476d1ce4e5b9u;
    if (household.n == 0 || (h >> 16) % w->search->sample_every) return ERR_OK;
    if (w->sample_count == w->sample_room) {
        size_t room = w->sample_room ? w->sample_room * 2 : FOUND_FIRST;
        const struct packed **p = realloc(w->sample, room * sizeof *p);
        if (p == NULL) return diag_set(d, ERR_MEMORY, "residents", NULL);
        w->sample = p, w->sample_room = room;
    }
    TRY(keep(m, d));
    w->sample[w->sample_count++] = m->kept;
    return ERR_OK;
}

static enum err meet_token(struct meeting *m, const struct link_token *t, struct diag *d) {
    const struct members *all = m->w->search->members;
    for (uint32_t i = members_by_token(all, t); i != MEMBER_NONE; i = all->all[i].next) {
        struct likeness l;
        if (memcmp(all->all[i].token.bytes, t->bytes, sizeof t->bytes) != 0) continue;
        struct person p = packed_person(&all->all[i].packed);
        TRY(person_compare(&p, &m->r->person, &l, d));
        TRY(note(m, i, true, &l, d));
    }
    return ERR_OK;
}

static bool holds(const struct link_member *member, const struct link_token *t) {
    return t && member->has_number && memcmp(member->token.bytes, t->bytes, sizeof t->bytes) == 0;
}

static enum err meet_entry(struct meeting *m, const struct link_token *t, const struct block_entry *e, struct diag *d) {
    const struct link_member *member = &m->w->search->members->all[e->member];
    struct likeness l;
    if (holds(member, t)) return ERR_OK;
    struct person p = packed_person(&member->packed);
    m->w->compared++;
    TRY(person_compare(&p, &m->r->person, &l, d));
    return link_within_reach(&l) ? note(m, e->member, false, &l, d) : ERR_OK;
}

static enum err meet_block(struct meeting *m, const struct link_token *t, char sex, const struct sketch *sketches,
                           size_t names, struct diag *d) {
    size_t count = 0;
    const struct block_entry *e = members_block(m->w->search->members, m->r->person.birth, sex, &count);
    m->w->pairs += count;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < names; k++)
            if (sketch_near(&e[i].sketch, &sketches[k])) {
                TRY(meet_entry(m, t, &e[i], d));
                break;
            }
    return ERR_OK;
}

static enum err meet(struct worker *w, const struct resident *r, const struct link_token *t, struct diag *d) {
    struct sketch sketches[NAME_KINDS];
    struct meeting m = {.w = w, .r = r};
    size_t names = 0;
    TRY(sample(&m, d));
    if (t) TRY(meet_token(&m, t, d));
    for (enum name_kind k = NAME_OWN; k < NAME_KINDS; k++) names += sketch_of(&r->person, k, true, &sketches[names]);
    bool known = r->person.sex == '1' || r->person.sex == '2';
    TRY(meet_block(&m, t, 0, sketches, names, d)); /* whose sex is not set */
    for (char sex = '1'; sex <= '2'; sex++)
        if (!known || r->person.sex == sex) TRY(meet_block(&m, t, sex, sketches, names, d));
    return ERR_OK;
}

/* ---- one block of lines ---- */

static enum err line_fault(const struct search *s, uint64_t line, enum err e, struct diag *d) {
    struct diag was = *d;
    return diag_set(d, e, s->s->path, "%1$llu 行目 / line %1$llu: %2$s %3$s", (unsigned long long)line, was.where,
                    was.detail);
}

static enum err read_block(struct worker *w, uint64_t line, struct diag *d) {
    struct str rest = buf_str(&w->block);
    w->count = 0;
    arena_reset(&w->scratch);
    for (; rest.n; line++) {
        struct str text = str_trim(str_cut(&rest, '\n'));
        if (text.n < LINE_BYTES_LEAST && text.n > 0)
            return diag_set(d, ERR_SYNTAX, w->search->s->path, "%1$llu 行目 / line %1$llu", (unsigned long long)line);
        if (text.n == 0) continue;
        enum err e = w->search->s->format->read(&w->scratch, text, &w->residents[w->count], d);
        if (e != ERR_OK) return line_fault(w->search, line, e, d);
        w->count++;
    }
    w->read += w->count;
    return ERR_OK;
}

/* Each key once, so that nobody is a double of themselves. */
static struct keys keys_of(const struct person *p, struct str household) {
    struct keys k = {{sketch_kana_key(p, NAME_OWN), sketch_kana_key(p, NAME_OTHER), sketch_twin_key(p, household)}};
    if (k.of[1] == k.of[0]) k.of[1] = 0;
    return k;
}

static void add_keys(struct worker *w) {
    for (size_t i = 0; i < w->count; i++)
        for (size_t k = 0; k < DOUBLE_KEYS; k++)
            if (w->keys[i].of[k]) twice_add(&w->search->keys, w->keys[i].of[k]);
}

static enum err take_tokens(struct worker *w, struct diag *d) {
    struct search *s = w->search;
    for (size_t i = 0; i < w->count; i++) w->keys[i] = keys_of(&w->residents[i].person, w->residents[i].household);
    pthread_mutex_lock(&s->mutex);
    enum err e = w->count ? s->s->tokens(s->s->context, w->residents, w->count, w->tokens, w->has, d) : ERR_OK;
    add_keys(w);
    if (s->s->progress) s->s->progress(s->s->context, s->lines.offset, s->lines.size);
    if (s->stop && e == ERR_OK) e = diag_set(d, ERR_UNAVAILABLE, "", NULL); /* another thread has failed */
    pthread_mutex_unlock(&s->mutex);
    for (size_t i = 0; i < w->count; i++) mynumber_forget(&w->residents[i].mynumber);
    return e;
}

static enum err do_block(struct worker *w, uint64_t line, struct diag *d) {
    enum err e = read_block(w, line, d);
    explicit_bzero(w->block.p, w->block.n); /* My Numbers were in it; what is read of it was copied */
    TRY(e);
    TRY(take_tokens(w, d));
    for (size_t i = 0; i < w->count; i++) TRY(meet(w, &w->residents[i], w->has[i] ? &w->tokens[i] : NULL, d));
    return ERR_OK;
}

/* ---- the threads ---- */

static void *work(void *context) {
    struct worker *w = context;
    struct diag d = {0};
    enum err e;
    uint64_t line = 0;
    while ((e = blocks_take(&w->search->lines, &w->block, &line, &d)) == ERR_OK && w->block.n)
        if ((e = do_block(w, line, &d)) != ERR_OK) break;
    if (e == ERR_OK) return NULL;
    pthread_mutex_lock(&w->search->mutex);
    if (!w->search->stop) w->search->stop = true, w->search->err = e, w->search->diag = d;
    pthread_mutex_unlock(&w->search->mutex);
    return NULL;
}

static enum err worker_init(struct worker *w, struct search *s, struct diag *d) {
    size_t most = BLOCK_BYTES / LINE_BYTES_LEAST + 1;
    *w = (struct worker){.search = s};
    buf_init(&w->block, BLOCK_BYTES + 1);
    arena_init(&w->scratch, 256u << 20);
    arena_init(&w->kept, SIZE_MAX / 2);
    w->residents = malloc(most * sizeof *w->residents);
    w->tokens = malloc(most * sizeof *w->tokens);
    w->has = malloc(most * sizeof *w->has);
    w->keys = malloc(most * sizeof *w->keys);
    return w->residents && w->tokens && w->has && w->keys ? ERR_OK : diag_set(d, ERR_MEMORY, "link", NULL);
}

/* Leaves what was found and the residents it speaks of. */
static void worker_fini(struct worker *w) {
    buf_fini(&w->block);
    arena_fini(&w->scratch);
    free(w->residents), free(w->tokens), free(w->has), free(w->keys);
}

/* ---- all of them ---- */

static int in_order(const void *a, const void *b) {
    const struct found *x = a, *y = b;
    if (x->member != y->member) return x->member < y->member ? -1 : 1;
    if (x->holder != y->holder) return x->holder ? -1 : 1;
    return str_cmp(packed_first(x->resident), packed_first(y->resident));
}

static int by_household(const void *a, const void *b) {
    const struct packed *x = *(const struct packed *const *)a, *y = *(const struct packed *const *)b;
    int c = str_cmp(packed_second(x), packed_second(y));
    return c ? c : str_cmp(packed_first(x), packed_first(y));
}

/* One after another, in an order that no thread decides, each resident once for each member. */
static enum err gather(struct worker *workers, size_t n, struct registry_found *out, struct diag *d) {
    size_t total = 0, sampled = 0;
    for (size_t i = 0; i < n; i++) total += workers[i].found_count, sampled += workers[i].sample_count;
    out->all = malloc((total ? total : 1) * sizeof *out->all);
    out->arenas = calloc(n, sizeof *out->arenas);
    out->sample = malloc((sampled ? sampled : 1) * sizeof *out->sample);
    if (!out->all || !out->arenas || !out->sample) return diag_set(d, ERR_MEMORY, "link", NULL);
    for (size_t i = 0; i < n; i++) {
        struct worker *w = &workers[i];
        if (w->found_count) memcpy(out->all + out->count, w->found, w->found_count * sizeof *w->found);
        out->count += w->found_count;
        for (size_t k = 0; k < w->sample_count; k++) out->sample[out->sample_count++] = w->sample[k];
        out->residents += w->read, out->pairs += w->pairs, out->compared += w->compared;
        out->arenas[out->arena_count++] = w->kept;
        arena_init(&w->kept, 0);
    }
    qsort(out->all, out->count, sizeof *out->all, in_order);
    qsort(out->sample, out->sample_count, sizeof *out->sample, by_household);
    size_t kept = 0;
    for (size_t i = 0; i < out->count; i++)
        if (kept == 0 || out->all[i].member != out->all[kept - 1].member ||
            out->all[i].resident != out->all[kept - 1].resident)
            out->all[kept++] = out->all[i];
    out->count = kept;
    return ERR_OK;
}

static enum err run(struct search *s, struct worker *workers, size_t n, struct diag *d) {
    size_t started = 0;
    enum err e = ERR_OK;
    for (size_t i = 0; i < n && e == ERR_OK; i++) e = worker_init(&workers[i], s, d);
    while (e == ERR_OK && started < n && pthread_create(&workers[started].thread, NULL, work, &workers[started]) == 0)
        started++;
    if (e == ERR_OK && started == 0) e = diag_set(d, ERR_MEMORY, "link", "no thread could be started");
    for (size_t i = 0; i < started; i++) pthread_join(workers[i].thread, NULL);
    if (e == ERR_OK && s->stop) *d = s->diag, e = s->err;
    return e;
}

enum err registry_search(const struct registry_settings *settings, const struct members *m, struct registry_found *out,
                         struct diag *d) {
    struct search s = {.s = settings, .members = m};
    size_t n = settings->threads ? settings->threads : 1;
    if (n > LINK_THREADS_MAX) n = LINK_THREADS_MAX;
    *out = (struct registry_found){0};
    struct worker *workers = calloc(n, sizeof *workers);
    if (workers == NULL) return diag_set(d, ERR_MEMORY, "link", NULL);
    pthread_mutex_init(&s.mutex, NULL);
    enum err e = blocks_open(&s.lines, settings->world, settings->path, d);
    if (e == ERR_OK) {
        s.sample_every = s.lines.size / LINE_BYTES_USUAL / SAMPLE_RESIDENTS + 1;
        e = twice_init(&s.keys, s.lines.size / LINE_BYTES_USUAL * 2, d);
        if (e == ERR_OK) e = run(&s, workers, n, d);
        if (e == ERR_OK) e = gather(workers, n, out, d);
        out->keys = s.keys;
        for (size_t i = 0; i < n; i++) {
            worker_fini(&workers[i]);
            arena_fini(&workers[i].kept);
            free(workers[i].found);
            free(workers[i].sample);
        }
        blocks_close(&s.lines);
    }
    pthread_mutex_destroy(&s.mutex);
    free(workers);
    if (e != ERR_OK) registry_found_fini(out);
    return e;
}

bool registry_has_double(const struct registry_found *f, const struct packed *resident) {
    struct person p = packed_person(resident);
    struct keys keys = keys_of(&p, packed_second(resident));
    for (size_t k = 0; k < DOUBLE_KEYS; k++)
        if (keys.of[k] && twice_seen(&f->keys, keys.of[k])) return true;
    return false;
}

void registry_found_fini(struct registry_found *f) {
    twice_fini(&f->keys);
    for (size_t i = 0; i < f->arena_count; i++) arena_fini(&f->arenas[i]);
    free(f->arenas);
    free(f->sample);
    free(f->all);
    *f = (struct registry_found){0};
}
