#include "unit/edge/receipt/sample.h"

static struct arena arena;

/* A single question with one element's line replaced. */
static enum err ask(const char *find, const char *put, struct request *r, struct diag *d) {
    static char text[4096];
    struct str all = S(SAMPLE_REQUEST);
    size_t at = str_find(all, str_c(find));
    struct tree *t;
    if (find[0] == 0) at = 0;
    assert_true(at < all.n);
    snprintf(text, sizeof text, "%.*s%s%s", (int)at, all.p, put, all.p + at + strlen(find));
    arena_fini(&arena);
    arena_init(&arena, TREE_ARENA_MAX);
    *d = (struct diag){0};
    assert_int_equal(tree_read_xml(&arena, str_c(text), &t, d), ERR_OK);
    return request_read(&arena, t, MESSAGE_SINGLE, r, d);
}

static void a_question_is_read(void **state) {
    (void)state;
    struct request r;
    struct diag d;
    assert_int_equal(ask("", "", &r, &d), ERR_OK);
    assert_int_equal(r.unit_count, 1);
    const struct question *q = &r.units[0].question;
    assert_int_equal(q->insurer.n, 138057);
    assert_true(str_eq(q->id.symbol, S("１２-34")));
    assert_true(str_eq(q->id.number, S("4260")));
    assert_int_equal(q->id.branch, 1);
    assert_true(day_eq(q->birth, sample_day(2001, 3, 27)));
    assert_true(day_eq(q->on, sample_day(2026, 11, 22)));
    assert_true(q->limit_consent);
    assert_int_equal(q->institution.n, 1312345670);
    assert_true(str_eq(r.file_identifier, S("f-001")));
    assert_true(str_eq(r.units[0].identifier, S("77_3")));
}

#define INSURER "<InsurerNumber>  138057</InsurerNumber>"
#define NUMBER  "<InsuredIdentificationNumber>4260</InsuredIdentificationNumber>"
#define BRANCH  "<InsuredBranchNumber>01</InsuredBranchNumber>"
#define BIRTH   "<Birthdate>20010327</Birthdate>"
#define CONSENT "<LimitApplicationCertificateRelatedConsFlg>1</LimitApplicationCertificateRelatedConsFlg>"
#define CODE    "<MedicalInstitutionCode>1312345670</MedicalInstitutionCode>"
#define ON      "<QualificationConfirmationDate>20261122</QualificationConfirmationDate>"
#define SYMBOL  "<InsuredCardSymbol>１２-34</InsuredCardSymbol>"
#define T21     "123456789012345678901"

