#include "service/link/members.h"

#include <stdlib.h>

enum { MEMBER_TEXT_USUAL = 200, MEMBER_TEXT_LONG = 400, SEXES = 3, NAMES_USUAL = 2 };

/* ---- memory ---- */

enum err members_init(struct members *m, uint64_t memory_bytes, struct diag *d) {
    size_t each = sizeof *m->all + MEMBER_TEXT_USUAL + 4 * sizeof(uint32_t) + NAMES_USUAL * sizeof(struct block_entry);
    *m = (struct members){.room = memory_bytes / each};
    if (m->room < MEMBERS_MIN) m->room = MEMBERS_MIN;
    if (m->room > UINT32_MAX / 4) m->room = UINT32_MAX / 4;
    m->slots = 1;
    while (m->slots < m->room * 2) m->slots *= 2;
    arena_init(&m->texts, m->room * MEMBER_TEXT_LONG * 2);
    m->all = malloc(m->room * sizeof *m->all);
    m->by_token = malloc(m->slots * sizeof *m->by_token);
    m->by_key = malloc(m->slots * sizeof *m->by_key);
    if (!m->all || !m->by_token || !m->by_key) {
        members_fini(m);
        return diag_set(d, ERR_MEMORY, "members", NULL);
    }
    members_reset(m);
    return ERR_OK;
}

void members_fini(struct members *m) {
    arena_fini(&m->texts);
    free(m->all), free(m->by_token), free(m->by_key), free(m->entries), free(m->block_start);
    *m = (struct members){0};
}

void members_reset(struct members *m) {
    memset(m->by_token, 0xff, m->slots * sizeof *m->by_token);
    memset(m->by_key, 0xff, m->slots * sizeof *m->by_key);
    free(m->entries), free(m->block_start);
    m->entries = NULL, m->block_start = NULL, m->count = 0;
    size_t limit = m->texts.limit;
    arena_fini(&m->texts);
    arena_init(&m->texts, limit);
}

/* ---- adding ---- */

static size_t token_slot(const struct members *m, const struct link_token *t) {
    uint64_t h;
    memcpy(&h, t->bytes, sizeof h); /* a token is random already */
    return h & (m->slots - 1);
}

static uint64_t hash(uint64_t h, struct str s) {
    for (size_t i = 0; i < s.n; i++) h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3u;
    return (h ^ (h >> 29)) * 0xbf58476d1ce4e5b9u;
}

static size_t key_slot(const struct members *m, struct insurer_number insurer, const struct insured_id *id) {
    uint64_t h = hash(hash(insurer.n * 0x9e3779b97f4a7c15u + (uint64_t)(id->branch + 1), id->symbol), id->number);
    return (h ^ (h >> 32)) & (m->slots - 1);
}

static bool is_the_member(const struct link_member *a, struct insurer_number insurer, const struct insured_id *id) {
    return a->insurer.n == insurer.n && a->branch == id->branch && str_eq(packed_first(&a->packed), id->symbol) &&
           str_eq(packed_second(&a->packed), id->number);
}

enum err members_add(struct members *m, const struct link_member *head, const struct person *p,
                     const struct insured_id *id, bool *full, struct diag *d) {
    size_t slot = key_slot(m, head->insurer, id);
    uint32_t at = m->by_key[slot];
    *full = false;
    if (m->keep_all) at = MEMBER_NONE;
    while (at != MEMBER_NONE && !is_the_member(&m->all[at], head->insurer, id)) at = m->all[at].next_alike;
    if (at != MEMBER_NONE && !day_before(m->all[at].start, head->start)) return ERR_OK;
    if (at == MEMBER_NONE && m->count == m->room) return *full = true, ERR_OK;
    struct packed packed;
    enum err e = packed_put(&m->texts, p, id->symbol, id->number, &packed);
    if (e == ERR_MEMORY && m->count) return *full = true, ERR_OK;
    if (e != ERR_OK) return diag_set(d, e, "members", NULL);
    bool fresh = at == MEMBER_NONE;
    if (fresh) at = (uint32_t)m->count++;
    uint32_t next_alike = fresh ? m->by_key[slot] : m->all[at].next_alike;
    m->all[at] = *head;
    m->all[at].packed = packed, m->all[at].branch = (int8_t)id->branch;
    m->all[at].next = MEMBER_NONE, m->all[at].next_alike = next_alike;
    if (fresh) m->by_key[slot] = at;
    return ERR_OK;
}

