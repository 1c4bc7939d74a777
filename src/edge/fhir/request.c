#include "edge/fhir/primitive.h"
#include "edge/fhir/reading.h"
#include "edge/fhir/shape.h"
#include "edge/fhir/systems.h"

#include <stdarg.h>
#include <stdio.h>

enum { ECHO_BYTES_MAX = 256 }; /* of the request's own identifier; a UUID with its system takes 60 */

struct place reading_at(const struct reading *r, size_t contained, const char *format, ...) {
    struct place p;
    int n = contained == NOT_CONTAINED ? snprintf(p.text, sizeof p.text, "%s.", r->path)
                                       : snprintf(p.text, sizeof p.text, "%s.contained[%zu].", r->path, contained);
    va_list args;
    va_start(args, format);
    vsnprintf(p.text + n, sizeof p.text - (size_t)n, format, args);
    va_end(args);
    return p;
}

static struct str text_of(struct json object, const char *name) {
    struct str s = S("");
    return json_str(json_get(object, name), &s) ? s : S("");
}

/* ---- references ---- */

static enum err find_contained(struct reading *r) {
    struct json list = json_get(r->request, "contained");
    if (json_count(list) > FHIR_CONTAINED_MAX)
        return diag_set(r->d, ERR_LIMIT, reading_at(r, NOT_CONTAINED, "contained").text, "at most %d",
                        FHIR_CONTAINED_MAX);
    for (struct json c = json_first(list); !json_none(c); c = json_next(c)) {
        size_t i = r->contained_count++;
        struct str id = text_of(c, "id");
        if (str_empty(id)) return diag_set(r->d, ERR_MISSING, reading_at(r, i, "id").text, NULL);
        for (size_t j = 0; j < i; j++)
            if (str_eq(text_of(r->contained[j], "id"), id))
                return diag_set(r->d, ERR_DUPLICATE, reading_at(r, i, "id").text, NULL);
        r->contained[i] = c;
    }
    return ERR_OK;
}

/* What `reference` names among the contained resources; NOT_CONTAINED when it names none (it has an identifier or a display only). */
static enum err resolve(struct reading *r, struct json reference, const char *type, const char *where, size_t *out) {
    struct str to = text_of(reference, "reference"), says = text_of(reference, "type");
    *out = NOT_CONTAINED;
    if (!str_empty(says) && type && !str_eq(says, str_c(type)))
        return diag_set(r->d, ERR_VALUE, where, "has to refer to a %s", type);
    if (str_empty(to)) return ERR_OK;
    if (to.p[0] != '#')
        return diag_set(r->d, ERR_NOT_SUPPORTED, where,
                        "no resources are kept here: contain it and refer to it as #id, or by its identifier");
    for (size_t i = 0; i < r->contained_count; i++) {
        if (!str_eq(text_of(r->contained[i], "id"), str_skip(to, 1))) continue;
        if (type && !str_eq(text_of(r->contained[i], "resourceType"), str_c(type)))
            return diag_set(r->d, ERR_VALUE, where, "has to refer to a %s", type);
        r->used[i] = true;
        *out = i;
        return ERR_OK;
    }
    return diag_set(r->d, ERR_NOT_FOUND, where, "no contained resource has this id");
}

/* One that has to be contained: the patient and the coverage. */
static enum err resolve_contained(struct reading *r, struct json reference, const char *type, const char *where,
                                  size_t *out) {
    TRY(resolve(r, reference, type, where, out));
    if (*out != NOT_CONTAINED) return ERR_OK;
    return diag_set(r->d, ERR_MISSING, where, "has to refer to a contained %s as #id", type);
}

/* References nobody reads (who typed it, who keeps the patient's record) still have to lead somewhere. */
static enum err follow_unread(struct reading *r, struct json reference, const char *where) {
    size_t at = NOT_CONTAINED;
    struct str to = text_of(reference, "reference");
    return str_starts(to, S("#")) ? resolve(r, reference, NULL, where, &at) : ERR_OK;
}

/* ---- the parts ---- */

static enum err read_purposes(struct reading *r, struct fhir_request *out) {
    for (struct json p = json_first(json_get(r->request, "purpose")); !json_none(p); p = json_next(p)) {
        struct str code = S("");
        if (!json_str(p, &code)) continue;
        out->validation |= str_eq(code, S("validation"));
        out->benefits |= str_eq(code, S("benefits"));
    }
    return ERR_OK;
}

