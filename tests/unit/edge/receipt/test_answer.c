#include "base/utf8.h"
#include "unit/edge/receipt/sample.h"

#include <time.h>

static struct arena arena;
static struct sample s;
static struct request r;
static struct buf out;

static int begin(void **state) {
    (void)state;
    arena_init(&arena, TREE_ARENA_MAX);
    buf_init(&out, 1 << 20);
    sample_fill(&s);
    sample_request(&arena, &r, MESSAGE_SINGLE, S(SAMPLE_REQUEST));
    return 0;
}

static int end(void **state) {
    (void)state;
    arena_fini(&arena);
    buf_fini(&out);
    return 0;
}

static struct tree *written(enum carrier carrier) {
    struct writer w = writer_of(&out, carrier);
    buf_reset(&out);
    answer_write(&w, &r, &s.answer);
    assert_true(buf_ok(&out));
    return sample_read_back(&arena, carrier, buf_str(&out));
}

#define RESULT "MessageBody/ResultList/ResultOfQualificationConfirmation/"

static void expect_rows(const char *const rows[][2], size_t n) {
    for (int c = CARRIER_XML; c <= CARRIER_JSON; c++) {
        const struct tree *t = written((enum carrier)c);
        for (size_t i = 0; i < n; i++)
            if (strcmp(sample_at(t, rows[i][0]), rows[i][1]) != 0)
                fail_msg("%s is '%s'", rows[i][0], sample_at(t, rows[i][0]));
    }
}

static void every_element_carries_its_value(void **state) {
    (void)state;
    static const char *const rows[][2] = {
        {"MessageHeader/ProcessExecutionTime", "20261122174835"},
        {"MessageHeader/QualificationConfirmationDate", "20261122"},
        {"MessageHeader/MedicalInstitutionCode", "1312345670"},
        {"MessageHeader/ArbitraryFileIdentifier", "f-001"},
        {"MessageHeader/ReferenceClassification", "2"},
        {"MessageHeader/SegmentOfResult", "1"},
        {"MessageHeader/ErrorCode", "(absent)"},
        {"MessageHeader/CharacterCodeIdentifier", "0"},
        {"MessageBody/ProcessingResultStatus", "1"},
        {"MessageBody/ProcessingResultCode", "(absent)"},
        {"MessageBody/ProcessingResultMessage", "(absent)"},
        {"MessageBody/WarningList", "(absent)"},
        {"MessageBody/QualificationValidity", "1"},
        {"MessageBody/QualificationConfirmSearchInfo/InsurerNumber", "  138057"},
        {"MessageBody/QualificationConfirmSearchInfo/InsuredCardSymbol", "１２-34"},
        {"MessageBody/QualificationConfirmSearchInfo/InsuredIdentificationNumber", "4260"},
        {"MessageBody/QualificationConfirmSearchInfo/InsuredBranchNumber", "01"},
        {"MessageBody/QualificationConfirmSearchInfo/Birthdate", "20010327"},
        {"MessageBody/QualificationConfirmSearchInfo/LimitApplicationCertificateRelatedConsFlg", "1"},
        {"MessageBody/QualificationConfirmSearchInfo/ArbitraryIdentifier", "77_3"},
        {RESULT "InsuredCardClassification", "01"},
        {RESULT "InsurerNumber", "  138057"},
        {RESULT "InsuredCardSymbol", "12-34"},
        {RESULT "InsuredIdentificationNumber", "4260"},
        {RESULT "InsuredBranchNumber", "01"},
        {RESULT "PersonalFamilyClassification", "1"},
        {RESULT "InsuredName", "見本　花子"},
        {RESULT "Name", "見本　太郎"},
        {RESULT "NameOfOther", "Sample & <Taro>"},
        {RESULT "NameKana", "ﾐﾎﾝ ﾀﾛｳ"},
        {RESULT "NameOfOtherKana", "ｻﾝﾌﾟﾙ"},
        {RESULT "Sex1", "1"},
        {RESULT "Sex2", "(absent)"},
        {RESULT "Birthdate", "20010327"},
        {RESULT "Address", "東京都窓区窓町一丁目２番３号"},
        {RESULT "PostNumber", "123-4567"},
        {RESULT "QualificationDate", "20191001"},
        {RESULT "DisqualificationDate", "(absent)"},
        {RESULT "InsuredCertificateIssuanceDate", "20191001"},
        {RESULT "InsuredCardValidDate", "20191001"},
        {RESULT "InsuredCardExpirationDate", "20261231"},
        {RESULT "InsuredPartialContributionRatio", "030"},
        {RESULT "PreschoolClassification", "(absent)"},
        {RESULT "ReasonOfLoss", "(absent)"},
        {RESULT "InsurerName", "窓市国民健康保険"},
        {RESULT "PublicExpenseNumber", "(absent)"},
        {RESULT "ElderlyRecipientCertificateInfo", "(absent)"},
        {RESULT "LimitApplicationCertificateRelatedConsFlg", "1"},
        {RESULT "LimitApplicationCertificateRelatedConsTime", "20261122174835"},
        {RESULT "LimitApplicationCertificateRelatedInfo", "(absent)"},
        {RESULT "SpecificDiseasesCertificateList", "(absent)"},
        {RESULT "PublicExpenseResultList", "(absent)"},
        {RESULT "ReferenceNumber", "(absent)"},
    };
    sample_fill(&s);
    expect_rows(rows, ARRAY_LEN(rows));
}

