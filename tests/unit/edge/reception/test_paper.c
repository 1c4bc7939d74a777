/* Papers at the reception page: codes and pictures, with a paper's reader that says what the test tells it to. */
#include "edge/reception/paper.h"

#include "base/json.h"
#include "edge/reception/handle.h"
#include "lib/hostile.h"
#include "lib/reception_play.h"
#include "lib/unit.h"
#include "net/ram/ram.h"

#include <unistd.h>

static struct scratch scratch;
static struct clock_world clock_;
static struct play_centre centre;
static struct pages pages;
static struct arena arena;
static struct ram *ram;

/* The reader. */
static struct play_paper {
    bool good, valid, done;
    struct str lines;
    enum err result, start;
    unsigned looked, given_up;
} paper;

static const char valid_message[] =
    "{\"XmlMsg\":{\"MessageHeader\":{\"SegmentOfResult\":\"1\",\"QualificationConfirmationDate\":\"20261125\"},"
    "\"MessageBody\":{\"ProcessingResultStatus\":\"1\",\"QualificationValidity\":\"1\",\"ResultList\":[{"
    "\"ResultOfQualificationConfirmation\":{\"InsurerNumber\":\"06139448\",\"InsuredCardSymbol\":\"12-34\","
    "\"InsuredIdentificationNumber\":\"1\",\"InsuredBranchNumber\":\"01\",\"Name\":\"髙橋　みどり\",\"Sex1\":\"2\","
    "\"Birthdate\":\"19850401\",\"InsuredPartialContributionRatio\":\"030\"}}]}}}";

static enum err check(void *context, struct arena *a, struct str code, struct paper_said *out, struct diag *d) {
    (void)context, (void)a, (void)d;
    *out = (struct paper_said){.good = paper.good,
                               .word = "x",
                               .ja = paper.good ? "有効期限が過ぎています" : "電子署名が合いません",
                               .en = "why",
                               .json = S("{\"standing\":\"x\"}")};
    if (!paper.good) return ERR_OK;
    assert_str(code, S("shc:/1234"));
    out->insurer = (struct insurer_number){6139448};
    out->insured = (struct insured_id){S("12-34"), S("1"), 1};
    out->name = S("髙橋　みどり");
    out->birth = (struct day){5569};
    out->issued_us = 1790000000000000;
    out->message = paper.valid ? str_c(valid_message) : S("");
    return ERR_OK;
}
static enum err look(void *context, struct str picture, struct diag *d) {
    (void)context, (void)d, (void)picture;
    paper.looked++;
    return paper.start;
}
static bool looked(void *context, struct arena *a, struct str *lines, enum err *result, struct diag *d) {
    (void)context, (void)a, (void)d;
    *lines = paper.lines, *result = paper.result;
    return paper.done;
}
static void give_up(void *context) { (void)context, paper.given_up++; }

static enum err start(struct http_loop *loop, struct str config, unsigned worker, void **app, struct diag *d) {
    char folder[SCRATCH_PATH_MAX], log[SCRATCH_PATH_MAX], aside[SCRATCH_PATH_MAX];
    struct pages_settings s = {.world = &clock_.world,
                               .loop = loop,
                               .address = S("127.0.0.1:8080"),
                               .kiosk = S(""),
                               .folder = scratch_path(&scratch, "today", folder),
                               .log = scratch_path(&scratch, "log", log),
                               .aside = scratch_path(&scratch, "aside", aside),
                               .asker = play_centre(&centre),
                               .paper = {check, look, looked, give_up, NULL}};
    (void)config, (void)worker;
    assert_int_equal(institution_code_parse(S("0110113719"), &s.institution), ERR_OK);
    *app = &pages;
    return pages_open(&pages, &s, d);
}
static enum http_step handle(void *app, struct http_exchange *x) { return pages_handle(app, x); }
static void turn(void *app) { pages_turn(app); }
static void stop(void *app) { pages_close(app); }
static const struct http_app app = {"window", start, handle, turn, turn, NULL, stop};

static int begin(void **state) {
    (void)state;
    scratch_make(&scratch);
    (void)clock_world(&clock_);
    arena_init(&arena, 8 << 20);
    paper = (struct play_paper){.good = true, .valid = true, .lines = S("")};
    atomic_store(&centre.err, ERR_UNAVAILABLE);
    assert_int_equal(ram_open(&ram, &app, S(""), NULL), ERR_OK);
    return 0;
}

static int end(void **state) {
    (void)state;
    ram_close(ram);
    arena_fini(&arena);
    scratch_remove(&scratch);
    return 0;
}

