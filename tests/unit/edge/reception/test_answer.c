/* The page's answer, from messages as the centre itself writes them (edge/receipt) and from bent ones. */
#include "edge/reception/answer.h"

#include "base/json.h"
#include "edge/receipt/answer.h"
#include "edge/reception/question.h"
#include "lib/fhir_sample.h"
#include "lib/hostile.h"
#include "lib/kiosk_play.h"
#include "lib/reception_play.h"
#include "lib/unit.h"

static const char id[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
static struct arena arena;
static struct buf message, out;
static struct visit *visit;

static int begin(void **state) {
    (void)state;
    arena_init(&arena, 32 << 20);
    buf_init(&message, 1 << 20), buf_init(&out, VISIT_ANSWER_MAX);
    visit = visit_sample();
    memcpy(visit->id, id, sizeof id);
    return 0;
}

static int end(void **state) {
    (void)state;
    arena_fini(&arena);
    buf_fini(&message), buf_fini(&out);
    visit_free(visit);
    return 0;
}

/* Asks as the page would and answers as the centre does, with an answer made by hand. */
static void write_reply(const struct answer *a) {
    struct tree *t;
    struct request r;
    struct institution_code nobody = {131234567};
    visit->insurer = a->question.insurer, visit->birth = a->question.birth;
    buf_reset(&message);
    assert_int_equal(question_put_message(&message, visit, nobody), ERR_OK);
    assert_int_equal(tree_read_json(&arena, buf_str(&message), &t, NULL), ERR_OK);
    assert_int_equal(request_read(&arena, t, MESSAGE_SINGLE, &r, NULL), ERR_OK);
    buf_reset(&message);
    struct writer w = writer_of(&message, CARRIER_JSON);
    answer_write(&w, &r, a);
    assert_true(buf_ok(&message));
}

static size_t count(struct json v) {
    size_t n = 0;
    for (v = json_first(v); !json_none(v); v = json_next(v)) n++;
    return n;
}

static size_t warned(const struct verdict *v) {
    size_t n = 0;
    for (enum warning w = 0; w < WARNING_COUNT; w++) n += verdict_warns(v, w);
    return n;
}

static bool text_is(struct json of, const char *name, struct str wanted) {
    struct str s = S("");
    return json_none(json_get(of, name)) ? wanted.n == 0 : json_str(json_get(of, name), &s) && str_eq(s, wanted);
}

static void check_person(struct json root, const struct verdict *v) {
    uint64_t ratio = 0;
    bool has = json_uint(json_get(root, "ratio"), 100, &ratio);
    /* With an elderly certificate the message has the share there alone, and rules/eligibility takes it from there. */
    uint8_t wanted = v->elderly ? v->elderly->ratio : v->ratio;
    assert_true(has == (wanted != RATIO_NONE) && (!has || ratio == wanted));
    assert_true(text_is(root, "name", v->coverage->name) && text_is(root, "kana", v->coverage->kana));
    assert_true(text_is(root, "other_name", v->coverage->other_name));
    size_t certificates = (v->elderly != NULL) + (v->limit != NULL) + v->disease_count + v->ticket_count;
    assert_int_equal(count(json_get(root, "certificates")), certificates);
}

static void every_answer_of_the_centre_is_read(void **state) {
    (void)state;
    unsigned persons = 0;
    for (unsigned n = 0; n < FHIR_ANSWERS; n++) {
        struct fhir_request ignored;
        struct answer a;
        struct json root;
        struct diag d = {0};
        struct str validity;
        assert_true(fhir_sample_answer(&arena, n, &ignored, &a));
        if (a.verdict.member)
            a.question.insurer = a.verdict.member->insurer, a.question.birth = a.verdict.member->birth;
        write_reply(&a);
        buf_reset(&out);
        enum err e = reception_answer_read(buf_str(&message), visit, &out, &d);
        if (e != ERR_OK) print_error("%u: %s %s\n", n, d.where, d.detail);
        assert_int_equal(e, ERR_OK);
        assert_int_equal(json_read(&arena, buf_str(&out), &root, &d), ERR_OK);
        assert_true(json_str(json_get(json_get(root, "validity"), "code"), &validity));
        assert_int_equal(validity.p[0] - '0', a.verdict.validity);
        assert_int_equal(count(json_get(root, "warnings")), warned(&a.verdict));
        if (a.verdict.coverage) check_person(root, &a.verdict), persons++;
        else assert_true(json_none(json_get(root, "name")));
        arena_reset(&arena);
    }
    assert_true(persons > FHIR_ANSWERS / 2);
}

/* The sample with the first `find` replaced. */
static enum err read_with(const char *find, const char *replacement) {
    struct diag d = {0};
    struct buf bent;
    buf_reset(&message), buf_reset(&out);
    put_sample_reply(&message, id);
    struct str s = buf_str(&message);
    size_t at = str_find(s, str_c(find));
    assert_true(at < s.n);
    buf_init(&bent, 1 << 20);
    buf_put(&bent, str_head(s, at)), buf_puts(&bent, replacement), buf_put(&bent, str_skip(s, at + strlen(find)));
    enum err e = reception_answer_read(buf_str(&bent), visit, &out, &d);
    if (e != ERR_OK) assert_int_equal(d.err, e);
    buf_fini(&bent);
    return e;
}

static void what_cannot_be_an_answer_to_this_visit_is_none(void **state) {
    (void)state;
    static const struct {
        const char *why, *find, *replacement;
        enum err err;
    } rows[] = {
        {"as it is", "\"1\"", "\"1\"", ERR_OK},
        {"another visit's", "aaaaaaaa", "aaaaaaab", ERR_CONFLICT},
        {"nobody's", "ArbitraryIdentifier", "Arbitrary", ERR_CONFLICT},
        {"another birth date", "19850401", "19850402", ERR_CONFLICT},
        {"another insurer", "\"06139448\"", "\"39131156\"", ERR_CONFLICT},
        {"two results", "\"ResultList\":[", "\"ResultList\":[{},", ERR_CONFLICT},
        {"not ended", "\"SegmentOfResult\":\"1\"", "\"SegmentOfResult\":\"2\"", ERR_VALUE},
        {"an error", "\"ProcessingResultStatus\":\"1\"", "\"ProcessingResultStatus\":\"2\"", ERR_VALUE},
        {"no validity", "QualificationValidity", "Qualification", ERR_MISSING},
        {"an unknown validity", "\"QualificationValidity\":\"1\"", "\"QualificationValidity\":\"7\"", ERR_CODE},
        {"a share that is none", "\"030\"", "\"3O\"", ERR_VALUE},
        {"a share above all", "\"030\"", "\"130\"", ERR_VALUE},
        {"no day", "20200401", "20200431", ERR_DATE},
        {"an unknown element", "\"Name\"", "\"Further\":{\"a\":[1]},\"Name\"", ERR_OK},
        {"an unknown class", "\"InsuredCardClassification\":\"01\"", "\"InsuredCardClassification\":\"99\"", ERR_OK},
        {"no message", "XmlMsg", "Message", ERR_VALUE},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        row_check(read_with(rows[i].find, rows[i].replacement) == rows[i].err, rows[i].why);
}

static void differences_from_the_chart_are_told(void **state) {
    (void)state;
    snprintf(visit->name, sizeof visit->name, "高橋みどり");
    visit->branch = BRANCH_NONE;
    assert_int_equal(read_with("\"1\"", "\"1\""), ERR_OK);
    assert_true(
        str_find(
            buf_str(&out),
            S("\"differences\":[{\"field\":\"branch\",\"grade\":\"unknown\",\"chart\":\"\",\"registered\":\"01\"},"
              "{\"field\":\"name\",\"grade\":\"other\",\"chart\":\"高橋みどり\",\"registered\":\"髙橋　みどり\"}]")) <
        out.n);
}

static void read_any(void *context, struct str input) {
    struct json root;
    struct diag d = {0};
    (void)context;
    arena_reset(&arena), buf_reset(&out);
    enum err e = reception_answer_read(input, visit, &out, &d);
    if (e != ERR_OK) assert_int_equal(d.err, e);
    else assert_int_equal(json_read(&arena, buf_str(&out), &root, NULL), ERR_OK);
    reception_refusal_read(input, visit);
    assert_true(strlen(visit->said) <= VISIT_SAID_BYTES);
}

static void damaged_answers_are_read_or_refused(void **state) {
    (void)state;
    put_sample_reply(&message, id);
    assert_true(hostile_all(buf_str(&message), read_any, NULL) > 1000);
}

static void a_refusal_says_what_the_centre_says(void **state) {
    (void)state;
    static const struct {
        const char *body, *said;
    } rows[] = {
        {"{\"XmlMsg\":{\"MessageBody\":{\"ProcessingResultMessage\":\"日付が違います\"}}}", "日付が違います"},
        {"{\"error\":{\"ja\":\"許可されていません\",\"en\":\"not allowed\"}}", "許可されていません"},
        {"<html>", ""},
        {"{}", ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        reception_refusal_read(str_c(rows[i].body), visit);
        assert_string_equal(visit->said, rows[i].said);
    }
    buf_puts(&message, "{\"error\":{\"ja\":\"");
    for (int i = 0; i < 300; i++) buf_puts(&message, "窓");
    buf_puts(&message, "\"}}");
    reception_refusal_read(buf_str(&message), visit);
    assert_int_equal(strlen(visit->said), VISIT_SAID_BYTES / 3 * 3); /* whole characters */
}

/* ---- by card ---- */

static void a_cards_answer_says_who_it_is_and_how_it_was_proven(void **state) {
    (void)state;
    struct visit *v = visit_new();
    struct buf reply;
    buf_init(&reply, 8192);
    put_card_reply(&reply, "card-pin-ended");
    assert_int_equal(reception_card_read(buf_str(&reply), v, &v->answer, NULL), ERR_OK);
    assert_true(v->proof == PROOF_CARD_PIN_ENDED && v->insurer.n == 6139448 && v->branch == 1);
    assert_string_equal(v->symbol, "12-34");
    assert_string_equal(v->insured_number, "1");
    assert_true(str_find(buf_str(&v->answer), S("\"ratio\":30")) < v->answer.n);
    assert_true(str_find(buf_str(&v->answer), S("\"differences\":[]")) < v->answer.n);
    buf_fini(&reply), visit_free(v);
}

static void what_cannot_be_an_answer_to_a_card_is_none(void **state) {
    (void)state;
    static const struct {
        const char *reply;
        enum err err;
    } rows[] = {{"", ERR_SYNTAX},
                {"{}", ERR_CODE},
                {"{\"proof\":\"friend\",\"message\":{}}", ERR_CODE},
                {"{\"proof\":\"card-pin\"}", ERR_VALUE},
                {"{\"proof\":\"card-pin\",\"message\":{\"XmlMsg\":{\"MessageHeader\":{\"SegmentOfResult\":\"1\"},"
                 "\"MessageBody\":{\"ProcessingResultStatus\":\"1\",\"QualificationValidity\":\"1\"}}}}",
                 ERR_MISSING}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct visit *v = visit_new();
        row_check(reception_card_read(str_c(rows[i].reply), v, &v->answer, NULL) == rows[i].err, rows[i].reply);
        visit_free(v);
    }
}

static void read_card_any(void *context, struct str input) {
    struct visit *v = visit_new();
    struct diag d = {0};
    (void)context;
    enum err e = reception_card_read(input, v, &v->answer, &d);
    if (e != ERR_OK) assert_int_equal(d.err, e);
    else assert_true(v->insurer.n && day_is(v->birth) && proof_info(v->proof) && v->answer.n);
    visit_free(v);
}

static void damaged_answers_to_a_card_are_read_or_refused(void **state) {
    (void)state;
    struct buf reply;
    buf_init(&reply, 8192);
    put_card_reply(&reply, "card-pin");
    assert_true(hostile_all(buf_str(&reply), read_card_any, NULL) > reply.n * 8);
    buf_fini(&reply);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_answer_of_the_centre_is_read, begin, end),
        cmocka_unit_test_setup_teardown(what_cannot_be_an_answer_to_this_visit_is_none, begin, end),
        cmocka_unit_test_setup_teardown(differences_from_the_chart_are_told, begin, end),
        cmocka_unit_test_setup_teardown(damaged_answers_are_read_or_refused, begin, end),
        cmocka_unit_test_setup_teardown(a_refusal_says_what_the_centre_says, begin, end),
        cmocka_unit_test(a_cards_answer_says_who_it_is_and_how_it_was_proven),
        cmocka_unit_test(what_cannot_be_an_answer_to_a_card_is_none),
        cmocka_unit_test(damaged_answers_to_a_card_are_read_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
