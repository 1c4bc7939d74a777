/* What a window remembers of the centre's answers, and what it says of it. Replies and requests are the field's messages as JSON. */
#include "base/buf.h"
#include "edge/receipt/folder_answer.h"
#include "lib/attested.h"
#include "lib/scratch.h"
#include "lib/unit.h"

#include <sodium.h>

#define NOON    1780282800000000 /* 2026-06-01 12:00 in Japan */
#define DAYS(n) ((n)*INT64_C(86400000000))

struct fixture {
    struct scratch scratch;
    struct attested centre;
    char folder[SCRATCH_PATH_MAX];
    struct known k;
    struct arena a;
    struct buf json;
};

static enum err open_at(struct fixture *f, struct known *k, const char *folder, const char *secret) {
    const struct known_settings s = {.world = world_real(),
                                     .folder = folder,
                                     .secret = str_c(secret),
                                     .ca = f->centre.ca,
                                     .institution = {110113719}};
    return known_open(k, &s, NULL);
}

static enum err open_known(struct fixture *f, const char *secret) { return open_at(f, &f->k, f->folder, secret); }

static int begin(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    if (sodium_init() < 0) return -1;
    scratch_make(&f->scratch);
    scratch_path(&f->scratch, "known", f->folder);
    arena_init(&f->a, TREE_ARENA_MAX);
    buf_init(&f->json, 1 << 20);
    *state = f;
    attested_make(&f->centre, NOON);
    return open_known(f, "a private key") == ERR_OK ? 0 : -1;
}

static int end(void **state) {
    struct fixture *f = *state;
    known_close(&f->k);
    buf_fini(&f->json);
    arena_fini(&f->a);
    scratch_remove(&f->scratch);
    attested_remove(&f->centre);
    free(f);
    return 0;
}

#define HEADER                                                                                                         \
    "\"MessageHeader\":{\"MedicalInstitutionCode\":\"0110113719\",\"QualificationConfirmationDate\":\"20260601\""
#define ASKED(number, more)                                                                                            \
    "\"QualificationConfirmSearchInfo\":{\"InsurerNumber\":\"06139448\",\"InsuredCardSymbol\":\"12-34\","              \
    "\"InsuredIdentificationNumber\":\"" number "\",\"Birthdate\":\"19850401\"" more "}"
#define RESULT(ratio)                                                                                                  \
    "\"ResultOfQualificationConfirmation\":{\"InsuredCardClassification\":\"01\",\"InsurerNumber\":\"06139448\","      \
    "\"Name\":\"髙﨑　𠮷郎\",\"Birthdate\":\"19850401\",\"QualificationDate\":\"20200401\","                     \
    "\"InsuredPartialContributionRatio\":\"" ratio "\","                                                               \
    "\"LimitApplicationCertificateRelatedInfo\":{\"LimitApplicationCertificateClassificationFlag\":\"A03\"}}"
/* A single reply, and one unit of a bulk one. */
#define SINGLE(number, validity, ratio)                                                                                     \
    "{\"XmlMsg\":{" HEADER ",\"SegmentOfResult\":\"1\"},\"MessageBody\":{\"ProcessingResultStatus\":\"1\","                 \
    "\"ProcessingResultCode\":\"MDOW0005W\",\"ProcessingResultMessage\":\"old note\",\"QualificationValidity\":\"" validity \
    "\"," ASKED(number, "") ",\"ResultList\":[{" RESULT(ratio) "}]}}}"
#define UNIT(number, validity, ratio)                                                                                  \
    "{" ASKED(number, "") ",\"ProcessingResultStatus\":\"1\",\"QualificationValidity\":\"" validity                    \
                          "\"," RESULT(ratio) "}"

static void keep_in(struct fixture *f, struct known *k, enum message_kind kind, const char *reply, int64_t now_us) {
    struct buf told;
    buf_init(&told, 1 << 20);
    attested_put(&f->centre, str_c(reply), now_us, &told);
    assert_int_equal(known_keep(k, kind, buf_str(&told), now_us, NULL), ERR_OK);
    buf_fini(&told);
}

