#include "lib/http_test_app.h"
#include "net/ram/ram.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static struct ram *opened(void) {
    struct ram *r;
    assert_int_equal(ram_open(&r, http_apps[0], S("test"), NULL), ERR_OK);
    return r;
}

static struct http_request get(struct str path, struct str query) {
    return (struct http_request){.method = S("GET"), .path = path, .query = query};
}

static void an_answer_may_be_complete_at_once(void **state) {
    (void)state;
    struct ram *r = opened();
    struct http_request q = {.method = S("POST"), .path = S("/echo"), .content_type = S("text/plain"), .body = S("窓")};
    struct ram_call *c = ram_send(r, &q);
    assert_true(ram_answered(c));
    const struct http_reply *reply = ram_wait(r, c);
    assert_int_equal(reply->status, 200);
    assert_true(str_eq(reply->content_type, S("text/plain")));
    assert_true(str_eq(buf_str(&reply->body), S("窓")));
    ram_forget(r, c);
    ram_close(r);
}

static void an_answer_may_come_later_from_a_thread(void **state) {
    (void)state;
    struct ram *r = opened();
    struct http_request q = get(S("/later"), S(""));
    struct ram_call *c = ram_send(r, &q);
    assert_false(ram_answered(c));
    assert_int_equal(ram_owed(r), 1);
    const struct http_reply *reply = ram_wait(r, c);
    assert_non_null(reply);
    assert_int_equal(reply->status, 200);
    assert_int_equal(ram_owed(r), 0);
    ram_forget(r, c);
    ram_close(r);
}

static void requests_of_one_turn_are_one_batch(void **state) {
    (void)state;
    struct ram *r = opened();
    struct http_request q = get(S("/later"), S(""));
    struct ram_call *calls[5], *turns;
    for (size_t i = 0; i < ARRAY_LEN(calls); i++) calls[i] = ram_send(r, &q);
    for (size_t i = 0; i < ARRAY_LEN(calls); i++) assert_non_null(ram_wait(r, calls[i]));
    q = get(S("/turns"), S(""));
    assert_true(str_eq(buf_str(&ram_ask(r, &q, &turns)->body), S("1 5\n")));
    ram_close(r);
}

static void an_exchange_outlives_a_client_that_goes_away(void **state) {
    (void)state;
    struct ram *r = opened();
    struct http_request q = get(S("/slow"), S("30"));
    struct ram_call *gone = ram_send(r, &q), *after;
    ram_turn(r);
    ram_forget(r, gone);
    assert_int_equal(ram_owed(r), 1);
    assert_non_null(ram_ask(r, &q, &after));
    assert_int_equal(ram_owed(r), 0);
    ram_close(r);
}

static void closing_completes_what_the_app_can_complete(void **state) {
    (void)state;
    struct ram *r = opened();
    struct http_request q = get(S("/slow"), S("20"));
    (void)ram_send(r, &q);
    ram_close(r);
}

static void an_app_that_cannot_start_says_why(void **state) {
    (void)state;
    struct ram *r;
    struct diag d;
    assert_int_equal(ram_open(&r, http_apps[0], S("refuse"), &d), ERR_CORRUPT);
    assert_string_equal(d.detail, "refused to start");
}

static void a_header_value_cannot_break_the_line(void **state) {
    (void)state;
    struct ram *r = opened();
    struct http_request q = get(S("/headers"), S(""));
    struct ram_call *c;
    const struct http_reply *reply = ram_ask(r, &q, &c);
    assert_int_equal(reply->header_count, 1);
    assert_true(str_eq(reply->headers[0].name, S("ETag")));
    ram_close(r);
}

static void a_refusal_has_status_code_and_two_languages(void **state) {
    (void)state;
    struct http_exchange x;
    http_exchange_init(&x, NULL);
    buf_puts(&x.reply.body, "half an answer");
    http_reply_error(&x, ERR_BUSY, S("say \"later\""));
    assert_int_equal(x.reply.status, 503);
    assert_true(str_eq(x.reply.headers[0].name, S("Retry-After")));
    assert_true(
        str_eq(buf_str(&x.reply.body),
               S("{\"error\":{\"code\":\"MDOS0006E\",\"ja\":\"混み合っています。しばらくして再度お試しください\","
                 "\"en\":\"busy; please try again later\",\"detail\":\"say \\\"later\\\"\"}}\n")));
    http_exchange_fini(&x);
}

static void a_reset_exchange_is_empty_and_gives_big_memory_back(void **state) {
    (void)state;
    struct http_exchange x;
    http_exchange_init(&x, NULL);
    assert_non_null(buf_room(&x.reply.body, 1 << 20));
    x.reply.body.n = 1 << 20;
    x.reply.status = 200;
    x.request.path = S("/");
    assert_non_null(arena_new(&x.arena, 100));
    http_exchange_reset(&x);
    assert_int_equal(x.reply.body.cap, 0);
    assert_int_equal(x.reply.body.limit, HTTP_REPLY_MAX);
    assert_int_equal(x.reply.status, 0);
    assert_int_equal(x.arena.used, 0);
    assert_int_equal(x.request.path.n, 0);
    http_exchange_fini(&x);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_may_be_complete_at_once),
        cmocka_unit_test(an_answer_may_come_later_from_a_thread),
        cmocka_unit_test(requests_of_one_turn_are_one_batch),
        cmocka_unit_test(an_exchange_outlives_a_client_that_goes_away),
        cmocka_unit_test(closing_completes_what_the_app_can_complete),
        cmocka_unit_test(an_app_that_cannot_start_says_why),
        cmocka_unit_test(a_header_value_cannot_break_the_line),
        cmocka_unit_test(a_refusal_has_status_code_and_two_languages),
        cmocka_unit_test(a_reset_exchange_is_empty_and_gives_big_memory_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
