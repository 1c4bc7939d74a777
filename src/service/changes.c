#include "service/changes.h"

#include "base/arena.h"
#include "base/scan.h"
#include "service/cards.h"
#include "state/sort/sort.h"
#include "state/store/store_key.h"

#include <stdlib.h>

enum {
    PERSON_BYTES_MAX = CHANGE_PERIODS_MAX * 1024, /* symbols and numbers of one person */
    NOBODY_STARTS = 0,                            /* sorts a death before every period */
};

struct changes {
    struct changes_settings s;
    struct sorting *links, *periods, *findings;
    struct str link; /* the next one, of `links` */
    enum err link_state;
    char last[SORT_RECORD_MAX]; /* the link before, to see two of one member */
    size_t last_n, last_member_n;
    struct arena arena; /* the person's */
    char resident[CHANGES_RESIDENT_MAX];
    size_t resident_n, count;
    bool too_many;
    struct held held[CHANGE_PERIODS_MAX];
    struct insured_id ids[CHANGE_PERIODS_MAX]; /* of the members they belong to */
    struct day died;
    struct str finding; /* the next one, of `findings` */
    enum err finding_state;
    enum err failed; /* by what a sink could not return */
    struct diag *diag;
    struct changes_figures figures;
};

enum err changes_open(struct changes **out, const struct changes_settings *s, struct diag *d) {
    struct changes *c = calloc(1, sizeof *c);
    if (c == NULL) return diag_set(d, ERR_MEMORY, "changes", NULL);
    c->s = *s;
    arena_init(&c->arena, PERSON_BYTES_MAX);
    /* Two of the three are in use at any time. */
    enum err e = sort_open(&c->links, s->world, s->folder, s->memory / 2, d);
    if (e == ERR_OK) e = sort_open(&c->periods, s->world, s->folder, s->memory / 2, d);
    if (e == ERR_OK) return *out = c, ERR_OK;
    changes_close(c);
    return e;
}

void changes_close(struct changes *c) {
    if (c == NULL) return;
    sort_close(c->links);
    sort_close(c->periods);
    sort_close(c->findings);
    arena_fini(&c->arena);
    free(c);
}

struct changes_figures changes_figures(const struct changes *c) {
    return c->figures;
}

/* ---- what comes in ---- */

static enum err check_resident(struct str resident, struct diag *d) {
    bool good = resident.n && resident.n <= CHANGES_RESIDENT_MAX && memchr(resident.p, 0, resident.n) == NULL;
    return good ? ERR_OK : diag_set(d, ERR_VALUE, "resident", "1–%d バイト / bytes", CHANGES_RESIDENT_MAX);
}

static uint8_t branch_byte(int branch) { return branch == BRANCH_NONE ? 0 : (uint8_t)(branch + 1); }

/* card ‖ branch u8 ‖ birth u32 ‖ resident */
enum err changes_link(struct changes *c, const struct person_link *link, struct diag *d) {
    char room[SORT_RECORD_MAX];
    struct buf b = buf_over(room, sizeof room);
    TRY(check_resident(link->resident, d));
    enum err e = store_key_card(&b, link->insurer, &link->id);
    if (e != ERR_OK) return diag_set(d, e, "member", NULL);
    buf_u8(&b, branch_byte(link->id.branch));
    buf_u32(&b, (uint32_t)link->birth.n);
    buf_put(&b, link->resident);
    invariant(buf_ok(&b));
    c->figures.links++;
    return sort_put(c->links, buf_str(&b), d);
}

/* Byte order is the order of days. */
static uint32_t ordered(struct day d) { return (uint32_t)d.n + 0x80000000u; }
static struct day of_ordered(uint32_t n) { return (struct day){(int32_t)(n - 0x80000000u)}; }

static bool read_u32_big(struct scan *s, uint32_t *out) {
    struct str four;
    if (!scan_take(s, 4, &four)) return false;
    *out = 0;
    for (size_t i = 0; i < 4; i++) *out = *out << 8 | (unsigned char)four.p[i];
    return true;
}

