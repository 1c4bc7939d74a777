/* coverage: one period in which an insurer covers a member, with the certificates nested in it; member: who it is, with all
 * periods known. Plain values; strings and lists are borrowed from the arena or row they were read from.
 * Fields and their sources: docs/format/insurer-file.md. */
#ifndef CORE_COVERAGE_H
#define CORE_COVERAGE_H

#include "core/day.h"
#include "core/digits.h"
#include "core/insured_id.h"

enum {
    ELDERLY_MAX = 8,
    LIMITS_MAX = 8,
    DISEASES_MAX = 8,
    TICKETS_MAX = 24,
    PERIODS_MAX = 64,
    MEMBERS_PER_CARD_MAX = 64
};
enum { NAME_CHARACTERS = 100, ADDRESS_CHARACTERS = 200 };
enum { RATIO_NONE = 255 };
/* Codes are kept as their number: "03" is 3; the letters have numbers of their own. */
enum card_class { CLASS_GENERAL = 1, CLASS_SPECIAL_EXPENSE = 5, CLASS_SELF_DEFENSE = 7, CLASS_MEDICAL_AID = 0xA1 };

struct elderly_certificate { /* 高齢受給者証 */
    struct day issued, from, until;
    uint8_t ratio; /* percent */
};

struct limit_certificate { /* 限度額適用認定証 */
    uint8_t class;         /* OQSCD011 */
    char category[4];      /* OQSCD012 with a zero at the end: "A03" */
    struct day issued, from, until, long_term;
};

struct disease_certificate { /* 特定疾病療養受療証 */
    uint8_t disease;         /* OQSCD013 */
    struct day issued, from, until;
    uint32_t self_pay_yen; /* a month */
};

struct medical_ticket {      /* 医療券・調剤券 */
    uint8_t type, treatment; /* OQSCD018, 019; treatment 0: not given */
    uint32_t month;          /* yyyymm */
    struct day from, until;
    struct institution_code institution; /* 0: any */
    uint32_t self_pay_yen;
    struct str issue_number, contact;
};

/* Days not given are DAY_NONE; `lost` not given is open. Covered: start ≤ day < lost. */
struct coverage {
    struct day start, lost;
    struct day issued, card_from, card_until;
    uint8_t loss_reason;              /* OQSCD008; 0: none */
    uint8_t class;                    /* enum card_class, OQSCD010 */
    uint8_t sex, other_sex, relation; /* OQSCD007, 009; 0: none */
    uint8_t ratio;                    /* percent as registered, or RATIO_NONE */
    uint8_t elderly_count, limit_count, disease_count, ticket_count;
    int64_t recorded_s; /* when this was recorded, Unix seconds; not part of what the insurer said */
    struct str name, kana, other_name, other_kana, head, post, address, welfare_office;
    const struct elderly_certificate *elderly;
    const struct limit_certificate *limits;
    const struct disease_certificate *diseases;
    const struct medical_ticket *tickets;
};

struct member {
    struct insurer_number insurer;
    struct insured_id id;
    struct day birth;
    uint8_t pseudonym[16];          /* keyed by the vault; what the log knows the person by */
    uint8_t link[16];               /* of a confirmed link to a resident; zeros: none */
    const struct coverage *periods; /* newest start first */
    size_t period_count;
};

static inline bool coverage_on(const struct coverage *c, struct day on) {
    return day_until(c->start, on) && (!day_is(c->lost) || day_before(on, c->lost));
}
/* from ≤ on ≤ until, without `until` open. */
static inline bool certificate_on(struct day from, struct day until, struct day on) {
    return day_is(from) && day_until(from, on) && (!day_is(until) || day_until(on, until));
}
/* The 高齢受給者証 in force on the day, or NULL; two never overlap. */
const struct elderly_certificate *coverage_elderly_on(const struct coverage *c, struct day on);
bool member_linked(const struct member *m);
/* A period with every optional field absent. */
struct coverage coverage_empty(void);

#endif
