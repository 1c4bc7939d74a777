#include "service/quality/quality.h"

#include "base/json.h"

#include <sodium.h>
#include <stdlib.h>

enum { TABLE_FIRST = 1 << 12, LINE_ARENA = 4 << 20 };
enum {
    HAS_RESIDENT = 1,
    OTHERS_NUMBER = 2,
    NEAR_TWIN = 4,
    NEAR_NAMESAKE = 8,
    LINKED_WRONG = 16,
    TAKEN = 32,
    NUMBER = 64
};

/* Also where the owner of the number is in no registry, so that the truth has no number_of. */
static const uint64_t others_number = (uint64_t)1 << MISTAKE_twin_swap | (uint64_t)1 << MISTAKE_family_number |
                                      (uint64_t)1 << MISTAKE_three_item | (uint64_t)1 << MISTAKE_shifted_row;

struct quality_member {
    uint64_t key[2], resident, kinds;
    uint8_t flags, outcome;
};

void quality_init(struct quality *q, struct world *w) {
    *q = (struct quality){0};
    w->random(w, q->key, sizeof q->key);
    arena_init(&q->arena, LINE_ARENA);
}
void quality_fini(struct quality *q) {
    free(q->table);
    arena_fini(&q->arena);
    *q = (struct quality){0};
}

static void hash(const struct quality *q, struct str s, uint64_t out[2]) {
    unsigned char digest[crypto_shorthash_siphashx24_BYTES];
    crypto_shorthash_siphashx24(digest, (const unsigned char *)s.p, s.n, q->key);
    memcpy(out, digest, sizeof digest);
}

/* Where the member stands or would stand. */
static struct quality_member *seek(const struct quality *q, const uint64_t key[2]) {
    size_t at = key[0] & (q->size - 1);
    while ((q->table[at].flags & TAKEN) && memcmp(q->table[at].key, key, sizeof q->table[at].key) != 0)
        at = (at + 1) & (q->size - 1);
    return &q->table[at];
}

static enum err make_room(struct quality *q, struct diag *d) {
    if (q->members == QUALITY_MEMBERS_MAX) return diag_set(d, ERR_LIMIT, "member", "more than %d", QUALITY_MEMBERS_MAX);
    if (q->size && q->members < q->size / 4 * 3) return ERR_OK;
    struct quality larger = *q;
    larger.size = q->size ? q->size * 2 : TABLE_FIRST;
    larger.table = calloc(larger.size, sizeof *larger.table);
    if (larger.table == NULL) return diag_set(d, ERR_MEMORY, "members", NULL);
    for (size_t i = 0; i < q->size; i++)
        if (q->table[i].flags & TAKEN) *seek(&larger, q->table[i].key) = q->table[i];
    free(q->table);
    q->table = larger.table, q->size = larger.size;
    return ERR_OK;
}

/* ---- reading ---- */

/* A string that may be left out; empty is as good as left out. */
static enum err read_text(struct json of, const char *name, bool must, struct str *out, struct diag *d) {
    struct json v = json_get(of, name);
    *out = S("");
    if (!json_none(v) && !json_str(v, out)) return diag_set(d, ERR_VALUE, name, "文字列ではありません / not a string");
    return must && out->n == 0 ? diag_set(d, ERR_MISSING, name, NULL) : ERR_OK;
}

static enum err read_line(struct quality *q, struct str line, struct json *out, struct diag *d) {
    arena_reset(&q->arena);
    if (line.n > QUALITY_LINE_MAX) return diag_set(d, ERR_LIMIT, "line", "%d bytes at most", QUALITY_LINE_MAX);
    TRY(json_read(&q->arena, line, out, d));
    return json_kind(*out) == JSON_OBJECT
               ? ERR_OK
               : diag_set(d, ERR_VALUE, "line", "オブジェクトではありません / not an object");
}

