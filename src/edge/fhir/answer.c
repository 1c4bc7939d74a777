#include "edge/fhir/systems.h"
#include "edge/fhir/writing.h"

static void put_uuid(struct buf *out, const uint8_t id[AUDIT_ID_BYTES]) {
    static const unsigned cuts[] = {4, 6, 8, 10, 16};
    for (size_t i = 0, from = 0; i < ARRAY_LEN(cuts); from = cuts[i++]) {
        if (i) buf_putc(out, '-');
        buf_hex(out, str_of(id + from, cuts[i] - from));
    }
}

static void put_extensions(struct buf *out, const struct verdict *v) {
    PUT(out, "\"extension\":[{\"url\":\"" MADO_EXTENSION "validity\",\"valueCoding\":");
    fhir_put_code(out, CODES_VALIDITY, str_c(code_one(v->validity).text));
    for (unsigned w = 0; w < WARNING_COUNT; w++) {
        if (!verdict_warns(v, w)) continue;
        PUT(out, "},{\"url\":\"" MADO_EXTENSION "warning\",\"valueCoding\":{\"system\":\"" MADO_CODESYSTEM
                 "warning\",\"code\":\"");
        buf_puts(out, warning_info(w)->code);
        PUT(out, "\",\"display\":");
        buf_json(out, str_c(warning_info(w)->ja));
        buf_putc(out, '}');
    }
    PUT(out, "}]");
}

static void put_header(struct buf *out, const struct fhir_request *r, const struct answer *a) {
    PUT(out, ",\"identifier\":[{\"system\":\"urn:ietf:rfc:3986\",\"value\":\"urn:uuid:");
    put_uuid(out, a->event_id);
    PUT(out, "\"}],\"status\":\"active\",\"purpose\":[");
    if (r->validation || !r->benefits) PUT(out, "\"validation\"");
    if (r->benefits) buf_put(out, r->validation ? S(",\"benefits\"") : S("\"benefits\""));
    buf_putc(out, ']');
    /* A reference that says it has nothing to say: the person is not known here. */
    if (a->verdict.member) PUT(out, ",\"patient\":{\"reference\":\"#patient\"}");
    else PUT(out, ",\"patient\":{\"extension\":[{\"url\":\"" ABSENT_REASON "\",\"valueCode\":\"unknown\"}]}");
    fhir_put_day(out, S(",\"servicedDate\":"), a->question.on);
    PUT(out, ",\"created\":\"");
    time_put_japan_iso(out, a->answered_us);
    buf_putc(out, '"');
    if (a->question.institution.n == 0) return;
    PUT(out, ",\"requestor\":{\"identifier\":");
    fhir_put_institution(out, a->question.institution);
    buf_putc(out, '}');
}

static void put_request(struct buf *out, const struct fhir_request *r) {
    PUT(out, ",\"request\":{\"type\":\"CoverageEligibilityRequest\"");
    if (str_empty(r->identifier_value)) {
        PUT(out, ",\"display\":\"$submit\"}");
        return;
    }
    PUT(out, ",\"identifier\":{");
    if (!str_empty(r->identifier_system)) {
        PUT(out, "\"system\":");
        buf_json(out, r->identifier_system);
        buf_putc(out, ',');
    }
    PUT(out, "\"value\":");
    buf_json(out, r->identifier_value);
    PUT(out, "}}");
}

static void put_disposition(struct buf *out, enum validity v) {
    const struct code *c = code_find(CODES_VALIDITY, str_c(code_one(v).text));
    invariant(c != NULL);
    PUT(out, ",\"outcome\":\"complete\",\"disposition\":\"");
    buf_puts(out, c->ja);
    PUT(out, " / ");
    buf_puts(out, c->en);
    buf_putc(out, '"');
}

void fhir_write_answer(struct buf *out, const struct fhir_request *r, const struct answer *a) {
    const struct verdict *v = &a->verdict;
    invariant((v->member == NULL) == (v->validity == VALIDITY_NONE || v->validity == VALIDITY_SEVERAL));
    PUT(out, "{\"resourceType\":\"CoverageEligibilityResponse\",\"language\":\"ja\",");
    if (v->member) {
        PUT(out, "\"contained\":[");
        fhir_put_people(out, a);
        PUT(out, "],");
    }
    put_extensions(out, v);
    put_header(out, r, a);
    put_request(out, r);
    put_disposition(out, v->validity);
    if (v->member) {
        PUT(out, ",\"insurer\":{\"reference\":\"#insurer\"}");
        fhir_put_insurance(out, a);
    } else {
        PUT(out, ",\"insurer\":{\"identifier\":"); /* as asked: the answer adds nothing to it */
        fhir_put_insurer(out, a->question.insurer);
        buf_putc(out, '}');
    }
    if (v->validity == VALIDITY_NEWER || v->validity == VALIDITY_NONE || v->validity == VALIDITY_SEVERAL) {
        PUT(out, ",\"error\":[{\"code\":{\"coding\":[");
        fhir_put_code(out, CODES_VALIDITY, str_c(code_one(v->validity).text));
        PUT(out, "]}}]");
    }
    PUT(out, "}\n");
}
