#include "service/link/sketch.h"

#include "rules/identity/address.h"
#include "rules/identity/kana.h"
#include "rules/identity/romaji.h"

enum {
    SKETCH_FOLDS = KANA_SPACING | KANA_WIDTH | KANA_HIRAGANA | KANA_SMALL | KANA_SAME_SOUND | KANA_VOICED | KANA_SHAPE
};

static uint64_t bit(uint32_t c) { return 1ull << ((c * 0x9e3779b1u) >> 26); }

static bool read(struct str s, struct text *out) {
    struct diag d;
    return s.n && text_read(s, out, "", &d) == ERR_OK;
}

static uint64_t kana_bits(struct str s) {
    struct text t = {0}, letters = {0};
    uint64_t bits = 0;
    if (!read(s, &t)) return 0;
    if (romaji_read(&t, &letters)) t = letters;
    struct text folded = kana_fold(&t, SKETCH_FOLDS);
    for (size_t i = 0; i < folded.n; i++)
        if (folded.c[i] != 0x30fc) bits |= bit(folded.c[i]); /* ー is left out at will */
    return bits;
}

uint64_t sketch_kana_key(const struct person *p, enum name_kind name) {
    struct text t = {0};
    uint64_t h = (uint64_t)(uint32_t)p->birth.n * 0x9e3779b97f4a7c15u;
    if (name == NAME_FORMER || !day_is(p->birth) || !read(name == NAME_OTHER ? p->other_kana : p->kana, &t)) return 0;
    struct text folded = kana_fold(&t, SKETCH_FOLDS | KANA_LONG);
    for (size_t i = 0; i < folded.n; i++) h = (h ^ folded.c[i]) * 0x100000001b3u;
    return (h ^ (h >> 31)) | 1;
}

uint64_t sketch_twin_key(const struct person *p, struct str household) {
    uint64_t h = (uint64_t)(uint32_t)p->birth.n * 0xd1342543de82ef95u + (unsigned char)p->sex;
    if (household.n == 0 || !day_is(p->birth)) return 0;
    for (size_t i = 0; i < household.n; i++) h = (h ^ (unsigned char)household.p[i]) * 0x100000001b3u;
    return (h ^ (h >> 31)) | 1;
}

/* Behind the first space; 0 without one. */
static uint32_t given_hash(struct str s) {
    struct text t = {0};
    uint32_t h = 2166136261u;
    size_t space = 0;
    if (!read(s, &t)) return 0;
    while (space < t.n && !is_space(t.c[space])) space++;
    struct text given = text_part(&t, space, t.n - space), folded = kana_fold(&given, SKETCH_FOLDS | KANA_LONG);
    for (size_t i = 0; i < folded.n; i++) h = (h ^ folded.c[i]) * 16777619u;
    return folded.n ? h | 1 : 0;
}

static uint64_t name_bits(struct str s) {
    struct text t = {0};
    uint64_t bits = 0;
    if (!read(s, &t)) return 0;
    for (size_t i = 0; i < t.n; i++) {
        uint32_t c = t.c[i];
        if (is_space(c) || is_selector(c) || c == 0x3005) continue;
        if (c >= 0xff01 && c <= 0xff5e) c -= 0xfee0;
        if (c >= 'a' && c <= 'z') c -= 32;
        bits |= bit(c);
    }
    return bits;
}

static uint32_t post_digits(struct str s) {
    uint32_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= '0' && s.p[i] <= '9') n = n * 10 + (uint32_t)(s.p[i] - '0');
    return n;
}

/* Of the block number alone: towns are written in too many ways for a hash. */
static uint32_t block_hash(struct str s) {
    struct address a;
    struct diag d;
    uint32_t h = 2166136261u;
    if (s.n == 0 || address_parse(NULL, s, &a, "", &d) != ERR_OK || a.block_n == 0) return 0;
    struct str b = address_block(&a);
    for (size_t i = 0; i < b.n; i++) h = (h ^ (unsigned char)b.p[i]) * 16777619u;
    return h | 1;
}

bool sketch_of(const struct person *p, enum name_kind name, bool block, struct sketch *out) {
    struct str kanji = name == NAME_OWN ? p->name : name == NAME_OTHER ? p->other_name : p->former_name;
    struct str kana = name == NAME_OTHER ? p->other_kana : p->kana;
    *out = (struct sketch){0};
    if (kanji.n == 0 && (name == NAME_FORMER || kana.n == 0) && name != NAME_OWN) return false;
    out->name = name_bits(kanji);
    /* the kana of a former name is registered nowhere, but that of the given name is the present one's */
    out->kana = name == NAME_FORMER ? 0 : kana_bits(kana);
    out->given = given_hash(kana);
    out->post = post_digits(p->post);
    out->block = block || out->post == 0 ? block_hash(p->address) : 0;
    return true;
}