static void certificates_are_written(void **state) {
    (void)state;
    static const char *const rows[][2] = {
        {RESULT "InsuredPartialContributionRatio", "(absent)"},
        {RESULT "ElderlyRecipientCertificateInfo/ElderlyRecipientCertificateDate", "20260801"},
        {RESULT "ElderlyRecipientCertificateInfo/ElderlyRecipientValidStartDate", "20260801"},
        {RESULT "ElderlyRecipientCertificateInfo/ElderlyRecipientValidEndDate", "20270731"},
        {RESULT "ElderlyRecipientCertificateInfo/ElderlyRecipientContributionRatio", "020"},
        {RESULT "LimitApplicationCertificateRelatedInfo/LimitApplicationCertificateClassification", "01"},
        {RESULT "LimitApplicationCertificateRelatedInfo/LimitApplicationCertificateClassificationFlag", "A03"},
        {RESULT "LimitApplicationCertificateRelatedInfo/LimitApplicationCertificateDate", "20260901"},
        {RESULT "LimitApplicationCertificateRelatedInfo/LimitApplicationCertificateValidStartDate", "20260901"},
        {RESULT "LimitApplicationCertificateRelatedInfo/LimitApplicationCertificateValidEndDate", "20270831"},
        {RESULT "LimitApplicationCertificateRelatedInfo/LimitApplicationCertificateLongTermDate", "(absent)"},
        {RESULT "SpecificDiseasesCertificateList/SpecificDiseasesCertificateInfo/SpecificDiseasesDiseaseCategory", "1"},
        {RESULT "SpecificDiseasesCertificateList/SpecificDiseasesCertificateInfo/SpecificDiseasesCertificateDate",
         "20260401"},
        {RESULT "SpecificDiseasesCertificateList/SpecificDiseasesCertificateInfo/SpecificDiseasesValidStartDate",
         "20260401"},
        {RESULT "SpecificDiseasesCertificateList/SpecificDiseasesCertificateInfo/SpecificDiseasesValidEndDate",
         "(absent)"},
        {RESULT "SpecificDiseasesCertificateList/SpecificDiseasesCertificateInfo/SpecificDiseasesSelfPay", "10000"},
        {RESULT "ReferenceNumber", "P-0042"},
        {RESULT "PreschoolClassification", "1"},
    };
    sample_fill(&s);
    s.answer.verdict.elderly = &s.elderly, s.answer.verdict.limit = &s.limit;
    s.answer.verdict.diseases[0] = &s.disease, s.answer.verdict.disease_count = 1;
    s.answer.verdict.preschool = true; /* not with the others in life; here only to be seen */
    s.answer.reference_number = S("P-0042");
    expect_rows(rows, ARRAY_LEN(rows));
}

