#include "rules/identity/official.h"

#include "rules/identity/town.h"

enum kanji_grade official_kanji(const struct official *o, uint32_t a, uint32_t b) {
    enum kanji_grade own = kanji_compare(a, b);
    if (own != KANJI_DIFFERENT || o == NULL) return own;
    size_t low = 0, high = o->pair_count;
    uint64_t wanted = (uint64_t)a << 32 | b;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (((uint64_t)o->pairs[mid].a << 32 | o->pairs[mid].b) < wanted) low = mid + 1;
        else high = mid;
    }
    bool found = low < o->pair_count && o->pairs[low].a == a && o->pairs[low].b == b;
    return found ? (enum kanji_grade)o->pairs[low].grade : KANJI_DIFFERENT;
}

uint32_t official_kanji_kind(const struct official *o, uint32_t c) {
    uint32_t kind = kanji_kind(c);
    if (o == NULL) return kind;
    size_t low = 0, high = o->kind_count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (o->kinds[mid].of < kind) low = mid + 1;
        else high = mid;
    }
    return low < o->kind_count && o->kinds[low].of == kind ? o->kinds[low].kind : kind;
}

/* 西多摩郡瑞穂町 as it stands, or 瑞穂町. */
static size_t city_at(struct str city, struct str text) {
    if (str_starts(text, city)) return city.n;
    size_t gun = str_find(city, S("郡"));
    struct str without = str_skip(city, gun + 3);
    return gun < city.n && without.n && str_starts(text, without) ? without.n : 0;
}

size_t official_city(const struct official *o, struct str prefecture, struct str text, size_t *first, size_t *end) {
    size_t longest = 0;
    for (size_t i = 0; o && i < o->city_count; i++) {
        const struct official_town *t = &o->towns[o->cities[i].first];
        if (prefecture.n && !str_eq(prefecture, t->prefecture)) continue;
        size_t n = city_at(t->city, text);
        if (n > longest) longest = n, *first = o->cities[i].first, *end = o->cities[i].end;
    }
    return longest;
}

static uint32_t number_of(const struct postcode *p) {
    uint32_t v = 0;
    for (size_t i = 0; i < p->n; i++) v = v * 10 + (uint32_t)(p->digits[i] - '0');
    return v;
}

static bool in_city(const struct official *o, const struct official_town *t, const struct address *a) {
    if (a->prefecture.n && !str_eq(a->prefecture, t->prefecture)) return false;
    return city_at(t->city, a->city) == a->city.n || town_same(o, t->city, a->city);
}

enum official_agreement official_post(const struct official *o, const struct postcode *post, const struct address *a) {
    if (o == NULL || o->town_count == 0 || post->n != 7 || a->city.n == 0 || a->unread.n) return OFFICIAL_UNKNOWN;
    uint32_t wanted = number_of(post);
    size_t low = 0, high = o->town_count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (o->towns[o->by_post[mid]].post < wanted) low = mid + 1;
        else high = mid;
    }
    enum official_agreement found = OFFICIAL_UNKNOWN;
    for (; low < o->town_count && o->towns[o->by_post[low]].post == wanted; low++) {
        const struct official_town *t = &o->towns[o->by_post[low]];
        if (!in_city(o, t, a)) found = found == OFFICIAL_UNKNOWN ? OFFICIAL_OTHER_CITY : found;
        else if (t->town.n && !town_begins(o, a->town, t->town)) found = OFFICIAL_OTHER_TOWN;
        else return OFFICIAL_AGREES;
    }
    return found;
}

const char *official_agreement_name(enum official_agreement a) {
    static const char *const names[] = {"unknown", "agrees", "other-town", "other-municipality"};
    invariant(a < ARRAY_LEN(names));
    return names[a];
}
