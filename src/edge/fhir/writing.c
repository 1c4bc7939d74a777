#include "edge/fhir/writing.h"

#include "edge/fhir/systems.h"

#include <stdio.h>

void fhir_put_day(struct buf *out, struct str name, struct day d) {
    if (!day_is(d)) return;
    buf_put(out, name);
    buf_putc(out, '"');
    day_put_iso(out, d);
    buf_putc(out, '"');
}

void fhir_put_text(struct buf *out, struct str name, struct str s) {
    if (str_empty(s)) return;
    buf_put(out, name);
    buf_json(out, s);
}

void fhir_put_period(struct buf *out, struct day from, struct day until) {
    buf_putc(out, '{');
    fhir_put_day(out, S("\"start\":"), from);
    fhir_put_day(out, day_is(from) ? S(",\"end\":") : S("\"end\":"), until);
    buf_putc(out, '}');
}

#define OQS(table, name, en)                                                                                           \
    case CODES_##table:                                                                                                \
        return (struct str){MADO_CODESYSTEM name, sizeof(MADO_CODESYSTEM name) - 1};
#define OWN(name, ja, en)
#define ROW(system, code, ja, en)
#define WARNINGS(name, en)
#define ERRORS(name, en)
static struct str system_of(enum code_table table) {
    switch (table) {
#include "edge/fhir/code_systems.def"
    default: break;
    }
    invariant(!"a code table without a CodeSystem");
    return S("");
}
#undef OQS
#undef OWN
#undef ROW
#undef WARNINGS
#undef ERRORS

void fhir_put_code(struct buf *out, enum code_table table, struct str value) {
    const struct code *c = code_find(table, value);
    PUT(out, "{\"system\":\"");
    buf_put(out, system_of(table));
    PUT(out, "\",\"code\":");
    buf_json(out, value);
    if (c) fhir_put_text(out, S(",\"display\":"), str_c(c->ja));
    buf_putc(out, '}');
}

struct code_text code_two(unsigned code) {
    struct code_text t;
    if (code == CLASS_MEDICAL_AID) snprintf(t.text, sizeof t.text, "A1");
    else snprintf(t.text, sizeof t.text, "%02u", code % 100);
    return t;
}

struct code_text code_one(unsigned code) {
    struct code_text t;
    snprintf(t.text, sizeof t.text, "%u", code % 100);
    return t;
}

void fhir_put_institution(struct buf *out, struct institution_code i) {
    PUT(out, "{\"system\":\"");
    buf_puts(out, fhir_system_url(FHIR_SYSTEM_INSTITUTION));
    PUT(out, "\",\"value\":\"");
    institution_code_put(out, i);
    PUT(out, "\"}");
}

void fhir_put_insurer(struct buf *out, struct insurer_number i) {
    PUT(out, "{\"system\":\"");
    buf_puts(out, fhir_system_url(insurer_is_medical_aid(i) ? FHIR_SYSTEM_PUBLIC_PAYER : FHIR_SYSTEM_INSURER));
    PUT(out, "\",\"value\":\"");
    insurer_number_put(out, i);
    PUT(out, "\"}");
}
