#include "edge/fhir/fhir.h"
#include "edge/fhir/systems.h"
#include "lib/fhir_sample.h"
#include "lib/hostile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const struct institution_code us = {1311234567};

static enum err ask(struct arena *a, struct str body, struct fhir_request *r, struct diag *d) {
    *d = (struct diag){0};
    return fhir_read_request(a, body, us, r, d);
}

static void a_good_question_is_read_whole(void **state) {
    (void)state;
    struct arena a;
    struct fhir_request r;
    struct diag d;
    struct day birth, on;
    arena_init(&a, 1 << 20);
    assert_int_equal(ask(&a, str_c(fhir_sample_request), &r, &d), ERR_OK);
    assert_true(day_from_civil(1980, 4, 1, &birth) && day_from_civil(2026, 11, 22, &on));
    assert_int_equal(r.question.insurer.n, 6139448);
    assert_true(str_eq(r.question.id.symbol, S("あいう")));
    assert_true(str_eq(r.question.id.number, S("１８７")));
    assert_int_equal(r.question.id.branch, 5);
    assert_true(day_eq(r.question.birth, birth) && day_eq(r.question.on, on));
    assert_true(r.question.limit_consent && r.validation && r.benefits);
    assert_int_equal(r.question.institution.n, us.n);
    assert_true(str_eq(r.identifier_system, S("urn:ietf:rfc:3986")));
    assert_true(str_eq(r.identifier_value, S("urn:uuid:5f0c1a52-7c0e-4c3b-9a55-0d1f3a9f3c11")));
    arena_fini(&a);
}

#define C         "CoverageEligibilityRequest"
#define MEMBER_ID "http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_memberID"
#define ACTIVE    " \"status\":\"active\",\"purpose\""