static void keep(struct fixture *f, enum message_kind kind, const char *reply, int64_t now_us) {
    keep_in(f, &f->k, kind, reply, now_us);
}

/* What is answered to a question as JSON, or "-". `more`: further elements of the question. */
static struct str answer(struct fixture *f, const char *number, const char *day, const char *more, int64_t now_us) {
    char room[1024];
    struct buf b = buf_over(room, sizeof room);
    struct tree *request, *message;
    buf_printf(
        &b,
        "{\"XmlMsg\":{\"MessageHeader\":{\"MedicalInstitutionCode\":\"0110113719\",\"ArbitraryFileIdentifier\":"
        "\"mine\"%s%s%s},\"MessageBody\":{\"QualificationConfirmSearchInfo\":{\"InsurerNumber\":\"06139448\","
        "\"InsuredCardSymbol\":\"１２－３４\",\"InsuredIdentificationNumber\":\"%s\",\"Birthdate\":\"19850401\"%s}}}}",
        day[0] ? ",\"QualificationConfirmationDate\":\"" : "", day, day[0] ? "\"" : "", number, more);
    assert_int_equal(tree_read_json(&f->a, arena_copy(&f->a, buf_str(&b)), &request, NULL), ERR_OK);
    enum err e = known_answer(&f->k, &f->a, request, now_us, &message, NULL);
    if (e == ERR_NOT_FOUND) return S("-");
    assert_int_equal(e, ERR_OK);
    buf_reset(&f->json);
    tree_put_json(message, &f->json);
    return buf_str(&f->json);
}

#define assert_holds(text, part)                                                                                       \
    do {                                                                                                               \
        struct str t_ = (text), p_ = S(part);                                                                          \
        if (str_find(t_, p_) == t_.n) fail_msg("no %s in %.*s", part, (int)t_.n, t_.p);                                \
    } while (0)

static void an_answer_is_given_again_and_says_when_it_was_told(void **state) {
    struct fixture *f = *state;
    keep(f, MESSAGE_SINGLE, SINGLE("7", "1", "030"), NOON);
    struct str a = answer(f, "７", "20260603", "", NOON + DAYS(2));
    assert_holds(a, "\"QualificationValidity\":\"1\"");
    assert_holds(a, "\"InsuredPartialContributionRatio\":\"030\"");
    assert_holds(a, "\"Name\":\"髙﨑　𠮷郎\"");
    assert_holds(a, "\"ProcessExecutionTime\":\"20260603120000\"");
    assert_holds(a, "\"QualificationConfirmationDate\":\"20260603\"");
    assert_holds(a, "\"ArbitraryFileIdentifier\":\"mine\"");
    assert_holds(a, "\"InsuredIdentificationNumber\":\"７\""); /* the question as it was asked now */
    assert_holds(a, "\"ProcessingResultCode\":\"" KNOWN_NOTE_CODE "\"");
    assert_holds(a, "\"ProcessingResultMessage\":\"6月1日12時00分の確認によります（センターに接続できません）\"");
    assert_holds(a, "\"ResultList\":[{\"ResultOfQualificationConfirmation\":{");
    assert_true(str_find(a, S("old note")) == a.n);
}

static void the_limit_certificate_is_shown_with_consent_alone(void **state) {
    struct fixture *f = *state;
    keep(f, MESSAGE_SINGLE, SINGLE("7", "1", "030"), NOON);
    struct str a = answer(f, "7", "", "", NOON);
    assert_true(str_find(a, S("A03")) == a.n);
    assert_holds(answer(f, "7", "", ",\"LimitApplicationCertificateRelatedConsFlg\":\"1\"", NOON), "A03");
}

