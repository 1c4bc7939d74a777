/* person: what an insurer or the registry holds of one person, and how two such people agree, trait by trait.
 *
 * A resident has up to three names (氏名, 通称, 旧氏), a member two; people are registered under any of them, so the pair of names that
 * agrees best is the one that counts, and which one it was is kept. Kanji and kana are judged together:
 *
 *     kana      kanji     the part of the name
 *     agrees    any but a difference       agrees
 *     agrees    differs                    slip: 裕子 and 祐子 sound alike and may be two people
 *     slip      agrees                     agrees
 *     slip      unknown                    slip
 *     slip      differs                    differs: ユウキ and ユキ are two names of twins
 *     differs   agrees                     slip: another reading of the same characters
 *     differs   anything else              differs
 *
 * Pure: no clock, no I/O, integers only. */
#ifndef RULES_IDENTITY_PERSON_H
#define RULES_IDENTITY_PERSON_H

#include "core/day.h"
#include "rules/identity/comparison.h"

#define TRAIT(name, code, ja, en) TRAIT_##name,
enum trait {
#include "rules/identity/trait.def"
    TRAIT_COUNT,
};
#undef TRAIT

#define ACCORD(name, code, ja, en) ACCORD_##name,
enum accord {
#include "rules/identity/accord.def"
    ACCORD_COUNT,
};
#undef ACCORD

struct trait_info {
    const char *code, *ja, *en;
};
const struct trait_info *trait_info(enum trait t);
const struct trait_info *accord_info(enum accord a);

/* Texts are borrowed; an empty one is missing. */
struct person {
    struct str name, kana;
    struct str other_name, other_kana; /* 通称 */
    struct str former_name;            /* 旧氏と名 as registered, of residents */
    struct str post, address;
    struct day birth; /* DAY_NONE: missing */
    char sex;         /* '1', '2', '3'; 0 missing */
};

/* Which of a person's names. */
enum name_kind { NAME_OWN, NAME_OTHER, NAME_FORMER, NAME_KINDS };

struct likeness {
    enum accord of[TRAIT_COUNT];
    enum level level[FACT_COUNT];              /* of the names that count, the dates and the addresses */
    enum name_kind member_name, resident_name; /* which names they were */
};

/* ERR_UTF8 or ERR_LIMIT of a text that is no text. */
MUST_USE enum err person_compare(const struct person *member, const struct person *resident, struct likeness *out,
                                 struct diag *d);
/* The comparison of one fact of the two, for its reasons in words; between the names that counted. */
MUST_USE enum err person_explain(const struct person *member, const struct person *resident, const struct likeness *l,
                                 enum fact fact, struct comparison *out, struct diag *d);

#endif