static enum err read_member(struct quality *q, struct json line, uint64_t key[2], struct diag *d) {
    static const char *const names[] = {"insurer", "symbol", "number", "branch"};
    struct json member = json_get(line, "member");
    char room[1024];
    struct buf text = buf_over(room, sizeof room);
    if (json_kind(member) != JSON_OBJECT) return diag_set(d, ERR_MISSING, "member", NULL);
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct str s;
        TRY(read_text(member, names[i], i % 2 == 0, &s, d));
        buf_put(&text, s);
        buf_putc(&text, '\0'); /* which no JSON string read here holds */
    }
    if (!buf_ok(&text)) return diag_set(d, ERR_LIMIT, "member", NULL);
    hash(q, buf_str(&text), key);
    return ERR_OK;
}

static enum err read_kind(struct json error, unsigned *out, struct diag *d) {
    struct str name;
    if (!json_str(error, &name)) return diag_set(d, ERR_VALUE, "errors", NULL);
    for (unsigned m = 0; m < MISTAKE_COUNT; m++)
        if (str_eq(name, str_c(mistake_info((enum mistake)m)->name))) {
            *out = m;
            return ERR_OK;
        }
    return diag_set(d, ERR_CODE, "errors", NULL);
}

static enum err read_kinds(struct json line, uint64_t *out, struct diag *d) {
    struct json errors = json_get(line, "errors");
    *out = 0;
    if (json_kind(errors) != JSON_ARRAY) return diag_set(d, ERR_MISSING, "errors", NULL);
    for (struct json e = json_first(errors); !json_none(e); e = json_next(e)) {
        unsigned k = 0;
        TRY(read_kind(e, &k, d));
        *out |= (uint64_t)1 << k;
    }
    return ERR_OK;
}

static enum err read_near(struct json line, uint8_t *flags, struct diag *d) {
    struct json near = json_get(line, "near");
    if (json_none(near)) return ERR_OK;
    if (json_kind(near) != JSON_ARRAY) return diag_set(d, ERR_VALUE, "near", NULL);
    for (struct json e = json_first(near); !json_none(e); e = json_next(e)) {
        struct str name = S("");
        if (!json_str(e, &name)) return diag_set(d, ERR_VALUE, "near", NULL);
        *flags |= str_eq(name, S("twin")) ? NEAR_TWIN : str_eq(name, S("namesake")) ? NEAR_NAMESAKE : 0;
    }
    return ERR_OK;
}

enum err quality_truth_line(struct quality *q, struct str line, struct diag *d) {
    struct quality_member m = {.flags = TAKEN};
    struct json v;
    struct str resident, number_of;
    uint64_t digest[2];
    TRY(read_line(q, line, &v, d));
    TRY(read_member(q, v, m.key, d));
    TRY(read_text(v, "resident", false, &resident, d));
    TRY(read_text(v, "number_of", false, &number_of, d));
    TRY(read_near(v, &m.flags, d));
    TRY(read_kinds(v, &m.kinds, d));
    hash(q, resident, digest);
    m.resident = digest[0];
    bool others = (number_of.n && !str_eq(number_of, resident)) || (m.kinds & others_number);
    m.flags |= (resident.n ? HAS_RESIDENT : 0) | (number_of.n ? NUMBER : 0) | (others ? OTHERS_NUMBER : 0);
    TRY(make_room(q, d));
    struct quality_member *at = seek(q, m.key);
    if (at->flags & TAKEN) return diag_set(d, ERR_DUPLICATE, "member", NULL);
    *at = m;
    q->members++;
    return ERR_OK;
}

static enum err read_outcome(struct json line, enum outcome *out, struct diag *d) {
    static const char *const names[OUTCOMES] = {"", "linked", "not-linked", "needs-person", "contradicted"};
    struct str name;
    TRY(read_text(line, "outcome", true, &name, d));
    for (unsigned o = OUTCOME_LINKED; o < OUTCOMES; o++)
        if (str_eq(name, str_c(names[o]))) {
            *out = (enum outcome)o;
            return ERR_OK;
        }
    return diag_set(d, ERR_CODE, "outcome", NULL);
}