static void tomorrows_appointments_are_known_from_a_bulk_job(void **state) {
    struct fixture *f = *state;
    keep(f, MESSAGE_BULK_RESULT,
         "{\"XmlMsg\":{" HEADER "},\"MessageBody\":{\"BulkConfirmUnit\":[" UNIT("1", "1", "030") "," UNIT(
             "2", "2", "030") "," UNIT("3", "1", "020") "]}}}",
         NOON);
    assert_holds(answer(f, "1", "20260602", "", NOON + DAYS(1)), "\"InsuredPartialContributionRatio\":\"030\"");
    assert_str(answer(f, "2", "20260602", "", NOON + DAYS(1)), S("-"));
    assert_holds(answer(f, "3", "20260602", "", NOON + DAYS(1)), "\"InsuredPartialContributionRatio\":\"020\"");
    assert_str(answer(f, "4", "20260602", "", NOON + DAYS(1)), S("-"));
}

static void whom_it_is_about_must_be_the_same(void **state) {
    struct fixture *f = *state;
    keep(f, MESSAGE_SINGLE, SINGLE("7", "1", "030"), NOON);
    assert_true(answer(f, "007", "", "", NOON).n > 1);
    assert_str(answer(f, "8", "", "", NOON), S("-"));
    assert_str(answer(f, "7", "", ",\"InsuredBranchNumber\":\"01\"", NOON), S("-")); /* perhaps the twin */
    assert_str(answer(f, "", "", "", NOON), S("-"));                                 /* no question at all */
}

static void a_later_denial_takes_the_place_of_a_confirmation(void **state) {
    struct fixture *f = *state;
    keep(f, MESSAGE_SINGLE, SINGLE("7", "1", "030"), NOON);
    keep(f, MESSAGE_SINGLE, SINGLE("7", "2", "030"), NOON);
    assert_str(answer(f, "7", "", "", NOON), S("-"));
    keep(f, MESSAGE_SINGLE, SINGLE("7", "1", "020"), NOON);
    assert_holds(answer(f, "7", "", "", NOON), "\"InsuredPartialContributionRatio\":\"020\"");
}

/* What another process of the window was told counts as much, and the newer of the two alone. */
static void what_was_told_beside_counts_when_it_is_newer(void **state) {
    struct fixture *f = *state;
    static const char *const replies[] = {SINGLE("7", "1", "030"), SINGLE("7", "2", "030")};
    static const struct {
        int own, beside; /* which reply; -1: none */
        int own_day, beside_day;
        bool answered;
    } rows[] = {{-1, 0, 0, 0, true}, {0, 1, 0, 1, false}, {1, 0, 1, 0, false},
                {1, 0, 0, 1, true},  {0, 1, 1, 0, true},  {-1, 1, 0, 0, false}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct known other;
        char folder[SCRATCH_PATH_MAX], own[SCRATCH_PATH_MAX], name[16], row[16];
        snprintf(row, sizeof row, "row %zu", i);
        snprintf(name, sizeof name, "beside-%zu", i), scratch_path(&f->scratch, name, folder);
        snprintf(name, sizeof name, "own-%zu", i), scratch_path(&f->scratch, name, own);
        known_close(&f->k);
        assert_int_equal(open_at(f, &f->k, own, "a private key"), ERR_OK);
        assert_int_equal(open_at(f, &other, folder, "a private key"), ERR_OK);
        assert_int_equal(known_look_beside(&f->k, world_real(), folder, S("a private key"), NULL), ERR_OK);
        if (rows[i].own >= 0) keep(f, MESSAGE_SINGLE, replies[rows[i].own], NOON + DAYS(rows[i].own_day));
        keep_in(f, &other, MESSAGE_SINGLE, replies[rows[i].beside], NOON + DAYS(rows[i].beside_day));
        row_check(str_eq(answer(f, "7", "", "", NOON + DAYS(2)), S("-")) != rows[i].answered, row);
        known_close(&other);
    }
}