static void each_element_is_checked_and_named(void **state) {
    (void)state;
    static const struct {
        const char *find, *put;
        enum err err;
        unsigned line;
        const char *where;
    } rows[] = {
        {INSURER, "", ERR_MISSING, 4, "MessageBody/QualificationConfirmSearchInfo/InsurerNumber"},
        {INSURER, "<InsurerNumber/>", ERR_MISSING, 5, "MessageBody/QualificationConfirmSearchInfo/InsurerNumber"},
        {INSURER, "<InsurerNumber>138058</InsurerNumber>", ERR_CHECK_DIGIT, 5,
         "MessageBody/QualificationConfirmSearchInfo/InsurerNumber"},
        {INSURER, "<InsurerNumber>13805</InsurerNumber>", ERR_VALUE, 5,
         "MessageBody/QualificationConfirmSearchInfo/InsurerNumber"},
        {INSURER, "<InsurerNumber>00138057</InsurerNumber>", ERR_OK, 0, ""},
        {INSURER, "<InsurerNumber>138057  </InsurerNumber>", ERR_OK, 0, ""},
        {INSURER, "<InsurerNumber>06139448</InsurerNumber>", ERR_OK, 0, ""},
        {SYMBOL, "", ERR_OK, 0, ""},
        {SYMBOL, "<InsuredCardSymbol>" T21 "</InsuredCardSymbol>", ERR_LIMIT, 5,
         "MessageBody/QualificationConfirmSearchInfo/InsuredCardSymbol"},
        {NUMBER, "", ERR_MISSING, 4, "MessageBody/QualificationConfirmSearchInfo/InsuredIdentificationNumber"},
        {NUMBER, "<InsuredIdentificationNumber>" T21 "</InsuredIdentificationNumber>", ERR_LIMIT, 5,
         "MessageBody/QualificationConfirmSearchInfo/InsuredIdentificationNumber"},
        {NUMBER, "<InsuredIdentificationNumber>1\t2</InsuredIdentificationNumber>", ERR_VALUE, 5,
         "MessageBody/QualificationConfirmSearchInfo/InsuredIdentificationNumber"},
        {BRANCH, "", ERR_OK, 0, ""},
        {BRANCH, "<InsuredBranchNumber>001</InsuredBranchNumber>", ERR_VALUE, 5,
         "MessageBody/QualificationConfirmSearchInfo/InsuredBranchNumber"},
        {BIRTH, "", ERR_MISSING, 4, "MessageBody/QualificationConfirmSearchInfo/Birthdate"},
        {BIRTH, "<Birthdate>20010229</Birthdate>", ERR_DATE, 5, "MessageBody/QualificationConfirmSearchInfo/Birthdate"},
        {BIRTH, "<Birthdate>2001-03-27</Birthdate>", ERR_DATE, 5,
         "MessageBody/QualificationConfirmSearchInfo/Birthdate"},
        {CONSENT, "", ERR_OK, 0, ""},
        {CONSENT, "<LimitApplicationCertificateRelatedConsFlg>2</LimitApplicationCertificateRelatedConsFlg>", ERR_CODE,
         5, "MessageBody/QualificationConfirmSearchInfo/LimitApplicationCertificateRelatedConsFlg"},
        {CODE, "", ERR_MISSING, 3, "MessageHeader/MedicalInstitutionCode"},
        {CODE, "<MedicalInstitutionCode>12345</MedicalInstitutionCode>", ERR_VALUE, 3,
         "MessageHeader/MedicalInstitutionCode"},
        {CODE, "<MedicalInstitutionCode>1311111111</MedicalInstitutionCode>", ERR_OK, 0, ""},
        {ON, "", ERR_OK, 0, ""},
        {ON, "<QualificationConfirmationDate>20261131</QualificationConfirmationDate>", ERR_DATE, 3,
         "MessageHeader/QualificationConfirmationDate"},
        {BRANCH, BRANCH "<NeverHeardOf><A>1</A></NeverHeardOf>", ERR_OK, 0, ""},
        {BIRTH, BIRTH BIRTH, ERR_OK, 0, ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct request r;
        struct diag d;
        enum err e = ask(rows[i].find, rows[i].put, &r, &d);
        if (e != rows[i].err || d.line != rows[i].line || strcmp(d.where, rows[i].where) != 0)
            fail_msg("row %zu %s: err %d line %u where %s", i, rows[i].put, (int)e, d.line, d.where);
        /* The header is known all the same, for the error answer. */
        if (e != ERR_OK && d.line >= 4) assert_int_equal(r.institution.n, 1312345670);
    }
}

static void order_means_nothing(void **state) {
    (void)state;
    struct request r;
    sample_request(&arena, &r, MESSAGE_SINGLE,
                   S("<XmlMsg><MessageBody><QualificationConfirmSearchInfo>" CONSENT BIRTH BRANCH NUMBER SYMBOL INSURER
                     "</QualificationConfirmSearchInfo></MessageBody><MessageHeader>" ON CODE
                     "</MessageHeader></XmlMsg>"));
    assert_int_equal(r.units[0].question.insurer.n, 138057);
    assert_true(day_eq(r.units[0].question.on, sample_day(2026, 11, 22)));
}

#define HEADER "<XmlMsg><MessageHeader>" CODE "</MessageHeader><MessageBody>"
#define END    "</MessageBody></XmlMsg>"
#define ONE    "<QualificationConfirmSearchInfo>" INSURER NUMBER BIRTH "</QualificationConfirmSearchInfo>"
#define BAD    "<QualificationConfirmSearchInfo>" INSURER NUMBER "</QualificationConfirmSearchInfo>"

static void a_bulk_question_is_read_in_either_form_and_a_bad_unit_is_its_own(void **state) {
    (void)state;
    static const char *const rows[] = {
        HEADER ONE BAD ONE END,
        HEADER "<BulkConfirmUnit>" ONE "</BulkConfirmUnit><BulkConfirmUnit>" BAD
               "</BulkConfirmUnit><BulkConfirmUnit>" ONE "</BulkConfirmUnit>" END,
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct request r;
        sample_request(&arena, &r, MESSAGE_BULK, str_c(rows[i]));
        assert_int_equal(r.unit_count, 3);
        assert_int_equal(r.units[0].err, ERR_OK);
        assert_int_equal(r.units[1].err, ERR_MISSING);
        assert_non_null(strstr(r.units[1].diag.where, "[2]"));
        assert_int_equal(r.units[2].err, ERR_OK);
    }
}

static void a_bulk_question_has_at_most_ten_thousand(void **state) {
    (void)state;
    struct buf b;
    struct request r;
    struct tree *t;
    struct diag d = {0};
    buf_init(&b, 8 << 20);
    buf_puts(&b, HEADER);
    for (size_t i = 0; i <= BULK_UNITS_MAX; i++) buf_puts(&b, ONE);
    buf_puts(&b, END);
    assert_int_equal(tree_read_xml(&arena, buf_str(&b), &t, &d), ERR_OK);
    assert_int_equal(request_read(&arena, t, MESSAGE_BULK, &r, &d), ERR_LIMIT);
    buf_fini(&b);
}

/* Found by fuzzing: the units were counted but not there. */
static void a_single_question_asks_about_one_person(void **state) {
    (void)state;
    struct tree *t;
    struct request r;
    struct diag d = {0};
    assert_int_equal(tree_read_xml(&arena, S(HEADER ONE ONE END), &t, &d), ERR_OK);
    assert_int_equal(request_read(&arena, t, MESSAGE_SINGLE, &r, &d), ERR_LIMIT);
    assert_int_equal(r.unit_count, 0);
}

static void asking_by_the_institutions_own_number_needs_nothing_else(void **state) {
    (void)state;
    struct request r;
    sample_request(
        &arena, &r, MESSAGE_SINGLE,
        S(HEADER
          "<QualificationConfirmSearchInfo><ReferenceNumber>P-0042</ReferenceNumber></QualificationConfirmSearchInfo>" END));
    assert_true(str_eq(r.units[0].reference_number, S("P-0042")));
}

static void registrations_and_receptions_are_read(void **state) {
    (void)state;
    struct request r;
    sample_request(&arena, &r, MESSAGE_REGISTER,
                   S(HEADER
                     "<ReferenceNumberRegistrationInfo><ReferenceNumber>P-0042</ReferenceNumber>" INSURER NUMBER BRANCH
                     "</ReferenceNumberRegistrationInfo>" END));
    assert_true(str_eq(r.registrations[0].reference_number, S("P-0042")));
    assert_int_equal(r.registrations[0].insurer.n, 138057);
    assert_int_equal(r.registrations[0].id.branch, 1);
    sample_request(&arena, &r, MESSAGE_REGISTER_BULK,
                   S(HEADER "<ReferenceNumberRegistrationInfo><ReferenceNumber>1</ReferenceNumber>" INSURER NUMBER
                            "</ReferenceNumberRegistrationInfo><ReferenceNumberRegistrationInfo>" INSURER NUMBER
                            "</ReferenceNumberRegistrationInfo>" END));
    assert_int_equal(r.registration_count, 2);
    assert_int_equal(r.registrations[1].err, ERR_MISSING);
    sample_request(&arena, &r, MESSAGE_BULK_RESULT, S(HEADER "<ReceptionNumber>R1</ReceptionNumber>" END));
    assert_true(str_eq(r.reception_number, S("R1")));
}

static void what_a_kind_needs_must_be_there(void **state) {
    (void)state;
    static const struct {
        enum message_kind kind;
        const char *text, *where;
    } rows[] = {
        {MESSAGE_SINGLE, HEADER END, "MessageBody/QualificationConfirmSearchInfo"},
        {MESSAGE_BULK, HEADER END, "MessageBody/QualificationConfirmSearchInfo"},
        {MESSAGE_BULK, HEADER "<BulkConfirmUnit/>" END, ""},
        {MESSAGE_BULK_RESULT, HEADER END, "MessageBody/ReceptionNumber"},
        {MESSAGE_REGISTER, HEADER END, "MessageBody/ReferenceNumberRegistrationInfo"},
        {MESSAGE_REGISTER_BULK_RESULT, HEADER END, "MessageBody/ReceptionNumber"},
        {MESSAGE_SINGLE, "<XmlMsg><MessageBody/></XmlMsg>", "XmlMsg/MessageHeader"},
        {MESSAGE_SINGLE, "<XmlMsg><MessageHeader>" CODE "</MessageHeader></XmlMsg>", "XmlMsg/MessageBody"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct tree *t;
        struct request r;
        struct diag d = {0};
        assert_int_equal(tree_read_xml(&arena, str_c(rows[i].text), &t, &d), ERR_OK);
        enum err e = request_read(&arena, t, rows[i].kind, &r, &d);
        if (rows[i].where[0] == 0) {
            assert_int_equal(e, ERR_OK);
            assert_int_equal(r.units[0].err, ERR_MISSING);
        } else if (e != ERR_MISSING || strcmp(d.where, rows[i].where) != 0) {
            fail_msg("row %zu: %d %s", i, (int)e, d.where);
        }
    }
}

static void older_names_of_a_result_are_known(void **state) {
    (void)state;
    struct tree *t;
    struct diag d;
    assert_int_equal(tree_read_xml(&arena,
                                   S("<XmlMsg><PharmaceuticalInfoAcquisitionTime>1</PharmaceuticalInfoAcquisitionTime>"
                                     "<DiagnosisInfoAcquisitionTime>2</DiagnosisInfoAcquisitionTime>"
                                     "<OperationInfoAvailableTime>3</OperationInfoAvailableTime></XmlMsg>"),
                                   &t, &d),
                     ERR_OK);
    assert_true(str_eq(result_text(t, S("PharmacistsInfoAvailableTime")), S("1")));
    assert_true(str_eq(result_text(t, S("DiagnosisInfoAvailableTime")), S("2")));
    assert_true(str_eq(result_text(t, S("OperationInfoAvailableTime")), S("3")));
    assert_true(str_empty(result_text(t, S("SpecificHealthCheckupsInfoAvailableTime"))));
}

static int end(void **state) {
    (void)state;
    arena_fini(&arena);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_question_is_read),
        cmocka_unit_test(each_element_is_checked_and_named),
        cmocka_unit_test(order_means_nothing),
        cmocka_unit_test(a_bulk_question_is_read_in_either_form_and_a_bad_unit_is_its_own),
        cmocka_unit_test(a_bulk_question_has_at_most_ten_thousand),
        cmocka_unit_test(a_single_question_asks_about_one_person),
        cmocka_unit_test(asking_by_the_institutions_own_number_needs_nothing_else),
        cmocka_unit_test(registrations_and_receptions_are_read),
        cmocka_unit_test(what_a_kind_needs_must_be_there),
        cmocka_unit_test(older_names_of_a_result_are_known),
    };
    arena_init(&arena, TREE_ARENA_MAX);
    return cmocka_run_group_tests_name("what an institution asks", tests, NULL, end);
}