/* A change of the good question that is refused: with which error, and at which place. */
static const struct refusal {
    const char *name, *find, *replacement;
    enum err err;
    const char *where;
} refusals[] = {
    {"an unknown element", ACTIVE, " \"colour\":\"red\"," ACTIVE, ERR_UNKNOWN, C ".colour"},
    {"an element of R4 that is not supported", ACTIVE, " \"item\":[{}]," ACTIVE, ERR_NOT_SUPPORTED, C ".item"},
    {"supporting information", ACTIVE, " \"supportingInfo\":[{}]," ACTIVE, ERR_NOT_SUPPORTED, C ".supportingInfo"},
    {"a facility", ACTIVE, " \"facility\":{\"display\":\"x\"}," ACTIVE, ERR_NOT_SUPPORTED, C ".facility"},
    {"a modifierExtension", ACTIVE, " \"modifierExtension\":[{\"url\":\"x\",\"valueBoolean\":true}]," ACTIVE,
     ERR_EXTENSION, C ".modifierExtension"},
    {"a modifierExtension in a contained resource", "\"gender\"", "\"modifierExtension\":[],\"gender\"", ERR_EXTENSION,
     C ".contained[0].modifierExtension"},
    {"implicit rules", ACTIVE, " \"implicitRules\":\"urn:x\"," ACTIVE, ERR_NOT_SUPPORTED, C ".implicitRules"},
    {"an unknown extension", "limit-consent\"", "limit-consents\"", ERR_EXTENSION, C ".extension[0]"},
    {"an extension on another type than its own", "\"gender\"",
     "\"extension\":[{\"url\":\"" MADO_EXTENSION "limit-consent\",\"valueBoolean\":true}],\"gender\"", ERR_EXTENSION,
     C ".contained[0].extension[0]"},
    {"an extension that only answers carry", "limit-consent\",\"valueBoolean\":true",
     "validity\",\"valueCoding\":{\"code\":\"1\"}", ERR_EXTENSION, C ".extension[0]"},
    {"an extension's value of another type", "\"valueBoolean\":true", "\"valueString\":\"true\"", ERR_MISSING,
     C ".extension[0].valueBoolean"},
    {"an extension's value of another kind", "\"valueBoolean\":true", "\"valueBoolean\":\"true\"", ERR_VALUE,
     C ".extension[0].valueBoolean"},
    {"an extension with more than its value", "\"valueBoolean\":true", "\"valueBoolean\":true,\"extension\":[]",
     ERR_EXTENSION, C ".extension[0]"},
    {"consent said twice", "\"valueBoolean\":true}",
     "\"valueBoolean\":true},{\"url\":\"" MADO_EXTENSION "limit-consent\",\"valueBoolean\":false}", ERR_DUPLICATE,
     C ".extension"},
    {"an extension on a primitive", "\"birthDate\":\"1980-04-01\"", "\"birthDate\":\"1980-04-01\",\"_birthDate\":{}",
     ERR_UNKNOWN, C ".contained[0]._birthDate"},
    {"a name that is no name", "\"gender\"", "\"窓口花子\":1,\"gender\"", ERR_UNKNOWN, C ".contained[0]"},
    {"status cancelled", ACTIVE, " \"status\":\"cancelled\",\"purpose\"", ERR_NOT_SUPPORTED, C ".status"},
    {"a status that R4 does not know", ACTIVE, " \"status\":\"alive\",\"purpose\"", ERR_CODE, C ".status"},
    {"no status", ACTIVE, " \"purpose\"", ERR_MISSING, C ".status"},
    {"purpose discovery", "[\"validation\",\"benefits\"]", "[\"discovery\"]", ERR_NOT_SUPPORTED, C ".purpose[0]"},
    {"purpose auth-requirements beside validation", "[\"validation\",\"benefits\"]",
     "[\"validation\",\"auth-requirements\"]", ERR_NOT_SUPPORTED, C ".purpose[1]"},
    {"a purpose that R4 does not know", "[\"validation\",\"benefits\"]", "[\"fun\"]", ERR_CODE, C ".purpose[0]"},
    {"two purposes in one code", "[\"validation\",\"benefits\"]", "[\"validation benefits\"]", ERR_CODE,
     C ".purpose[0]"},
    {"no purpose", "\"purpose\":[\"validation\",\"benefits\"],", "", ERR_MISSING, C ".purpose"},
    {"an empty list of purposes", "[\"validation\",\"benefits\"]", "[]", ERR_VALUE, C ".purpose"},
    {"a purpose that is no list", "[\"validation\",\"benefits\"]", "\"validation\"", ERR_VALUE, C ".purpose"},
    {"null", "\"gender\":\"female\"", "\"gender\":null", ERR_VALUE, C ".contained[0].gender"},
    {"an empty string", "\"gender\":\"female\"", "\"gender\":\"\"", ERR_VALUE, C ".contained[0].gender"},
    {"a gender that R4 does not know", "\"gender\":\"female\"", "\"gender\":\"f\"", ERR_CODE, C ".contained[0].gender"},
    {"an inactive patient", "\"gender\"", "\"active\":false,\"gender\"", ERR_NOT_SUPPORTED, C ".contained[0].active"},
    {"a deceased patient", "\"gender\"", "\"deceasedBoolean\":true,\"gender\"", ERR_NOT_SUPPORTED,
     C ".contained[0].deceasedBoolean"},
    {"no birth date", ",\"birthDate\":\"1980-04-01\"", "", ERR_MISSING, C ".contained[0].birthDate"},
    {"a birth month", "1980-04-01", "1980-04", ERR_DATE, C ".contained[0].birthDate"},
    {"a birth date that is not in the calendar", "1980-04-01", "1981-02-29", ERR_DATE, C ".contained[0].birthDate"},
    {"a Japanese birth date", "1980-04-01", "S55.4.1", ERR_DATE, C ".contained[0].birthDate"},
    {"a month as the day asked about", "\"2026-11-22\"", "\"2026-11\"", ERR_DATE, C ".servicedDate"},
    {"a period of two days", "\"servicedDate\":\"2026-11-22\"",
     "\"servicedPeriod\":{\"start\":\"2026-11-22\",\"end\":\"2026-11-23\"}", ERR_NOT_SUPPORTED, C ".servicedPeriod"},
    {"an open period", "\"servicedDate\":\"2026-11-22\"", "\"servicedPeriod\":{\"start\":\"2026-11-22\"}", ERR_DATE,
     C ".servicedPeriod.end"},
    {"a day and a period", "\"servicedDate\"",
     "\"servicedPeriod\":{\"start\":\"2026-11-22\",\"end\":\"2026-11-22\"},\"servicedDate\"", ERR_DUPLICATE,
     C ".servicedPeriod"},
    {"no time of creation", "\"created\":\"2026-11-22T09:00:00+09:00\",", "", ERR_MISSING, C ".created"},
    {"a time of creation without its zone", "09:00:00+09:00", "09:00:00", ERR_DATE, C ".created"},
    {"another institution than the certificate's", "\"value\":\"1311234567\"}}", "\"value\":\"2711234567\"}}",
     ERR_INSTITUTION, C ".provider"},
    {"an institution's code of 7 digits", "\"value\":\"1311234567\"}}", "\"value\":\"1234567\"}}", ERR_VALUE,
     C ".provider"},
    {"a provider without a code",
     "\"identifier\":{\"system\":\"http://jpfhir.jp/fhir/core/IdSystem/insurance-medical-institution-no\",\"value\":\"1311234567\"}}",
     "\"display\":\"x\"}", ERR_MISSING, C ".provider"},
    {"a provider kept elsewhere", "\"provider\":{\"identifier\"",
     "\"provider\":{\"reference\":\"Organization/1\",\"identifier\"", ERR_NOT_SUPPORTED, C ".provider"},
    {"a patient kept elsewhere", "\"patient\":{\"reference\":\"#p\"}", "\"patient\":{\"reference\":\"Patient/1\"}",
     ERR_NOT_SUPPORTED, C ".patient"},
    {"a patient by identifier only", "\"patient\":{\"reference\":\"#p\"}",
     "\"patient\":{\"identifier\":{\"value\":\"1\"}}", ERR_MISSING, C ".patient"},
    {"a reference that leads nowhere", "\"patient\":{\"reference\":\"#p\"}", "\"patient\":{\"reference\":\"#x\"}",
     ERR_NOT_FOUND, C ".patient"},
    {"a reference to another type", "\"patient\":{\"reference\":\"#p\"}", "\"patient\":{\"reference\":\"#c\"}",
     ERR_VALUE, C ".patient"},
    {"a reference that says another type", "\"patient\":{\"reference\":\"#p\"}",
     "\"patient\":{\"reference\":\"#p\",\"type\":\"Group\"}", ERR_VALUE, C ".patient"},
    {"a contained resource without an id", "\"Patient\",\"id\":\"p\"", "\"Patient\"", ERR_MISSING,
     C ".contained[0].id"},
    {"two contained resources of one id", "\"Coverage\",\"id\":\"c\"", "\"Coverage\",\"id\":\"p\"", ERR_DUPLICATE,
     C ".contained[1].id"},
    {"a contained resource nobody refers to", "{\"resourceType\":\"Organization\",\"id\":\"i\"",
     "{\"resourceType\":\"Organization\",\"id\":\"x\",\"name\":\"x\"},{\"resourceType\":\"Organization\",\"id\":\"i\"",
     ERR_UNKNOWN, C ".contained[2].id"},
    {"a contained resource of another type", "{\"resourceType\":\"Organization\",\"id\":\"i\"",
     "{\"resourceType\":\"Device\",\"id\":\"x\"},{\"resourceType\":\"Organization\",\"id\":\"i\"", ERR_NOT_SUPPORTED,
     C ".contained[2]"},
    {"a resource contained in a contained one", "\"gender\"", "\"contained\":[],\"gender\"", ERR_UNKNOWN,
     C ".contained[0].contained"},
    {"another beneficiary", "\"beneficiary\":{\"reference\":\"#p\"}", "\"beneficiary\":{\"reference\":\"#q\"}",
     ERR_NOT_FOUND, C ".contained[1].beneficiary"},
    {"two insurers", "\"payor\":[{\"reference\":\"#i\"}]", "\"payor\":[{\"reference\":\"#i\"},{\"reference\":\"#i\"}]",
     ERR_NOT_SUPPORTED, C ".contained[1].payor"},
    {"two coverages", "[{\"focal\":true,\"coverage\":{\"reference\":\"#c\"}}]",
     "[{\"coverage\":{\"reference\":\"#c\"}},{\"coverage\":{\"reference\":\"#c\"}}]", ERR_NOT_SUPPORTED,
     C ".insurance"},
    {"no coverage", ",\"insurance\":[{\"focal\":true,\"coverage\":{\"reference\":\"#c\"}}]", "", ERR_MISSING,
     C ".insurance"},
    {"an insurer without a number", "\"insurer\":{\"reference\":\"#i\"}", "\"insurer\":{\"display\":\"x\"}",
     ERR_MISSING, C ".insurer"},
    {"an insurer's number with a wrong check digit", "InsurerNumber\",\"value\":\"06139448\"",
     "InsurerNumber\",\"value\":\"06139449\"", ERR_CHECK_DIGIT, C ".contained[2].identifier[0].value"},
    {"an insurer of three digits", "InsurerNumber\",\"value\":\"06139448\"", "InsurerNumber\",\"value\":\"061\"",
     ERR_VALUE, C ".contained[2].identifier[0].value"},
    {"another insurer in the member id", "06139448:あいう", "01130012:あいう", ERR_CONFLICT,
     C ".contained[1].identifier[0]"},
    {"another symbol in the member id", "06139448:あいう", "06139448:あいえ", ERR_CONFLICT,
     C ".contained[1].identifier[0]"},
    {"another branch in dependent", "\"dependent\":\"05\"", "\"dependent\":\"06\"", ERR_CONFLICT,
     C ".contained[1].dependent"},
    {"a branch of three digits", "\"dependent\":\"05\"", "\"dependent\":\"005\"", ERR_VALUE,
     C ".contained[1].dependent"},
    {"another number in subscriberId", "\"dependent\":\"05\"", "\"subscriberId\":\"188\"", ERR_CONFLICT,
     C ".contained[1].subscriberId"},
    {"a member id without its last colon", ":１８７:05\"", ":１８７\"", ERR_VALUE, C ".contained[1].identifier[0]"},
    {"a member id with a colon too many", ":１８７:05\"", ":１８７:05:\"", ERR_VALUE, C ".contained[1].identifier[0]"},
    {"a coverage identifier of an unknown system", MEMBER_ID, "urn:x:y", ERR_CODE, C ".contained[1].identifier[0]"},
    {"systems in both forms", "\"identifier\":[{\"system\":\"" MEMBER_ID "\",\"value\":\"06139448:あいう:１８７:05\"}]",
     "\"identifier\":[{\"system\":\"urn:oid:1.2.392.100495.20.3.63\",\"value\":\"187\"}]", ERR_VALUE,
     C ".contained[1].identifier[0]"},
    {"an identifier without a value", ",\"value\":\"00000010\"", "", ERR_MISSING,
     C ".contained[0].identifier[0].value"},
    {"an identifier that is no longer used", "\"identifier\":[{\"system\":\"" MEMBER_ID,
     "\"identifier\":[{\"use\":\"old\",\"system\":\"" MEMBER_ID, ERR_NOT_SUPPORTED,
     C ".contained[1].identifier[0].use"},
    {"a symbol of 21 characters", "\"valueString\":\"あいう\"",
     "\"valueString\":\"あいうえおかきくけこさしすせそたちつてとな\"", ERR_VALUE,
     C ".contained[1].extension[0].valueString"},
    {"a JSON body of another resource", "\"CoverageEligibilityRequest\"", "\"Claim\"", ERR_NOT_SUPPORTED, "Claim"},
    {"no resourceType", "\"resourceType\":\"CoverageEligibilityRequest\",", "", ERR_MISSING, ""},
    {"an element twice", "\"gender\":\"female\"", "\"gender\":\"female\",\"gender\":\"female\"", ERR_DUPLICATE,
     "gender"},
    {"security labels", "\"meta\":{", "\"meta\":{\"security\":[{\"code\":\"R\"}],", ERR_NOT_SUPPORTED,
     C ".contained[0].meta.security"},
    {"an object where text has to be", "\"gender\":\"female\"", "\"gender\":{\"a\":1}", ERR_VALUE,
     C ".contained[0].gender"},
    {"text where an object has to be", "\"insurer\":{\"reference\":\"#i\"}", "\"insurer\":\"#i\"", ERR_VALUE,
     C ".insurer"},
    {"an empty object", "\"insurer\":{\"reference\":\"#i\"}", "\"insurer\":{}", ERR_VALUE, C ".insurer"},
    {"control characters in text", "\"dependent\":\"05\"", "\"subscriberId\":\"1\\u0008\"", ERR_VALUE,
     C ".contained[1].subscriberId"},
};

