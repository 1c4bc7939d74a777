/* official: lists that the operator brought (mado data import): which kanji are variants, which towns there are with their post codes. Filled by service/official, looked up here; NULL
 * stands for none. With them more is recognised and nothing is recognised that was not asked for: our own tables come first, and a list never makes two names the same. */
#ifndef RULES_IDENTITY_OFFICIAL_H
#define RULES_IDENTITY_OFFICIAL_H

#include "rules/identity/address.h"
#include "rules/identity/kanji.h"
#include "rules/identity/postcode.h"

struct official_pair {
    uint32_t a, b;
    uint8_t grade; /* enum kanji_grade */
};
struct official_kind {
    uint32_t of, kind; /* of: a kanji_kind() */
};
struct official_town {
    struct str prefecture, city, town; /* town empty: the municipality's own code */
    uint32_t post;                     /* seven digits as a number */
};
struct official_range {
    uint32_t first, end;
};
struct official {
    const struct official_pair *pairs; /* both ways round, by a and b */
    size_t pair_count;
    const struct official_kind *kinds; /* by of */
    size_t kind_count;
    const struct official_town *towns; /* by prefecture, city and town */
    size_t town_count;
    const uint32_t *by_post;             /* places in towns, by post code */
    const struct official_range *cities; /* where each municipality's towns stand */
    size_t city_count;
};

/* kanji_compare() and kanji_kind() with the lists' pairs. */
enum kanji_grade official_kanji(const struct official *o, uint32_t a, uint32_t b);
uint32_t official_kanji_kind(const struct official *o, uint32_t c);

/* How many bytes of the text are the longest municipality that the list knows, in that prefecture unless it is empty; 郡 may be left out. 0: none. *first, *end: its towns. */
size_t official_city(const struct official *o, struct str prefecture, struct str text, size_t *first, size_t *end);

enum official_agreement { OFFICIAL_UNKNOWN, OFFICIAL_AGREES, OFFICIAL_OTHER_TOWN, OFFICIAL_OTHER_CITY };
/* Whether the post code is one of the address's town. OFFICIAL_UNKNOWN: no list of towns, no address, or a code that the list does not have. */
enum official_agreement official_post(const struct official *o, const struct postcode *post, const struct address *a);
const char *
official_agreement_name(enum official_agreement a); /* "unknown", "agrees", "other-town", "other-municipality" */

#endif