static void medical_aid_is_written_with_its_tickets(void **state) {
    (void)state;
#define TICKET RESULT "PublicExpenseResultList/MedicalTicketInfo/"
    static const char *const rows[][2] = {
        {RESULT "InsuredCardClassification", "A1"},
        {RESULT "PublicExpenseNumber", "12131115"},
        {RESULT "BeneficiaryNumber", "4260"},
        {RESULT "WelfareOfficeName", "窓市福祉事務所"},
        {RESULT "InsuredPartialContributionRatio", "000"},
        {TICKET "TicketType", "01"},
        {TICKET "MedicalTicketValidDate", "20261101"},
        {TICKET "MedicalTicketExpirationDate", "20261130"},
        {TICKET "IssueNumber", "55"},
        {TICKET "MedicalTreatmentMonth", "202611"},
        {TICKET "DesignatedMedicalInstitutionCode", "0110113719"},
        {TICKET "MedicalTreatmentType", "02"},
        {TICKET "SelfPayAmount", "0"},
        {TICKET "DistrictContactName", "窓口　担当"},
    };
    sample_fill(&s);
    s.coverage.class = CLASS_MEDICAL_AID, s.coverage.welfare_office = S("窓市福祉事務所");
    s.member.insurer.n = 12131115;
    s.ticket = (struct medical_ticket){1,           2, 202611,  sample_day(2026, 11, 1), sample_day(2026, 11, 30),
                                       {110113719}, 0, S("55"), S("窓口　担当")};
    s.answer.verdict.ratio = 0;
    s.answer.verdict.tickets[0] = &s.ticket, s.answer.verdict.ticket_count = 1;
    expect_rows(rows, ARRAY_LEN(rows));
}

static void a_lost_coverage_says_why(void **state) {
    (void)state;
    static const char *const rows[][2] = {
        {"MessageBody/QualificationValidity", "3"},
        {RESULT "DisqualificationDate", "20260401"},
        {RESULT "ReasonOfLoss", "03"},
        {RESULT "InsuredPartialContributionRatio", "(absent)"},
        {"MessageBody/ProcessingResultCode", "MDOW0001W"},
        {"MessageBody/WarningList/WarningInfo/WarningCode", "MDOW0001W"},
    };
    sample_fill(&s);
    s.coverage.lost = sample_day(2026, 4, 1), s.coverage.loss_reason = 3;
    s.answer.verdict.validity = VALIDITY_NEWER, s.answer.verdict.ratio = RATIO_NONE, s.answer.verdict.newer = true;
    s.answer.verdict.warnings = 1u << WARNING_NEWER_COVERAGE;
    expect_rows(rows, ARRAY_LEN(rows));
}

static void nobody_is_shown_when_none_or_several_match(void **state) {
    (void)state;
    for (int v = VALIDITY_NONE; v <= VALIDITY_SEVERAL; v++) {
        char validity[] = {(char)('0' + v), 0};
        const char *const rows[][2] = {{"MessageBody/QualificationValidity", validity},
                                       {"MessageBody/ResultList", "(absent)"},
                                       {"MessageBody/QualificationConfirmSearchInfo/Birthdate", "20010327"}};
        sample_fill(&s);
        s.answer.verdict = (struct verdict){.validity = (enum validity)v, .ratio = RATIO_NONE};
        expect_rows(rows, ARRAY_LEN(rows));
    }
}

static void every_warning_has_a_code_of_its_own(void **state) {
    (void)state;
    for (unsigned w = 0; w < WARNING_COUNT; w++) {
        struct str code = note_code((enum warning)w);
        assert_int_equal(code.n, 9);
        assert_int_equal(note_warning(code), w);
        assert_true(utf8_length(str_c(warning_info((enum warning)w)->ja)) <= NOTE_CHARACTERS);
    }
    assert_int_equal(note_warning(S("MDOW0000W")), WARNING_COUNT);
}

static void notes_stay_whole_and_the_weightiest_is_first(void **state) {
    (void)state;
    sample_fill(&s);
    s.answer.verdict.warnings = (1u << WARNING_COUNT) - 1;
    const struct tree *t = written(CARRIER_XML);
    struct str message = tree_text(tree_child(t, S("MessageBody")), S("ProcessingResultMessage"));
    assert_string_equal(sample_at(t, "MessageBody/ProcessingResultCode"), "MDOW0008W");
    assert_true(str_starts(message, str_c(warning_info(WARNING_SPECIAL_EXPENSE)->ja)));
    assert_true(utf8_length(message) <= NOTE_CHARACTERS);
    unsigned n = 0;
    for (const struct tree *i =
             tree_child(tree_child(tree_child(t, S("MessageBody")), S("WarningList")), S("WarningInfo"));
         i; i = tree_again(i))
        n++;
    assert_int_equal(n, WARNING_COUNT);
}

static void both_carriers_say_the_same(void **state) {
    (void)state;
    sample_fill(&s);
    s.answer.verdict.elderly = &s.elderly, s.answer.verdict.limit = &s.limit;
    s.answer.verdict.diseases[0] = s.answer.verdict.diseases[1] = &s.disease, s.answer.verdict.disease_count = 2;
    s.answer.verdict.warnings = 1u << WARNING_LAPSES_SOON | 1u << WARNING_CARD_ENDED;
    struct tree *x = written(CARRIER_XML), *j = written(CARRIER_JSON);
    assert_true(sample_same_tree(x, j));
}