static void refused(void **state) {
    const struct refusal *row = *state;
    struct arena a;
    struct fhir_request r;
    struct diag d;
    arena_init(&a, 1 << 20);
    enum err e = ask(&a, fhir_sample_with(&a, row->find, row->replacement), &r, &d);
    if (e != row->err) print_error("%s: %s at %s (%s)\n", row->name, err_info(e)->name, d.where, d.detail);
    assert_int_equal(e, row->err);
    assert_int_equal(d.err, row->err);
    assert_string_equal(d.where, row->where);
    arena_fini(&a);
}

/* A change that asks the same question in another way. */
static const struct acceptance {
    const char *name, *find, *replacement;
} acceptances[] = {
    {"accepts a period of one day", "\"servicedDate\":\"2026-11-22\"",
     "\"servicedPeriod\":{\"start\":\"2026-11-22\",\"end\":\"2026-11-22T23:59:59+09:00\"}"},
    {"accepts the insurer by its identifier", "\"insurer\":{\"reference\":\"#i\"}",
     "\"insurer\":{\"identifier\":{\"system\":\"http://jpfhir.jp/fhir/core/mhlw/IdSystem/InsurerNumber\",\"value\":\"06139448\"}}"},
    {"accepts an insurer's number whose leading zero was dropped", "InsurerNumber\",\"value\":\"06139448\"",
     "InsurerNumber\",\"value\":\"6139448\""},
    {"accepts the OID form alone", "http://jpfhir.jp/fhir/core/mhlw/IdSystem/InsurerNumber",
     "urn:oid:1.2.392.100495.20.3.61"},
    {"accepts a full-width branch", "\"dependent\":\"05\"", "\"dependent\":\"０５\""},
    {"accepts the number in the other width", ":１８７:05\"", ":187:05\""},
    {"accepts leading zeros of the number", ":１８７:05\"", ":00187:05\""},
    {"accepts the quoted form of JP Core 1.1.2 without a system",
     "{\"system\":\"" MEMBER_ID "\",\"value\":\"06139448:あいう:１８７:05\"}",
     "{\"value\":\"\\\"あいう\\\",\\\"１８７\\\",\\\"０５\\\"\"}"},
    {"accepts the separator as the notes spell its code", "06139448:あいう:１８７:05",
     "06139448Zあいう"
     "Z１８７Z05"},
    {"accepts symbol and number in subscriberId", "\"dependent\":\"05\"",
     "\"subscriberId\":\"\\\"あいう\\\",\\\"１８７\\\"\""},
    {"accepts the institution's system of the notes", "IdSystem/insurance-medical-institution-no",
     "CodeSystem/medicalInstitutionCode"},
    {"accepts a narrative and a language", "\"gender\"",
     "\"language\":\"ja\",\"text\":{\"status\":\"generated\",\"div\":\"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">x</div>\"},\"gender\""},
    {"accepts the member id in the patient", "\"system\":\"" PATIENT_NUMBER_OID "1311234567\",\"value\":\"00000010\"",
     "\"system\":\"" MEMBER_ID "\",\"value\":\"06139448:あいう:１８７:05\""},
    {"accepts no provider: the certificate says it",
     "\"provider\":{\"identifier\":{\"system\":\"http://jpfhir.jp/fhir/core/IdSystem/insurance-medical-institution-no\",\"value\":\"1311234567\"}},\n",
     ""},
};

