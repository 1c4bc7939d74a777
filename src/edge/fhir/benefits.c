/* insurance[] of an answer: whether the coverage is in force on the day, and one item for the share and for each certificate. */
#include "edge/fhir/systems.h"
#include "edge/fhir/writing.h"

static void open_item(struct buf *out, bool *first) {
    buf_put(out, *first ? S(",\"item\":[{") : S(",{"));
    *first = false;
}

#define CATEGORY(code, ja)                                                                                             \
    "\"category\":{\"coding\":[{\"system\":\"" MADO_CODESYSTEM "benefit\",\"code\":\"" code "\",\"display\":\"" ja     \
    "\"}]},\"name\":\"" ja "\""

#define BENEFIT(code)                                                                                                  \
    ",\"benefit\":[{\"type\":{\"coding\":[{\"system\":\"" TERMINOLOGY "benefit-type\",\"code\":\"" code "\"}]},"

static void put_percent(struct buf *out, uint8_t percent) {
    PUT(out, BENEFIT("copay-percent") "\"allowedUnsignedInt\":");
    buf_uint(out, percent);
    PUT(out, "}]");
}

static void put_yen_a_month(struct buf *out, uint32_t yen) {
    PUT(out, ",\"term\":{\"coding\":[{\"system\":\"" MADO_CODESYSTEM
             "benefit\",\"code\":\"month\",\"display\":\"一か月\"}]}");
    PUT(out, BENEFIT("copay-maximum") "\"allowedMoney\":{\"value\":");
    buf_uint(out, yen);
    PUT(out, ",\"currency\":\"JPY\"}}]");
}

static void next_extension(struct buf *out, bool *any, struct str url_and_value) {
    buf_put(out, *any ? S(",{\"url\":\"") : S("\"extension\":[{\"url\":\""));
    buf_put(out, url_and_value);
    *any = true;
}

static void put_certificate_days(struct buf *out, struct day from, struct day until, struct day issued, bool *any) {
    if (day_is(from) || day_is(until)) {
        next_extension(out, any, S(MADO_EXTENSION "certificate-period\",\"valuePeriod\":"));
        fhir_put_period(out, from, until);
        buf_putc(out, '}');
    }
    if (!day_is(issued)) return;
    next_extension(out, any, S(MADO_EXTENSION "certificate-issued\""));
    fhir_put_day(out, S(",\"valueDate\":"), issued);
    buf_putc(out, '}');
}

static void close_extensions(struct buf *out, bool any) {
    if (any) PUT(out, "],");
}

/* What kind of certificate: one code, or two of different tables (ces-1 of R4 forbids productOrService beside a category). */
static void put_modifiers(struct buf *out, enum code_table table, struct str value, enum code_table other,
                          struct str other_value) {
    PUT(out, ",\"modifier\":[{\"coding\":[");
    fhir_put_code(out, table, value);
    if (!str_empty(other_value)) {
        PUT(out, "]},{\"coding\":[");
        fhir_put_code(out, other, other_value);
    }
    PUT(out, "]}]");
}

static void put_elderly(struct buf *out, const struct elderly_certificate *e, bool *first) {
    bool any = false;
    open_item(out, first);
    put_certificate_days(out, e->from, e->until, e->issued, &any);
    close_extensions(out, any);
    PUT(out, CATEGORY("elderly-certificate", "高齢受給者証"));
    put_percent(out, e->ratio);
    buf_putc(out, '}');
}

static void put_limit(struct buf *out, const struct limit_certificate *l, bool *first) {
    bool any = false;
    open_item(out, first);
    put_certificate_days(out, l->from, l->until, l->issued, &any);
    if (day_is(l->long_term)) {
        next_extension(out, &any, S(MADO_EXTENSION "limit-long-term\""));
        fhir_put_day(out, S(",\"valueDate\":"), l->long_term);
        buf_putc(out, '}');
    }
    close_extensions(out, any);
    PUT(out, CATEGORY("limit-certificate", "限度額適用認定証"));
    put_modifiers(out, CODES_LIMIT_CLASS, str_c(code_two(l->class).text), CODES_LIMIT_CATEGORY, str_c(l->category));
    buf_putc(out, '}');
}