/* For one who asks again by itself. */
static void a_recalled_reply_is_on_no_list(void **state) {
    struct fixture *f = *state;
    struct buf reply;
    int64_t told_us = 0;
    struct str question =
        S("{\"XmlMsg\":{\"MessageHeader\":{\"MedicalInstitutionCode\":\"0110113719\"},\"MessageBody\":{" ASKED(
            "7", ",\"ArbitraryIdentifier\":\"mine\"") "}}}");
    buf_init(&reply, 1 << 20);
    assert_int_equal(known_recall(&f->k, question, NOON, &reply, &told_us, NULL), ERR_NOT_FOUND);
    keep(f, MESSAGE_SINGLE, SINGLE("7", "1", "030"), NOON);
    assert_int_equal(known_recall(&f->k, question, NOON + DAYS(2), &reply, &told_us, NULL), ERR_OK);
    assert_holds(buf_str(&reply), "\"QualificationValidity\":\"1\"");
    assert_holds(buf_str(&reply), "\"ArbitraryIdentifier\":\"mine\"");
    assert_true(told_us == NOON && sealed_count(f->k.later) == 0);
    keep(f, MESSAGE_SINGLE, SINGLE("7", "2", "030"), NOON + DAYS(1)); /* a denial is never recalled */
    assert_int_equal(known_recall(&f->k, question, NOON + DAYS(2), &reply, &told_us, NULL), ERR_NOT_FOUND);
    assert_int_not_equal(known_recall(&f->k, S("{"), NOON, &reply, &told_us, NULL), ERR_OK);
    buf_fini(&reply);
}

static void what_is_no_answer_is_not_kept(void **state) {
    struct fixture *f = *state;
    static const char *const replies[] = {
        "",
        "{",
        "{\"error\":{}}",
        "{\"XmlMsg\":{}}",
        "{\"XmlMsg\":{" HEADER
        "},\"MessageBody\":{\"ProcessingResultStatus\":\"2\",\"QualificationValidity\":\"1\"," ASKED(
            "7", "") ",\"ResultList\":[{" RESULT("100") "}]}}}",
        "{\"XmlMsg\":{" HEADER "},\"MessageBody\":{\"ProcessingResultStatus\":\"1\"}}}",
    };
    keep(f, MESSAGE_SINGLE, SINGLE("7", "1", "030"), NOON);
    for (size_t i = 0; i < ARRAY_LEN(replies); i++) keep(f, MESSAGE_SINGLE, replies[i], NOON);
    keep(f, MESSAGE_BULK, SINGLE("8", "1", "030"), NOON); /* a reception holds nobody */
    assert_int_equal(sealed_count(f->k.told), 1);
    assert_holds(answer(f, "7", "", "", NOON), "\"InsuredPartialContributionRatio\":\"030\"");
}

/* What stands in memory after one reply, told at noon: whether a question of the same day is answered from it. */
static bool kept(struct fixture *f, struct str reply, enum err want) {
    assert_int_equal(known_keep(&f->k, MESSAGE_SINGLE, reply, NOON, NULL), want);
    bool answers = answer(f, "7", "", "", NOON).n > 1;
    assert_int_equal(sealed_count(f->k.told), answers);
    return answers;
}

static void only_what_is_signed_for_this_window_and_this_person_is_kept(void **state) {
    struct fixture *f = *state;
    struct attested stranger;
    struct buf ours, theirs, other;
    const struct str plain = S(SINGLE("7", "1", "030"));
    buf_init(&ours, 1 << 20), buf_init(&theirs, 1 << 20), buf_init(&other, 1 << 20);
    attested_make(&stranger, NOON);
    attested_put(&f->centre, plain, NOON, &ours);
    attested_put(&stranger, plain, NOON, &theirs);
    assert_false(kept(f, plain, ERR_OK));                /* not signed */
    assert_false(kept(f, buf_str(&theirs), ERR_CRYPTO)); /* by another authority's centre */
    attested_put(&f->centre, S(SINGLE("8", "1", "030")), NOON, &other);
    struct str eight = buf_str(&other), jws = S("\"Attestation\":\"");
    buf_reset(&theirs); /* the answer about 7 with the signed copy about 8 */
    size_t at = str_find(buf_str(&ours), jws), from = str_find(eight, jws);
    buf_put(&theirs, str_head(buf_str(&ours), at)), buf_put(&theirs, str_skip(eight, from));
    assert_false(kept(f, buf_str(&theirs), ERR_CONFLICT));
    f->k.institution.n = 1312345670;
    assert_false(kept(f, buf_str(&ours), ERR_CONFLICT)); /* told to another window */
    f->k.institution.n = 110113719;
    assert_true(kept(f, buf_str(&ours), ERR_OK));
    attested_remove(&stranger);
    buf_fini(&ours), buf_fini(&theirs), buf_fini(&other);
}