static void accepted(void **state) {
    const struct acceptance *row = *state;
    struct arena a;
    struct fhir_request r;
    struct diag d;
    struct day birth, on;
    int branch = -2;
    arena_init(&a, 1 << 20);
    enum err e = ask(&a, fhir_sample_with(&a, row->find, row->replacement), &r, &d);
    if (e) print_error("%s: %s at %s (%s)\n", row->name, err_info(e)->name, d.where, d.detail);
    assert_int_equal(e, ERR_OK);
    assert_true(day_from_civil(1980, 4, 1, &birth) && day_from_civil(2026, 11, 22, &on));
    assert_true(day_eq(r.question.birth, birth) && day_eq(r.question.on, on));
    assert_int_equal(r.question.insurer.n, 6139448);
    assert_int_equal(r.question.institution.n, us.n);
    branch = r.question.id.branch;
    assert_int_equal(branch, 5);
    assert_true(str_eq(r.question.id.symbol, S("あいう")));
    arena_fini(&a);
}

static void a_question_in_Parameters_is_the_same(void **state) {
    (void)state;
    struct arena a;
    struct fhir_request r;
    struct diag d;
    struct buf b;
    arena_init(&a, 1 << 20);
    buf_init(&b, 1 << 16);
    buf_puts(&b, "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"resource\",\"resource\":");
    buf_puts(&b, fhir_sample_request);
    buf_puts(&b, "}]}");
    assert_int_equal(ask(&a, buf_str(&b), &r, &d), ERR_OK);
    assert_int_equal(r.question.insurer.n, 6139448);
    buf_reset(&b);
    buf_puts(&b, "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"resource\",\"resource\":");
    buf_put(&b, fhir_sample_with(&a, "\"gender\"", "\"colour\":1,\"gender\""));
    buf_puts(&b, "}]}");
    assert_int_equal(ask(&a, buf_str(&b), &r, &d), ERR_UNKNOWN);
    assert_string_equal(d.where, "Parameters.parameter[0].resource.contained[0].colour");
    buf_fini(&b);
    arena_fini(&a);
}

