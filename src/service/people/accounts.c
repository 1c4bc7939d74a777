#include "service/people/accounts.h"

#include "base/utf8.h"
#include "rules/identity/zengin.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    MILLION_OF = 1000000,
    STREAM_ACCOUNT = 0x4143, /* a stream of chance of its own: other files stay as they are */
    REGISTERED_PERCENT = 43, /* 54 of 125 million */
    AT_A_DESK_PERCENT = 30,
    DESKS_PER_CITY = 3,
    SECONDS_APART = 97,   /* between two people's turns */
    SESSION_SECONDS = 240 /* after the one who left it open */
};
#define BEGAN_S 1656547200 /* 2022-06-30 in Japan, when registration as for benefits began in earnest */

static const struct {
    const char *name;
    uint32_t per_million;
    bool wrong;
} kinds[ACCOUNT_KINDS] = {
#define ACCOUNT_KIND(name, per_million, wrong, of, ja, en, source) {#name, per_million, wrong},
#include "service/people/account_kinds.def"
#undef ACCOUNT_KIND
};

const char *account_kind_name(enum account_kind k) { return kinds[k].name; }

enum err accounts_init(struct accounts *a, const struct nation *n, uint32_t percent, struct diag *d) {
    *a = (struct accounts){.nation = n, .percent = percent};
    a->terminals = calloc(n->municipality_count * DESKS_PER_CITY + 1, sizeof *a->terminals);
    return a->terminals ? ERR_OK : diag_set(d, ERR_MEMORY, "accounts", NULL);
}

void accounts_fini(struct accounts *a) {
    free(a->terminals);
    *a = (struct accounts){0};
}

/* One registration in the making. */
struct registering {
    struct accounts *of;
    const struct household *h;
    const struct person *p;
    struct chance chance;
    uint32_t kinds;
    uint64_t account_of; /* ordinal plus 1; 0: nobody of this nation */
    struct desk_terminal *desk;
    int64_t at_s;
    char account[24], name[ACCOUNT_NAME_BYTES];
    struct buf name_buf;
};

static bool drawn(struct registering *r, enum account_kind k, bool possible) {
    uint64_t rate = kinds[k].wrong ? (uint64_t)kinds[k].per_million * r->of->percent / 100 : kinds[k].per_million;
    if (rate > MILLION_OF / 2) rate = MILLION_OF / 2;
    bool hit = chance_below(&r->chance, MILLION_OF) < rate && possible; /* always one draw */
    if (hit) r->kinds |= 1u << k;
    return hit;
}

/* ---- numbers ---- */

/* Everybody's number differs: a step that has no factor of ten million goes round all of them. */
static void write_account(struct registering *r, uint64_t ordinal, uint64_t salt, bool yucho) {
    unsigned number = (unsigned)((ordinal * 7919 + 1234567) % 10000000);
    unsigned branch = (unsigned)((ordinal / 10000000 * 37 + salt) % 100);
    if (yucho) snprintf(r->account, sizeof r->account, "1%02u00-%07u1", branch, number);
    else snprintf(r->account, sizeof r->account, "8%03u-%03u-%07u", (unsigned)(ordinal % 97), branch + 100, number);
}

/* ---- names ---- */

static bool has_letters(const struct person *p) { return p->family->kanji.n && (uint8_t)p->family->kanji.p[0] < 0x80; }

static void put_two(struct buf *b, struct str first, struct str second, bool spaced) {
    buf_put(b, first);
    if (spaced) buf_putc(b, ' ');
    buf_put(b, second);
}

/* オオノ, オウノ: the second vowel becomes a dash. */
static bool lengthen(struct buf *b) {
    static const char *const longs[] = {"ｵｵ", "ｺｳ", "ﾖｳ", "ﾕｳ", "ﾄｳ", "ｿｳ", "ﾛｳ"};
    for (size_t i = 0; i < ARRAY_LEN(longs); i++) {
        size_t at = str_find(buf_str(b), str_c(longs[i]));
        if (at == b->n) continue;
        size_t dash = at + 3; /* each half-width kana has three bytes */
        b->p[dash] = '-';
        memmove(b->p + dash + 1, b->p + dash + 3, b->n - dash - 3);
        buf_cut(b, b->n - 2);
        return true;
    }
    return false;
}

