#include "edge/reception/question.h"

#include "base/json.h"
#include "base/utf8.h"

static bool is_blank(uint32_t c) { return c == ' ' || c == '\t' || c == 0x3000; }

/* Without blanks at both ends, also full-width ones. */
static struct str trimmed(struct str s) {
    for (struct str rest = s; is_blank(utf8_next(&rest));) s = rest;
    for (;;) {
        if (str_ends(s, S(" ")) || str_ends(s, S("\t"))) s.n--;
        else if (str_ends(s, S("　"))) s.n -= sizeof "　" - 1;
        else return s;
    }
}

/* Numbers and dates may come from a full-width keyboard: ！…～ are ASCII's, 0xfee0 higher. */
static struct str narrow(struct arena *a, struct str s) {
    char *room = arena_new(a, s.n + 1);
    struct buf b = buf_over(room, s.n + 1);
    for (uint32_t c; (c = utf8_next(&s)) != UTF8_BAD;) utf8_put(&b, c >= 0xff01 && c <= 0xff5e ? c - 0xfee0 : c);
    return room ? buf_str(&b) : (struct str){0};
}

static bool has_control(struct str s) {
    for (uint32_t c; (c = utf8_next(&s)) != UTF8_BAD;)
        if (c < 0x20 || (c >= 0x7f && c < 0xa0)) return true;
    return false;
}

static enum err text_of(struct json body, const char *name, struct str *out, struct diag *d) {
    struct json v = json_get(body, name);
    *out = S("");
    if (json_none(v)) return ERR_OK;
    if (!json_str(v, out)) return diag_set(d, ERR_VALUE, name, NULL);
    *out = trimmed(*out);
    return ERR_OK;
}

/* Free text of the chart's own. */
static enum err keep_text(struct json body, const char *name, size_t characters, char *out, size_t size,
                          struct diag *d) {
    struct str s;
    TRY(text_of(body, name, &s, d));
    if (utf8_length(s) > characters) return diag_set(d, ERR_LIMIT, name, NULL);
    if (has_control(s) || !str_to_c(s, out, size)) return diag_set(d, ERR_VALUE, name, NULL);
    return ERR_OK;
}

static enum err keep_part(struct json body, const char *name, char *out, size_t size, struct diag *d) {
    struct str s;
    TRY(text_of(body, name, &s, d));
    enum err e = insured_part_check(s);
    if (e != ERR_OK) return diag_set(d, e, name, NULL);
    return str_to_c(s, out, size) ? ERR_OK : diag_set(d, ERR_VALUE, name, NULL);
}

static enum err read_numbers(struct arena *a, struct json body, struct visit *v, struct diag *d) {
    struct str s;
    TRY(text_of(body, "insurer", &s, d));
    if (str_empty(s)) return diag_set(d, ERR_MISSING, "insurer", NULL);
    enum err e = insurer_number_parse(narrow(a, s), &v->insurer);
    if (e != ERR_OK) return diag_set(d, e, "insurer", NULL);
    TRY(keep_part(body, "symbol", v->symbol, sizeof v->symbol, d));
    TRY(keep_part(body, "number", v->insured_number, sizeof v->insured_number, d));
    if (v->insured_number[0] == 0) return diag_set(d, ERR_MISSING, "number", NULL);
    TRY(text_of(body, "branch", &s, d));
    e = branch_parse(s, &v->branch);
    if (e != ERR_OK) return diag_set(d, e, "branch", NULL);
    TRY(text_of(body, "birth", &s, d));
    if (str_empty(s)) return diag_set(d, ERR_MISSING, "birth", NULL);
    return day_parse(narrow(a, s), &v->birth) ? ERR_OK : diag_set(d, ERR_DATE, "birth", NULL);
}

static const char *const question_names[] = {"insurer", "symbol", "number",        "branch",      "birth",
                                             "chart",   "name",   "limit_consent", "staff_check", "visit"};
static const char *const id_names[] = {"id"};
static const char *const scan_names[] = {"code", "chart", "name", "limit_consent", "visit"};

static enum err read_object(struct arena *a, struct str body, size_t max, const char *const *names, size_t count,
                            struct json *root, struct diag *d) {
    if (body.n > max) return diag_set(d, ERR_LIMIT, "", NULL);
    enum err e = json_read(a, body, root, d);
    if (e != ERR_OK) return diag_set(d, e, "", NULL);
    if (json_kind(*root) != JSON_OBJECT) return diag_set(d, ERR_SYNTAX, "", NULL);
    for (struct json v = json_first(*root); !json_none(v); v = json_next(v)) {
        size_t i = 0;
        while (i < count && !str_eq(json_name(v), str_c(names[i]))) i++;
        if (i == count) return diag_set(d, ERR_UNKNOWN, "", NULL);
    }
    return ERR_OK;
}

static enum err flag_of(struct json body, const char *name, bool *out, struct diag *d) {
    struct json v = json_get(body, name);
    return json_none(v) || json_bool(v, out) ? ERR_OK : diag_set(d, ERR_VALUE, name, NULL);
}

enum err question_read_id(struct arena *a, struct str body, struct str *id, struct diag *d) {
    struct json root;
    TRY(read_object(a, body, QUESTION_BODY_MAX, id_names, ARRAY_LEN(id_names), &root, d));
    TRY(text_of(root, "id", id, d));
    return str_empty(*id) ? diag_set(d, ERR_MISSING, "id", NULL) : ERR_OK;
}

enum err question_read(struct arena *a, struct str body, struct visit *v, struct str *waiting, struct diag *d) {
    struct json root;
    bool staff_check = false;
    TRY(read_object(a, body, QUESTION_BODY_MAX, question_names, ARRAY_LEN(question_names), &root, d));
    TRY(read_numbers(a, root, v, d));
    TRY(keep_text(root, "chart", VISIT_CHART_CHARACTERS, v->chart, sizeof v->chart, d));
    TRY(keep_text(root, "name", NAME_CHARACTERS, v->name, sizeof v->name, d));
    TRY(text_of(root, "visit", waiting, d));
    TRY(flag_of(root, "limit_consent", &v->limit_consent, d));
    TRY(flag_of(root, "staff_check", &staff_check, d));
    v->proof = staff_check ? PROOF_STAFF : PROOF_NUMBER;
    return ERR_OK;
}

enum err question_read_scan(struct arena *a, struct str body, struct visit *v, struct str *code, struct str *waiting,
                            struct diag *d) {
    struct json root;
    TRY(read_object(a, body, QUESTION_SCAN_MAX, scan_names, ARRAY_LEN(scan_names), &root, d));
    TRY(text_of(root, "code", code, d));
    if (str_empty(*code)) return diag_set(d, ERR_MISSING, "code", NULL);
    TRY(keep_text(root, "chart", VISIT_CHART_CHARACTERS, v->chart, sizeof v->chart, d));
    TRY(keep_text(root, "name", NAME_CHARACTERS, v->name, sizeof v->name, d));
    TRY(text_of(root, "visit", waiting, d));
    return flag_of(root, "limit_consent", &v->limit_consent, d);
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
