/* Provisional statements: what is read, what is paid, what the claim is made with, and the journal. */
#include "edge/receipt/statements.h"

#include "lib/attested.h"
#include "lib/failing_world.h"
#include "lib/hostile.h"
#include "lib/scratch.h"
#include "lib/unit.h"

#include <errno.h>
#include <sodium.h>

#define NOON    1780282800000000 /* 2026-06-01 12:00 in Japan */
#define HOUR_US INT64_C(3600000000)
#define HEAD                                                                                                           \
    "{\"XmlMsg\":{\"MessageHeader\":{\"MedicalInstitutionCode\":\"0110113719\"},\"MessageBody\":{\"StatementInfo\":{"
#define TAIL "}}}}"
#define NEEDED                                                                                                         \
    "\"NameKana\":\"シンリョウ　タロウ\",\"Birthdate\":\"19850401\",\"Sex1\":\"1\",\"StatementConfirmFlag\":\"1\""
#define NUMBERS ",\"InsurerNumber\":\"06139448\",\"InsuredCardSymbol\":\"12-34\",\"InsuredIdentificationNumber\":\"7\""

struct fixture {
    struct scratch scratch;
    char folder[SCRATCH_PATH_MAX];
    struct statements s;
    struct arena a;
    struct buf json;
};

static enum err open_in(struct fixture *f, struct world *w, const char *secret) {
    const struct statements_settings s = {
        .world = w, .folder = f->folder, .secret = str_c(secret), .institution = {110113719}};
    return statements_open(&f->s, &s, NULL);
}

static int begin(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    if (sodium_init() < 0) return -1;
    scratch_make(&f->scratch);
    scratch_path(&f->scratch, "w", f->folder);
    arena_init(&f->a, TREE_ARENA_MAX);
    buf_init(&f->json, 1 << 20);
    *state = f;
    return open_in(f, world_real(), "a private key") == ERR_OK ? 0 : -1;
}

static int end(void **state) {
    struct fixture *f = *state;
    statements_close(&f->s);
    buf_fini(&f->json);
    arena_fini(&f->a);
    scratch_remove(&f->scratch);
    free(f);
    return 0;
}

static enum err take(struct fixture *f, struct known *k, const char *json, const char *file, struct diag *d) {
    struct tree *request, *out;
    assert_int_equal(tree_read_json(&f->a, arena_copy(&f->a, str_c(json)), &request, NULL), ERR_OK);
    enum err e = statements_take(&f->s, k, &f->a, request, file, NOON, &out, d);
    buf_reset(&f->json);
    if (e == ERR_OK) tree_put_json(out, &f->json);
    return e;
}

static bool says(const struct fixture *f, const char *part) {
    return str_find(buf_str(&f->json), str_c(part)) < f->json.n;
}