static struct http_request post(const char *path, const char *type, const char *body) {
    return (struct http_request){.method = S("POST"),
                                 .path = str_c(path),
                                 .host = S("127.0.0.1:8080"),
                                 .origin = S("http://127.0.0.1:8080"),
                                 .content_type = str_c(type),
                                 .body = str_c(body)};
}

static struct json told(const struct http_request *q, int status) {
    struct ram_call *call;
    struct json root;
    const struct http_reply *reply = ram_ask(ram, q, &call);
    assert_non_null(reply);
    if (reply->status != status) print_error("%.*s\n", (int)reply->body.n, reply->body.p);
    assert_int_equal(reply->status, status);
    assert_int_equal(json_read(&arena, buf_str(&reply->body), &root, NULL), ERR_OK);
    ram_forget(ram, call);
    return root;
}

static struct str text(struct json of, const char *name) {
    struct str s = S("");
    return json_str(json_get(of, name), &s) ? s : S("");
}

#define SCAN "/reception/scan"
static struct json scan(const char *body, int status) {
    struct http_request q = post(SCAN, "application/json", body);
    return told(&q, status);
}

static void a_good_paper_is_answered_at_once_and_recorded_for_what_it_is(void **state) {
    (void)state;
    char log[SCRATCH_PATH_MAX];
    uint64_t ratio;
    struct json v = scan("{\"code\":\" shc:/1234 \",\"chart\":\"77\"}", 200), a = json_get(v, "answer");
    assert_str(text(json_get(a, "validity"), "code"), S("1"));
    assert_true(json_uint(json_get(a, "ratio"), 100, &ratio) && ratio == 30);
    assert_str(text(a, "name"), S("髙橋　みどり"));
    assert_str(text(json_get(a, "paper"), "standing"), S("x"));
    assert_str(text(json_get(v, "proof"), "code"), S("paper"));
    assert_str(text(json_get(v, "asked_with"), "chart"), S("77"));
    assert_int_equal(logged(scratch_path(&scratch, "log", log), AUDIT_RECEIVED, PROOF_PAPER), 1);
}

static void a_typed_name_is_compared_with_the_papers(void **state) {
    (void)state;
    struct json a = json_get(scan("{\"code\":\"shc:/1234\",\"name\":\"高橋 みどり\"}", 200), "answer");
    assert_int_equal(json_count(json_get(a, "differences")), 1);
    assert_str(text(json_first(json_get(a, "differences")), "field"), S("name"));
}

/* Who it is and why; the coverage is the centre's to say, and nothing says "not covered". */
static void a_paper_that_does_not_count_any_more_denies_nobody(void **state) {
    (void)state;
    paper.valid = false;
    struct json v = scan("{\"code\":\"shc:/1234\"}", 200);
    assert_int_equal(json_kind(json_get(v, "answer")), JSON_NONE);
    assert_true(str_starts(text(v, "said"), S("有効期限が過ぎています / ")));
    assert_str(text(json_get(v, "asked_with"), "name"), S("髙橋　みどり"));
    assert_false(str_eq(text(v, "state"), S("refused")));
}

static void what_nobody_known_signed_is_nobody_in_the_list(void **state) {
    (void)state;
    paper.good = false;
    struct json e = json_get(scan("{\"code\":\"shc:/1234\"}", 422), "error");
    assert_str(text(e, "detail"), S("code"));
    assert_str(text(e, "ja"), S("電子署名が合いません"));
    assert_str(text(json_get(e, "paper"), "standing"), S("x"));
    assert_int_equal(pages.reception.visits.count, 0);
}

/* A centre that refuses this window is no reason to hide what the insurer signed. */
static void a_centre_that_does_not_answer_or_refuses_takes_nothing_away(void **state) {
    (void)state;
    static const enum err ways[] = {ERR_UNAVAILABLE, ERR_UNAUTHENTICATED};
    for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
        atomic_store(&centre.err, ways[i]);
        (void)scan("{\"code\":\"shc:/1234\"}", 200);
        struct visit *v = pages.reception.visits.list[pages.reception.visits.count - 1];
        for (int tries = 0; v->state != VISIT_SILENT && tries < 10000; tries++) ram_turn(ram), usleep(1000);
        assert_int_equal(v->state, VISIT_SILENT);
        assert_true(v->answer.n > 0 && v->told_us != 0);
    }
}

struct body_row {
    const char *why, *body;
    int status;
};
static const struct body_row bodies[] = {
    {"no code", "{}", 400},
    {"an empty code", "{\"code\":\"  \"}", 400},
    {"another member", "{\"code\":\"shc:/1234\",\"insurer\":\"1\"}", 400},
    {"a number", "{\"code\":1}", 400},
    {"no object", "[]", 400},
    {"a visit that does not wait", "{\"code\":\"shc:/1234\",\"visit\":\"00000000000000000000000000000000\"}", 404},
};

