#include "edge/reception/question.h"
#include "lib/hostile.h"
#include "lib/unit.h"

static struct arena arena;
static struct str waiting;

static int begin(void **state) {
    (void)state;
    arena_init(&arena, QUESTION_ARENA_MAX);
    return 0;
}

static int end(void **state) {
    (void)state;
    arena_fini(&arena);
    return 0;
}

static const char good[] =
    "{\"insurer\":\"06139448\",\"symbol\":\"１２－３４\",\"number\":\"001\",\"branch\":\"\",\"birth\":\"S60.4.1\","
    "\"chart\":\"1001\",\"name\":\"高橋 みどり\",\"limit_consent\":true}";

static void what_was_typed_is_kept_as_typed(void **state) {
    (void)state;
    struct visit *v = visit_new();
    assert_int_equal(question_read(&arena, str_c(good), v, &waiting, NULL), ERR_OK);
    assert_int_equal(v->insurer.n, 6139448);
    assert_string_equal(v->symbol, "１２－３４");
    assert_string_equal(v->insured_number, "001");
    assert_string_equal(v->chart, "1001");
    assert_string_equal(v->name, "高橋 みどり");
    assert_int_equal(v->branch, BRANCH_NONE);
    assert_true(v->limit_consent);
    struct civil c = day_civil(v->birth);
    assert_true(c.year == 1985 && c.month == 4 && c.day == 1);
    visit_free(v);
}

static void a_check_by_the_staffs_eyes_and_a_waiting_visit_are_told(void **state) {
    (void)state;
    static const struct {
        const char *more, *waiting;
        enum proof proof;
    } rows[] = {{"", "", PROOF_NUMBER},
                {",\"staff_check\":false", "", PROOF_NUMBER},
                {",\"staff_check\":true", "", PROOF_STAFF},
                {",\"visit\":\"abc\",\"staff_check\":true", "abc", PROOF_STAFF}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct visit *v = visit_new();
        char body[256];
        snprintf(body, sizeof body, "{\"insurer\":\"06139448\",\"number\":\"1\",\"birth\":\"19850401\"%s}",
                 rows[i].more);
        row_check(question_read(&arena, str_c(body), v, &waiting, NULL) == ERR_OK, rows[i].more);
        row_check(v->proof == rows[i].proof && str_eq(waiting, str_c(rows[i].waiting)), rows[i].more);
        visit_free(v);
    }
}

static void an_id_stands_alone(void **state) {
    (void)state;
    static const struct {
        const char *body;
        enum err err;
    } rows[] = {{"{\"id\":\"abc\"}", ERR_OK},
                {"{}", ERR_MISSING},
                {"{\"id\":\"\"}", ERR_MISSING},
                {"{\"id\":1}", ERR_VALUE},
                {"{\"id\":\"a\",\"b\":1}", ERR_UNKNOWN},
                {"[]", ERR_SYNTAX},
                {"", ERR_SYNTAX}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct str id;
        row_check(question_read_id(&arena, str_c(rows[i].body), &id, NULL) == rows[i].err, rows[i].body);
    }
}

static void hands_may_be_careless(void **state) {
    (void)state;
    static const char *const rows[] = {
        "{\"insurer\":\" ０６１３９４４８　\",\"number\":\"1\",\"birth\":\"１９８５－０４－０１\"}",
        "{\"insurer\":\"06139448\",\"number\":\"　1 \",\"birth\":\"Ｓ６０．４．１\",\"branch\":\"０１\"}",
        "{\"insurer\":\"06139448\",\"number\":\"1\",\"birth\":\" 昭和60年4月1日 \",\"branch\":\" 1 \"}",
        "{\"insurer\":\"06139448\",\"number\":\"1\",\"birth\":\"19850401\"}",
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct visit *v = visit_new();
        row_check(question_read(&arena, str_c(rows[i]), v, &waiting, NULL) == ERR_OK, rows[i]);
        struct civil c = day_civil(v->birth);
        row_check(v->insurer.n == 6139448 && strcmp(v->insured_number, "1") == 0 && c.year == 1985 && c.day == 1,
                  rows[i]);
        visit_free(v);
    }
}