static void header_values_stand_before_all_else(void **state) {
    (void)state;
    sample_fill(&s);
    (void)written(CARRIER_XML);
    assert_true(str_starts(buf_str(&out), S("<XmlMsg><MessageHeader><ProcessExecutionTime>")));
    assert_true(str_find(buf_str(&out), S("</MessageHeader><MessageBody>")) < out.n);
}

static void an_error_names_the_place_and_fits_sixty_characters(void **state) {
    (void)state;
    struct diag d = {
        .err = ERR_CHECK_DIGIT, .line = 4, .where = "MessageBody/QualificationConfirmSearchInfo/InsurerNumber"};
    for (int c = CARRIER_XML; c <= CARRIER_JSON; c++) {
        struct writer w = writer_of(&out, (enum carrier)c);
        buf_reset(&out);
        answer_write_error(&w, &r, s.answer.answered_us, &d);
        const struct tree *t = sample_read_back(&arena, (enum carrier)c, buf_str(&out));
        assert_string_equal(sample_at(t, "MessageHeader/SegmentOfResult"), "9");
        assert_string_equal(sample_at(t, "MessageHeader/ErrorCode"), "MDOF0010E");
        assert_string_equal(sample_at(t, "MessageHeader/ErrorMessage"), "検証番号が合いません（InsurerNumber 行4）");
        assert_string_equal(sample_at(t, "MessageHeader/ArbitraryFileIdentifier"), "f-001");
        assert_string_equal(sample_at(t, "MessageBody/ProcessingResultStatus"), "2");
        assert_string_equal(sample_at(t, "MessageBody/QualificationConfirmSearchInfo/ArbitraryIdentifier"), "77_3");
        assert_non_null(strstr(sample_at(t, "MessageBody/ProcessingResultMessage"), "the check digit is wrong"));
        assert_string_equal(sample_at(t, "MessageBody/ResultList"), "(absent)");
    }
    for (int e = 1; e < ERR_COUNT; e++) {
        d = (struct diag){
            .err = (enum err)e, .line = 10000, .column = 10000, .where = "A/LimitApplicationCertificateRelatedConsFlg"};
        buf_reset(&out);
        error_message_put(&out, &d, NOTE_CHARACTERS);
        assert_true(utf8_length(buf_str(&out)) <= NOTE_CHARACTERS && utf8_valid(buf_str(&out)));
    }
}

static void bulk_units_stand_directly_in_the_body(void **state) {
    (void)state;
    struct request bulk = r;
    struct diag d = {.err = ERR_DATE,
                     .where = "MessageBody/BulkConfirmUnit[2]/QualificationConfirmSearchInfo/Birthdate"};
    bulk.kind = MESSAGE_BULK_RESULT, bulk.reception_number = S("R1");
    sample_fill(&s);
    s.answer.reference_number = S("P-0042"), s.answer.verdict.limit = &s.limit;
    for (int c = CARRIER_XML; c <= CARRIER_JSON; c++) {
        struct buf units;
        buf_init(&units, 1 << 16);
        struct writer u = writer_of(&units, (enum carrier)c), w = writer_of(&out, (enum carrier)c);
        buf_reset(&out);
        answer_write_unit(&u, &r.units[0], &s.answer);
        answer_write_unit_error(&u, &r.units[0], &d);
        answer_write_bulk(&w, &bulk, s.answer.answered_us, (struct bulk_counts){2, 1, 1}, buf_str(&units));
        buf_fini(&units);
        const struct tree *t = sample_read_back(&arena, (enum carrier)c, buf_str(&out));
        const struct tree *one = tree_child(tree_child(t, S("MessageBody")), S("BulkConfirmUnit")),
                          *two = tree_again(one);
        assert_string_equal(sample_at(t, "MessageHeader/ReceptionNumber"), "R1");
        assert_string_equal(sample_at(t, "MessageHeader/SegmentOfResult"), "1");
        assert_string_equal(sample_at(t, "MessageHeader/NumberOfProcessingResult"), "2");
        assert_string_equal(sample_at(t, "MessageHeader/NumberOfNormalProcessing"), "1");
        assert_string_equal(sample_at(t, "MessageHeader/NumberOfError"), "1");
        assert_string_equal(sample_at(one, "ReferenceNumber"), "P-0042");
        assert_string_equal(sample_at(one, "ResultOfQualificationConfirmation/Name"), "見本　太郎");
        assert_string_equal(sample_at(one, "ResultOfQualificationConfirmation/LimitApplicationCertificateRelatedInfo"),
                            "(absent)");
        assert_string_equal(sample_at(one, "ResultOfQualificationConfirmation/LimitApplicationCertificateChanged"),
                            "1");
        assert_string_equal(sample_at(two, "ProcessingResultStatus"), "2");
        assert_string_equal(sample_at(two, "ProcessingResultCode"), "MDOF0011E");
        assert_string_equal(sample_at(two, "QualificationConfirmSearchInfo/ArbitraryIdentifier"), "77_3");
    }
}