static void what_is_no_statement_is_said_with_its_place(void **state) {
    struct fixture *f = *state;
    static const struct {
        const char *json;
        enum err want;
        const char *where;
    } rows[] = {
        {HEAD NEEDED TAIL, ERR_OK, ""},
        {"{\"XmlMsg\":{\"MessageBody\":{}}}", ERR_MISSING, "MessageHeader"},
        {"{\"XmlMsg\":{\"MessageHeader\":{\"MedicalInstitutionCode\":\"0110113719\"}}}", ERR_MISSING, "MessageBody"},
        {"{\"XmlMsg\":{\"MessageHeader\":{\"MedicalInstitutionCode\":\"0110113719\"},\"MessageBody\":{}}}", ERR_MISSING,
         "StatementInfo"},
        {"{\"XmlMsg\":{\"MessageHeader\":{\"MedicalInstitutionCode\":\"2714206386\"},\"MessageBody\":{\"StatementInfo\":{" NEEDED
             TAIL,
         ERR_INSTITUTION, "MedicalInstitutionCode"},
        {HEAD "\"Birthdate\":\"19850401\",\"Sex1\":\"1\",\"StatementConfirmFlag\":\"1\"" TAIL, ERR_MISSING, "NameKana"},
        {HEAD "\"NameKana\":\"ア\",\"Sex1\":\"1\",\"StatementConfirmFlag\":\"1\"" TAIL, ERR_MISSING, "Birthdate"},
        {HEAD "\"NameKana\":\"ア\",\"Birthdate\":\"20260602\",\"Sex1\":\"1\",\"StatementConfirmFlag\":\"1\"" TAIL,
         ERR_DATE, "Birthdate"},
        {HEAD "\"NameKana\":\"ア\",\"Birthdate\":\"19850401\",\"StatementConfirmFlag\":\"1\"" TAIL, ERR_MISSING,
         "Sex1"},
        {HEAD "\"NameKana\":\"ア\",\"Birthdate\":\"19850401\",\"Sex1\":\"1\"" TAIL, ERR_MISSING,
         "StatementConfirmFlag"},
        {HEAD NEEDED ",\"StatedRatio\":\"100\"" TAIL, ERR_CODE, "StatedRatio"},
        {HEAD NEEDED ",\"StatedRatio\":\"30\"" TAIL, ERR_CODE, "StatedRatio"},
        {HEAD NEEDED ",\"InsuranceKind\":\"8\"" TAIL, ERR_CODE, "InsuranceKind"},
        {HEAD NEEDED ",\"InsurerNumber\":\"06139449\"" TAIL, ERR_CHECK_DIGIT, "InsurerNumber"},
        {HEAD NEEDED ",\"InsurerNumber\":\"06139448\"" TAIL, ERR_MISSING, "InsuredIdentificationNumber"},
        {HEAD NEEDED ",\"Address\":\"a\\tb\"" TAIL, ERR_VALUE, "Address"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct diag d = {0};
        enum err e = take(f, NULL, rows[i].json, "x", &d);
        row_check(e == rows[i].want, rows[i].json);
        row_check(str_find(str_c(d.where), str_c(rows[i].where)) < strlen(d.where) + (rows[i].where[0] == 0),
                  rows[i].json);
    }
}

static void the_claim_has_sevens_or_what_is_known(void **state) {
    struct fixture *f = *state;
    assert_int_equal(take(f, NULL, HEAD NEEDED TAIL, "a", NULL), ERR_OK);
    assert_true(says(
        f,
        "\"ClaimInfo\":{\"InsurerNumber\":\"77777777\",\"InsuredIdentificationNumber\":\"777777777\",\"Remarks\":\"不詳　カナ氏名："));
    assert_true(says(f, "保険種別：わからない　連絡日：令和8年6月1日\""));
    assert_true(says(f, "\"InsuredPartialContributionRatio\":\"030\""));
    assert_true(says(f, "\"ProcessingResultCode\":\"" STATEMENT_NOTE_CODE "\""));
    assert_int_equal(take(f, NULL, HEAD NEEDED NUMBERS ",\"StatedRatio\":\"010\"" TAIL, "b", NULL), ERR_OK);
    assert_true(says(
        f,
        "\"ClaimInfo\":{\"InsurerNumber\":\"06139448\",\"InsuredCardSymbol\":\"12-34\",\"InsuredIdentificationNumber\":\"7\"}"));
    assert_true(says(f, "\"InsuredPartialContributionRatio\":\"010\""));
    assert_true(says(f, "窓口の負担は1割です（本人の申立てによる負担割合）"));
}

#define TOLD(validity, ratio)                                                                                                                     \
    "{\"XmlMsg\":{\"MessageHeader\":{\"MedicalInstitutionCode\":\"0110113719\",\"QualificationConfirmationDate\":\"20260601\"},\"MessageBody\":{" \
    "\"ProcessingResultStatus\":\"1\",\"QualificationValidity\":\"" validity "\",\"QualificationConfirmSearchInfo\":{"                            \
    "\"InsurerNumber\":\"06139448\",\"InsuredCardSymbol\":\"12-34\",\"InsuredIdentificationNumber\":\"7\",\"Birthdate\":\"19850401\"},"           \
    "\"ResultList\":[{\"ResultOfQualificationConfirmation\":{\"InsurerNumber\":\"06139448\",\"Birthdate\":\"19850401\","                          \
    "\"QualificationDate\":\"20200401\",\"InsuredPartialContributionRatio\":\"" ratio "\"}}]}}}"

/* Every answer that may be remembered of the numbers that are stated, signed and not. */
static void a_statement_is_paid_in_full_after_a_signed_denial_alone(void **state) {
    struct fixture *f = *state;
    static const struct {
        const char *told;
        bool is_signed;
        const char *want;
    } rows[] = {
        {TOLD("1", "030"), true, "030"},  {TOLD("1", "010"), true, "010"},  {TOLD("1", "100"), true, "100"},
        {TOLD("2", "030"), true, "100"},  {TOLD("3", "030"), true, "020"},  {TOLD("4", "030"), true, "020"},
        {TOLD("5", "030"), true, "020"},  {TOLD("2", "030"), false, "020"}, {TOLD("1", "100"), false, "020"},
        {TOLD("1", "030"), false, "020"},
    };
    struct attested centre;
    attested_make(&centre, NOON);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char want[64], folder[16];
        struct known k;
        struct buf reply;
        char path[SCRATCH_PATH_MAX];
        snprintf(folder, sizeof folder, "known-%zu", i);
        const struct known_settings s = {.world = world_real(),
                                         .folder = scratch_path(&f->scratch, folder, path),
                                         .secret = S("x"),
                                         .ca = centre.ca,
                                         .institution = {110113719}};
        buf_init(&reply, 1 << 20);
        assert_int_equal(known_open(&k, &s, NULL), ERR_OK);
        if (rows[i].is_signed) attested_put(&centre, str_c(rows[i].told), NOON, &reply);
        else buf_puts(&reply, rows[i].told);
        assert_int_equal(known_keep(&k, MESSAGE_SINGLE, buf_str(&reply), NOON, NULL), ERR_OK);
        assert_int_equal(take(f, &k, HEAD NEEDED NUMBERS ",\"StatedRatio\":\"020\"" TAIL, "a", NULL), ERR_OK);
        snprintf(want, sizeof want, "\"InsuredPartialContributionRatio\":\"%s\"", rows[i].want);
        row_check(says(f, want), rows[i].told);
        known_close(&k);
        buf_fini(&reply);
    }
    attested_remove(&centre);
}