static void parameters_are_refused_unless_there_is_one_resource(void **state) {
    (void)state;
    static const struct {
        const char *body;
        enum err err;
        const char *where;
    } rows[] = {
        {"{\"resourceType\":\"Parameters\"}", ERR_MISSING, "Parameters.parameter"},
        {"{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"resource\"}]}", ERR_MISSING,
         "Parameters.parameter[0].resource"},
        {"{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"other\",\"resource\":{\"resourceType\":\"Patient\"}}]}",
         ERR_UNKNOWN, "Parameters.parameter[0].name"},
        {"{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"resource\",\"resource\":{\"resourceType\":\"Patient\"}}]}",
         ERR_NOT_SUPPORTED, "Parameters.parameter[0].resource"},
        {"{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"resource\",\"resource\":{\"resourceType\":\"Patient\"},\"valueString\":\"x\"}]}",
         ERR_NOT_SUPPORTED, "Parameters.parameter[0].resource"},
        {"[]", ERR_VALUE, ""},
        {"{}", ERR_MISSING, ""},
        {"", ERR_SYNTAX, ""},
        {"\"x\"", ERR_VALUE, ""},
    };
    struct arena a;
    struct fhir_request r;
    struct diag d;
    arena_init(&a, 1 << 20);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(ask(&a, str_c(rows[i].body), &r, &d), rows[i].err);
        assert_string_equal(d.where, rows[i].where);
    }
    arena_fini(&a);
}