static void a_fault_names_its_field(void **state) {
    (void)state;
    static const struct {
        const char *body;
        enum err err;
        const char *where;
    } rows[] = {
        {"", ERR_SYNTAX, ""},
        {"[]", ERR_SYNTAX, ""},
        {"{\"insurer\":1}", ERR_VALUE, "insurer"},
        {"{}", ERR_MISSING, "insurer"},
        {"{\"insurer\":\"06139449\"}", ERR_CHECK_DIGIT, "insurer"},
        {"{\"insurer\":\"0613944\"}", ERR_VALUE, "insurer"},
        {"{\"insurer\":\"06139448\"}", ERR_MISSING, "number"},
        {"{\"insurer\":\"06139448\",\"number\":\" 　\"}", ERR_MISSING, "number"},
        {"{\"insurer\":\"06139448\",\"number\":\"123456789012345678901\"}", ERR_LIMIT, "number"},
        {"{\"insurer\":\"06139448\",\"symbol\":\"a\\u0007\",\"number\":\"1\"}", ERR_VALUE, "symbol"},
        {"{\"insurer\":\"06139448\",\"number\":\"1\",\"branch\":\"x\"}", ERR_VALUE, "branch"},
        {"{\"insurer\":\"06139448\",\"number\":\"1\"}", ERR_MISSING, "birth"},
        {"{\"insurer\":\"06139448\",\"number\":\"1\",\"birth\":\"S65.4.1\"}", ERR_DATE, "birth"},
        {"{\"insurer\":\"06139448\",\"number\":\"1\",\"birth\":\"1985-02-29\"}", ERR_DATE, "birth"},
        {"{\"insurer\":\"06139448\",\"number\":\"1\",\"birth\":\"19850401\",\"chart\":\"a\\nb\"}", ERR_VALUE, "chart"},
        {"{\"insurer\":\"06139448\",\"number\":\"1\",\"birth\":\"19850401\",\"limit_consent\":\"yes\"}", ERR_VALUE,
         "limit_consent"},
        {"{\"insurer\":\"06139448\",\"mynumber\":\"1\"}", ERR_UNKNOWN, ""},
        {"{\"insurer\":\"06139448\",\"insurer\":\"06139448\"}", ERR_DUPLICATE, NULL},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct visit *v = visit_new();
        struct diag d = {0};
        row_check(question_read(&arena, str_c(rows[i].body), v, &waiting, &d) == rows[i].err, rows[i].body);
        row_check(rows[i].where == NULL || strcmp(d.where, rows[i].where) == 0, rows[i].body);
        visit_free(v);
    }
}

static void read_any(void *context, struct str input) {
    struct visit *v = visit_new();
    struct diag d = {0};
    (void)context;
    arena_reset(&arena);
    enum err e = question_read(&arena, input, v, &waiting, &d);
    if (e != ERR_OK) assert_int_equal(d.err, e);
    else assert_true(v->insurer.n && v->insured_number[0] && day_is(v->birth));
    visit_free(v);
}

static void damaged_questions_are_read_or_refused(void **state) {
    (void)state;
    (void)hostile_all(str_c(good), read_any, NULL);
}

static void the_message_is_the_fields_own(void **state) {
    (void)state;
    struct visit *v = visit_new();
    struct institution_code institution;
    struct buf b;
    buf_init(&b, 4096);
    memset(v->id, 'b', VISIT_ID);
    assert_int_equal(institution_code_parse(S("0110113719"), &institution), ERR_OK);
    assert_int_equal(
        question_read(
            &arena,
            S("{\"insurer\":\"138057\",\"symbol\":\"\",\"number\":\"a\\\"b\",\"branch\":\"1\",\"birth\":\"S60.4.1\"}"),
            v, &waiting, NULL),
        ERR_OK);
    assert_int_equal(question_put_message(&b, v, institution), ERR_OK);
    assert_str(
        buf_str(&b),
        S("{\"XmlMsg\":{\"MessageHeader\":{\"MedicalInstitutionCode\":\"0110113719\",\"AttestationFlag\":\"1\"},\"MessageBody\":{"
          "\"QualificationConfirmSearchInfo\":{\"InsurerNumber\":\"  138057\",\"InsuredIdentificationNumber\":\"a\\\"b\","
          "\"InsuredBranchNumber\":\"01\",\"Birthdate\":\"19850401\",\"LimitApplicationCertificateRelatedConsFlg\":\"0\","
          "\"ArbitraryIdentifier\":\"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\"}}}}"));
    buf_fini(&b), visit_free(v);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_typed_is_kept_as_typed, begin, end),
        cmocka_unit_test_setup_teardown(a_check_by_the_staffs_eyes_and_a_waiting_visit_are_told, begin, end),
        cmocka_unit_test_setup_teardown(an_id_stands_alone, begin, end),
        cmocka_unit_test_setup_teardown(hands_may_be_careless, begin, end),
        cmocka_unit_test_setup_teardown(a_fault_names_its_field, begin, end),
        cmocka_unit_test_setup_teardown(damaged_questions_are_read_or_refused, begin, end),
        cmocka_unit_test_setup_teardown(the_message_is_the_fields_own, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