static size_t round_of(struct fixture *f, int64_t now_us, struct buf *last) {
    char name[SEALED_NAME + 1] = "";
    size_t n = 0;
    for (buf_reset(last); statements_next(&f->s, name, now_us, &f->json, NULL) == ERR_OK; n++) {
        buf_reset(last);
        buf_put(last, buf_str(&f->json));
        buf_reset(&f->json);
    }
    return n;
}

static void the_same_statement_is_taken_once(void **state) {
    struct fixture *f = *state;
    struct buf first;
    buf_init(&first, 1 << 20);
    assert_int_equal(take(f, NULL, HEAD NEEDED TAIL, "a", NULL), ERR_OK);
    buf_put(&first, buf_str(&f->json));
    assert_int_equal(take(f, NULL, HEAD NEEDED TAIL, "a", NULL), ERR_OK);
    assert_str(buf_str(&f->json), buf_str(&first)); /* number and all */
    assert_int_equal(sealed_count(f->s.kept), 1);
    assert_int_equal(take(f, NULL, HEAD NEEDED TAIL, "b", NULL), ERR_OK);                      /* another visit */
    assert_int_equal(take(f, NULL, HEAD NEEDED ",\"Address\":\"x\"" TAIL, "a", NULL), ERR_OK); /* other words */
    assert_int_equal(sealed_count(f->s.kept), 3);
    buf_reset(&f->json);
    assert_int_equal(round_of(f, NOON, &first), 3);
    buf_fini(&first);
}

static void it_stays_until_it_is_settled(void **state) {
    struct fixture *f = *state;
    struct buf m;
    buf_init(&m, 1 << 20);
    assert_int_equal(take(f, NULL, HEAD NEEDED TAIL, "a", NULL), ERR_OK);
    buf_reset(&f->json);
    /* Undelivered: whatever the clock says. */
    assert_int_equal(round_of(f, NOON - 1000 * 24 * HOUR_US, &m), 1);
    assert_int_equal(round_of(f, NOON + 20 * 366 * 24 * HOUR_US, &m), 1);
    assert_int_equal(statements_delivered(&f->s, buf_str(&m), NOON, NULL), ERR_OK);
    struct buf same;
    buf_init(&same, 1 << 20);
    assert_int_equal(round_of(f, NOON + 1, &same), 0);
    assert_int_equal(round_of(f, NOON + HOUR_US, &same), 1);
    assert_str(buf_str(&same), buf_str(&m));
    assert_int_equal(round_of(f, NOON - 1, &same), 1); /* a clock set back */
    assert_int_equal(take(f, NULL, HEAD NEEDED TAIL, "a", NULL), ERR_OK);
    buf_reset(&f->json);
    assert_int_equal(round_of(f, NOON + 1, &same), 0); /* taken again is still delivered */
    assert_int_equal(statements_settled(&f->s, buf_str(&m), NULL), ERR_OK);
    assert_int_equal(round_of(f, NOON + 2 * HOUR_US, &same), 0);
    assert_int_equal(sealed_count(f->s.kept), 0);
    buf_fini(&m), buf_fini(&same);
}

static void nothing_of_it_can_be_read_on_the_disk(void **state) {
    struct fixture *f = *state;
    assert_int_equal(take(f, NULL, HEAD NEEDED NUMBERS TAIL, "patient-7", NULL), ERR_OK);
    const struct str parts[] = {S("シンリョウ"), S("19850401"), S("06139448"), S("patient-7"), S("0110113719")};
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) row_check(!scratch_holds(&f->scratch, parts[i]), parts[i].p);
}