/* 特別療養費: everything is paid first. The insurer's signed word for the day itself, and not a day longer. */
static void a_share_of_all_is_recalled_on_its_very_day_alone(void **state) {
    struct fixture *f = *state;
    keep(f, MESSAGE_SINGLE, SINGLE("7", "1", "100"), NOON);
    assert_holds(answer(f, "7", "20260601", "", NOON), "\"InsuredPartialContributionRatio\":\"100\"");
    assert_str(answer(f, "7", "20260602", "", NOON), S("-"));
    assert_str(answer(f, "7", "20260602", "", NOON + DAYS(1)), S("-"));
    assert_int_equal(known_sweep(&f->k, NOON + DAYS(1)), 1);
}

static void it_is_forgotten_in_time_and_with_another_key(void **state) {
    struct fixture *f = *state;
    keep(f, MESSAGE_SINGLE, SINGLE("7", "1", "030"), NOON);
    assert_true(answer(f, "7", "20260630", "", NOON + DAYS(31) - 1).n > 1);
    assert_int_equal(known_sweep(&f->k, NOON + DAYS(31)), 0);
    assert_str(answer(f, "7", "20260630", "", NOON + DAYS(31) + 1), S("-"));
    known_close(&f->k);
    assert_int_equal(open_known(f, "another key"), ERR_OK);
    assert_str(answer(f, "7", "", "", NOON), S("-"));
    known_close(&f->k);
    assert_int_equal(open_known(f, "a private key"), ERR_OK);
    assert_int_equal(known_sweep(&f->k, NOON + DAYS(31) + 1), 1);
    assert_int_equal(sealed_count(f->k.told), 0);
}