/* resident ‖ 0 ‖ NOBODY_STARTS ‖ day of death */
enum err changes_resident(struct changes *c, struct str resident, struct day died, struct diag *d) {
    char room[CHANGES_RESIDENT_MAX + 16];
    struct buf b = buf_over(room, sizeof room);
    TRY(check_resident(resident, d));
    if (!day_is(died)) return ERR_OK;
    buf_put(&b, resident), buf_u8(&b, 0);
    buf_u32_big(&b, NOBODY_STARTS), buf_u32_big(&b, ordered(died));
    return sort_put(c->periods, buf_str(&b), d);
}

/* ---- links meet the store ---- */

/* resident ‖ 0 ‖ start u32 ‖ insurer u32 ‖ lost u32 ‖ reason u8 ‖ relation u8 ‖ branch u8 ‖ symbol ‖ number */
static enum err put_period(struct changes *c, struct str resident, const struct member *m, const struct coverage *p,
                           struct diag *d) {
    char room[SORT_RECORD_MAX];
    struct buf b = buf_over(room, sizeof room);
    buf_put(&b, resident), buf_u8(&b, 0);
    buf_u32_big(&b, ordered(p->start)), buf_u32_big(&b, m->insurer.n), buf_u32_big(&b, ordered(p->lost));
    buf_u8(&b, p->loss_reason), buf_u8(&b, p->relation), buf_u8(&b, branch_byte(m->id.branch));
    buf_bytes(&b, m->id.symbol), buf_bytes(&b, m->id.number);
    invariant(buf_ok(&b));
    return sort_put(c->periods, buf_str(&b), d);
}

static enum err next_link(struct changes *c, struct diag *d) {
    c->link_state = sort_next(c->links, &c->link, d);
    return c->link_state == ERR_NOT_FOUND ? ERR_OK : c->link_state;
}

/* Links of one member stand side by side: the same again is nothing new, another resident cannot be. */
static enum err is_again(struct changes *c, size_t member_n, bool *again, struct diag *d) {
    struct str last = str_of(c->last, c->last_n), member = str_head(c->link, member_n);
    bool same_member = c->last_n && c->last_member_n == member_n && str_starts(last, member);
    *again = same_member && str_eq(last, c->link);
    if (same_member && !*again)
        return diag_set(d, ERR_CONFLICT, "links", "一人の加入者が二人の住民に / one member, two residents");
    memcpy(c->last, c->link.p, c->link.n);
    c->last_n = c->link.n, c->last_member_n = member_n;
    return ERR_OK;
}

static enum err meet(struct changes *c, const struct card *card, struct diag *d) {
    struct scan s = scan_of(str_skip(c->link, card->key.n));
    const struct member *found = NULL;
    uint8_t branch = 0;
    uint32_t birth = 0;
    size_t matches = 0;
    bool again = false;
    invariant(scan_u8(&s, &branch) && scan_u32(&s, &birth));
    TRY(is_again(c, c->link.n - scan_left(&s), &again, d));
    if (again) return ERR_OK;
    for (size_t i = 0; i < card->count; i++) {
        const struct member *m = &card->members[i];
        struct day said = {(int32_t)birth};
        if (branch_byte(m->id.branch) == branch && (!day_is(said) || day_eq(said, m->birth))) found = m, matches++;
    }
    if (matches != 1) return c->figures.unmatched++, ERR_OK;
    for (size_t i = 0; i < found->period_count; i++) TRY(put_period(c, scan_rest(&s), found, &found->periods[i], d));
    return ERR_OK;
}

static enum err take_card(void *context, const struct card *card, struct diag *d) {
    struct changes *c = context;
    while (c->link_state == ERR_OK) {
        int order = str_cmp(str_head(c->link, card->key.n), card->key);
        if (order > 0) break;
        if (order < 0) c->figures.unmatched++;
        else TRY(meet(c, card, d));
        TRY(next_link(c, d));
    }
    return ERR_OK;
}

/* ---- a person ---- */