static void a_member_without_symbol_and_branch_is_asked_for(void **state) {
    (void)state;
    struct arena a;
    struct fhir_request r;
    struct diag d;
    arena_init(&a, 1 << 20);
    const char *coverage = strstr(fhir_sample_request, "   \"extension\":[{\"url\":\"" JP_EXTENSION),
               *end = strstr(coverage, "   \"status\"");
    char old[2048];
    snprintf(old, sizeof old, "%.*s", (int)(end - coverage), coverage);
    struct str body = fhir_sample_with(
        &a, old, "   \"identifier\":[{\"system\":\"" MEMBER_ID "\",\"value\":\"06139448::１８７:\"}],\n");
    char *text = arena_new(&a, body.n + 1);
    memcpy(text, body.p, body.n);
    char *dependent = strstr(text, ",\"dependent\":\"05\"");
    memset(dependent, ' ', strlen(",\"dependent\":\"05\""));
    enum err e = ask(&a, str_c(text), &r, &d);
    assert_int_equal(e, ERR_OK);
    assert_int_equal(r.question.id.branch, BRANCH_NONE);
    assert_int_equal(r.question.id.symbol.n, 0);
    assert_true(str_eq(r.question.id.number, S("１８７")));
    arena_fini(&a);
}

static void the_operator_asks_for_the_provider_named(void **state) {
    (void)state;
    struct arena a;
    struct fhir_request r;
    arena_init(&a, 1 << 20);
    assert_int_equal(fhir_read_request(&a, str_c(fhir_sample_request), (struct institution_code){0}, &r, NULL), ERR_OK);
    assert_int_equal(r.question.institution.n, us.n);
    arena_fini(&a);
}

