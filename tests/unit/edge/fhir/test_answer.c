#include "base/json.h"
#include "edge/fhir/fhir.h"
#include "edge/fhir/member_id.h"
#include "edge/fhir/systems.h"
#include "lib/fhir_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* The value at a path of names and list places: "insurance.0.item.0.name". */
static struct json at(struct json v, const char *path) {
    struct str rest = str_c(path);
    while (!str_empty(rest)) {
        char name[64];
        struct str part = str_cut(&rest, '.');
        uint64_t n = 0;
        assert_true(str_to_c(part, name, sizeof name));
        if (json_kind(v) == JSON_ARRAY) {
            assert_true(str_uint(part, 100, &n));
            for (v = json_first(v); n > 0; n--) v = json_next(v);
        } else {
            v = json_get(v, name);
        }
    }
    return v;
}

static void assert_text(struct json v, const char *path, const char *expected) {
    struct str s = S("");
    if (!json_str(at(v, path), &s)) fail_msg("%s is no string", path);
    if (!str_eq(s, str_c(expected))) fail_msg("%s: %.*s, not %s", path, (int)s.n, s.p, expected);
}

static struct json written(struct arena *a, struct buf *b) {
    struct json v;
    struct diag d;
    assert_true(buf_ok(b));
    enum err e = json_read(a, buf_str(b), &v, &d);
    if (e) fail_msg("%s line %u column %u: %.*s", d.detail, d.line, d.column, (int)b->n, b->p);
    return v;
}

static void every_made_answer_is_well_formed_and_says_its_validity(void **state) {
    (void)state;
    struct arena a;
    struct buf b;
    struct fhir_request r;
    struct answer answer;
    unsigned n = 0;
    buf_init(&b, 1 << 16);
    arena_init(&a, 1 << 20);
    for (; fhir_sample_answer(&a, n, &r, &answer); n++) {
        char code[2] = {(char)('0' + answer.verdict.validity), 0};
        bool inforce = false;
        buf_reset(&b);
        fhir_write_answer(&b, &r, &answer);
        struct json v = written(&a, &b);
        assert_text(v, "resourceType", "CoverageEligibilityResponse");
        assert_text(v, "outcome", "complete");
        assert_text(v, "extension.0.valueCoding.code", code);
        assert_int_equal(json_count(json_get(v, "extension")), 1 + (size_t)__builtin_popcount(answer.verdict.warnings));
        if (answer.verdict.member) {
            assert_true(json_bool(at(v, "insurance.0.inforce"), &inforce));
            assert_int_equal(inforce, verdict_covered(&answer.verdict));
        }
        bool error = answer.verdict.validity >= 3 && answer.verdict.validity <= 5;
        assert_int_equal(json_count(json_get(v, "error")), error);
        arena_reset(&a);
    }
    assert_int_equal(n, FHIR_ANSWERS);
    buf_fini(&b);
    arena_fini(&a);
}

static void nothing_of_a_person_when_nobody_or_several_match(void **state) {
    (void)state;
    struct arena a;
    struct buf b;
    struct fhir_request r;
    struct answer answer;
    unsigned seen = 0;
    buf_init(&b, 1 << 16);
    arena_init(&a, 1 << 20);
    for (unsigned n = 0; fhir_sample_answer(&a, n, &r, &answer); n++, arena_reset(&a)) {
        if (answer.verdict.validity != VALIDITY_NONE && answer.verdict.validity != VALIDITY_SEVERAL) continue;
        answer.insurer_name = S("ある保険者");
        buf_reset(&b);
        fhir_write_answer(&b, &r, &answer);
        struct json v = written(&a, &b);
        static const char *const absent[] = {"contained", "insurance", "patient.reference", "patient.identifier",
                                             "patient.display"};
        for (size_t i = 0; i < ARRAY_LEN(absent); i++) assert_true(json_none(at(v, absent[i])));
        assert_true(str_find(buf_str(&b), S("ある保険者")) == b.n);
        assert_true(str_find(buf_str(&b), r.question.id.number) == b.n);
        assert_true(str_find(buf_str(&b), S("1980")) == b.n);
        seen++;
    }
    assert_int_equal(seen, FHIR_ANSWERS / 3);
    buf_fini(&b);
    arena_fini(&a);
}

static struct json written_case(struct arena *a, struct buf *b, unsigned n, struct answer *answer) {
    struct fhir_request r;
    buf_init(b, 1 << 16);
    arena_init(a, 1 << 20);
    assert_true(fhir_sample_answer(a, n, &r, answer));
    fhir_write_answer(b, &r, answer);
    return written(a, b);
}