static void the_steps_of_a_bulk_job_are_written(void **state) {
    (void)state;
    struct request bulk = r;
    bulk.kind = MESSAGE_BULK_RESULT, bulk.reception_number = S("R1");
    for (int c = CARRIER_XML; c <= CARRIER_JSON; c++) {
        struct writer w = writer_of(&out, (enum carrier)c);
        buf_reset(&out);
        answer_write_reception(&w, &r, s.answer.answered_us, S("R1"), s.answer.answered_us);
        const struct tree *t = sample_read_back(&arena, (enum carrier)c, buf_str(&out));
        assert_string_equal(sample_at(t, "MessageBody/ReceptionNumber"), "R1");
        assert_string_equal(sample_at(t, "MessageBody/ReceptionDateTime"), "20261122174835");
        w = writer_of(&out, (enum carrier)c);
        buf_reset(&out);
        answer_write_working(&w, &bulk, s.answer.answered_us);
        t = sample_read_back(&arena, (enum carrier)c, buf_str(&out));
        assert_string_equal(sample_at(t, "MessageHeader/SegmentOfResult"), "2");
        assert_string_equal(sample_at(t, "MessageHeader/ReceptionNumber"), "R1");
    }
}

static void a_registration_is_confirmed_with_what_was_registered(void **state) {
    (void)state;
    struct request g;
    sample_request(
        &arena, &g, MESSAGE_REGISTER,
        S("<XmlMsg><MessageHeader><MedicalInstitutionCode>1312345670</MedicalInstitutionCode></MessageHeader><MessageBody>"
          "<ReferenceNumberRegistrationInfo><ReferenceNumber>P-1</ReferenceNumber><InsurerNumber>138057</InsurerNumber>"
          "<InsuredIdentificationNumber>7</InsuredIdentificationNumber></ReferenceNumberRegistrationInfo></MessageBody></XmlMsg>"));
    for (int c = CARRIER_XML; c <= CARRIER_JSON; c++) {
        struct writer w = writer_of(&out, (enum carrier)c);
        buf_reset(&out);
        answer_write_registered(&w, &g, s.answer.answered_us);
        const struct tree *t = sample_read_back(&arena, (enum carrier)c, buf_str(&out));
        assert_string_equal(sample_at(t, "MessageBody/ProcessingResultStatus"), "1");
        assert_string_equal(sample_at(t, "MessageBody/ReferenceNumberRegistrationInfo/ReferenceNumber"), "P-1");
        assert_string_equal(sample_at(t, "MessageBody/ReferenceNumberRegistrationInfo/InsurerNumber"), "  138057");
    }
}

/* Any byte sequence of valid UTF-8 comes back as it went in, but for what XML cannot hold. */
static void text_survives_escaping(void **state) {
    (void)state;
    static const char *const rows[][2] = {
        {"a&b<c>d\"e\\f'g", "a&b<c>d\"e\\f'g"},
        {"12345678\"", "12345678\""},
        {"1234567&9", "1234567&9"},
        {"\x01\x1f|", "  |"},
        {"ﾐﾎﾝ、Ａ", "ﾐﾎﾝ、Ａ"},
        {"x\xef\xbf\xbdy", "x\xef\xbf\xbdy"},
        {"\x7f", "\x7f"},
        {"]]>", "]]>"},
        {"𠮷野家の〜", "𠮷野家の〜"},
    };
    buf_reset(&out);
    writer_escape(&out, CARRIER_XML, S("x\xef\xbf\xbf\xef\xbf\xbey\xef\xbf"));
    assert_true(str_eq(buf_str(&out), S("x  y\xef\xbf")));
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        for (int c = CARRIER_XML; c <= CARRIER_JSON; c++) {
            struct writer w = writer_of(&out, (enum carrier)c);
            buf_reset(&out);
            writer_start(&w);
            writer_text(&w, S("A"), str_c(rows[i][0]));
            writer_finish(&w);
            assert_string_equal(sample_at(sample_read_back(&arena, (enum carrier)c, buf_str(&out)), "A"), rows[i][1]);
        }
    }
}

