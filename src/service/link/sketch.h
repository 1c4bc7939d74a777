/* sketch: a few bits of a person, by which those who cannot be within reach (rules/identity/link.h) are passed over without being compared: in a
 * made-up nation of 2.5 million one pair in sixty of the same birth date and sex is left. It never decides: whoever it lets through is compared
 * in full. It lets through everybody who is within reach (tests/unit/service/link holds it to that), but for two kinds: whose given name has
 * another reading and another kanji at once, and who share an address, but not the name, with another post code. */
#ifndef SERVICE_LINK_SKETCH_H
#define SERVICE_LINK_SKETCH_H

#include "rules/identity/person.h"

struct sketch {
    uint64_t kana, name; /* one bit for each character, spread; 0: missing */
    uint32_t given; /* of the given name's kana, hashed as the boldest folding leaves it; 0: it does not stand apart */
    uint32_t post;  /* the digits of the post code; 0: missing */
    uint32_t block; /* of town and block number, hashed; of members only without a post code */
};

/* Of one of the person's names; false when the person has no such name. `block`: also of the address, which a resident needs to be
 * found by members without a post code. */
MUST_USE bool sketch_of(const struct person *p, enum name_kind name, bool block, struct sketch *out);

/* One number for birth date and kana, however the kana is written: what a look-up by three items finds together. 0: no kana or birth. */
uint64_t sketch_kana_key(const struct person *p, enum name_kind name);
/* One number for household, birth date and sex: twins of one sex have the same. 0: no household or birth. */
uint64_t sketch_twin_key(const struct person *p, struct str household);

/* At most `n` bits set. */
static inline bool few_bits(uint64_t x, unsigned n) {
    while (x && n--) x &= x - 1;
    return x == 0;
}

/* One character for another changes two bits. */
static inline bool sketch_near(const struct sketch *a, const struct sketch *b) {
    uint64_t kana = a->kana ^ b->kana, name = a->name ^ b->name;
    bool given = a->given == b->given && a->given, both = a->kana && b->kana;
    if (both && (kana == 0 || (few_bits(kana, 2) && (given || !a->given || !b->given)))) return true;
    if (a->name && b->name && (name == 0 || (given && few_bits(name, both ? 2 : 6)))) return true;
    if (!(a->given && b->given) && a->name && b->name && few_bits(name, 4)) return true;
    return (a->post && a->post == b->post) || (a->block && a->block == b->block);
}

#endif
