#include "edge/insurer_file/field.h"

#include "base/utf8.h"
#include "core/codes.h"

enum { YEN_MAX = 99999999, SHARE_ALL = 100 };

#define FIELD(name, kind, place, limit) {name, FIELD_##kind, offsetof(struct insurer_line, place), limit, false},
static const struct field fields[] = {
#include "edge/insurer_file/field.def"
};
#undef FIELD

#define LIST_FIELD(list, item, name, kind, place, limit, must)                                                         \
    {name, FIELD_##kind, offsetof(struct item, place), limit, must},
static const struct field nested[] = {
#include "edge/insurer_file/list_field.def"
};
#undef LIST_FIELD
#define LIST_FIELD(list, item, name, kind, place, limit, must) {FIELD_##list, sizeof(struct item)},
static const struct {
    enum field_kind list;
    size_t item_size;
} nested_in[ARRAY_LEN(nested)] = {
#include "edge/insurer_file/list_field.def"
};
#undef LIST_FIELD

const struct field *line_fields(size_t *count) {
    *count = ARRAY_LEN(fields);
    return fields;
}

const struct field *list_fields(enum field_kind list, size_t *count, size_t *item_size) {
    size_t first = 0;
    while (nested_in[first].list != list) invariant(++first < ARRAY_LEN(nested));
    *item_size = nested_in[first].item_size;
    for (*count = 0; first + *count < ARRAY_LEN(nested) && nested_in[first + *count].list == list;) ++*count;
    return &nested[first];
}

/* ---- values ---- */

static enum err text(struct str value, size_t characters, struct str *out) {
    for (size_t i = 0; i < value.n; i++) {
        unsigned char c = (unsigned char)value.p[i], next = i + 1 < value.n ? (unsigned char)value.p[i + 1] : 0;
        if (c < 0x20 || c == 0x7f || (c == 0xc2 && next < 0xa0))
            return ERR_VALUE; /* either set of control characters */
    }
    if (value.n > characters && utf8_length(value) > characters) return ERR_LIMIT;
    *out = value;
    return ERR_OK;
}

/* "03" → 3, "A1" → 0xA1: codes are one number (coverage.h). */
static enum err code(struct str value, enum code_table table, uint8_t *out) {
    uint64_t n = 0;
    if (!code_known(table, value)) return ERR_CODE;
    if (str_eq(value, S("A1"))) n = CLASS_MEDICAL_AID;
    else if (!str_uint(value, 255, &n)) return ERR_CODE;
    *out = (uint8_t)n;
    return ERR_OK;
}

static enum err post(struct str value, struct str *out) {
    uint64_t digits = 0;
    bool dashed = value.n == 8 && value.p[3] == '-' && str_uint(str_head(value, 3), 999, &digits) &&
                  str_uint(str_skip(value, 4), 9999, &digits);
    if (!dashed && !(value.n == 7 && str_uint(value, 9999999, &digits))) return ERR_VALUE;
    *out = value;
    return ERR_OK;
}

static enum err op(struct str value, enum insurer_op *out) {
    if (str_eq(value, S("put"))) *out = LINE_PUT;
    else if (str_eq(value, S("withdraw"))) *out = LINE_WITHDRAW;
    else if (str_eq(value, S("insurer"))) *out = LINE_INSURER;
    else return ERR_CODE;
    return ERR_OK;
}

static enum err month(struct str value, uint32_t *out) {
    uint64_t n = 0;
    if (value.n != 6 || !str_uint(value, 299912, &n) || n < 190001 || n % 100 < 1 || n % 100 > 12) return ERR_DATE;
    *out = (uint32_t)n;
    return ERR_OK;
}

static enum err category(struct str value, char *out) {
    if (!code_known(CODES_LIMIT_CATEGORY, value)) return ERR_CODE;
    memcpy(out, value.p, 3);
    return ERR_OK;
}

static enum err identifier(struct str value, struct str *out) {
    TRY(insured_part_check(value));
    *out = value;
    return ERR_OK;
}

enum err field_set_text(const struct field *f, struct str value, void *object) {
    void *place = (char *)object + f->offset;
    struct insurer_line *line = object; /* only for fields of the line itself */
    switch (f->kind) {
    case FIELD_OP: return op(value, &line->op);
    case FIELD_INSURER: return insurer_number_parse(value, place);
    case FIELD_IDENTIFIER: return identifier(value, place);
    case FIELD_BRANCH: return value.n == 2 ? branch_parse(value, place) : ERR_VALUE;
    case FIELD_DAY: return day_parse(value, place) ? ERR_OK : ERR_DATE;
    case FIELD_CODE: return code(value, (enum code_table)f->limit, place);
    case FIELD_TEXT: return text(value, f->limit, place);
    case FIELD_POST: return post(value, place);
    case FIELD_MYNUMBER: line->has_mynumber = true; return mynumber_parse(value, place);
    case FIELD_CATEGORY: return category(value, place);
    case FIELD_MONTH: return month(value, place);
    case FIELD_INSTITUTION: return institution_code_parse(value, place);
    default: return ERR_VALUE;
    }
}

enum err field_set_number(const struct field *f, uint64_t value, void *object) {
    void *place = (char *)object + f->offset;
    if (f->kind == FIELD_YEN && value <= YEN_MAX) *(uint32_t *)place = (uint32_t)value;
    else if (f->kind == FIELD_RATIO && (value == 0 || value == 10 || value == 20 || value == 30 || value == 100))
        *(uint8_t *)place = (uint8_t)value;
    else return ERR_VALUE;
    return ERR_OK;
}

void list_item_init(enum field_kind list, void *item) {
    switch (list) {
    case FIELD_ELDERLY:
        *(struct elderly_certificate *)item =
            (struct elderly_certificate){.issued = DAY_NONE, .from = DAY_NONE, .until = DAY_NONE};
        return;
    case FIELD_LIMITS:
        *(struct limit_certificate *)item =
            (struct limit_certificate){.issued = DAY_NONE, .from = DAY_NONE, .until = DAY_NONE, .long_term = DAY_NONE};
        return;
    case FIELD_DISEASES:
        *(struct disease_certificate *)item =
            (struct disease_certificate){.issued = DAY_NONE, .from = DAY_NONE, .until = DAY_NONE};
        return;
    default: *(struct medical_ticket *)item = (struct medical_ticket){.from = DAY_NONE, .until = DAY_NONE}; return;
    }
}

void line_set_list(struct insurer_line *line, enum field_kind list, const void *items, size_t count) {
    struct coverage *c = &line->period;
    uint8_t n = (uint8_t)count;
    switch (list) {
    case FIELD_ELDERLY: c->elderly = items, c->elderly_count = n; return;
    case FIELD_LIMITS: c->limits = items, c->limit_count = n; return;
    case FIELD_DISEASES: c->diseases = items, c->disease_count = n; return;
    default: c->tickets = items, c->ticket_count = n; return;
    }
}

struct insurer_line line_empty(void) {
    return (struct insurer_line){.id = {.branch = BRANCH_NONE}, .birth = DAY_NONE, .period = coverage_empty()};
}

/* ---- what fields of one line promise each other ---- */

static bool saw(uint64_t seen, const char *name) {
    for (size_t i = 0; i < ARRAY_LEN(fields); i++)
        if (strcmp(fields[i].name, name) == 0) return seen >> i & 1;
    invariant(!"a field of the table");
    return false;
}

static enum err need(uint64_t seen, const char *const *names, size_t n, struct diag *d) {
    for (size_t i = 0; i < n; i++)
        if (!saw(seen, names[i])) return diag_set(d, ERR_MISSING, names[i], NULL);
    return ERR_OK;
}

static enum err nothing_else(uint64_t seen, const char *const *names, size_t n, struct diag *d) {
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        bool named = strcmp(fields[i].name, "op") == 0 || !(seen >> i & 1);
        for (size_t k = 0; k < n; k++) named |= strcmp(fields[i].name, names[k]) == 0;
        if (!named)
            return diag_set(d, ERR_CONFLICT, fields[i].name,
                            "保険者自身の行にはありません / it does not belong to an insurer's own line");
    }
    return ERR_OK;
}