static void put_disease(struct buf *out, const struct disease_certificate *s, bool *first) {
    bool any = false;
    open_item(out, first);
    put_certificate_days(out, s->from, s->until, s->issued, &any);
    close_extensions(out, any);
    PUT(out, CATEGORY("specific-disease", "特定疾病療養受療証"));
    put_modifiers(out, CODES_DISEASE, str_c(code_one(s->disease).text), CODES_DISEASE, S(""));
    put_yen_a_month(out, s->self_pay_yen);
    buf_putc(out, '}');
}

static void put_ticket(struct buf *out, const struct medical_ticket *t, bool *first) {
    bool any = false;
    open_item(out, first);
    put_certificate_days(out, t->from, t->until, DAY_NONE, &any);
    next_extension(out, &any, S(MADO_EXTENSION "ticket-month\",\"valueDate\":\""));
    buf_uint_pad(out, t->month / 100, 4);
    buf_putc(out, '-');
    buf_uint_pad(out, t->month % 100, 2);
    PUT(out, "\"}");
    if (!str_empty(t->issue_number)) {
        next_extension(out, &any, S(MADO_EXTENSION "ticket-number\",\"valueString\":"));
        buf_json(out, t->issue_number);
        buf_putc(out, '}');
    }
    if (!str_empty(t->contact)) {
        next_extension(out, &any, S(MADO_EXTENSION "ticket-contact\",\"valueString\":"));
        buf_json(out, t->contact);
        buf_putc(out, '}');
    }
    close_extensions(out, any);
    PUT(out, CATEGORY("medical-ticket", "医療券・調剤券"));
    put_modifiers(out, CODES_TICKET_TYPE, str_c(code_two(t->type).text), CODES_TREATMENT,
                  t->treatment ? str_c(code_two(t->treatment).text) : S(""));
    if (t->institution.n) {
        PUT(out, ",\"provider\":{\"identifier\":");
        fhir_put_institution(out, t->institution);
        buf_putc(out, '}');
    }
    put_yen_a_month(out, t->self_pay_yen);
    buf_putc(out, '}');
}

static void put_copay(struct buf *out, const struct verdict *v, bool *first) {
    if (v->ratio == RATIO_NONE) return;
    open_item(out, first);
    PUT(out, CATEGORY("copay", "一部負担金"));
    if (v->preschool)
        PUT(out, ",\"modifier\":[{\"coding\":[{\"system\":\"" MADO_CODESYSTEM
                 "benefit\",\"code\":\"preschool\",\"display\":\"未就学\"}]}]");
    put_percent(out, v->ratio);
    buf_putc(out, '}');
}

void fhir_put_insurance(struct buf *out, const struct answer *a) {
    const struct verdict *v = &a->verdict;
    const struct coverage *c = v->coverage;
    bool first = true;
    PUT(out, ",\"insurance\":[{\"coverage\":{\"reference\":\"#coverage\"},\"inforce\":");
    buf_put(out, verdict_covered(v) ? S("true") : S("false"));
    PUT(out, ",\"benefitPeriod\":");
    fhir_put_period(out, c->start, day_is(c->lost) ? day_add(c->lost, -1) : DAY_NONE);
    put_copay(out, v, &first);
    if (v->elderly) put_elderly(out, v->elderly, &first);
    if (v->limit) put_limit(out, v->limit, &first);
    for (size_t i = 0; i < v->disease_count; i++) put_disease(out, v->diseases[i], &first);
    for (size_t i = 0; i < v->ticket_count; i++) put_ticket(out, v->tickets[i], &first);
    if (!first) buf_putc(out, ']');
    PUT(out, "}]");
}
