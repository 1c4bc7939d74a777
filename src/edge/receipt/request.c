#include "edge/receipt/request.h"

#include "base/utf8.h"
#include "core/codes.h"

#define KIND(name, prefix, path, ja)                                                                                   \
    {{prefix, sizeof(prefix) - 1},                                                                                     \
     {prefix "req", sizeof(prefix "req") - 1},                                                                         \
     {prefix "res", sizeof(prefix "res") - 1},                                                                         \
     path,                                                                                                             \
     ja},
static const struct message_kind_info kinds[MESSAGE_KINDS] = {
#include "edge/receipt/kind.def"
};
#undef KIND

const struct message_kind_info *message_kind_info(enum message_kind k) {
    invariant((unsigned)k < MESSAGE_KINDS);
    return &kinds[k];
}

/* ---- one value each; `of` is the element that holds it ---- */

static enum err fault(struct diag *d, enum err e, const struct tree *of, const char *name, const char *detail) {
    const struct tree *t = tree_child(of, str_c(name));
    return t ? tree_fault(d, e, t, NULL, detail) : tree_fault(d, e, of, name, detail);
}

static enum err need(const struct tree *of, const char *name, struct str *out, struct diag *d) {
    *out = tree_text(of, str_c(name));
    return out->n ? ERR_OK : fault(d, ERR_MISSING, of, name, NULL);
}

static bool has_control(struct str s) {
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f) return true;
    return false;
}

/* Free text that is given back as it came: not too long, no control characters. */
static enum err free_text(const struct tree *of, const char *name, size_t characters_max, struct str *out,
                          struct diag *d) {
    *out = tree_text(of, str_c(name));
    if (utf8_length(*out) > characters_max) return fault(d, ERR_LIMIT, of, name, NULL);
    return has_control(*out) ? fault(d, ERR_VALUE, of, name, "a control character") : ERR_OK;
}

static enum err read_insurer(const struct tree *of, struct insurer_number *out, struct diag *d) {
    struct str s;
    TRY(need(of, "InsurerNumber", &s, d));
    enum err e = insurer_number_parse(s, out);
    return e == ERR_OK ? e : fault(d, e, of, "InsurerNumber", NULL);
}

static enum err read_part(const struct tree *of, const char *name, struct str *out, struct diag *d) {
    *out = tree_text(of, str_c(name));
    enum err e = insured_part_check(*out);
    return e == ERR_OK ? e : fault(d, e, of, name, NULL);
}

static enum err read_id(const struct tree *of, struct insured_id *id, struct diag *d) {
    TRY(read_part(of, "InsuredCardSymbol", &id->symbol, d));
    TRY(read_part(of, "InsuredIdentificationNumber", &id->number, d));
    if (id->number.n == 0) return fault(d, ERR_MISSING, of, "InsuredIdentificationNumber", NULL);
    enum err e = branch_parse(tree_text(of, S("InsuredBranchNumber")), &id->branch);
    return e == ERR_OK ? e : fault(d, e, of, "InsuredBranchNumber", NULL);
}

static enum err read_day(const struct tree *of, const char *name, struct day *out, struct diag *d) {
    struct str s = tree_text(of, str_c(name));
    *out = DAY_NONE;
    if (s.n == 0) return ERR_OK;
    return day_parse_basic(s, out) ? ERR_OK : fault(d, ERR_DATE, of, name, "a day is written yyyyMMdd");
}

/* ---- a question ---- */

static enum err read_unit(const struct tree *of, const struct request *r, struct unit *u) {
    struct diag *d = &u->diag;
    struct str consent = tree_text(of, S("LimitApplicationCertificateRelatedConsFlg"));
    u->as_sent = of;
    u->question = (struct question){.on = r->on, .institution = r->institution, .birth = DAY_NONE};
    u->question.id.branch = BRANCH_NONE;
    TRY(free_text(of, "ArbitraryIdentifier", IDENTIFIER_CHARACTERS, &u->identifier, d));
    TRY(free_text(of, "ReferenceNumber", REFERENCE_CHARACTERS, &u->reference_number, d));
    if (consent.n && !code_known(CODES_LIMIT_CONSENT, consent))
        return fault(d, ERR_CODE, of, "LimitApplicationCertificateRelatedConsFlg", "0 or 1");
    u->question.limit_consent = str_eq(consent, S("1"));
    if (u->reference_number.n && tree_child(of, S("InsurerNumber")) == NULL) return ERR_OK;
    u->reference_number = S("");
    TRY(read_insurer(of, &u->question.insurer, d));
    TRY(read_id(of, &u->question.id, d));
    TRY(read_day(of, "Birthdate", &u->question.birth, d));
    return day_is(u->question.birth) ? ERR_OK : fault(d, ERR_MISSING, of, "Birthdate", NULL);
}

static enum err read_registration(const struct tree *of, struct registration *g) {
    struct diag *d = &g->diag;
    g->as_sent = of;
    g->id.branch = BRANCH_NONE;
    TRY(free_text(of, "ArbitraryIdentifier", IDENTIFIER_CHARACTERS, &g->identifier, d));
    TRY(free_text(of, "ReferenceNumber", REFERENCE_CHARACTERS, &g->reference_number, d));
    if (g->reference_number.n == 0) return fault(d, ERR_MISSING, of, "ReferenceNumber", NULL);
    TRY(read_insurer(of, &g->insurer, d));
    return read_id(of, &g->id, d);
}

/* ---- many ---- */

/* Elements that may stand bare in MessageBody or one in each BulkConfirmUnit. */
struct each {
    const struct tree *at; /* child of MessageBody */
    struct str name;
};