bool members_nearly_full(const struct members *m, size_t more) {
    return m->room - m->count < more || m->texts.limit - m->texts.used < more * MEMBER_TEXT_LONG;
}

/* ---- closing ---- */

static size_t sex_index(char sex) { return sex == '1' ? 1 : sex == '2' ? 2 : 0; }

static size_t block_of(const struct members *m, struct day birth, char sex) {
    return (size_t)(birth.n - m->first.n) * SEXES + sex_index(sex);
}

static void find_days(struct members *m) {
    m->first = DAY_END, m->last = DAY_NONE;
    for (size_t i = 0; i < m->count; i++) {
        struct day b = m->all[i].packed.birth;
        if (!day_is(b)) continue;
        if (day_before(b, m->first)) m->first = b;
        if (day_before(m->last, b)) m->last = b;
    }
}

/* Counts each block's entries (fill false), or puts them at their places. */
static void each_entry(struct members *m, bool fill) {
    for (size_t i = 0; i < m->count; i++) {
        const struct packed *packed = &m->all[i].packed;
        struct person p = packed_person(packed);
        if (!day_is(packed->birth)) continue;
        uint32_t *place = &m->block_start[block_of(m, packed->birth, packed->sex)];
        for (enum name_kind k = NAME_OWN; k < NAME_FORMER; k++) {
            if (k == NAME_OTHER && p.other_name.n == 0 && p.other_kana.n == 0) continue;
            if (fill) {
                struct block_entry *e = &m->entries[*place];
                e->member = (uint32_t)i;
                (void)!sketch_of(&p, k, false, &e->sketch);
            }
            (*place)++;
        }
    }
}

/* By counting: first how many are in each block, then each goes behind those before it. */
static enum err build_blocks(struct members *m, struct diag *d) {
    find_days(m);
    size_t blocks = day_is(m->last) ? (size_t)(m->last.n - m->first.n + 1) * SEXES : 0;
    uint32_t total = 0;
    m->block_start = calloc(blocks + 1, sizeof *m->block_start);
    if (m->block_start == NULL) return diag_set(d, ERR_MEMORY, "members", NULL);
    each_entry(m, false);
    for (size_t i = 0; i <= blocks; i++) {
        uint32_t here = m->block_start[i];
        m->block_start[i] = total;
        total += here;
    }
    m->entries = malloc((total ? total : 1) * sizeof *m->entries);
    if (m->entries == NULL) return diag_set(d, ERR_MEMORY, "members", NULL);
    each_entry(m, true); /* leaves each block's start at its end, which is the next one's start */
    for (size_t i = blocks; i > 0; i--) m->block_start[i] = m->block_start[i - 1];
    m->block_start[0] = 0;
    return ERR_OK;
}

enum err members_close(struct members *m, struct diag *d) {
    for (size_t i = m->count; i-- > 0;) { /* from the end, so that chains run in order */
        if (!m->all[i].has_number) continue;
        uint32_t *slot = &m->by_token[token_slot(m, &m->all[i].token)];
        m->all[i].next = *slot;
        *slot = (uint32_t)i;
    }
    return build_blocks(m, d);
}

/* ---- finding ---- */

uint32_t members_by_token(const struct members *m, const struct link_token *t) {
    uint32_t i = m->by_token[token_slot(m, t)];
    while (i != MEMBER_NONE && memcmp(m->all[i].token.bytes, t->bytes, sizeof t->bytes) != 0) i = m->all[i].next;
    return i;
}

const struct block_entry *members_block(const struct members *m, struct day birth, char sex, size_t *count) {
    *count = 0;
    if (!day_is(birth) || !day_is(m->last) || day_before(birth, m->first) || day_before(m->last, birth)) return NULL;
    const uint32_t *at = &m->block_start[block_of(m, birth, sex)];
    *count = at[1] - at[0];
    return m->entries + at[0];
}
