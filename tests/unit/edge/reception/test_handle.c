/* The window's app driven without a socket: who may ask, what a page is told and when. */
#include "edge/reception/handle.h"

#include "base/json.h"
#include "edge/receipt/answer.h"
#include "lib/kiosk_play.h"
#include "lib/reception_play.h"
#include "lib/unit.h"
#include "net/ram/ram.h"

#include <unistd.h>

static struct scratch scratch;
static struct clock_world clock_;
static struct play_centre centre;
static struct kiosk_play play;
static struct pages pages;
static struct arena arena;
static struct ram *ram;
static const char *kiosk_address = "";

/* A hand that takes what begins with a brace, and knows the answer to "0123". */
static enum err put_statement(void *context, struct str body, struct buf *id, struct diag *d) {
    (void)context;
    if (!str_starts(body, S("{"))) return diag_set(d, ERR_SYNTAX, "StatementInfo/NameKana", NULL);
    buf_puts(id, "0123");
    return ERR_OK;
}

static enum err statement_answer(void *context, struct str id, struct buf *json, struct diag *d) {
    (void)context;
    if (!str_eq(id, S("0123"))) return diag_set(d, ERR_PENDING, "", NULL);
    buf_puts(json, "{\"XmlMsg\":{}}");
    return ERR_OK;
}
static enum err start(struct http_loop *loop, struct str config, unsigned worker, void **app, struct diag *d) {
    char folder[SCRATCH_PATH_MAX], log[SCRATCH_PATH_MAX], aside[SCRATCH_PATH_MAX];
    struct pages_settings s = {.world = &clock_.world,
                               .loop = loop,
                               .address = S("127.0.0.1:8080"),
                               .kiosk = str_c(kiosk_address),
                               .folder = scratch_path(&scratch, "today", folder),
                               .log = scratch_path(&scratch, "log", log),
                               .aside = scratch_path(&scratch, "aside", aside),
                               .devices = kiosk_play(&play),
                               .asker = play_centre(&centre)};
    s.statements = (struct statement_hand){put_statement, statement_answer, NULL};
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

static struct http_request get(const char *path, const char *query) {
    return (struct http_request){
        .method = S("GET"), .path = str_c(path), .query = str_c(query), .host = S("127.0.0.1:8080")};
}

static const char question[] =
    "{\"insurer\":\"06139448\",\"symbol\":\"12-34\",\"number\":\"1\",\"branch\":\"01\",\"birth\":\"S60.4.1\"}";

static struct http_request post(void) {
    return (struct http_request){.method = S("POST"),
                                 .path = S("/reception/ask"),
                                 .host = S("127.0.0.1:8080"),
                                 .origin = S("http://127.0.0.1:8080"),
                                 .content_type = S("application/json"),
                                 .body = str_c(question)};
}

/* The reply's JSON; into the arena. */
static struct json told(const struct http_request *q, int status) {
    struct ram_call *call;
    struct json root;
    const struct http_reply *reply = ram_ask(ram, q, &call);
    assert_non_null(reply);
    assert_int_equal(reply->status, status);
    assert_int_equal(json_read(&arena, buf_str(&reply->body), &root, NULL), ERR_OK);
    ram_forget(ram, call);
    return root;
}

static struct str text(struct json of, const char *name) {
    struct str s = S("");
    return json_str(json_get(of, name), &s) ? s : S("");
}

static void a_statement_goes_to_its_hand_and_its_answer_comes_back(void **state) {
    (void)state;
    struct http_request q = post(), a = get("/reception/statement/answer", "0123");
    q.path = S("/reception/statement/take"), q.body = S("{}");
    assert_str(text(told(&q, 200), "id"), S("0123"));
    assert_false(json_none(json_get(told(&a, 200), "XmlMsg")));
    a.query = S("4567");
    (void)told(&a, 202);
    q.body = S("x");
    assert_str(text(json_get(told(&q, 400), "error"), "detail"), S("StatementInfo/NameKana"));
    q.body = S("{}"), q.origin = S("http://elsewhere");
    (void)told(&q, 403);
    q.origin = S("http://127.0.0.1:8080"), q.content_type = S("text/plain");
    (void)told(&q, 415);
}

static void who_takes_no_statements_has_no_such_place(void **state) {
    (void)state;
    struct http_request q = post(), a = get("/reception/statement/answer", "0123");
    pages.statements = (struct statement_hand){0};
    q.path = S("/reception/statement/take");
    (void)told(&q, 404);
    (void)told(&a, 404);
}

static void only_our_own_page_may_ask(void **state) {
    (void)state;
    static const struct {
        const char *why, *method, *host, *origin, *type;
        enum err err;
    } rows[] = {
        {"the page itself", "POST", "127.0.0.1:8080", "http://127.0.0.1:8080", "application/json", ERR_OK},
        {"by the machine's name", "POST", "localhost:8080", "http://localhost:8080", "application/json; charset=utf-8",
         ERR_OK},
        {"reading", "GET", "127.0.0.1:8080", "", "", ERR_OK},
        {"a name that someone points here", "GET", "evil.example:8080", "", "", ERR_FORBIDDEN},
        {"another port", "GET", "127.0.0.1:8081", "", "", ERR_FORBIDDEN},
        {"another port of the name", "GET", "localhost:80800", "", "", ERR_FORBIDDEN},
        {"no host", "GET", "", "", "", ERR_FORBIDDEN},
        {"another origin reads", "GET", "127.0.0.1:8080", "http://evil.example", "", ERR_FORBIDDEN},
        {"another origin asks", "POST", "127.0.0.1:8080", "http://evil.example", "application/json", ERR_FORBIDDEN},
        {"a page of a sandbox", "POST", "127.0.0.1:8080", "null", "application/json", ERR_FORBIDDEN},
        {"another port's page", "POST", "127.0.0.1:8080", "http://127.0.0.1:80", "application/json", ERR_FORBIDDEN},
        {"the other name's page", "POST", "127.0.0.1:8080", "http://localhost:8080", "application/json", ERR_FORBIDDEN},
        {"over TLS elsewhere", "POST", "127.0.0.1:8080", "https://127.0.0.1:8080", "application/json", ERR_FORBIDDEN},
        {"no origin", "POST", "127.0.0.1:8080", "", "application/json", ERR_FORBIDDEN},
        {"a form", "POST", "127.0.0.1:8080", "http://127.0.0.1:8080", "text/plain", ERR_MEDIA_TYPE},
        {"a form that looks like it", "POST", "127.0.0.1:8080", "http://127.0.0.1:8080", "text/plain;application/json",
         ERR_MEDIA_TYPE},
        {"no type", "POST", "127.0.0.1:8080", "http://127.0.0.1:8080", "", ERR_MEDIA_TYPE},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct http_request q = {.method = str_c(rows[i].method),
                                 .path = str_eq(str_c(rows[i].method), S("GET")) ? S("/reception/visits")
                                                                                 : S("/reception/ask"),
                                 .host = str_c(rows[i].host),
                                 .origin = str_c(rows[i].origin),
                                 .content_type = str_c(rows[i].type),
                                 .body = str_c(question)};
        row_check(pages_admit(&pages, &q) == rows[i].err, rows[i].why);
        size_t before = pages.reception.visits.count;
        (void)told(&q, rows[i].err == ERR_OK ? 200 : err_info(rows[i].err)->http);
        bool added = pages.reception.visits.count > before;
        row_check(added == (rows[i].err == ERR_OK && str_eq(q.method, S("POST"))), rows[i].why);
    }
}

static void a_question_becomes_a_visit_and_its_answer_comes_by_the_list(void **state) {
    (void)state;
    struct http_request q = post();
    struct json visit = told(&q, 200), list;
    assert_str(text(visit, "state"), S("waiting"));
    assert_int_equal(text(visit, "id").n, VISIT_ID);
    assert_str(text(json_get(json_get(visit, "asked_with"), "birth"), "ja"), S("昭和60年4月1日"));
    for (int i = 0; i < 200; i++) {
        q = get("/reception/visits", "");
        list = told(&q, 200);
        if (str_eq(text(json_first(json_get(list, "visits")), "state"), S("answered"))) break;
        usleep(5000);
    }
    struct json one = json_first(json_get(list, "visits"));
    assert_str(text(one, "state"), S("answered"));
    assert_str(text(one, "id"), text(visit, "id"));
    assert_str(text(json_get(one, "answer"), "name"), S("髙橋　みどり"));
    assert_str(text(json_get(list, "centre"), "state"), S("answers"));
    assert_str(text(list, "institution"), S("0110113719"));
    assert_str(text(list, "day"), S("2026-11-25"));
}

static void a_fault_is_told_with_its_field(void **state) {
    (void)state;
    struct http_request q = post();
    q.body = S("{\"insurer\":\"06139449\"}");
    struct json error = json_get(told(&q, 400), "error");
    assert_str(text(error, "detail"), S("insurer"));
    assert_str(text(error, "code"), S("MDOF0010E"));
    assert_int_equal(pages.reception.visits.count, 0);
}

static void known(char query[64]) {
    snprintf(query, 64, "since=%llu&run=%s", (unsigned long long)pages.reception.visits.version, pages.run);
}

static void a_page_that_knows_all_waits_for_news(void **state) {
    (void)state;
    char query[64];
    struct http_request ask = post(), wait;
    known(query);
    wait = get("/reception/visits", query);
    struct ram_call *waiting = ram_send(ram, &wait);
    ram_turn(ram);
    assert_false(ram_answered(waiting));
    (void)told(&ask, 200);
    const struct http_reply *reply = ram_wait(ram, waiting);
    assert_non_null(reply);
    assert_true(str_find(buf_str(&reply->body), S("\"number\":1")) < reply->body.n);
    ram_forget(ram, waiting);
}

static void without_news_it_is_told_so_after_a_while(void **state) {
    (void)state;
    char query[64];
    known(query);
    struct http_request wait = get("/reception/visits", query);
    struct ram_call *waiting = ram_send(ram, &wait);
    clock_.steady_us += (PAGES_WAIT_MS - 1) * 1000;
    ram_turn(ram);
    assert_false(ram_answered(waiting));
    clock_.steady_us += 1000;
    ram_turn(ram);
    assert_true(ram_answered(waiting));
    ram_forget(ram, waiting);
}

static void who_knows_another_run_or_nothing_is_told_all_at_once(void **state) {
    (void)state;
    static const char *const queries[] = {"", "since=0&run=0000000000000000", "since=99&run=", "run=1",
                                          "since=-1&run=x"};
    for (size_t i = 0; i < ARRAY_LEN(queries); i++) {
        struct http_request q = get("/reception/visits", queries[i]);
        struct ram_call *call = ram_send(ram, &q);
        row_check(ram_answered(call), queries[i]);
        ram_forget(ram, call);
    }
}

static void one_page_too_many_does_not_wait(void **state) {
    (void)state;
    char query[64];
    struct ram_call *calls[PAGES_WAITING_MAX + 1];
    known(query);
    struct http_request q = get("/reception/visits", query);
    for (size_t i = 0; i < ARRAY_LEN(calls); i++) calls[i] = ram_send(ram, &q);
    for (size_t i = 0; i < ARRAY_LEN(calls); i++) assert_true(ram_answered(calls[i]) == (i == PAGES_WAITING_MAX));
}

static void paths_and_methods_are_those_of_the_page(void **state) {
    (void)state;
    struct http_request q = post();
    q.path = S("/reception");
    (void)told(&q, 405);
    q = get("/reception/ask", "");
    (void)told(&q, 405);
    q = get("/status", "");
    (void)told(&q, 404);
}

static bool page_holds(const char *path, struct str words) {
    struct http_request q = get(path, "");
    struct ram_call *call;
    const struct http_reply *reply = ram_ask(ram, &q, &call);
    bool holds = reply->status == 200 && str_find(buf_str(&reply->body), words) < reply->body.n;
    ram_forget(ram, call);
    return holds;
}

/* The page's status, as `entrance` would be asked for it. */
static int status_at(const char *entrance, const char *host, const char *path) {
    struct http_request q = get(path, "");
    struct ram_call *call;
    q.entrance = str_c(entrance), q.host = str_c(host);
    int status = ram_ask(ram, &q, &call)->status;
    ram_forget(ram, call);
    return status;
}

static void with_an_address_of_its_own_the_patients_page_is_there_alone(void **state) {
    static const struct {
        const char *kiosk, *entrance, *host, *path;
        int status;
    } rows[] = {
        {"", "pages", "127.0.0.1:8080", "/kiosk", 200},
        {"", "pages", "127.0.0.1:8080", "/reception", 200},
        {"127.0.0.1:8081", "kiosk", "127.0.0.1:8081", "/kiosk", 200},
        {"127.0.0.1:8081", "kiosk", "localhost:8081", "/kiosk/kiosk.js", 200},
        {"127.0.0.1:8081", "kiosk", "127.0.0.1:8081", "/icon.svg", 200},
        {"127.0.0.1:8081", "kiosk", "127.0.0.1:8081", "/reception", 404},
        {"127.0.0.1:8081", "kiosk", "127.0.0.1:8081", "/reception/visits", 404},
        {"127.0.0.1:8081", "kiosk", "127.0.0.1:8080", "/kiosk", 403},
        {"127.0.0.1:8081", "kiosk", "127.0.0.1:8080", "/reception", 403},
        {"127.0.0.1:8081", "pages", "127.0.0.1:8080", "/reception", 200},
        {"127.0.0.1:8081", "pages", "127.0.0.1:8081", "/reception", 403},
        {"127.0.0.1:8081", "pages", "127.0.0.1:8080", "/kiosk", 404},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char row[128];
        snprintf(row, sizeof row, "%s at %s of %s", rows[i].path, rows[i].entrance, rows[i].host);
        (void)end(state);
        kiosk_address = rows[i].kiosk;
        (void)begin(state);
        row_check(status_at(rows[i].entrance, rows[i].host, rows[i].path) == rows[i].status, row);
    }
    kiosk_address = "";
}

static void a_mistyped_patient_is_taken_off_the_list_and_put_back(void **state) {
    (void)state;
    char body[64];
    struct http_request q = post();
    struct json visit = told(&q, 200);
    snprintf(body, sizeof body, "{\"id\":\"%.*s\"}", (int)text(visit, "id").n, text(visit, "id").p);
    q.body = str_c(body);
    q.path = S("/reception/restore");
    (void)told(&q, 404); /* it is there */
    q.path = S("/reception/remove");
    struct json gone = told(&q, 200);
    assert_str(text(gone, "state"), S("removed"));
    assert_true(json_none(json_get(gone, "answer")));
    (void)told(&q, 404);
    q.path = S("/reception/restore");
    assert_false(str_eq(text(told(&q, 200), "state"), S("removed")));
    q.body = S("{\"id\":\"x\",\"more\":1}");
    (void)told(&q, 400);
}

static void the_page_has_words_for_every_validity_and_warning(void **state) {
    (void)state;
    for (enum warning w = 0; w < WARNING_COUNT; w++)
        row_check(page_holds("/reception/words.js", note_code(w)), warning_info(w)->code);
    for (char v = 0x31; v <= 0x36; v++) { /* "1" … "6" */
        char entry[] = "\n    0: { tone: ";
        entry[5] = v;
        row_check(page_holds("/reception/words.js", str_c(entry)), entry);
    }
}

static void the_page_loads_nothing_from_elsewhere(void **state) {
    (void)state;
    struct http_request q = get("/reception", "");
    struct ram_call *call;
    const struct http_reply *reply = ram_ask(ram, &q, &call);
    bool policy = false;
    for (size_t i = 0; i < reply->header_count; i++)
        policy |= str_eq(reply->headers[i].name, S("Content-Security-Policy")) &&
                  str_starts(reply->headers[i].value, S("default-src 'none'; script-src 'self';"));
    assert_true(policy);
    assert_true(str_find(buf_str(&reply->body), S("//")) == reply->body.n);
    ram_forget(ram, call);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_statement_goes_to_its_hand_and_its_answer_comes_back, begin, end),
        cmocka_unit_test_setup_teardown(who_takes_no_statements_has_no_such_place, begin, end),
        cmocka_unit_test_setup_teardown(only_our_own_page_may_ask, begin, end),
        cmocka_unit_test_setup_teardown(a_question_becomes_a_visit_and_its_answer_comes_by_the_list, begin, end),
        cmocka_unit_test_setup_teardown(a_fault_is_told_with_its_field, begin, end),
        cmocka_unit_test_setup_teardown(a_page_that_knows_all_waits_for_news, begin, end),
        cmocka_unit_test_setup_teardown(without_news_it_is_told_so_after_a_while, begin, end),
        cmocka_unit_test_setup_teardown(who_knows_another_run_or_nothing_is_told_all_at_once, begin, end),
        cmocka_unit_test_setup_teardown(one_page_too_many_does_not_wait, begin, end),
        cmocka_unit_test_setup_teardown(paths_and_methods_are_those_of_the_page, begin, end),
        cmocka_unit_test_setup_teardown(with_an_address_of_its_own_the_patients_page_is_there_alone, begin, end),
        cmocka_unit_test_setup_teardown(a_mistyped_patient_is_taken_off_the_list_and_put_back, begin, end),
        cmocka_unit_test_setup_teardown(the_page_has_words_for_every_validity_and_warning, begin, end),
        cmocka_unit_test_setup_teardown(the_page_loads_nothing_from_elsewhere, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