static enum err check_lists(const struct coverage *c, struct diag *d) {
    for (size_t i = 0; i < c->elderly_count; i++) {
        const struct elderly_certificate *e = &c->elderly[i];
        if (day_before(e->until, e->from))
            return diag_set(d, ERR_DATE, "elderly.until", "始まりの日より前 / before from");
        if (e->ratio == 0 || e->ratio == SHARE_ALL) return diag_set(d, ERR_VALUE, "elderly.ratio", NULL);
        for (size_t o = 0; o < i; o++)
            if (day_until(c->elderly[o].from, e->until) && day_until(e->from, c->elderly[o].until))
                return diag_set(d, ERR_OVERLAP, "elderly", "高齢受給者証の期間どうし / two elderly certificates");
    }
    for (size_t i = 0; i < c->limit_count; i++)
        if (day_is(c->limits[i].until) && day_before(c->limits[i].until, c->limits[i].from))
            return diag_set(d, ERR_DATE, "limit.until", "始まりの日より前 / before from");
    for (size_t i = 0; i < c->disease_count; i++)
        if (day_is(c->diseases[i].until) && day_before(c->diseases[i].until, c->diseases[i].from))
            return diag_set(d, ERR_DATE, "diseases.until", "始まりの日より前 / before from");
    for (size_t i = 0; i < c->ticket_count; i++)
        if (day_is(c->tickets[i].from) && day_is(c->tickets[i].until) &&
            day_before(c->tickets[i].until, c->tickets[i].from))
            return diag_set(d, ERR_DATE, "tickets.until", "始まりの日より前 / before from");
    return ERR_OK;
}