static void a_body_of_another_form_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bodies); i++) (void)scan(bodies[i].body, bodies[i].status);
    assert_int_equal(pages.reception.visits.count, 0);
}

static void feed(void *context, struct str input) {
    struct http_request q = post(SCAN, "application/json", "");
    struct ram_call *call;
    (void)context;
    q.body = input;
    paper.good = false;
    const struct http_reply *reply = ram_ask(ram, &q, &call);
    assert_non_null(reply);
    assert_true(reply->status == 422 || reply->status == 400);
    ram_forget(ram, call);
}

static void every_truncation_and_flipped_bit_of_a_body_comes_back(void **state) {
    (void)state;
    struct str good = S("{\"code\":\"shc:/1234\",\"chart\":\"77\",\"limit_consent\":true}");
    assert_int_equal(hostile_all(good, feed, NULL), 9 * good.n);
}

/* ---- pictures ---- */

static struct ram_call *show(const char *type) {
    struct http_request q = post("/reception/picture", type, "bytes");
    struct ram_call *call = ram_send(ram, &q);
    ram_turn(ram);
    return call;
}

static int status_of(struct ram_call *call) {
    int status = ram_answered(call) ? ram_wait(ram, call)->status : 0;
    ram_forget(ram, call);
    return status;
}

static void only_pictures_and_pdf_are_looked_at(void **state) {
    (void)state;
    static const struct {
        const char *type;
        int status;
    } rows[] = {
        {"image/png", 200}, {"application/pdf; x=y", 200}, {"image/jpeg", 415}, {"application/json", 415}, {"", 415}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        paper.done = true, paper.lines = S("shc:/1\n");
        row_check(status_of(show(rows[i].type)) == rows[i].status, rows[i].type);
    }
    assert_int_equal(paper.looked, 2);
}

struct look_row {
    const char *why;
    struct str lines;
    enum err result;
    int status;
};

static void one_code_is_given_back_and_none_or_several_are_said(void **state) {
    (void)state;
    static const struct look_row rows[] = {{"one", {"shc:/12\n", 8}, ERR_OK, 200},
                                           {"none", {"", 0}, ERR_OK, 404},
                                           {"two", {"shc:/12\nshc:/34\n", 16}, ERR_OK, 409},
                                           {"damaged", {"", 0}, ERR_SYNTAX, 400},
                                           {"it died", {"", 0}, ERR_CORRUPT, 500}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        paper.done = false;
        struct ram_call *call = show("image/png");
        row_check(!ram_answered(call), rows[i].why);
        paper.done = true, paper.lines = rows[i].lines, paper.result = rows[i].result;
        ram_turn(ram);
        row_check(status_of(call) == rows[i].status, rows[i].why);
    }
}

static void one_picture_at_a_time_and_not_for_ever(void **state) {
    (void)state;
    struct ram_call *first = show("image/png");
    assert_int_equal(status_of(show("image/png")), 503);
    atomic_fetch_add(&clock_.steady_us, PAPER_PICTURE_WAIT_US);
    ram_turn(ram);
    assert_int_equal(status_of(first), 504);
    assert_int_equal(paper.given_up, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_good_paper_is_answered_at_once_and_recorded_for_what_it_is, begin, end),
        cmocka_unit_test_setup_teardown(a_typed_name_is_compared_with_the_papers, begin, end),
        cmocka_unit_test_setup_teardown(a_paper_that_does_not_count_any_more_denies_nobody, begin, end),
        cmocka_unit_test_setup_teardown(what_nobody_known_signed_is_nobody_in_the_list, begin, end),
        cmocka_unit_test_setup_teardown(a_centre_that_does_not_answer_or_refuses_takes_nothing_away, begin, end),
        cmocka_unit_test_setup_teardown(a_body_of_another_form_is_refused, begin, end),
        cmocka_unit_test_setup_teardown(every_truncation_and_flipped_bit_of_a_body_comes_back, begin, end),
        cmocka_unit_test_setup_teardown(only_pictures_and_pdf_are_looked_at, begin, end),
        cmocka_unit_test_setup_teardown(one_code_is_given_back_and_none_or_several_are_said, begin, end),
        cmocka_unit_test_setup_teardown(one_picture_at_a_time_and_not_for_ever, begin, end),
    };
    return cmocka_run_group_tests_name("reception papers", tests, NULL, NULL);
}