/* insurer u32 ‖ kind u8 ‖ branch u8 ‖ symbol ‖ number ‖ start ‖ lost ‖ days ‖ other: insurer (0: none), start, lost */
static void put_finding(struct changes *c, const struct change *change, size_t of, size_t other) {
    char room[SORT_RECORD_MAX];
    struct buf b = buf_over(room, sizeof room);
    const struct held *h = &c->held[of], *o = of == other ? NULL : &c->held[other];
    buf_u32_big(&b, h->insurer.n), buf_u8(&b, (uint8_t)change_finding(change, of == change->earlier));
    buf_u8(&b, branch_byte(c->ids[of].branch));
    buf_bytes(&b, c->ids[of].symbol), buf_bytes(&b, c->ids[of].number);
    buf_u32(&b, (uint32_t)h->start.n), buf_u32(&b, (uint32_t)h->lost.n), buf_u32(&b, change_days(change, c->s.on));
    buf_u32(&b, o ? o->insurer.n : 0);
    buf_u32(&b, o ? (uint32_t)o->start.n : 0), buf_u32(&b, o ? (uint32_t)o->lost.n : 0);
    invariant(buf_ok(&b));
    c->failed = sort_put(c->findings, buf_str(&b), c->diag);
}

static bool same_insurer(const struct changes *c, const struct change *change) {
    return c->held[change->earlier].insurer.n == c->held[change->later].insurer.n;
}

static void tell_person(struct changes *c, const struct change *change) {
    static const enum notice_kind kinds[] = {
        [CHANGE_GAP] = NOTICE_GAP, [CHANGE_GAP_OPEN] = NOTICE_GAP_OPEN, [CHANGE_OVERLAP] = NOTICE_OVERLAP};
    bool open = change->kind == CHANGE_GAP_OPEN;
    struct notice n = {.kind = kinds[change->kind],
                       .to = NOTICE_TO_RESIDENT,
                       .address = str_of(c->resident, c->resident_n),
                       .insurers = {c->held[change->earlier].insurer, c->held[change->later].insurer},
                       .insurer_count = open || same_insurer(c, change) ? 1 : 2,
                       .from = change->from,
                       .until = open ? DAY_NONE : change->until};
    /* Whoever died needs no advice on what to register. */
    if (day_is(c->died) && day_until(c->died, c->s.on)) return;
    c->failed = c->s.notice(c->s.context, &n, c->diag);
}

static void found(void *context, const struct change *change) {
    struct changes *c = context;
    uint64_t *counts[] = {[CHANGE_GAP] = &c->figures.gaps,
                          [CHANGE_GAP_OPEN] = &c->figures.open_gaps,
                          [CHANGE_OVERLAP] = &c->figures.overlaps};
    if (c->failed != ERR_OK) return;
    ++*counts[change->kind];
    put_finding(c, change, change->earlier, change->later);
    if (c->failed == ERR_OK && change->later != change->earlier) put_finding(c, change, change->later, change->earlier);
    if (c->failed == ERR_OK) tell_person(c, change);
}

static enum err finish_person(struct changes *c, struct diag *d) {
    const struct change_sink sink = {found, c};
    c->diag = d;
    if (c->too_many) c->figures.left_out++;
    else if (c->count) c->figures.people++, changes_find(c->held, c->count, c->died, c->s.on, &sink);
    arena_reset(&c->arena);
    c->count = 0, c->too_many = false, c->died = DAY_NONE;
    return c->failed;
}

static bool is_same(const struct changes *c, size_t a, size_t b, struct str symbol, struct str number) {
    const struct held *x = &c->held[a], *y = &c->held[b];
    const struct insured_id *i = &c->ids[a];
    return x->insurer.n == y->insurer.n && day_eq(x->start, y->start) && i->branch == c->ids[b].branch &&
           str_eq(i->symbol, symbol) && str_eq(i->number, number);
}

static enum err add_period(struct changes *c, struct day start, struct scan *s, struct diag *d) {
    uint32_t insurer = 0, lost = 0;
    uint8_t branch = 0;
    struct str symbol, number;
    if (c->count == CHANGE_PERIODS_MAX) return c->too_many = true, ERR_OK;
    struct held *h = &c->held[c->count];
    struct insured_id *id = &c->ids[c->count];
    invariant(read_u32_big(s, &insurer) && read_u32_big(s, &lost) && scan_u8(s, &h->loss_reason) &&
              scan_u8(s, &h->relation) && scan_u8(s, &branch) && scan_bytes(s, &symbol) && scan_bytes(s, &number));
    h->insurer.n = insurer, h->start = start, h->lost = of_ordered(lost);
    id->branch = branch ? branch - 1 : BRANCH_NONE;
    if (c->count && is_same(c, c->count - 1, c->count, symbol, number)) return ERR_OK; /* two lines of one link */
    id->symbol = arena_copy(&c->arena, symbol), id->number = arena_copy(&c->arena, number);
    c->count++;
    return id->symbol.p && id->number.p ? ERR_OK : diag_set(d, ERR_MEMORY, "person", NULL);
}

