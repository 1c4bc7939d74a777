#include "edge/paper/health_card_read.h"

#include "base/json.h"
#include "base/utf8.h"
#include "state/trust/issuers.h"

enum { DIGIT_BASE = 45, DIGIT_LAST = 122 - 45, SECOND_US = 1000000 };
/* The first moment of 3000: beyond it a day has no name here (day.h). */
#define EXP_MAX_S 32503680000ull

/* ---- the text ---- */

/* ！…～ are ASCII's, 0xfee0 higher. */
static uint32_t next_narrow(struct str *s) {
    uint32_t c = utf8_next(s);
    return c >= 0xff01 && c <= 0xff5e ? c - 0xfee0 : c;
}

static bool take_prefix(struct str *s) {
    static const char want[] = "shc:/";
    for (size_t i = 0; want[i]; i++) {
        uint32_t c = next_narrow(s);
        if (c != (uint32_t)want[i] && !(want[i] >= 'a' && c == (uint32_t)(want[i] - 'a' + 'A'))) return false;
    }
    return true;
}

static enum err take_digits(struct str s, struct buf *jws, struct diag *d) {
    while (!str_empty(s)) {
        uint32_t tens = next_narrow(&s), ones;
        if (tens == '/') return diag_set(d, ERR_NOT_SUPPORTED, "code", "a code in several parts");
        if (tens < '0' || tens > '9') return diag_set(d, ERR_SYNTAX, "code", "digits alone follow shc:/");
        ones = next_narrow(&s);
        if (ones == '/') return diag_set(d, ERR_NOT_SUPPORTED, "code", "a code in several parts");
        if (ones < '0' || ones > '9')
            return diag_set(d, ERR_SYNTAX, "code", "途中で切れています / cut off: an odd number of digits");
        uint32_t c = (tens - '0') * 10 + ones - '0';
        if (c > DIGIT_LAST) return diag_set(d, ERR_SYNTAX, "code", "two digits that stand for no character");
        buf_putc(jws, (char)(c + DIGIT_BASE));
    }
    return buf_ok(jws) ? ERR_OK : diag_set(d, ERR_LIMIT, "code", NULL);
}

enum err health_card_text_read(struct str text, struct buf *jws, struct diag *d) {
    struct str s = str_trim(text);
    if (!utf8_valid(s)) return diag_set(d, ERR_UTF8, "code", NULL);
    if (s.n > 3 * CODE_TEXT_MAX) return diag_set(d, ERR_LIMIT, "code", NULL);
    if (str_empty(s)) return diag_set(d, ERR_SYNTAX, "code", "何も読み取られていません / nothing was scanned");
    if (!take_prefix(&s))
        return diag_set(d, ERR_SYNTAX, "code",
                        "shc:/ で始まりません / another kind of code: it does not begin with shc:/");
    if (str_empty(s)) return diag_set(d, ERR_SYNTAX, "code", "途中で切れています / cut off after shc:/");
    return take_digits(s, jws, d);
}

/* ---- the payload ---- */

/* What is printed to terminals and pages holds no control characters, whoever signed it. */
static bool is_plain(struct str s) {
    for (uint32_t c; (c = utf8_next(&s)) != UTF8_BAD;)
        if (c < 0x20 || (c >= 0x7f && c < 0xa0)) return false;
    return true;
}

static enum err text_at(struct json v, const char *name, const char *where, struct str *out, struct diag *d) {
    struct json t = json_get(v, name);
    if (json_none(t)) return diag_set(d, ERR_MISSING, where, NULL);
    return json_str(t, out) && !str_empty(*out) && is_plain(*out) ? ERR_OK : diag_set(d, ERR_VALUE, where, NULL);
}

static bool is_iso(struct str s) { return s.n == 10 && s.p[4] == '-' && s.p[7] == '-'; }

static enum err day_at(struct json v, const char *name, const char *where, struct day *out, struct diag *d) {
    struct str s;
    TRY(text_at(v, name, where, &s, d));
    return is_iso(s) && day_parse(s, out) ? ERR_OK : diag_set(d, ERR_DATE, where, NULL);
}

