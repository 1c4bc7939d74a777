#include "edge/reception/answer.h"

#include "base/json.h"
#include "base/utf8.h"
#include "core/codes.h"
#include "rules/chart/differences.h"

enum { GIST_MAX = 16 }; /* "1 30" */

struct writing {
    struct buf *out;
    struct json from; /* the element whose values are written */
    bool comma;
    enum err err;
    const char *where;
};

/* "" when it is absent or no text. */
static struct str text(struct json of, const char *name) {
    struct str s = S("");
    return json_str(json_get(of, name), &s) ? s : S("");
}

static void begin(struct writing *w, const char *member) {
    if (w->comma) buf_putc(w->out, ',');
    w->comma = true;
    buf_printf(w->out, "\"%s\":", member);
}

static void fail(struct writing *w, enum err e, const char *where) {
    if (w->err == ERR_OK) w->err = e, w->where = where;
}

/* ---- forms ---- */

static void put_text(struct writing *w, const char *element, const char *member) {
    struct str s = text(w->from, element);
    if (s.n) begin(w, member), buf_json(w->out, s);
}

static void put_day(struct writing *w, const char *element, const char *member) {
    struct str s = text(w->from, element);
    struct day day;
    if (str_empty(s)) return;
    if (!day_parse_basic(s, &day)) return fail(w, ERR_DATE, element);
    begin(w, member);
    buf_puts(w->out, "{\"iso\":\""), day_put_iso(w->out, day), buf_puts(w->out, "\",\"ja\":\"");
    day_put_wareki(w->out, day), buf_puts(w->out, "\"}");
}

/* A code that is in no table is shown as it is: the field's tables grow. */
static void put_code(struct writing *w, enum code_table table, const char *element, const char *member) {
    struct str s = text(w->from, element);
    const struct code *c = code_find(table, s);
    if (str_empty(s)) return;
    begin(w, member);
    buf_puts(w->out, "{\"code\":"), buf_json(w->out, s);
    if (c) buf_printf(w->out, ",\"ja\":\"%s\",\"en\":\"%s\"", c->ja, c->en);
    buf_putc(w->out, '}');
}

static void put_number(struct writing *w, const char *element, const char *member, uint64_t max) {
    struct str s = text(w->from, element);
    uint64_t n;
    if (str_empty(s)) return;
    if (!str_uint(s, max, &n)) return fail(w, ERR_VALUE, element);
    begin(w, member);
    buf_uint(w->out, n);
}

/* ---- the result ---- */

#define FORM_TEXT(element, member)             put_text(w, element, member)
#define FORM_DAY(element, member)              put_day(w, element, member)
#define FORM_CODE_SEX(element, member)         put_code(w, CODES_SEX, element, member)
#define FORM_CODE_CARD_CLASS(element, member)  put_code(w, CODES_CARD_CLASS, element, member)
#define FORM_CODE_RELATION(element, member)    put_code(w, CODES_RELATION, element, member)
#define FORM_CODE_LOSS_REASON(element, member) put_code(w, CODES_LOSS_REASON, element, member)

static void put_values(struct writing *w) {
#define SHOWN(form, element, member) FORM_##form(#element, #member);
#include "edge/reception/shown.def"
#undef SHOWN
}

/* With an elderly certificate the share stands there. */
static void put_ratio(struct writing *w) {
    struct json person = w->from, elderly = json_get(w->from, "ElderlyRecipientCertificateInfo");
    put_number(w, "InsuredPartialContributionRatio", "ratio", 100);
    if (!str_empty(text(person, "InsuredPartialContributionRatio")) || json_none(elderly)) return;
    w->from = elderly;
    put_number(w, "ElderlyRecipientContributionRatio", "ratio", 100);
    w->from = person;
}

static void open_item(struct writing *w, const char *kind) {
    buf_printf(w->out, "%s{\"kind\":\"%s\"", w->comma ? "," : "", kind);
    w->comma = true;
}

static void close_item(struct writing *w) {
    buf_putc(w->out, '}');
    w->comma = true;
}

static void put_elderly(struct writing *w) {
    open_item(w, "elderly");
    put_number(w, "ElderlyRecipientContributionRatio", "ratio", 100);
    put_day(w, "ElderlyRecipientValidStartDate", "from"), put_day(w, "ElderlyRecipientValidEndDate", "until");
    close_item(w);
}