static enum err check_scheme(const struct insurer_line *line, struct diag *d) {
    const struct coverage *c = &line->period;
    bool aid = c->class == CLASS_MEDICAL_AID;
    if (aid != insurer_is_medical_aid(line->insurer))
        return diag_set(d, ERR_CONFLICT, "class",
                        "区分 A1 は法別 12 だけのものです / A1 goes with insurers of law 12, and only with them");
    if (!aid && c->ticket_count)
        return diag_set(d, ERR_CONFLICT, "tickets", "区分 A1 だけにあります / only with class A1");
    if (!aid && c->welfare_office.n)
        return diag_set(d, ERR_CONFLICT, "welfare_office", "区分 A1 だけにあります / only with class A1");
    if (insurer_is_elderly(line->insurer) && c->ratio == RATIO_NONE) return diag_set(d, ERR_MISSING, "ratio", NULL);
    if (c->ratio == SHARE_ALL && c->class != CLASS_SPECIAL_EXPENSE)
        return diag_set(d, ERR_CONFLICT, "ratio", "100 は区分 05 だけです / 100 only with class 05");
    if (c->ratio == 0 && !aid) return diag_set(d, ERR_CONFLICT, "ratio", "0 は区分 A1 だけです / 0 only with class A1");
    return ERR_OK;
}

static enum err check_days(const struct insurer_line *line, struct diag *d) {
    const struct coverage *c = &line->period;
    if (day_before(c->start, line->birth)) return diag_set(d, ERR_DATE, "start", "生年月日より前 / before birth");
    if (day_is(c->lost) && !day_before(c->start, c->lost))
        return diag_set(d, ERR_DATE, "lost", "取得日より後ではない / not after start");
    if (day_is(c->lost) && c->loss_reason == 0) return diag_set(d, ERR_MISSING, "loss_reason", NULL);
    if (!day_is(c->lost) && c->loss_reason)
        return diag_set(d, ERR_CONFLICT, "loss_reason", "喪失日がない / without lost");
    if (day_is(c->card_from) && day_is(c->card_until) && day_before(c->card_until, c->card_from))
        return diag_set(d, ERR_DATE, "card_until", "始まりの日より前 / before card_from");
    return ERR_OK;
}

enum err line_check(const struct insurer_line *line, uint64_t seen, struct diag *d) {
    static const char *const key[] = {"insurer", "number", "birth", "start"}, *const put[] = {"name", "sex"};
    static const char *const of_insurer[] = {"insurer", "name"};
    if (line->op == LINE_INSURER) {
        TRY(need(seen, of_insurer, ARRAY_LEN(of_insurer), d));
        return nothing_else(seen, of_insurer, ARRAY_LEN(of_insurer), d);
    }
    TRY(need(seen, key, ARRAY_LEN(key), d));
    if (line->op == LINE_WITHDRAW) return ERR_OK;
    TRY(need(seen, put, ARRAY_LEN(put), d));
    TRY(check_days(line, d));
    TRY(check_lists(&line->period, d));
    return check_scheme(line, d);
}

enum err unknown_field(struct diag *d, struct str name) {
    bool plain = name.n > 0 && name.n <= 32;
    for (size_t i = 0; plain && i < name.n; i++)
        plain = (name.p[i] >= 'a' && name.p[i] <= 'z') || (name.p[i] >= 'A' && name.p[i] <= 'Z') || name.p[i] == '_';
    return plain ? diag_set(d, ERR_UNKNOWN, "", "%.*s", (int)name.n, name.p) : diag_set(d, ERR_UNKNOWN, "", NULL);
}
