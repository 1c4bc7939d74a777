/* keys: what one record says, prepared once and compared with many: a level alone, in tens of nanoseconds, with no reasons. The level is exactly
 * that of name_compare(), kana_compare(), birth_compare() and address_compare() on the same texts; who wants the reasons of a pair asks those.
 *
 *     struct kana_key a, b;
 *     TRY(kana_prepare(text_a, &a, "kana", d));           once a record
 *     enum level l = kana_level(&a, &b);                  for every pair
 *     int w = level_weight(FACT_KANA, l);                 hundredths of a bit (comparison.h)
 *
 * Sex and post code are prepared by sex_read() and postcode_read(), compared by sex_level() and postcode_level().
 *
 * A key is plain memory of a fixed size that may be copied; it owns nothing and borrows the text, which must outlive it. Preparing refuses what comparing
 * refuses: ERR_UTF8, ERR_LIMIT, for dates ERR_DATE, with d->where as given. An empty text makes a key whose level is always LEVEL_UNKNOWN.
 * What a key has no room for (long names, lost characters, letters, kanji against kana) goes the slow way through its text: the level is the same, in
 * microseconds. */
#ifndef RULES_IDENTITY_KEYS_H
#define RULES_IDENTITY_KEYS_H

#include "rules/identity/address.h"
#include "rules/identity/comparison.h"

struct official; /* official.h: lists the operator brought; NULL without */

enum { NAME_KEY_MAX = 12, KANA_KEY_MAX = 32 };

/* In both: n characters of which the first family_n stand before the first space; spaced: there was one. What strangers differ in stands first, in one
 * line of the cache. */
struct name_key {
    uint8_t n, family_n;
    bool spaced, slow, all_kana, some_kanji;
    uint32_t kind[NAME_KEY_MAX],
        c[NAME_KEY_MAX]; /* what the character can only be a variant within, and the character */
    const struct official *official;
    struct str whole;
};

struct kana_key {
    uint8_t n, folded_n, heard_n, family_n;
    bool spaced, slow;
    uint8_t folded[KANA_KEY_MAX], heard[KANA_KEY_MAX]; /* one byte a kana, 0 past the end; see kana.h for each */
    uint8_t plain[KANA_KEY_MAX], sound[KANA_KEY_MAX];
    struct str whole;
};

struct birth_key {
    int32_t number, serial;     /* yyyymmdd; days since 1970-01-01 */
    int16_t year, era_year;     /* western; of the era it was written in, or falls in */
    uint8_t month, day;         /* 0: 不詳 */
    bool known, beyond_its_era; /* known: there was a date at all */
};

struct address_key {
    uint8_t prefecture;        /* 1 to 47; 0: not there */
    bool empty, read;          /* read: as far as the municipality */
    uint64_t city, town, rest; /* hashes: towns that are spellings of one another have the same; the rest exactly */
    struct str whole;
    struct address parts;
    const struct official *official;
};

/* official: the same for both sides of a pair. */
MUST_USE enum err name_prepare(const struct official *official, struct str s, struct name_key *out, const char *where,
                               struct diag *d);
MUST_USE enum err kana_prepare(struct str s, struct kana_key *out, const char *where, struct diag *d);
MUST_USE enum err birth_prepare(struct str s, struct birth_key *out, const char *where, struct diag *d);
MUST_USE enum err address_prepare(const struct official *official, struct str s, struct address_key *out,
                                  const char *where, struct diag *d);

enum level name_level(const struct name_key *a, const struct name_key *b);
enum level kana_level(const struct kana_key *a, const struct kana_key *b);
enum level birth_level(const struct birth_key *a, const struct birth_key *b);
enum level address_level(const struct address_key *a, const struct address_key *b);

#endif