static enum err take_period(struct changes *c, struct str record, struct diag *d) {
    size_t n = str_find(record, str_of("", 1));
    struct scan s = scan_of(str_skip(record, n + 1));
    uint32_t start = 0, died = 0;
    invariant(n <= sizeof c->resident && read_u32_big(&s, &start));
    if (n != c->resident_n || memcmp(c->resident, record.p, n) != 0) TRY(finish_person(c, d));
    memcpy(c->resident, record.p, n);
    c->resident_n = n;
    if (start != NOBODY_STARTS) return add_period(c, of_ordered(start), &s, d);
    invariant(read_u32_big(&s, &died));
    c->died = of_ordered(died);
    return ERR_OK;
}

static enum err decide_all(struct changes *c, struct diag *d) {
    struct str record;
    enum err e;
    c->died = DAY_NONE;
    while ((e = sort_next(c->periods, &record, d)) == ERR_OK) TRY(take_period(c, record, d));
    return e == ERR_NOT_FOUND ? finish_person(c, d) : e;
}

static void progress(void *context, uint64_t members, uint64_t all) {
    struct changes *c = context;
    if (c->s.progress) c->s.progress(c->s.context, members, all);
}

enum err changes_decide(struct changes *c, struct store *coverage, struct diag *d) {
    const struct cards cards = {.store = coverage, .card = take_card, .progress = progress, .context = c};
    TRY(next_link(c, d));
    TRY(cards_walk(&cards, d));
    while (c->link_state == ERR_OK) {
        c->figures.unmatched++;
        TRY(next_link(c, d));
    }
    sort_close(c->links);
    c->links = NULL;
    TRY(sort_open(&c->findings, c->s.world, c->s.folder, c->s.memory / 2, d));
    TRY(decide_all(c, d));
    sort_close(c->periods);
    c->periods = NULL;
    c->finding_state = sort_next(c->findings, &c->finding, d);
    return c->finding_state == ERR_NOT_FOUND ? ERR_OK : c->finding_state;
}

/* ---- to the insurers ---- */

static void give(struct scan *s, struct insurer_number insurer, const struct finding_sink *out) {
    struct member m = {.insurer = insurer};
    struct coverage p = coverage_empty();
    struct finding_other other = {0};
    uint8_t kind = 0, branch = 0;
    uint32_t start = 0, lost = 0, days = 0, o_start = 0, o_lost = 0;
    invariant(scan_u8(s, &kind) && scan_u8(s, &branch) && scan_bytes(s, &m.id.symbol) && scan_bytes(s, &m.id.number) &&
              scan_u32(s, &start) && scan_u32(s, &lost) && scan_u32(s, &days) && scan_u32(s, &other.insurer.n) &&
              scan_u32(s, &o_start) && scan_u32(s, &o_lost));
    m.id.branch = branch ? branch - 1 : BRANCH_NONE;
    m.birth = DAY_NONE, m.periods = &p, m.period_count = 1;
    p.start.n = (int32_t)start, p.lost.n = (int32_t)lost;
    other.start.n = (int32_t)o_start, other.lost.n = (int32_t)o_lost;
    const struct finding f = {
        .kind = kind, .member = &m, .period = &p, .other = other.insurer.n ? &other : NULL, .days = days};
    out->found(out->context, &f);
}

enum err changes_insurer(struct changes *c, struct insurer_number insurer, const struct finding_sink *out,
                         struct diag *d) {
    while (c->finding_state == ERR_OK) {
        struct scan s = scan_of(c->finding);
        uint32_t of = 0;
        invariant(read_u32_big(&s, &of));
        if (of > insurer.n) return ERR_OK;
        if (of == insurer.n) give(&s, insurer, out);
        c->finding_state = sort_next(c->findings, &c->finding, d);
    }
    return c->finding_state == ERR_NOT_FOUND ? ERR_OK : c->finding_state;
}