static void put_limit(struct writing *w) {
    open_item(w, "limit");
    put_code(w, CODES_LIMIT_CLASS, "LimitApplicationCertificateClassification", "class");
    put_code(w, CODES_LIMIT_CATEGORY, "LimitApplicationCertificateClassificationFlag", "category");
    put_day(w, "LimitApplicationCertificateValidStartDate", "from");
    put_day(w, "LimitApplicationCertificateValidEndDate", "until");
    close_item(w);
}

static void put_disease(struct writing *w) {
    open_item(w, "disease");
    put_code(w, CODES_DISEASE, "SpecificDiseasesDiseaseCategory", "disease");
    put_number(w, "SpecificDiseasesSelfPay", "self_pay_yen", UINT32_MAX);
    put_day(w, "SpecificDiseasesValidStartDate", "from"), put_day(w, "SpecificDiseasesValidEndDate", "until");
    close_item(w);
}

static void put_ticket(struct writing *w) {
    open_item(w, "ticket");
    put_code(w, CODES_TICKET_TYPE, "TicketType", "type"),
        put_code(w, CODES_TREATMENT, "MedicalTreatmentType", "treatment");
    put_text(w, "MedicalTreatmentMonth", "month");
    put_day(w, "MedicalTicketValidDate", "from"), put_day(w, "MedicalTicketExpirationDate", "until");
    put_number(w, "SelfPayAmount", "self_pay_yen", UINT32_MAX);
    put_text(w, "DistrictContactName", "contact"), put_text(w, "DesignatedMedicalInstitutionFlag", "for_another");
    close_item(w);
}

/* Items of a list stand each in an object of their own: [{"Name":{…}},…]. */
static void put_each(struct writing *w, const char *list, const char *item, void (*put)(struct writing *w)) {
    struct json person = w->from;
    for (struct json v = json_first(json_get(person, list)); !json_none(v); v = json_next(v)) {
        w->from = json_get(v, item);
        if (json_kind(w->from) == JSON_OBJECT) put(w);
    }
    w->from = person;
}

static void put_one(struct writing *w, const char *item, void (*put)(struct writing *w)) {
    struct json person = w->from;
    w->from = json_get(person, item);
    if (json_kind(w->from) == JSON_OBJECT) put(w);
    w->from = person;
}

static void put_certificates(struct writing *w) {
    begin(w, "certificates"), buf_putc(w->out, '[');
    w->comma = false;
    put_one(w, "ElderlyRecipientCertificateInfo", put_elderly);
    put_one(w, "LimitApplicationCertificateRelatedInfo", put_limit);
    put_each(w, "SpecificDiseasesCertificateList", "SpecificDiseasesCertificateInfo", put_disease);
    put_each(w, "PublicExpenseResultList", "MedicalTicketInfo", put_ticket);
    buf_putc(w->out, ']');
    w->comma = true;
}

/* ---- against the chart ---- */

static struct chart_entry typed_of(const struct visit *v) {
    return (struct chart_entry){.id = {str_c(v->symbol), str_c(v->insured_number), v->branch},
                                .name = str_c(v->name),
                                .own_number = str_c(v->chart)};
}

static enum err registered_of(struct json result, struct chart_entry *out) {
    *out =
        (struct chart_entry){.id = {text(result, "InsuredCardSymbol"), text(result, "InsuredIdentificationNumber"), 0},
                             .name = text(result, "Name"),
                             .other_name = text(result, "NameOfOther"),
                             .own_number = text(result, "ReferenceNumber")};
    return branch_parse(text(result, "InsuredBranchNumber"), &out->id.branch);
}

static void put_side(struct buf *b, const struct chart_entry *e, enum difference_field f) {
    const struct str texts[CHART_FIELDS] = {[CHART_SYMBOL] = e->id.symbol,
                                            [CHART_NUMBER] = e->id.number,
                                            [CHART_NAME] = e->name,
                                            [CHART_OWN_NUMBER] = e->own_number};
    if (f != CHART_BRANCH) return buf_json(b, texts[f]);
    buf_putc(b, '"'), branch_put(b, e->id.branch), buf_putc(b, '"');
}

static void put_differences(struct writing *w, const struct visit *v) {
    struct chart_entry chart = typed_of(v), registered;
    struct differences found;
    enum err e = registered_of(w->from, &registered);
    if (e == ERR_OK) e = chart_compare(&chart, &registered, &found);
    if (e != ERR_OK) return fail(w, e, "InsuredBranchNumber");
    begin(w, "differences"), buf_putc(w->out, '[');
    bool first = true;
    for (enum difference_field f = 0; f < CHART_FIELDS; f++) {
        if (found.of[f] == DIFFERENCE_NONE) continue;
        buf_printf(w->out, "%s{\"field\":\"%s\",\"grade\":\"%s\",\"chart\":", first ? "" : ",",
                   difference_field_name(f), difference_grade_name(found.of[f]));
        put_side(w->out, &chart, f), buf_puts(w->out, ",\"registered\":"), put_side(w->out, &registered, f);
        buf_putc(w->out, '}');
        first = false;
    }
    buf_putc(w->out, ']');
}