/* Every row of the tables stands in the documents. */
#undef RESULT
#undef TICKET
static void the_documents_name_every_element_message_note_and_substitute(void **state) {
    (void)state;
    static const char *const names[] = {
#define HEADER(name, form, value)  #name,
#define RESULT(name, form, value)  #name,
#define ELDERLY(name, form, value) #name,
#define LIMIT(name, form, value)   #name,
#define DISEASE(name, form, value) #name,
#define TICKET(name, form, value)  #name,
#include "edge/receipt/message.def"
#define KIND(name, prefix, path, ja) prefix, path,
#include "edge/receipt/kind.def"
#undef KIND
    };
#define SUBSTITUTE(to, from) to "←" from,
    static const char *const substitutes[] = {
#include "edge/receipt/substitutes.def"
    };
#undef SUBSTITUTE
    struct buf page;
    buf_init(&page, 1 << 20);
    assert_int_equal(world_read_file(world_real(), "docs/format/oqs-messages.md", &page, NULL), ERR_OK);
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (str_find(buf_str(&page), str_c(names[i])) == page.n) fail_msg("oqs-messages.md does not name %s", names[i]);
    for (unsigned w = 0; w < WARNING_COUNT; w++)
        assert_true(str_find(buf_str(&page), note_code((enum warning)w)) < page.n);
    assert_int_equal(world_read_file(world_real(), "docs/format/substitutes.md", &page, NULL), ERR_OK);
    for (size_t i = 0; i < ARRAY_LEN(substitutes); i++) {
        struct buf row;
        struct str pair = str_c(substitutes[i]), to = str_head(pair, str_find(pair, S("←")));
        buf_init(&row, 256);
        buf_printf(&row, "`%.*s`←`%s`", (int)to.n, to.p, pair.p + to.n + strlen("←"));
        bool there = str_find(buf_str(&page), pair) < page.n || str_find(buf_str(&page), buf_str(&row)) < page.n;
        if (!there && strcmp(substitutes[i], "\u212B←\u00C5") != 0)
            fail_msg("substitutes.md does not name %s", substitutes[i]);
        buf_fini(&row);
    }
    buf_fini(&page);
}

/* Not a benchmark: a thousandfold slip would show. `make bench` measures. */
static void an_answer_costs_no_memory_of_its_own(void **state) {
    (void)state;
    struct timespec a, b;
    sample_fill(&s);
    (void)written(CARRIER_JSON);
    const char *p = out.p;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
    for (int i = 0; i < 10000; i++) {
        struct writer w = writer_of(&out, CARRIER_JSON);
        buf_reset(&out);
        answer_write(&w, &r, &s.answer);
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
    assert_ptr_equal(out.p, p);
    print_message("%zu bytes in %.2f us\n", out.n,
                  ((double)(b.tv_sec - a.tv_sec) * 1e9 + (double)(b.tv_nsec - a.tv_nsec)) / 1e7);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_element_carries_its_value),
        cmocka_unit_test(certificates_are_written),
        cmocka_unit_test(medical_aid_is_written_with_its_tickets),
        cmocka_unit_test(a_lost_coverage_says_why),
        cmocka_unit_test(nobody_is_shown_when_none_or_several_match),
        cmocka_unit_test(every_warning_has_a_code_of_its_own),
        cmocka_unit_test(notes_stay_whole_and_the_weightiest_is_first),
        cmocka_unit_test(both_carriers_say_the_same),
        cmocka_unit_test(header_values_stand_before_all_else),
        cmocka_unit_test(an_error_names_the_place_and_fits_sixty_characters),
        cmocka_unit_test(bulk_units_stand_directly_in_the_body),
        cmocka_unit_test(the_steps_of_a_bulk_job_are_written),
        cmocka_unit_test(a_registration_is_confirmed_with_what_was_registered),
        cmocka_unit_test(text_survives_escaping),
        cmocka_unit_test(the_documents_name_every_element_message_note_and_substitute),
        cmocka_unit_test(an_answer_costs_no_memory_of_its_own),
    };
    return cmocka_run_group_tests_name("what an institution receives", tests, begin, end);
}
