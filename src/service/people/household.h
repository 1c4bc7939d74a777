/* household: the people who live at one address and every coverage period they ever had, as they were made. This is the truth: files are
 * written from it and expected answers are read off it. Plain values; texts are borrowed from the nation and from the household. */
#ifndef SERVICE_PEOPLE_HOUSEHOLD_H
#define SERVICE_PEOPLE_HOUSEHOLD_H

#include "core/coverage.h"
#include "service/people/nation.h"

enum {
    HOUSEHOLD_PEOPLE_MAX = 8,
    HOUSEHOLD_PERIODS_MAX = 64,
    PERIOD_ELDERLY_MAX = 6, /* 70 to 74: from the month after the birthday, then every August */
    PERIOD_TICKETS_MAX = 6,
    ADDRESS_BYTES = 256,
    FLAT_BYTES = 64,
    EPISODES_MAX = 4,
};

enum household_kind { SINGLE_MAN, SINGLE_WOMAN, COUPLE, FAMILY, MOTHER, FATHER, THREE, ELDERS, HOUSEHOLD_KINDS };
enum role { MAN, WOMAN, CHILD, GRANDPARENT };
enum income { LOW, NORMAL, HIGH };

struct person {
    uint64_t ordinal;
    enum role role;
    int age;     /* whole years on the as-of day */
    uint8_t sex; /* 1 male, 2 female */
    bool twin, no_number, no_kana, no_address;
    bool has_namesake; /* see namesakes.h */
    uint64_t namesake; /* ordinal of who has the same name in kana, sex and birth */
    struct day birth, died, since;
    /* Days on which the law changes this person's share: the first 1 April of school, the first day of 70–74, the 75th birthday. */
    struct day school, seventy, late;
    enum community community;
    const struct name *family, *given, *maiden, *alias_family, *alias_given; /* alias: 通称; those without have NULL */
    char mynumber[12];
};

struct period {
    uint8_t who; /* place in the household */
    uint16_t insurer;
    uint8_t slot;                                /* 0–2: the owner's first, second, third number with this insurer */
    uint64_t owner;                              /* ordinal of the person whose number it is */
    int8_t branch;                               /* or BRANCH_NONE */
    uint8_t class, relation, loss_reason, ratio; /* ratio: as registered, or RATIO_NONE */
    bool maiden;                                 /* registered under the former family name */
    bool wide;                                   /* Latin letters in full width */
    struct day start, lost, issued, card_from, card_until;
    uint8_t elderly_count, ticket_count;
    struct elderly_certificate elderly[PERIOD_ELDERLY_MAX];
    struct limit_certificate limit;     /* .from DAY_NONE: none */
    struct disease_certificate disease; /* likewise */
    struct medical_ticket tickets[PERIOD_TICKETS_MAX];
};

/* A place to live, before anyone writes it down. */
struct lot {
    const struct municipality *city;
    const struct town *town;
    bool rural;        /* 大字 or 字: 地番 without 丁目 */
    bool kanji;        /* the registry writes the 丁目 with a kanji numeral */
    unsigned parts[3]; /* 丁目, 番, 号; rural: 0, 番地, 枝番 or 0 */
    char flat[FLAT_BYTES];
    size_t flat_n; /* building and room with the space before them, or 0 */
};
/* How a clerk writes it; all false: in full, numerals in full width. */
struct address_style {
    bool no_prefecture, no_prefix, no_building, other_ga; /* without 大字 or 字; ヶ ケ が exchanged */
    bool kanji;                                           /* 一丁目 */
    bool hyphens, full_width;                             /* 1-2-3, １－２－３ */
};

struct household {
    uint64_t first; /* ordinal of the first person */
    enum household_kind kind;
    enum income income;
    const struct municipality *home;
    const struct town *town;
    struct lot lot;
    char registry_address[ADDRESS_BYTES], insurer_address[ADDRESS_BYTES]; /* the same place as two clerks write it */
    size_t registry_address_n, insurer_address_n;
    size_t people_count, period_count;
    struct person people[HOUSEHOLD_PEOPLE_MAX];
    struct period periods[HOUSEHOLD_PERIODS_MAX]; /* by insurer, symbol, number, branch, start */
};

struct namesakes; /* namesakes.h */

/* Makes the k-th household of a block. It has at most `room` people (the last of a block is cut to fit), at least one. */
void household_make(const struct nation *n, uint64_t block, unsigned k, uint64_t first, size_t room,
                    struct household *out);
/* The same in a nation in which strangers share names and birthdays; `shared` stands at that block, NULL: household_make(). */
void household_make_among(const struct nation *n, const struct namesakes *shared, uint64_t block, unsigned k,
                          uint64_t first, size_t room, struct household *out);
/* Its people alone, as household_make() makes them; cheaper. */
void household_make_people(const struct nation *n, uint64_t block, unsigned k, uint64_t first, size_t room,
                           struct household *out);

/* family.c: who lives there, names and days; address.c: where; history.c: periods; certificates.c: what is nested in them. */
void household_people(const struct nation *n, const struct namesakes *shared, struct household *h, size_t room,
                      struct chance *c);
/* The My Number of the person made with this ordinal: made up, with a valid check digit, different for everyone. */
void write_mynumber(const struct nation *n, uint64_t ordinal, char out[12]);
void household_address(struct household *h, struct str prefecture, struct chance *c);
void lot_draw(struct lot *l, const struct municipality *city, const struct town *town, struct chance *c);
void lot_put(struct buf *b, struct str prefecture, const struct lot *l, const struct address_style *how);
size_t town_prefix(struct str town); /* bytes of 大字 or 字 in front */
void household_history(const struct nation *n, struct household *h, struct chance *c);
void period_certificates(const struct nation *n, const struct household *h, struct period *p, struct chance *c);

static inline bool covers(const struct period *p, struct day on) {
    return day_until(p->start, on) && (!day_is(p->lost) || day_before(on, p->lost));
}
/* Two periods of one number: the key of an insurer's file without branch and start. */
static inline bool same_number(const struct period *a, const struct period *b) {
    return a->insurer == b->insurer && a->owner == b->owner && a->slot == b->slot;
}

#endif
