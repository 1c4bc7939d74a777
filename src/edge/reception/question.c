#include "edge/reception/question.h"

#include "edge/reception/form.h"

static enum err keep_part(struct json body, const char *name, char *out, size_t size, struct diag *d) {
    struct str s;
    TRY(form_text(body, name, &s, d));
    enum err e = insured_part_check(s);
    if (e != ERR_OK) return diag_set(d, e, name, NULL);
    return str_to_c(s, out, size) ? ERR_OK : diag_set(d, ERR_VALUE, name, NULL);
}

static enum err read_numbers(struct arena *a, struct json body, struct visit *v, struct diag *d) {
    struct str s;
    TRY(form_text(body, "insurer", &s, d));
    if (str_empty(s)) return diag_set(d, ERR_MISSING, "insurer", NULL);
    enum err e = insurer_number_parse(form_narrow(a, s), &v->insurer);
    if (e != ERR_OK) return diag_set(d, e, "insurer", NULL);
    TRY(keep_part(body, "symbol", v->symbol, sizeof v->symbol, d));
    TRY(keep_part(body, "number", v->insured_number, sizeof v->insured_number, d));
    if (v->insured_number[0] == 0) return diag_set(d, ERR_MISSING, "number", NULL);
    TRY(form_text(body, "branch", &s, d));
    e = branch_parse(s, &v->branch);
    if (e != ERR_OK) return diag_set(d, e, "branch", NULL);
    TRY(form_text(body, "birth", &s, d));
    if (str_empty(s)) return diag_set(d, ERR_MISSING, "birth", NULL);
    return day_parse(form_narrow(a, s), &v->birth) ? ERR_OK : diag_set(d, ERR_DATE, "birth", NULL);
}

static const char *const question_names[] = {"insurer", "symbol", "number",        "branch",      "birth",
                                             "chart",   "name",   "limit_consent", "staff_check", "visit"};
static const char *const id_names[] = {"id"};
static const char *const scan_names[] = {"code", "chart", "name", "limit_consent", "visit"};

enum err question_read_id(struct arena *a, struct str body, struct str *id, struct diag *d) {
    struct json root;
    TRY(form_read(a, body, QUESTION_BODY_MAX, id_names, ARRAY_LEN(id_names), &root, d));
    return form_must(root, "id", id, d);
}

enum err question_read(struct arena *a, struct str body, struct visit *v, struct str *waiting, struct diag *d) {
    struct json root;
    bool staff_check = false;
    TRY(form_read(a, body, QUESTION_BODY_MAX, question_names, ARRAY_LEN(question_names), &root, d));
    TRY(read_numbers(a, root, v, d));
    TRY(form_keep(root, "chart", VISIT_CHART_CHARACTERS, v->chart, sizeof v->chart, d));
    TRY(form_keep(root, "name", NAME_CHARACTERS, v->name, sizeof v->name, d));
    TRY(form_text(root, "visit", waiting, d));
    TRY(form_flag(root, "limit_consent", &v->limit_consent, d));
    TRY(form_flag(root, "staff_check", &staff_check, d));
    v->proof = staff_check ? PROOF_STAFF : PROOF_NUMBER;
    return ERR_OK;
}

enum err question_read_scan(struct arena *a, struct str body, struct visit *v, struct str *code, struct str *waiting,
                            struct diag *d) {
    struct json root;
    TRY(form_read(a, body, QUESTION_SCAN_MAX, scan_names, ARRAY_LEN(scan_names), &root, d));
    TRY(form_must(root, "code", code, d));
    TRY(form_keep(root, "chart", VISIT_CHART_CHARACTERS, v->chart, sizeof v->chart, d));
    TRY(form_keep(root, "name", NAME_CHARACTERS, v->name, sizeof v->name, d));
    TRY(form_text(root, "visit", waiting, d));
    return form_flag(root, "limit_consent", &v->limit_consent, d);
}

static void text_member(struct buf *b, const char *name, const char *text) {
    if (text[0] == 0) return; /* the field's readers refuse what is empty */
    buf_printf(b, "\"%s\":", name);
    buf_json(b, str_c(text));
    buf_putc(b, ',');
}

enum err question_put_message(struct buf *b, const struct visit *v, struct institution_code institution) {
    buf_puts(b, "{\"XmlMsg\":{\"MessageHeader\":{\"MedicalInstitutionCode\":\"");
    institution_code_put(b, institution);
    buf_puts(b,
             "\",\"AttestationFlag\":\"1\"},\"MessageBody\":{\"QualificationConfirmSearchInfo\":{\"InsurerNumber\":\"");
    insurer_number_put_padded(b, v->insurer), buf_puts(b, "\",");
    text_member(b, "InsuredCardSymbol", v->symbol);
    text_member(b, "InsuredIdentificationNumber", v->insured_number);
    if (v->branch != BRANCH_NONE)
        buf_puts(b, "\"InsuredBranchNumber\":\""), branch_put(b, v->branch), buf_puts(b, "\",");
    buf_puts(b, "\"Birthdate\":\""), day_put_basic(b, v->birth), buf_puts(b, "\",");
    buf_printf(b, "\"LimitApplicationCertificateRelatedConsFlg\":\"%d\",\"ArbitraryIdentifier\":\"%s\"}}}}",
               v->limit_consent, v->id);
    return buf_ok(b) ? ERR_OK : ERR_MEMORY;
}