/* The last kana, mistyped: ｱ becomes ｲ and so on. */
static bool mistype(struct buf *b) {
    if (b->n < 9 || (uint8_t)b->p[b->n - 3] != 0xef || (uint8_t)b->p[b->n - 2] != 0xbd) return false;
    uint8_t last = (uint8_t)b->p[b->n - 1];
    b->p[b->n - 1] = (char)(last == 0xbf ? last - 1 : last + 1);
    return true;
}

static void write_own_name(struct registering *r) {
    const struct person *p = r->p;
    struct buf *b = &r->name_buf;
    bool letters = has_letters(p);
    bool former = drawn(r, ACCOUNT_KIND_former_name, p->maiden != NULL);
    bool alias = drawn(r, ACCOUNT_KIND_alias, p->alias_family != NULL && !former);
    bool tight = drawn(r, ACCOUNT_KIND_no_space, true);
    bool latin = drawn(r, ACCOUNT_KIND_letters, letters && !alias);
    bool turned = drawn(r, ACCOUNT_KIND_reversed, letters && !alias && !tight);
    const struct name *family = former ? p->maiden : alias ? p->alias_family : p->family;
    const struct name *given = alias ? p->alias_given : p->given;
    struct str f = latin ? family->kanji : family->kana, g = latin ? given->kanji : given->kana;
    put_two(b, turned ? g : f, turned ? f : g, !tight);
}

static void write_slips(struct registering *r) {
    if (r->kinds & (1u << ACCOUNT_KIND_letters)) return;
    struct buf *b = &r->name_buf;
    if (drawn(r, ACCOUNT_KIND_long_vowel, true) && !lengthen(b)) r->kinds &= ~(1u << ACCOUNT_KIND_long_vowel);
    if (drawn(r, ACCOUNT_KIND_one_kana, true) && !mistype(b)) r->kinds &= ~(1u << ACCOUNT_KIND_one_kana);
}

/* As the bank keeps it: in its own writing, 30 characters at most. */
static void bank_name(struct registering *r) {
    struct text t, written;
    struct diag d;
    if (text_read(buf_str(&r->name_buf), &t, "", &d) != ERR_OK) return;
    (void)zengin_write(&t, &written);
    if (written.n > ZENGIN_PAYEE) written.n = ZENGIN_PAYEE;
    char room[ACCOUNT_NAME_BYTES];
    struct buf b = buf_over(room, sizeof room);
    zengin_put(&b, &written);
    buf_cut(&r->name_buf, 0), buf_put(&r->name_buf, buf_str(&b));
}

/* ---- whose ---- */

static bool take_session(struct registering *r) {
    struct desk_terminal *t = r->desk;
    bool possible = t && t->owner && t->household != r->h->first;
    if (!drawn(r, ACCOUNT_KIND_session, possible)) return false;
    memcpy(r->account, t->account, sizeof r->account);
    buf_put(&r->name_buf, str_of(t->name, t->name_n));
    r->account_of = t->owner, r->at_s = t->at_s + SESSION_SECONDS;
    return true;
}

static bool take_family(struct registering *r) {
    if (!drawn(r, ACCOUNT_KIND_family, r->h->people_count > 1)) return false;
    size_t at = chance_below(&r->chance, (uint32_t)r->h->people_count - 1);
    const struct person *other = &r->h->people[at];
    if (other == r->p) other = &r->h->people[r->h->people_count - 1];
    write_account(r, other->ordinal, 0, false);
    put_two(&r->name_buf, other->family->kana, other->given->kana, true);
    return r->account_of = other->ordinal + 1, true;
}

static const struct name *another_given(struct registering *r, uint8_t sex) {
    const struct name *n = name_pick(&r->of->nation->names.given[sex - 1][0], &r->chance);
    return str_eq(n->kana, r->p->given->kana) ? NULL : n;
}