static enum err name_of(struct json patient, struct health_card *out, struct diag *d) {
    struct json name = json_first(json_get(patient, "name"));
    TRY(text_at(name, "text", "Patient.name[0].text", &out->name, d));
    if (!json_none(json_next(name))) TRY(text_at(json_next(name), "text", "Patient.name[1].text", &out->kana, d));
    if (utf8_length(out->name) > NAME_CHARACTERS || utf8_length(out->kana) > NAME_CHARACTERS)
        return diag_set(d, ERR_LIMIT, "Patient.name", NULL);
    return ERR_OK;
}

static enum err read_patient(struct json patient, struct health_card *out, struct diag *d) {
    struct str gender = S("");
    (void)!json_str(json_get(patient, "gender"), &gender);
    out->sex = str_eq(gender, S("male")) ? 1 : str_eq(gender, S("female")) ? 2 : 3;
    TRY(name_of(patient, out, d));
    return day_at(patient, "birthDate", "Patient.birthDate", &out->birth, d);
}

/* The value of the identifier whose system ends with `system`; empty when there is none. */
static struct str identifier(struct json coverage, struct str system) {
    for (struct json v = json_first(json_get(coverage, "identifier")); !json_none(v); v = json_next(v)) {
        struct str s, value;
        if (json_str(json_get(v, "system"), &s) && str_ends(s, system) && json_str(json_get(v, "value"), &value))
            return value;
    }
    return S("");
}

static enum err read_insured(struct json coverage, struct health_card *out, struct diag *d) {
    out->insured.symbol = identifier(coverage, S("/InsuredPersonSymbol"));
    out->insured.number = identifier(coverage, S("/InsuredPersonNumber"));
    if (str_empty(out->insured.number)) return diag_set(d, ERR_MISSING, "Coverage.identifier", "InsuredPersonNumber");
    enum err e = insured_part_check(out->insured.symbol);
    if (e == ERR_OK) e = insured_part_check(out->insured.number);
    if (e == ERR_OK) e = branch_parse(identifier(coverage, S("/InsuredPersonSubnumber")), &out->insured.branch);
    return e == ERR_OK ? ERR_OK : diag_set(d, e, "Coverage.identifier", NULL);
}

static enum err read_payor(struct json coverage, struct health_card *out, struct diag *d) {
    struct json payor = json_first(json_get(coverage, "payor"));
    struct str number;
    struct insurer_number insurer;
    TRY(text_at(json_get(payor, "identifier"), "value", "Coverage.payor[0].identifier.value", &number, d));
    TRY(text_at(payor, "display", "Coverage.payor[0].display", &out->insurer_name, d));
    if (utf8_length(out->insurer_name) > NAME_CHARACTERS)
        return diag_set(d, ERR_LIMIT, "Coverage.payor[0].display", NULL);
    enum err e = insurer_number_parse(number, &insurer);
    if (e != ERR_OK) return diag_set(d, e, "Coverage.payor[0].identifier.value", NULL);
    return insurer.n == out->insurer.n ? ERR_OK : diag_set(d, ERR_CONFLICT, "Coverage.payor[0]", "not the issuer");
}

static enum err read_share(struct json coverage, struct health_card *out, struct diag *d) {
    struct json cost = json_first(json_get(coverage, "costToBeneficiary"));
    uint64_t percent;
    out->ratio = RATIO_NONE;
    if (json_none(cost)) return ERR_OK;
    if (!json_uint(json_get(json_get(cost, "valueQuantity"), "value"), 100, &percent))
        return diag_set(d, ERR_VALUE, "Coverage.costToBeneficiary[0].valueQuantity.value", NULL);
    out->ratio = (uint8_t)percent;
    return ERR_OK;
}

