/* nation: everything that is fixed before the first person is made: where people live and which insurers there are. A small nation has few
 * prefectures and municipalities (a town of 100,000: one prefecture, a dozen municipalities), a large one has all.
 * People are numbered 0 … count − 1 in the order of the places; every number an insurer gives grows with them, so that each
 * insurer's file comes out in the order of symbol and number without sorting. */
#ifndef SERVICE_PEOPLE_NATION_H
#define SERVICE_PEOPLE_NATION_H

#include "core/digits.h"
#include "service/people/names.h"

enum {
    PEOPLE_COUNT_MAX = 125000000, /* Japan */
    BLOCK_PEOPLE = 1000,          /* people made from one seed: the unit that can be made by itself */
    PREFECTURES = 47,
    MUNICIPALITIES_MAX = 4096, /* 1,741 exist; a file of places may have more */
    INSURERS_MAX = 8192,
    TOWNS_PER_CITY = 12, /* of towns.def, for a city without towns of its own */
};

enum scheme { KYOKAI, SOCIETY, MUTUAL, SEAMEN, DEFENCE, KOKUHO, KOKUHO_SOCIETY, KOUKI, AID, SCHEMES };

struct insurer {
    uint32_t number;
    char digits[9];
    enum scheme scheme;
    uint8_t prefecture;      /* 1–47 */
    uint8_t style;           /* how it writes symbols and numbers: see card_text.h */
    struct str name, symbol; /* symbol: its fixed part, for those that have one */
    char post[9];
    struct str address;
};

struct town {
    struct str name;
    char post[9]; /* 123-4567 */
};

struct municipality {
    uint8_t prefecture;
    struct str name;
    uint32_t weight, post3;
    const struct town *towns;
    size_t town_count;
    uint16_t kokuho, aid; /* insurers, by place in the table */
    uint64_t upto;        /* people numbered below this live here or in an earlier one */
};

struct people_options {
    uint64_t count, seed, questions;
    struct day as_of;
    const char *surnames, *given_names, *places; /* paths or NULL */
};

struct nation {
    struct people_options options;
    struct names names;
    struct arena arena;
    struct str prefectures[PREFECTURES + 1];
    struct municipality *municipalities;
    size_t municipality_count;
    struct insurer *insurers; /* ascending by number */
    size_t insurer_count;
    /* Places in `insurers`. A prefecture that is not used has UINT16_MAX. */
    uint16_t kyokai[PREFECTURES + 1], kouki[PREFECTURES + 1];
    uint16_t *of_scheme[SCHEMES];
    size_t scheme_count[SCHEMES];
    uint64_t number_base; /* numbers start here: all have the same width */
    char (*iso)[10];      /* days as text, from ISO_FIRST on */
};

enum { ISO_FIRST = -25567 /* 1900-01-01 */, ISO_DAYS = 25567 + 32872 /* to the end of 2059 */ };

MUST_USE enum err nation_init(struct nation *n, struct world *w, const struct people_options *o, struct diag *d);
void nation_fini(struct nation *n);

/* Where person `ordinal` lives. */
const struct municipality *nation_home(const struct nation *n, uint64_t ordinal);
/* The text of a day between 1900 and 2059. */
static inline const char *nation_iso(const struct nation *n, struct day d) {
    invariant(d.n >= ISO_FIRST && d.n < ISO_FIRST + ISO_DAYS);
    return n->iso[d.n - ISO_FIRST];
}

/* places.c: fills prefectures and municipalities; insurers.c: fills insurers and the tables of their places. */
/* The text of a file of places; needs `municipalities` and `arena` alone. */
MUST_USE enum err nation_place_from(struct nation *n, struct str text, const char *where, struct diag *d);
MUST_USE enum err nation_place(struct nation *n, struct world *w, struct diag *d);
MUST_USE enum err nation_insure(struct nation *n, struct diag *d);

#endif