static void a_name_is_shown_as_written_with_its_reading(void **state) {
    (void)state;
    struct arena a;
    struct buf b;
    struct answer answer;
    struct json v = written_case(&a, &b, 6, &answer);
    const char *ide = "contained.0.name.0.extension.0.valueCode", *syl = "contained.0.name.1.extension.0.valueCode";
    assert_text(v, "contained.0.name.0.text", "髙\xf3\xa0\x84\x80田　邊\xf3\xa0\x84\x81");
    assert_text(v, "contained.0.name.0.family", "髙\xf3\xa0\x84\x80田");
    assert_text(v, "contained.0.name.0.given.0", "邊\xf3\xa0\x84\x81");
    assert_text(v, ide, "IDE");
    assert_text(v, "contained.0.name.1.family", "タカダ");
    assert_text(v, syl, "SYL");
    buf_fini(&b);
    arena_fini(&a);
}

static void a_name_without_a_space_is_not_split(void **state) {
    (void)state;
    struct arena a;
    struct buf b;
    struct answer answer;
    struct json v = written_case(&a, &b, 24, &answer);
    assert_text(v, "contained.0.name.0.text", "一");
    assert_true(json_none(at(v, "contained.0.name.0.family")));
    buf_fini(&b);
    arena_fini(&a);
}

static void quotes_in_a_name_are_escaped(void **state) {
    (void)state;
    struct arena a;
    struct buf b;
    struct answer answer;
    struct json v = written_case(&a, &b, 18, &answer);
    assert_text(v, "contained.0.name.0.family", "山\"田\\");
    buf_fini(&b);
    arena_fini(&a);
}

static void the_share_stands_in_the_item_and_in_the_coverage(void **state) {
    (void)state;
    struct arena a;
    struct buf b;
    struct answer answer;
    uint64_t percent = 0, quantity = 0;
    struct json v = written_case(&a, &b, 0, &answer);
    assert_text(v, "insurance.0.item.0.category.coding.0.code", "copay");
    assert_text(v, "insurance.0.item.0.benefit.0.type.coding.0.code", "copay-percent");
    assert_true(json_uint(at(v, "insurance.0.item.0.benefit.0.allowedUnsignedInt"), 100, &percent));
    assert_true(json_uint(at(v, "contained.1.costToBeneficiary.0.valueQuantity.value"), 100, &quantity));
    assert_int_equal(percent, answer.verdict.ratio);
    assert_int_equal(quantity, answer.verdict.ratio);
    buf_fini(&b);
    arena_fini(&a);
}

static void the_answer_names_the_request_it_answers(void **state) {
    (void)state;
    struct arena a;
    struct buf b;
    struct answer answer;
    struct json v = written_case(&a, &b, 2, &answer);
    assert_text(v, "request.identifier.value", "q-\"1\"");
    assert_text(v, "request.identifier.system", "https://chart.invalid/questions");
    assert_text(v, "requestor.identifier.value", "1311234567");
    buf_fini(&b);
    arena_fini(&a);
}

static void member_ids_are_written_as_the_notes_ask(void **state) {
    (void)state;
    static const struct {
        const char *symbol, *number;
        int branch;
        const char *expected;
    } rows[] = {{"あいう", "187", 5, "06139448:あいう:187:05"}, {"12-34", "4260", 1, "06139448:１２－３４:4260:01"},
                {"", "187", BRANCH_NONE, "06139448::187:"},     {"A1", "00187", 0, "06139448:A1:00187:00"},
                {"い 1", "1　2", 99, "06139448:い１:１２:99"},  {"\"", "1", 1, "06139448:＂:1:01"}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct buf b;
        struct insured_id id = {str_c(rows[i].symbol), str_c(rows[i].number), rows[i].branch};
        struct member_id m;
        const char *why;
        buf_init(&b, 256);
        member_id_put(&b, insurer_number_make(613944), &id);
        assert_true(str_eq(buf_str(&b), str_c(rows[i].expected)));
        assert_int_equal(member_id_parse(buf_str(&b), &m, &why), ERR_OK);
        assert_int_equal(m.id.branch, rows[i].branch);
        assert_int_equal(m.insurer.n, 6139448);
        buf_fini(&b);
    }
}

static void an_outcome_carries_code_text_and_place(void **state) {
    (void)state;
    struct arena a;
    struct buf b;
    struct diag d;
    buf_init(&b, 1 << 14);
    arena_init(&a, 1 << 20);
    (void)!diag_set(&d, ERR_DATE, "CoverageEligibilityRequest.contained[0].birthDate", "a \"day\"");
    fhir_write_outcome(&b, &d);
    struct json v = written(&a, &b);
    assert_text(v, "issue.0.severity", "error");
    assert_text(v, "issue.0.code", "value");
    assert_text(v, "issue.0.details.coding.0.code", "MDOF0011E");
    assert_text(v, "issue.0.details.text", err_info(ERR_DATE)->ja);
    assert_text(v, "issue.0.diagnostics", "the date is not a day of the calendar: a \"day\"");
    assert_text(v, "issue.0.expression.0", "CoverageEligibilityRequest.contained[0].birthDate");
    buf_fini(&b);
    arena_fini(&a);
}