static void put_person(struct writing *w, const struct visit *v) {
    put_ratio(w);
    put_values(w);
    put_certificates(w);
    put_differences(w, v);
}

static void put_warnings(struct writing *w, struct json body) {
    bool first = true;
    begin(w, "warnings"), buf_putc(w->out, '[');
    for (struct json i = json_first(json_get(body, "WarningList")); !json_none(i); i = json_next(i)) {
        struct json warning = json_get(i, "WarningInfo");
        buf_puts(w->out, first ? "{\"code\":" : ",{\"code\":");
        buf_json(w->out, text(warning, "WarningCode")), buf_puts(w->out, ",\"ja\":");
        buf_json(w->out, text(warning, "WarningMessage")), buf_putc(w->out, '}');
        first = false;
    }
    buf_putc(w->out, ']');
}

/* ---- whether it is an answer, and to this visit ---- */

static enum err check_outcome(struct json message, struct diag *d) {
    struct json header = json_get(message, "MessageHeader"), body = json_get(message, "MessageBody");
    if (!str_eq(text(header, "SegmentOfResult"), S("1"))) return diag_set(d, ERR_VALUE, "SegmentOfResult", NULL);
    if (!str_eq(text(body, "ProcessingResultStatus"), S("1")))
        return diag_set(d, ERR_VALUE, "ProcessingResultStatus", NULL);
    struct str validity = text(body, "QualificationValidity");
    if (str_empty(validity)) return diag_set(d, ERR_MISSING, "QualificationValidity", NULL);
    return code_known(CODES_VALIDITY, validity) ? ERR_OK : diag_set(d, ERR_CODE, "QualificationValidity", NULL);
}

static enum err check_asked(struct json body, const struct visit *v, struct diag *d) {
    struct str id = text(json_get(body, "QualificationConfirmSearchInfo"), "ArbitraryIdentifier");
    return str_eq(id, str_c(v->id)) ? ERR_OK : diag_set(d, ERR_CONFLICT, "ArbitraryIdentifier", NULL);
}

/* The one result, or none. */
static enum err find_result(struct json body, const struct visit *v, struct json *out, struct diag *d) {
    struct json list = json_get(body, "ResultList");
    struct insurer_number insurer = {0};
    struct day birth = DAY_NONE;
    *out = (struct json){0};
    if (json_count(list) > 1) return diag_set(d, ERR_CONFLICT, "ResultList", NULL);
    if (json_none(json_first(list))) return ERR_OK;
    *out = json_get(json_first(list), "ResultOfQualificationConfirmation");
    if (insurer_number_parse(text(*out, "InsurerNumber"), &insurer) != ERR_OK || insurer.n != v->insurer.n)
        return diag_set(d, ERR_CONFLICT, "InsurerNumber", NULL);
    if (!day_parse_basic(text(*out, "Birthdate"), &birth) || !day_eq(birth, v->birth))
        return diag_set(d, ERR_CONFLICT, "Birthdate", NULL);
    return ERR_OK;
}

static enum err put_answer(struct json message, const struct visit *v, struct buf *out, struct diag *d) {
    struct json header = json_get(message, "MessageHeader"), body = json_get(message, "MessageBody"), result;
    struct writing w = {.out = out, .from = body};
    TRY(find_result(body, v, &result, d));
    buf_putc(out, '{');
    put_code(&w, CODES_VALIDITY, "QualificationValidity", "validity");
    w.from = header;
    put_day(&w, "QualificationConfirmationDate", "on");
    w.from = result;
    if (!json_none(result)) put_person(&w, v);
    put_warnings(&w, body);
    buf_putc(out, '}');
    if (w.err != ERR_OK) return diag_set(d, w.err, w.where, NULL);
    return buf_ok(out) ? ERR_OK : diag_set(d, ERR_LIMIT, "answer", NULL);
}

enum err reception_answer_read(struct str reply, const struct visit *v, struct buf *out, struct diag *d) {
    struct arena a;
    struct json root = {0};
    arena_init(&a, ANSWER_ARENA_MAX);
    enum err e = json_read(&a, reply, &root, d);
    struct json message = json_get(root, "XmlMsg");
    if (e == ERR_OK) e = check_outcome(message, d);
    if (e == ERR_OK) e = check_asked(json_get(message, "MessageBody"), v, d);
    if (e == ERR_OK) e = put_answer(message, v, out, d);
    arena_fini(&a);
    return e;
}