/* Each disk operation fails once: either it is not taken, or it is there for the next window. */
static void what_was_answered_is_on_the_disk(void **state) {
    struct fixture *f = *state;
    size_t taken = 0, refused = 0;
    for (size_t nth = 1;; nth++) {
        struct failing_world w;
        char file[16];
        struct buf m;
        statements_close(&f->s);
        assert_int_equal(open_in(f, world_real(), "a private key"), ERR_OK);
        size_t before = sealed_count(f->s.kept);
        statements_close(&f->s);
        snprintf(file, sizeof file, "f-%zu", nth);
        struct world *failing = failing_world(&w, nth, ENOSPC);
        enum err e = open_in(f, failing, "a private key");
        if (e == ERR_OK) e = take(f, NULL, HEAD NEEDED TAIL, file, NULL);
        if (e == ERR_OK) taken++;
        else refused++;
        statements_close(&f->s);
        assert_int_equal(open_in(f, world_real(), "a private key"), ERR_OK);
        buf_init(&m, 1 << 20);
        buf_reset(&f->json);
        size_t now = round_of(f, NOON, &m);
        assert_true(e == ERR_OK ? now == before + 1 : now == before || now == before + 1);
        buf_fini(&m);
        if (!w.hit) break;
    }
    assert_true(taken >= 1 && refused >= 4);
}

static void feed(void *context, struct str input) {
    struct fixture *f = context;
    struct tree *t;
    struct statement_message m;
    struct diag d = {0};
    arena_reset(&f->a);
    if (tree_read_json(&f->a, input, &t, NULL) != ERR_OK) return;
    if (statement_read(&f->a, t, (struct day){20605}, &m, &d) != ERR_OK) assert_true(d.err != ERR_OK);
    else
        assert_true(m.said.kana.n && day_until(m.said.birth, m.said.on) && m.said.sex >= 1 && m.said.sex <= 3 &&
                    (m.said.ratio <= 30 || m.said.ratio == RATIO_NONE));
}

static void feed_disaster(void *context, struct str input) {
    struct fixture *f = context;
    struct tree *t;
    struct statement_message m;
    arena_reset(&f->a);
    if (tree_read_json(&f->a, input, &t, NULL) != ERR_OK || disaster_read(t, (struct day){20605}, &m, NULL) != ERR_OK)
        return;
    assert_true(m.said.kana.n && m.said.address.n && m.said.sex >= 1 && m.said.sex <= 3);
}

#define DISASTER(more)                                                                                                     \
    "{\"XmlMsg\":{\"MessageHeader\":{\"MedicalInstitutionCode\":\"0110113719\"},\"MessageBody\":{\"DisasterSearchInfo\":{" \
    "\"NameKana\":\"ア\",\"Birthdate\":\"19850401\",\"Sex1\":\"1\"" more "}}}}"

static void a_disaster_question_needs_an_address_and_consent(void **state) {
    struct fixture *f = *state;
    static const struct {
        const char *json;
        enum err want;
    } rows[] = {
        {DISASTER(",\"Address\":\"輪島市\",\"SpokenConsentFlag\":\"1\""), ERR_OK},
        {DISASTER(",\"SpokenConsentFlag\":\"1\""), ERR_MISSING},
        {DISASTER(",\"Address\":\"輪島市\""), ERR_MISSING},
        {DISASTER(",\"Address\":\"輪島市\",\"SpokenConsentFlag\":\"0\""), ERR_MISSING},
        {DISASTER(",\"Address\":\"輪島市\",\"SpokenConsentFlag\":\"1\",\"InsurerNumber\":\"06139449\""),
         ERR_CHECK_DIGIT},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct tree *t;
        struct statement_message m;
        assert_int_equal(tree_read_json(&f->a, str_c(rows[i].json), &t, NULL), ERR_OK);
        row_check(disaster_read(t, (struct day){20605}, &m, NULL) == rows[i].want, rows[i].json);
    }
    assert_true(hostile_all(str_c(rows[0].json), feed_disaster, f) > 1000);
}

static void truncated_and_flipped_statements_come_back(void **state) {
    struct fixture *f = *state;
    struct str good = S(HEAD NEEDED NUMBERS ",\"StatedRatio\":\"020\",\"InsuranceKind\":\"3\"" TAIL);
    assert_true(hostile_all(good, feed, f) > 8 * good.n);
}

int main(void) {
#define WITH(t) cmocka_unit_test_setup_teardown(t, begin, end)
    const struct CMUnitTest tests[] = {
        WITH(what_is_no_statement_is_said_with_its_place),
        WITH(the_claim_has_sevens_or_what_is_known),
        WITH(a_statement_is_paid_in_full_after_a_signed_denial_alone),
        WITH(the_same_statement_is_taken_once),
        WITH(it_stays_until_it_is_settled),
        WITH(nothing_of_it_can_be_read_on_the_disk),
        WITH(what_was_answered_is_on_the_disk),
        WITH(a_disaster_question_needs_an_address_and_consent),
        WITH(truncated_and_flipped_statements_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