static void what_was_said_from_memory_is_asked_again_once(void **state) {
    struct fixture *f = *state;
    struct buf q;
    buf_init(&q, 1 << 16);
    assert_int_equal(known_later(&f->k, NOON, &q, NULL), ERR_NOT_FOUND);
    keep(f, MESSAGE_SINGLE, SINGLE("7", "1", "030"), NOON);
    assert_true(answer(f, "7", "", "", NOON + DAYS(1)).n > 1);
    assert_true(answer(f, "7", "20260602", "", NOON + DAYS(1)).n > 1); /* the same person on the same day */
    assert_int_equal(sealed_count(f->k.later), 1);
    assert_int_equal(known_later(&f->k, NOON + DAYS(2), &q, NULL), ERR_OK);
    /* The day it was answered for, though the question named none. */
    assert_holds(buf_str(&q), "\"QualificationConfirmationDate\":\"20260602\"");
    static const struct {
        const char *reply;
        bool differs;
    } rows[] = {{SINGLE("7", "1", "030"), false},
                {SINGLE("7", "1", "020"), true},
                {SINGLE("7", "3", "030"), true},
                {"{", true}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        row_check(known_differs(&f->k, buf_str(&q), str_c(rows[i].reply), NOON + DAYS(2)) == rows[i].differs,
                  rows[i].reply);
    assert_int_equal(known_settled(&f->k, buf_str(&q), NULL), ERR_OK);
    buf_reset(&q);
    assert_int_equal(known_later(&f->k, NOON + DAYS(2), &q, NULL), ERR_NOT_FOUND);
    buf_fini(&q);
}

struct trouble {
    enum err e;
    int status;
};

static enum err ask(void *context, const char *path, struct str json, int *status, struct str *reply, struct diag *d) {
    const struct trouble *t = context;
    (void)path, (void)json;
    *status = t->status, *reply = S("busy");
    return t->e == ERR_OK ? ERR_OK : diag_set(d, t->e, "centre", NULL);
}

/* A window that was refused, revoked perhaps, has no business answering from memory. */
static void memory_is_for_a_silent_centre_alone(void **state) {
    struct fixture *f = *state;
    static const struct {
        struct trouble trouble;
        enum folder_outcome want;
        bool recalled;
    } rows[] = {
        {{ERR_UNAVAILABLE, 0}, FOLDER_ANSWERED, true},
        {{ERR_TIMEOUT, 0}, FOLDER_ANSWERED, true},
        {{ERR_OK, 502}, FOLDER_ANSWERED, true},
        {{ERR_OK, 503}, FOLDER_ANSWERED, true},
        {{ERR_OK, 504}, FOLDER_ANSWERED, true},
        {{ERR_OK, 429}, FOLDER_SILENT, false},
        {{ERR_UNAUTHENTICATED, 401}, FOLDER_SILENT, false},
        {{ERR_OK, 403}, FOLDER_ANSWERED, false},
        {{ERR_OK, 500}, FOLDER_ANSWERED, false},
    };
    const struct str question = S(
        "<XmlMsg><MessageHeader><MedicalInstitutionCode>0110113719</MedicalInstitutionCode></MessageHeader><MessageBody>"
        "<QualificationConfirmSearchInfo><InsurerNumber>06139448</InsurerNumber><InsuredCardSymbol>12-34</InsuredCardSymbol>"
        "<InsuredIdentificationNumber>7</InsuredIdentificationNumber><Birthdate>19850401</Birthdate>"
        "</QualificationConfirmSearchInfo></MessageBody></XmlMsg>");
    keep(f, MESSAGE_SINGLE, SINGLE("7", "1", "030"), NOON);
    for (int known = 0; known < 2; known++) {
        for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
            struct trouble t = rows[i].trouble;
            const struct centre centre = {ask, &t};
            const struct folder_form form = {.encoding = FOLDER_UTF8, .known = known ? &f->k : NULL};
            struct folder_response response = {0};
            struct diag d = {0};
            char row[32];
            snprintf(row, sizeof row, "%d %d, known %d", t.e, t.status, known);
            buf_init(&response.bytes, 1 << 20);
            enum folder_outcome o =
                folder_answer(MESSAGE_SINGLE, question, &form, &centre, NOON, "name", &response, &d);
            bool recalls = known && rows[i].recalled;
            row_check(o == (rows[i].recalled && !recalls ? FOLDER_SILENT : rows[i].want), row);
            row_check(response.recalled == recalls && response.told.n == (o == FOLDER_ANSWERED && !recalls ? 4 : 0),
                      row);
            row_check((str_find(buf_str(&response.bytes), S(KNOWN_NOTE_CODE)) < response.bytes.n) == recalls, row);
            buf_fini(&response.bytes);
        }
    }
}

int main(void) {
#define WITH(t) cmocka_unit_test_setup_teardown(t, begin, end)
    const struct CMUnitTest tests[] = {
        WITH(an_answer_is_given_again_and_says_when_it_was_told),
        WITH(the_limit_certificate_is_shown_with_consent_alone),
        WITH(tomorrows_appointments_are_known_from_a_bulk_job),
        WITH(whom_it_is_about_must_be_the_same),
        WITH(a_later_denial_takes_the_place_of_a_confirmation),
        WITH(what_was_told_beside_counts_when_it_is_newer),
        WITH(a_recalled_reply_is_on_no_list),
        WITH(what_is_no_answer_is_not_kept),
        WITH(only_what_is_signed_for_this_window_and_this_person_is_kept),
        WITH(a_share_of_all_is_recalled_on_its_very_day_alone),
        WITH(it_is_forgotten_in_time_and_with_another_key),
        WITH(memory_is_for_a_silent_centre_alone),
        WITH(what_was_said_from_memory_is_asked_again_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