/* ---- by card: the answer says who it is ---- */

static enum err take_proof(struct json root, struct visit *v, struct diag *d) {
    struct str code = text(root, "proof");
    for (int p = 1; p <= UINT8_MAX; p++) {
        const struct proof_info *i = proof_info((enum proof)p);
        if (i && str_eq(code, str_c(i->code))) return v->proof = (enum proof)p, ERR_OK;
    }
    return diag_set(d, ERR_CODE, "proof", NULL);
}

static enum err take_person(struct json message, struct visit *v, struct diag *d) {
    struct json list = json_get(json_get(message, "MessageBody"), "ResultList");
    struct json result = json_get(json_first(list), "ResultOfQualificationConfirmation");
    if (json_kind(result) != JSON_OBJECT) return diag_set(d, ERR_MISSING, "ResultList", NULL);
    if (insurer_number_parse(text(result, "InsurerNumber"), &v->insurer) != ERR_OK)
        return diag_set(d, ERR_VALUE, "InsurerNumber", NULL);
    if (!day_parse_basic(text(result, "Birthdate"), &v->birth)) return diag_set(d, ERR_DATE, "Birthdate", NULL);
    if (!str_to_c(text(result, "InsuredCardSymbol"), v->symbol, sizeof v->symbol) ||
        !str_to_c(text(result, "InsuredIdentificationNumber"), v->insured_number, sizeof v->insured_number))
        return diag_set(d, ERR_VALUE, "InsuredIdentificationNumber", NULL);
    enum err e = branch_parse(text(result, "InsuredBranchNumber"), &v->branch);
    return e == ERR_OK ? ERR_OK : diag_set(d, e, "InsuredBranchNumber", NULL);
}

enum err reception_card_read(struct str reply, struct visit *v, struct buf *out, struct diag *d) {
    struct arena a;
    struct json root = {0};
    arena_init(&a, ANSWER_ARENA_MAX);
    enum err e = json_read(&a, reply, &root, d);
    struct json message = json_get(json_get(root, "message"), "XmlMsg");
    if (e == ERR_OK) e = take_proof(root, v, d);
    if (e == ERR_OK) e = check_outcome(message, d);
    if (e == ERR_OK) e = take_person(message, v, d);
    if (e == ERR_OK) e = put_answer(message, v, out, d);
    arena_fini(&a);
    return e;
}

/* ---- two answers ---- */

static void put_gist(struct arena *a, struct str answer, struct buf *out) {
    struct json root;
    uint64_t ratio = 0;
    if (json_read(a, answer, &root, NULL) != ERR_OK) return;
    bool has_ratio = json_uint(json_get(root, "ratio"), 100, &ratio);
    buf_put(out, text(json_get(root, "validity"), "code"));
    if (has_ratio) buf_putc(out, ' '), buf_uint(out, ratio);
}

bool reception_answer_same(struct str one, struct str other) {
    char rooms[2][GIST_MAX];
    struct buf gists[] = {buf_over(rooms[0], GIST_MAX), buf_over(rooms[1], GIST_MAX)};
    struct arena a;
    arena_init(&a, 2 * ANSWER_ARENA_MAX);
    put_gist(&a, one, &gists[0]), put_gist(&a, other, &gists[1]);
    arena_fini(&a);
    return gists[0].n > 0 && str_eq(buf_str(&gists[0]), buf_str(&gists[1]));
}

/* ---- refusals ---- */

static struct str whole_characters(struct str s, size_t bytes) {
    if (s.n <= bytes) return s;
    return str_head(s, utf8_valid_length(str_head(s, bytes)));
}

void reception_refusal_read(struct str reply, struct visit *v) {
    struct arena a;
    struct json root;
    struct buf said = buf_over(v->said, VISIT_SAID_BYTES);
    arena_init(&a, ANSWER_ARENA_MAX);
    v->said[0] = 0;
    if (json_read(&a, reply, &root, NULL) == ERR_OK) {
        struct json error = json_get(root, "error");
        struct str message = text(json_get(json_get(root, "XmlMsg"), "MessageBody"), "ProcessingResultMessage");
        if (str_empty(message)) message = text(error, "ja");
        buf_put(&said, whole_characters(message, VISIT_SAID_BYTES));
    }
    v->said[said.n] = 0;
    arena_fini(&a);
}