/* A relative's, a stranger's or an organisation's, of people outside this nation. */
static bool take_outside(struct registering *r) {
    bool relative = drawn(r, ACCOUNT_KIND_relative, true);
    bool stranger = drawn(r, ACCOUNT_KIND_stranger, !relative);
    bool organisation = drawn(r, ACCOUNT_KIND_organisation, !relative && !stranger);
    if (!relative && !stranger && !organisation) return false;
    const struct name *family = relative ? r->p->family : name_pick(&r->of->nation->names.surnames, &r->chance);
    const struct name *given = another_given(r, r->p->sex == 1 ? 2 : 1);
    bool too_alike = given == NULL || (!relative && str_eq(family->kana, r->p->family->kana));
    if (too_alike) return r->kinds = 0, false;
    write_account(r, r->p->ordinal, 50, false);
    if (organisation) buf_puts(&r->name_buf, "ｶ)"), buf_put(&r->name_buf, family->kana);
    else put_two(&r->name_buf, family->kana, given->kana, true);
    return true;
}

static void put_line(const struct registering *r, struct buf *b) {
    struct day day = day_in_japan(r->at_s * 1000000);
    int64_t of_day = (r->at_s + 9 * 3600) % 86400;
    buf_printf(b, "{\"resident\":\"R%09llu\",\"account\":\"%s\",\"name\":", (unsigned long long)r->p->ordinal + 1,
               r->account);
    buf_json(b, buf_str(&r->name_buf));
    if (r->desk) buf_printf(b, ",\"terminal\":\"D%05u\"", (unsigned)(r->desk - r->of->terminals));
    else buf_printf(b, ",\"terminal\":\"P%09llu\"", (unsigned long long)r->h->first + 1);
    buf_puts(b, ",\"at\":\""), day_put_iso(b, day);
    buf_printf(b, "T%02d:%02d:%02d\"}\n", (int)(of_day / 3600), (int)(of_day / 60 % 60), (int)(of_day % 60));
}

static void put_truth(struct registering *r, struct buf *b) {
    struct accounts *a = r->of;
    const char *between = "";
    bool wrong = false;
    buf_printf(b, "{\"line\":%llu,\"resident\":\"R%09llu\",\"kinds\":[", (unsigned long long)a->lines,
               (unsigned long long)r->p->ordinal + 1);
    for (unsigned k = 0; k < ACCOUNT_KINDS; k++) {
        if (!(r->kinds >> k & 1)) continue;
        buf_printf(b, "%s\"%s\"", between, kinds[k].name);
        between = ",", wrong = wrong || kinds[k].wrong, a->of_kind[k]++;
    }
    a->wrong += wrong;
    buf_printf(b, "],\"wrong\":%s", wrong ? "true" : "false");
    if (wrong && r->account_of) buf_printf(b, ",\"account_of\":\"R%09llu\"", (unsigned long long)r->account_of);
    buf_puts(b, "}\n");
}

static void remember(struct registering *r) {
    struct desk_terminal *t = r->desk;
    if (t == NULL) return;
    t->owner = r->account_of ? r->account_of : r->p->ordinal + 1, t->household = r->h->first, t->at_s = r->at_s;
    memcpy(t->account, r->account, sizeof t->account);
    t->name_n = r->name_buf.n;
    memcpy(t->name, r->name_buf.p, r->name_buf.n);
}

void accounts_person(struct accounts *a, const struct household *h, const struct person *p, struct buf *line,
                     struct buf *truth) {
    struct registering r = {.of = a, .h = h, .p = p};
    r.chance = chance_of(a->nation->options.seed, STREAM_ACCOUNT, p->ordinal);
    r.name_buf = buf_over(r.name, sizeof r.name);
    if (!chance_percent(&r.chance, REGISTERED_PERCENT) || day_is(p->died)) return;
    size_t city = (size_t)(h->home - a->nation->municipalities), desk = chance_below(&r.chance, DESKS_PER_CITY);
    if (chance_percent(&r.chance, AT_A_DESK_PERCENT)) r.desk = &a->terminals[city * DESKS_PER_CITY + desk];
    r.at_s = BEGAN_S + (int64_t)p->ordinal * SECONDS_APART;
    if (r.desk && r.desk->at_s >= r.at_s) r.at_s = r.desk->at_s + SECONDS_APART;
    if (!take_session(&r) && !take_family(&r) && !take_outside(&r)) {
        write_account(&r, p->ordinal, 0, drawn(&r, ACCOUNT_KIND_yucho, true));
        write_own_name(&r);
        write_slips(&r);
    }
    bank_name(&r);
    a->lines++;
    put_line(&r, line);
    put_truth(&r, truth);
    remember(&r);
}