enum err quality_link_line(struct quality *q, struct str line, struct diag *d) {
    struct json v;
    struct str resident;
    uint64_t key[2], digest[2];
    enum outcome outcome = OUTCOME_NONE;
    TRY(read_line(q, line, &v, d));
    TRY(read_member(q, v, key, d));
    TRY(read_outcome(v, &outcome, d));
    TRY(read_text(v, "resident", outcome == OUTCOME_LINKED, &resident, d));
    struct quality_member *m = q->size ? seek(q, key) : NULL;
    if (m == NULL || !(m->flags & TAKEN)) return diag_set(d, ERR_NOT_FOUND, "member", "not in the truth");
    if (m->outcome != OUTCOME_NONE) return diag_set(d, ERR_DUPLICATE, "member", NULL);
    hash(q, resident, digest);
    m->outcome = (uint8_t)outcome;
    if (outcome == OUTCOME_LINKED && (!(m->flags & HAS_RESIDENT) || digest[0] != m->resident)) m->flags |= LINKED_WRONG;
    return ERR_OK;
}

enum quality_link quality_link_of(const struct quality *q, struct str insurer, struct str symbol, struct str number,
                                  struct str branch) {
    const struct str parts[] = {insurer, symbol, number, branch};
    char room[1024];
    struct buf text = buf_over(room, sizeof room);
    uint64_t key[2];
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) buf_put(&text, parts[i]), buf_putc(&text, '\0');
    if (!buf_ok(&text) || q->size == 0) return QUALITY_UNKNOWN;
    hash(q, buf_str(&text), key);
    const struct quality_member *m = seek(q, key);
    if (!(m->flags & TAKEN) || m->outcome != OUTCOME_LINKED) return QUALITY_UNKNOWN;
    return m->flags & LINKED_WRONG ? QUALITY_WRONG : QUALITY_RIGHT;
}

/* ---- counting ---- */

static bool as_it_should(const struct quality_member *m) {
    bool linked = m->outcome == OUTCOME_LINKED;
    if (m->flags & OTHERS_NUMBER) return m->outcome == OUTCOME_NEEDS_PERSON || m->outcome == OUTCOME_CONTRADICTED;
    if (!(m->flags & HAS_RESIDENT) || !(m->flags & NUMBER)) return m->outcome != OUTCOME_NONE && !linked;
    return linked && !(m->flags & LINKED_WRONG);
}

static enum quality_group group_of(const struct quality_member *m) {
    if (m->flags & OTHERS_NUMBER) return QUALITY_OTHERS;
    if (!(m->flags & HAS_RESIDENT)) return QUALITY_NOBODY;
    if (!(m->flags & NUMBER)) return QUALITY_BLANK;
    return m->kinds ? QUALITY_HONEST : QUALITY_CLEAN;
}

static void count_in(struct quality_row *r, const struct quality_member *m) {
    r->members++, r->of[m->outcome]++;
    r->wrong += (m->flags & LINKED_WRONG) != 0;
    r->right += as_it_should(m);
}

void quality_count(const struct quality *q, struct quality_count *out) {
    *out = (struct quality_count){0};
    for (size_t i = 0; i < q->size; i++) {
        const struct quality_member *m = &q->table[i];
        if (!(m->flags & TAKEN)) continue;
        count_in(&out->group[QUALITY_ALL], m);
        count_in(&out->group[group_of(m)], m);
        if (m->flags & NEAR_TWIN) count_in(&out->group[QUALITY_TWIN], m);
        if (m->flags & NEAR_NAMESAKE) count_in(&out->group[QUALITY_NAMESAKE], m);
        for (size_t k = 0; k < MISTAKE_COUNT; k++)
            if (m->kinds >> k & 1) count_in(&out->kind[k], m);
    }
}