static enum err whole_day(struct reading *r, struct json v, const char *where, struct day *out) {
    struct str s = S("");
    if (!json_str(v, &s) || !date_time_day(s, out))
        return diag_set(r->d, ERR_DATE, where, "a whole day is needed: yyyy-mm-dd");
    return ERR_OK;
}

static enum err read_day(struct reading *r, struct question *q) {
    struct json date = json_get(r->request, "servicedDate"), period = json_get(r->request, "servicedPeriod");
    struct place at = reading_at(r, NOT_CONTAINED, json_none(period) ? "servicedDate" : "servicedPeriod");
    struct day end = DAY_NONE;
    q->on = DAY_NONE;
    if (!json_none(date) && !json_none(period))
        return diag_set(r->d, ERR_DUPLICATE, at.text, "serviced[x] stands twice");
    if (!json_none(date)) return whole_day(r, date, at.text, &q->on);
    if (json_none(period)) return ERR_OK;
    TRY(whole_day(r, json_get(period, "start"), reading_at(r, NOT_CONTAINED, "servicedPeriod.start").text, &q->on));
    TRY(whole_day(r, json_get(period, "end"), reading_at(r, NOT_CONTAINED, "servicedPeriod.end").text, &end));
    if (day_eq(q->on, end)) return ERR_OK;
    return diag_set(r->d, ERR_NOT_SUPPORTED, at.text,
                    "a question is about one day: start and end have to be the same, or use servicedDate");
}

static enum err read_consent(struct reading *r, struct question *q) {
    unsigned seen = 0;
    for (struct json x = json_first(json_get(r->request, "extension")); !json_none(x); x = json_next(x)) {
        if (!str_eq(text_of(x, "url"), S(MADO_EXTENSION "limit-consent"))) continue;
        if (seen++)
            return diag_set(r->d, ERR_DUPLICATE, reading_at(r, NOT_CONTAINED, "extension").text,
                            "limit-consent stands twice");
        if (!json_bool(json_get(x, "valueBoolean"), &q->limit_consent)) q->limit_consent = false;
    }
    return ERR_OK;
}

static enum err read_patient(struct reading *r, size_t at, struct question *q) {
    struct json patient = r->contained[at];
    unsigned n = 0;
    TRY(whole_day(r, json_get(patient, "birthDate"), reading_at(r, at, "birthDate").text, &q->birth));
    for (struct json i = json_first(json_get(patient, "identifier")); !json_none(i); i = json_next(i), n++)
        TRY(offer_identifier(r, i, false, reading_at(r, at, "identifier[%u]", n).text));
    return follow_unread(r, json_get(patient, "managingOrganization"), reading_at(r, at, "managingOrganization").text);
}

/* An organization, contained or by its identifier, in the role of insurer. */
static enum err read_insurer(struct reading *r, struct json reference, const char *where) {
    size_t at = NOT_CONTAINED;
    unsigned n = 0;
    bool oid = false, found = false;
    TRY(resolve(r, reference, "Organization", where, &at));
    struct json identifier = json_get(reference, "identifier");
    if (!json_none(identifier)) {
        found = true;
        TRY(offer_identifier(r, identifier, true, where));
    }
    struct json list = at == NOT_CONTAINED ? (struct json){NULL} : json_get(r->contained[at], "identifier");
    for (struct json i = json_first(list); !json_none(i); i = json_next(i), n++) {
        enum fhir_system s = fhir_system_of(text_of(i, "system"), &oid);
        if (s != FHIR_SYSTEM_INSURER && s != FHIR_SYSTEM_PUBLIC_PAYER) continue;
        found = true;
        TRY(offer_identifier(r, i, false, reading_at(r, at, "identifier[%u].value", n).text));
    }
    if (found && r->has_insurer) return ERR_OK;
    return diag_set(r->d, ERR_MISSING, where, "no identifier with the insurer's number (system %s)",
                    fhir_system_url(FHIR_SYSTEM_INSURER));
}