static void a_body_past_the_limit_is_refused(void **state) {
    (void)state;
    struct arena a;
    struct fhir_request r;
    struct diag d;
    arena_init(&a, 1 << 20);
    char *p = calloc(1, FHIR_REQUEST_MAX + 1);
    assert_int_equal(ask(&a, str_of(p, FHIR_REQUEST_MAX + 1), &r, &d), ERR_LIMIT);
    free(p);
    arena_fini(&a);
}

static void a_refusal_never_repeats_a_value(void **state) {
    (void)state;
    struct arena a;
    struct fhir_request r;
    struct diag d;
    arena_init(&a, 1 << 20);
    (void)!ask(&a, fhir_sample_with(&a, "1980-04-01", "1980-04-31"), &r, &d);
    assert_null(strstr(d.detail, "1980"));
    (void)!ask(&a, fhir_sample_with(&a, ":１８７:05\"", ":１８８:05\""), &r, &d);
    assert_null(strstr(d.detail, "１８"));
    arena_fini(&a);
}

static void feed(void *context, struct str body) {
    struct arena *a = context;
    struct fhir_request r;
    struct diag d;
    enum err e = ask(a, body, &r, &d);
    if (e) assert_int_equal(d.err, e);
    else assert_true(day_is(r.question.birth) && r.question.id.number.n > 0 && r.question.institution.n == us.n);
    arena_reset(a);
}

static void every_truncation_and_bit_flip_comes_back(void **state) {
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    assert_true(hostile_all(str_c(fhir_sample_request), feed, &a) > 10000);
    arena_fini(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_question_is_read_whole),
        cmocka_unit_test(a_question_in_Parameters_is_the_same),
        cmocka_unit_test(parameters_are_refused_unless_there_is_one_resource),
        cmocka_unit_test(a_member_without_symbol_and_branch_is_asked_for),
        cmocka_unit_test(the_operator_asks_for_the_provider_named),
        cmocka_unit_test(a_body_past_the_limit_is_refused),
        cmocka_unit_test(a_refusal_never_repeats_a_value),
        cmocka_unit_test(every_truncation_and_bit_flip_comes_back),
    };
    struct CMUnitTest rows[ARRAY_LEN(refusals) + ARRAY_LEN(acceptances)];
    char names[ARRAY_LEN(refusals)][100];
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
        snprintf(names[i], sizeof names[i], "refuses %s", refusals[i].name);
        rows[n++] = (struct CMUnitTest){names[i], refused, NULL, NULL, (void *)(uintptr_t)&refusals[i]};
    }
    for (size_t i = 0; i < ARRAY_LEN(acceptances); i++)
        rows[n++] = (struct CMUnitTest){acceptances[i].name, accepted, NULL, NULL, (void *)(uintptr_t)&acceptances[i]};
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed + _cmocka_run_group_tests("rows", rows, n, NULL, NULL);
}