static const struct tree *inner(const struct each *e) {
    if (e->at == NULL) return NULL;
    if (str_eq(e->at->name, e->name)) return e->at;
    if (!str_eq(e->at->name, S("BulkConfirmUnit"))) return NULL;
    const struct tree *t = tree_child(e->at, e->name);
    return t ? t : e->at; /* the fault then names the unit */
}

static const struct tree *each_next(struct each *e) {
    const struct tree *t = NULL;
    while (e->at && (t = inner(e)) == NULL) e->at = e->at->next;
    if (e->at) e->at = e->at->next;
    return t;
}

static enum err count_each(const struct tree *body, const char *name, size_t max, size_t *count, struct diag *d) {
    struct each e = {body ? body->first : NULL, str_c(name)};
    for (*count = 0; each_next(&e); ++*count)
        if (*count == max) return tree_fault(d, ERR_LIMIT, body, name, "too many for one message");
    return *count ? ERR_OK : fault(d, ERR_MISSING, body, name, NULL);
}

static enum err read_units(struct arena *a, const struct tree *body, size_t max, struct request *r, struct diag *d) {
    struct each e = {body->first, S("QualificationConfirmSearchInfo")};
    size_t n;
    TRY(count_each(body, "QualificationConfirmSearchInfo", max, &n, d));
    r->units = arena_new(a, n * sizeof *r->units);
    if (r->units == NULL) return diag_set(d, ERR_MEMORY, NULL, NULL);
    r->unit_count = n;
    for (size_t i = 0; i < n; i++) r->units[i].err = read_unit(each_next(&e), r, &r->units[i]);
    if (max > 1 || r->units->err == ERR_OK) return ERR_OK;
    if (d) *d = r->units->diag;
    return r->units->err;
}

static enum err read_registrations(struct arena *a, const struct tree *body, size_t max, struct request *r,
                                   struct diag *d) {
    struct each e = {body->first, S("ReferenceNumberRegistrationInfo")};
    size_t n;
    TRY(count_each(body, "ReferenceNumberRegistrationInfo", max, &n, d));
    r->registrations = arena_new(a, n * sizeof *r->registrations);
    if (r->registrations == NULL) return diag_set(d, ERR_MEMORY, NULL, NULL);
    r->registration_count = n;
    for (size_t i = 0; i < n; i++) r->registrations[i].err = read_registration(each_next(&e), &r->registrations[i]);
    if (max > 1 || r->registrations->err == ERR_OK) return ERR_OK;
    if (d) *d = r->registrations->diag;
    return r->registrations->err;
}

static enum err read_header(const struct tree *message, struct request *r, struct diag *d) {
    const struct tree *header = tree_child(message, S("MessageHeader"));
    struct str institution, attest = tree_text(header, S("AttestationFlag"));
    if (header == NULL) return tree_fault(d, ERR_MISSING, message, "MessageHeader", NULL);
    TRY(free_text(header, "ArbitraryFileIdentifier", IDENTIFIER_CHARACTERS, &r->file_identifier, d));
    TRY(need(header, "MedicalInstitutionCode", &institution, d));
    enum err e = institution_code_parse(institution, &r->institution);
    if (e != ERR_OK) return fault(d, e, header, "MedicalInstitutionCode", NULL);
    r->attest = str_eq(attest, S("1"));
    if (attest.n && !r->attest && !str_eq(attest, S("0")))
        return fault(d, ERR_CODE, header, "AttestationFlag", "0 or 1");
    return read_day(header, "QualificationConfirmationDate", &r->on, d);
}

enum err request_read(struct arena *a, const struct tree *message, enum message_kind kind, struct request *out,
                      struct diag *d) {
    *out = (struct request){.kind = kind, .on = DAY_NONE};
    TRY(read_header(message, out, d));
    const struct tree *body = tree_child(message, S("MessageBody"));
    if (body == NULL) return tree_fault(d, ERR_MISSING, message, "MessageBody", NULL);
    switch (kind) {
    case MESSAGE_SINGLE: return read_units(a, body, 1, out, d);
    case MESSAGE_BULK: return read_units(a, body, BULK_UNITS_MAX, out, d);
    case MESSAGE_REGISTER: return read_registrations(a, body, 1, out, d);
    case MESSAGE_REGISTER_BULK: return read_registrations(a, body, BULK_UNITS_MAX, out, d);
    default: break;
    }
    TRY(free_text(body, "ReceptionNumber", RECEPTION_CHARACTERS, &out->reception_number, d));
    return out->reception_number.n ? ERR_OK : fault(d, ERR_MISSING, body, "ReceptionNumber", NULL);
}

/* ---- results read back ---- */

struct str result_text(const struct tree *result, struct str name) {
    static const struct {
        const char *now, *older[3];
    } names[] = {
        {"PharmacistsInfoConsFlg", {"PharmaceuticalInfoConsFlg"}},
        {"PharmacistsInfoConsTime", {"PharmaceuticalInfoConsTime"}},
        {"PharmacistsInfoAvailableTime",
         {"PharmacistsInfoAcquisitionTime", "PharmaceuticalInfoAvailableTime", "PharmaceuticalInfoAcquisitionTime"}},
        {"SpecificHealthCheckupsInfoAvailableTime", {"SpecificHealthCheckupsInfoAcquisitionTime"}},
        {"DiagnosisInfoAvailableTime", {"DiagnosisInfoAcquisitionTime"}},
        {"OperationInfoAvailableTime", {"OperationInfoAcquisitionTime"}},
    };
    struct str s = tree_text(result, name);
    for (size_t i = 0; s.n == 0 && i < ARRAY_LEN(names); i++) {
        if (!str_eq(name, str_c(names[i].now))) continue;
        for (size_t k = 0; s.n == 0 && k < ARRAY_LEN(names[i].older); k++)
            s = tree_text(result, str_c(names[i].older[k]));
    }
    return s;
}