static enum err read_extensions(struct reading *r, size_t at) {
    static const struct {
        struct str url;
        enum err (*offer)(struct reading *r, struct str text, const char *where);
    } known[] = {
        {{JP_EXTENSION "JP_Coverage_InsuredPersonSymbol", sizeof(JP_EXTENSION "JP_Coverage_InsuredPersonSymbol") - 1},
         offer_symbol},
        {{JP_EXTENSION "JP_Coverage_InsuredPersonNumber", sizeof(JP_EXTENSION "JP_Coverage_InsuredPersonNumber") - 1},
         offer_number},
        {{JP_EXTENSION "JP_Coverage_InsuredPersonSubNumber",
          sizeof(JP_EXTENSION "JP_Coverage_InsuredPersonSubNumber") - 1},
         offer_branch}};
    unsigned n = 0;
    for (struct json x = json_first(json_get(r->contained[at], "extension")); !json_none(x); x = json_next(x), n++)
        for (size_t i = 0; i < ARRAY_LEN(known); i++)
            if (str_eq(known[i].url, text_of(x, "url")))
                TRY(known[i].offer(r, text_of(x, "valueString"),
                                   reading_at(r, at, "extension[%u].valueString", n).text));
    return ERR_OK;
}

/* "記号","番号" as JP Core 1.1.2's example writes it, or a recipient's number alone. */
static enum err read_subscriber_id(struct reading *r, size_t at) {
    struct str s = text_of(r->contained[at], "subscriberId");
    struct place where = reading_at(r, at, "subscriberId");
    if (str_empty(s)) return ERR_OK;
    if (s.p[0] != '"') return offer_number(r, s, where.text);
    struct str symbol = str_cut(&s, ',');
    bool quoted = symbol.n >= 2 && symbol.p[symbol.n - 1] == '"' && s.n > 2 && s.p[0] == '"' && s.p[s.n - 1] == '"';
    if (!quoted) return diag_set(r->d, ERR_VALUE, where.text, "expected \"symbol\",\"number\" in quotes");
    TRY(offer_symbol(r, str_of(symbol.p + 1, symbol.n - 2), where.text));
    return offer_number(r, str_of(s.p + 1, s.n - 2), where.text);
}

static enum err read_coverage(struct reading *r, size_t at, size_t patient) {
    struct json coverage = r->contained[at], payors = json_get(coverage, "payor");
    size_t beneficiary = NOT_CONTAINED;
    unsigned n = 0;
    TRY(resolve_contained(r, json_get(coverage, "beneficiary"), "Patient", reading_at(r, at, "beneficiary").text,
                          &beneficiary));
    if (beneficiary != patient)
        return diag_set(r->d, ERR_CONFLICT, reading_at(r, at, "beneficiary").text,
                        "has to be the patient of the request");
    if (json_count(payors) != 1)
        return diag_set(r->d, ERR_NOT_SUPPORTED, reading_at(r, at, "payor").text, "one insurer, no more");
    TRY(read_insurer(r, json_first(payors), reading_at(r, at, "payor[0]").text));
    TRY(read_extensions(r, at));
    for (struct json i = json_first(json_get(coverage, "identifier")); !json_none(i); i = json_next(i), n++)
        TRY(offer_identifier(r, i, true, reading_at(r, at, "identifier[%u]", n).text));
    TRY(read_subscriber_id(r, at));
    struct str dependent = text_of(coverage, "dependent");
    if (!str_empty(dependent)) TRY(offer_branch(r, dependent, reading_at(r, at, "dependent").text));
    if (r->has_number && !str_empty(r->id.number)) return ERR_OK;
    return diag_set(r->d, ERR_MISSING, reading_at(r, at, "identifier").text,
                    "the insured person's number stands nowhere");
}

static enum err one_institution(struct reading *r, struct json identifier, const char *where,
                                struct institution_code *found) {
    struct institution_code code;
    bool oid = false;
    enum fhir_system s = fhir_system_of(text_of(identifier, "system"), &oid);
    if (s != FHIR_SYSTEM_INSTITUTION && s != FHIR_SYSTEM_INSTITUTION_NOTES) return ERR_OK;
    if (institution_code_parse(text_of(identifier, "value"), &code) != ERR_OK)
        return diag_set(r->d, ERR_VALUE, where, "an institution's code has 10 digits");
    if (found->n && found->n != code.n)
        return diag_set(r->d, ERR_CONFLICT, where, "another place of the request says otherwise");
    *found = code;
    return ERR_OK;
}