static void an_outcome_without_a_place_has_no_expression(void **state) {
    (void)state;
    struct arena a;
    struct buf b;
    struct diag d;
    buf_init(&b, 1 << 14);
    arena_init(&a, 1 << 20);
    (void)!diag_set(&d, ERR_SYNTAX, "not a path", NULL);
    d.line = 3, d.column = 4;
    fhir_write_outcome(&b, &d);
    struct json v = written(&a, &b);
    assert_true(json_none(at(v, "issue.0.expression")));
    assert_text(v, "issue.0.diagnostics", "it is not well-formed (line 3, column 4)");
    buf_fini(&b);
    arena_fini(&a);
}

static void the_capability_lists_the_operation_and_nothing_else(void **state) {
    (void)state;
    struct arena a;
    struct buf b;
    buf_init(&b, 1 << 14);
    arena_init(&a, 1 << 20);
    fhir_write_capability(&b, S("https://127.0.0.1:8443/fhir/R4"));
    struct json v = written(&a, &b);
    assert_text(v, "fhirVersion", "4.0.1");
    assert_text(v, "implementation.url", "https://127.0.0.1:8443/fhir/R4");
    assert_int_equal(json_count(at(v, "rest")), 1);
    assert_int_equal(json_count(at(v, "rest.0.resource")), 1);
    assert_int_equal(json_count(at(v, "rest.0.resource.0.operation")), 1);
    assert_text(v, "rest.0.resource.0.operation.0.name", "submit");
    assert_true(json_none(at(v, "rest.0.resource.0.interaction")));
    buf_fini(&b);
    arena_fini(&a);
}

static void negotiation_by_rows(void **state) {
    (void)state;
    static const struct {
        const char *query, *accept, *type;
        bool body;
        enum err err;
    } rows[] = {
        {"", "", "", false, ERR_OK},
        {"", "", "application/fhir+json", true, ERR_OK},
        {"", "", "application/json; charset=UTF-8", true, ERR_OK},
        {"", "", "application/fhir+json;fhirVersion=4.0", true, ERR_OK},
        {"", "", "application/fhir+json;fhirVersion=5.0", true, ERR_MEDIA_TYPE},
        {"", "", "application/json; charset=shift_jis", true, ERR_MEDIA_TYPE},
        {"", "", "application/fhir+xml", true, ERR_MEDIA_TYPE},
        {"", "", "", true, ERR_MEDIA_TYPE},
        {"", "application/fhir+json", "", false, ERR_OK},
        {"", "*/*", "", false, ERR_OK},
        {"", "application/*;q=0.5", "", false, ERR_OK},
        {"", "text/html, application/fhir+xml;q=0.9, */*;q=0.1", "", false, ERR_OK},
        {"", "application/fhir+xml", "", false, ERR_NOT_ACCEPTABLE},
        {"", "application/fhir+json;q=0", "", false, ERR_NOT_ACCEPTABLE},
        {"", "application/fhir+json;fhirVersion=3.0", "", false, ERR_NOT_ACCEPTABLE},
        {"", ",,,", "", false, ERR_NOT_ACCEPTABLE},
        {"_format=json", "application/fhir+xml", "", false, ERR_OK},
        {"_format=application/fhir%2Bjson", "", "", false, ERR_OK},
        {"_format=application/fhir+json", "", "", false, ERR_OK},
        {"_format=xml", "application/fhir+json", "", false, ERR_NOT_ACCEPTABLE},
        {"_format=json&_format=xml", "", "", false, ERR_DUPLICATE},
        {"_pretty=true", "", "", false, ERR_UNKNOWN},
        {"_format", "", "", false, ERR_NOT_ACCEPTABLE},
        {"patient=1", "", "", false, ERR_UNKNOWN},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct diag d;
        enum err e = fhir_negotiate(str_c(rows[i].query), str_c(rows[i].accept), str_c(rows[i].type), rows[i].body, &d);
        if (e != rows[i].err) fail_msg("row %zu: %s", i, err_info(e)->name);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_made_answer_is_well_formed_and_says_its_validity),
        cmocka_unit_test(nothing_of_a_person_when_nobody_or_several_match),
        cmocka_unit_test(a_name_is_shown_as_written_with_its_reading),
        cmocka_unit_test(a_name_without_a_space_is_not_split),
        cmocka_unit_test(quotes_in_a_name_are_escaped),
        cmocka_unit_test(the_share_stands_in_the_item_and_in_the_coverage),
        cmocka_unit_test(the_answer_names_the_request_it_answers),
        cmocka_unit_test(member_ids_are_written_as_the_notes_ask),
        cmocka_unit_test(an_outcome_carries_code_text_and_place),
        cmocka_unit_test(an_outcome_without_a_place_has_no_expression),
        cmocka_unit_test(the_capability_lists_the_operation_and_nothing_else),
        cmocka_unit_test(negotiation_by_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