static enum err read_coverage(struct json coverage, struct health_card *out, struct diag *d) {
    struct json period = json_get(coverage, "period");
    struct str kind;
    TRY(text_at(json_first(json_get(json_get(coverage, "type"), "coding")), "code", "Coverage.type.coding[0].code",
                &kind, d));
    out->kind = str_eq(kind, S("notice")) ? PAPER_NOTICE : PAPER_CERTIFICATE;
    if (out->kind != PAPER_NOTICE && !str_eq(kind, S("certificate")))
        return diag_set(d, ERR_NOT_SUPPORTED, "Coverage.type.coding[0].code", "certificate or notice");
    TRY(read_insured(coverage, out, d));
    TRY(day_at(period, "start", "Coverage.period.start", &out->start, d));
    out->last = DAY_NONE;
    if (!json_none(json_get(period, "end"))) TRY(day_at(period, "end", "Coverage.period.end", &out->last, d));
    TRY(read_payor(coverage, out, d));
    return read_share(coverage, out, d);
}

/* The one resource of that kind. */
static enum err resource(struct json bundle, struct str kind, const char *where, struct json *out, struct diag *d) {
    *out = (struct json){0};
    for (struct json e = json_first(json_get(bundle, "entry")); !json_none(e); e = json_next(e)) {
        struct json r = json_get(e, "resource");
        struct str type;
        if (!json_str(json_get(r, "resourceType"), &type) || !str_eq(type, kind)) continue;
        if (!json_none(*out)) return diag_set(d, ERR_DUPLICATE, where, NULL);
        *out = r;
    }
    return json_none(*out) ? diag_set(d, ERR_MISSING, where, NULL) : ERR_OK;
}

static enum err read_issuer(struct json v, struct health_card *out, struct diag *d) {
    struct str iss, rest;
    TRY(text_at(v, "iss", "iss", &iss, d));
    size_t at = str_find(iss, S("/insurers/"));
    if (!str_starts(iss, S("https://")) || at == iss.n)
        return diag_set(d, ERR_VALUE, "iss", "https://…/insurers/NUMBER");
    rest = str_skip(iss, at + sizeof "/insurers/" - 1);
    enum err e = insurer_number_parse(rest, &out->insurer);
    return e == ERR_OK ? ERR_OK : diag_set(d, e, "iss", NULL);
}

/* exp is the first moment after the last day. */
static enum err read_times(struct json v, struct health_card *out, struct diag *d) {
    uint64_t nbf, exp;
    if (!json_uint(json_get(v, "nbf"), EXP_MAX_S, &nbf))
        return diag_set(d, ERR_VALUE, "nbf", "whole seconds since 1970");
    if (!json_uint(json_get(v, "exp"), EXP_MAX_S, &exp))
        return diag_set(d, ERR_VALUE, "exp", "whole seconds since 1970");
    if (exp <= nbf) return diag_set(d, ERR_VALUE, "exp", "not after nbf");
    out->nbf_s = (int64_t)nbf, out->exp_s = (int64_t)exp;
    out->from = day_in_japan(out->nbf_s * SECOND_US);
    out->until = day_in_japan((out->exp_s - 1) * SECOND_US);
    return ERR_OK;
}

static enum err read_kind(struct json vc, struct health_card *out, struct diag *d) {
    struct json type = json_first(json_get(vc, "type"));
    struct str s;
    while (!json_none(type) && !(json_str(type, &s) && str_eq(s, S("https://smarthealth.cards#health-card"))))
        type = json_next(type);
    if (json_none(type)) return diag_set(d, ERR_NOT_SUPPORTED, "vc.type", "not a health card");
    TRY(text_at(vc, "rid", "vc.rid", &out->id, d));
    return void_rid_good(out->id) ? ERR_OK : diag_set(d, ERR_VALUE, "vc.rid", NULL);
}

enum err health_card_json_read(struct arena *a, struct str payload, struct health_card *out, struct diag *d) {
    struct json v, vc, bundle, patient, coverage;
    *out = (struct health_card){.ratio = RATIO_NONE, .kana = S("")};
    TRY(json_read(a, payload, &v, d));
    vc = json_get(v, "vc");
    bundle = json_get(json_get(vc, "credentialSubject"), "fhirBundle");
    TRY(read_issuer(v, out, d));
    TRY(read_times(v, out, d));
    TRY(read_kind(vc, out, d));
    TRY(resource(bundle, S("Patient"), "Patient", &patient, d));
    TRY(resource(bundle, S("Coverage"), "Coverage", &coverage, d));
    TRY(read_patient(patient, out, d));
    return read_coverage(coverage, out, d);
}
