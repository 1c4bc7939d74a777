/* names: what people are called, picked by frequency. The built-in tables (surnames.def, given.def, foreign.def) or larger ones from a file.
 * Texts hold no control character, quote, backslash or comma, so that the writers may copy them as they are. */
#ifndef SERVICE_PEOPLE_NAMES_H
#define SERVICE_PEOPLE_NAMES_H

#include "base/arena.h"
#include "base/err.h"
#include "base/world.h"
#include "core/day.h"
#include "service/people/chance.h"

enum {
    GENERATIONS = 6,                   /* columns of given.def */
    TABLE_ROWS_MAX = 1 << 20,          /* the longest list of names a country has, with room */
    TABLE_FILE_MAX = 64 * 1024 * 1024, /* bytes of such a list */
    TABLE_TEXT_MAX = 32,               /* characters of one name: two and a space stay below the 100 of a file's line */
    TABLE_WEIGHT_MAX = 1000000,
};

struct name {
    struct str kanji, kana; /* kana is half-width, as insurers write it */
    struct str wide;        /* Latin letters in full width, as some insurers write them; empty: as in kanji */
};
/* Rows with their weights added up, to be picked from. */
struct name_table {
    const struct name **rows;
    uint64_t *upto;
    size_t n, cap;
};
/* Residents of other nationalities, by where their names come from (foreign.def). */
enum community {
#define COMMUNITY(name, permille, letters, wife_keeps) name,
#define FAMILY_OF(community, written, kana, weight)
#define GIVEN_OF(community, sex, written, kana, weight)
#include "service/people/foreign.def"
#undef COMMUNITY
#undef FAMILY_OF
#undef GIVEN_OF
    COMMUNITIES,
    JAPANESE = COMMUNITIES
};
enum letters { LATIN, KANJI };
struct community_info {
    uint32_t permille;
    enum letters letters;
    bool wife_keeps;
};
extern const struct community_info communities[COMMUNITIES];

struct names {
    struct arena arena;
    struct name_table surnames, given[2][GENERATIONS], families_of[COMMUNITIES], given_of[COMMUNITIES][2];
};

/* `surnames` and `given` are paths of TSV files, or NULL for the built-in ones:
 * kanji TAB kana TAB weight, and sex (1, 2) TAB kanji TAB kana TAB six weights. A line that begins with # is skipped.
 * ERR_VALUE, ERR_UTF8, ERR_LIMIT and ERR_MISSING name the line; ERR_NOT_FOUND the file. */
MUST_USE enum err names_init(struct names *n, struct world *w, const char *surnames, const char *given, struct diag *d);
void names_fini(struct names *n);

const struct name *name_pick(const struct name_table *t, struct chance *c);
/* Which column of given.def a birth belongs to. */
unsigned generation_of(struct day birth);

/* Adds a row; zero weights are left out. */
MUST_USE enum err name_table_add(struct name_table *t, const struct name *row, uint64_t weight);
void name_table_fini(struct name_table *t);
/* Full-width katakana (and hiragana) to half-width; other characters stay. */
void kana_halfwidth(struct str s, struct buf *out);
/* True when the text may stand in an output line as it is and is 1 … TABLE_TEXT_MAX characters. */
MUST_USE enum err table_text_check(struct str s);

/* Walks the lines of a table's text: calls row() with the fields of each; a fault names the line. `where` is what the text is called. */
enum { TABLE_FIELDS_MAX = 12 };
typedef enum err table_row_fn(void *context, const struct str *fields, size_t count);
MUST_USE enum err table_parse(struct str text, const char *where, table_row_fn *row, void *context, struct diag *d);
/* A table's text added to n; for tests and for those who have it in memory. */
MUST_USE enum err names_add_surnames(struct names *n, struct str text, const char *where, struct diag *d);
MUST_USE enum err names_add_given(struct names *n, struct str text, const char *where, struct diag *d);

#endif