/* Who asks: the certificate says it, and a provider in the request has to say the same. */
static enum err read_provider(struct reading *r, struct institution_code certificate, struct question *q) {
    struct json provider = json_get(r->request, "provider");
    struct institution_code found = {0};
    struct place where = reading_at(r, NOT_CONTAINED, "provider");
    size_t at = NOT_CONTAINED;
    q->institution = certificate;
    if (json_none(provider)) return ERR_OK;
    TRY(resolve(r, provider, "Organization", where.text, &at));
    TRY(one_institution(r, json_get(provider, "identifier"), where.text, &found));
    struct json list = at == NOT_CONTAINED ? (struct json){NULL} : json_get(r->contained[at], "identifier");
    for (struct json i = json_first(list); !json_none(i); i = json_next(i))
        TRY(one_institution(r, i, where.text, &found));
    if (found.n == 0)
        return diag_set(r->d, ERR_MISSING, where.text, "no identifier of system %s",
                        fhir_system_url(FHIR_SYSTEM_INSTITUTION));
    if (certificate.n && certificate.n != found.n) return diag_set(r->d, ERR_INSTITUTION, where.text, NULL);
    q->institution = found;
    return ERR_OK;
}

static enum err read_echo(struct reading *r, struct fhir_request *out) {
    struct json first = json_first(json_get(r->request, "identifier"));
    out->identifier_system = text_of(first, "system");
    out->identifier_value = text_of(first, "value");
    if (out->identifier_system.n <= ECHO_BYTES_MAX && out->identifier_value.n <= ECHO_BYTES_MAX) return ERR_OK;
    return diag_set(r->d, ERR_LIMIT, reading_at(r, NOT_CONTAINED, "identifier[0]").text, "at most %d bytes",
                    ECHO_BYTES_MAX);
}

static enum err all_used(struct reading *r) {
    for (size_t i = 0; i < r->contained_count; i++) {
        if (r->used[i]) continue;
        struct place p = reading_at(r, i, "id");
        return diag_set(r->d, ERR_UNKNOWN, p.text, "nothing in the request refers to this contained resource");
    }
    return ERR_OK;
}

static enum err read_request(struct reading *r, struct institution_code certificate, struct fhir_request *out) {
    size_t patient = NOT_CONTAINED, coverage = NOT_CONTAINED;
    struct json insurances = json_get(r->request, "insurance");
    TRY(find_contained(r));
    TRY(read_provider(r, certificate, &out->question));
    TRY(read_purposes(r, out));
    TRY(read_day(r, &out->question));
    TRY(read_consent(r, &out->question));
    TRY(read_echo(r, out));
    TRY(follow_unread(r, json_get(r->request, "enterer"), reading_at(r, NOT_CONTAINED, "enterer").text));
    TRY(read_insurer(r, json_get(r->request, "insurer"), reading_at(r, NOT_CONTAINED, "insurer").text));
    TRY(resolve_contained(r, json_get(r->request, "patient"), "Patient", reading_at(r, NOT_CONTAINED, "patient").text,
                          &patient));
    TRY(read_patient(r, patient, &out->question));
    if (json_count(insurances) != 1)
        return diag_set(r->d, ERR_NOT_SUPPORTED, reading_at(r, NOT_CONTAINED, "insurance").text,
                        "one question is about one coverage");
    TRY(resolve_contained(r, json_get(json_first(insurances), "coverage"), "Coverage",
                          reading_at(r, NOT_CONTAINED, "insurance[0].coverage").text, &coverage));
    TRY(read_coverage(r, coverage, patient));
    return all_used(r);
}

enum err fhir_read_request(struct arena *a, struct str body, struct institution_code certificate,
                           struct fhir_request *out, struct diag *d) {
    struct json root;
    struct str type = S("");
    struct reading r = {.path = "CoverageEligibilityRequest", .d = d, .id.branch = BRANCH_NONE};
    *out = (struct fhir_request){0};
    if (body.n > FHIR_REQUEST_MAX)
        return diag_set(d, ERR_LIMIT, "", "a request has at most %d bytes", FHIR_REQUEST_MAX);
    TRY(json_read(a, body, &root, d));
    TRY(shape_check(root, d));
    r.request = root;
    if (json_str(json_get(root, "resourceType"), &type) && str_eq(type, S("Parameters"))) {
        struct json parameters = json_get(root, "parameter");
        if (json_count(parameters) != 1)
            return diag_set(d, ERR_DUPLICATE, "Parameters.parameter[1]", "one resource is asked about");
        r.request = json_get(json_first(parameters), "resource");
        r.path = "Parameters.parameter[0].resource";
    }
    TRY(read_request(&r, certificate, out));
    out->question.insurer = r.insurer;
    out->question.id = r.id;
    return ERR_OK;
}
