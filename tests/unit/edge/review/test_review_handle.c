/* The review over HTTP, driven without a socket: nobody sees or decides anything who is not signed in, nothing is shown that the log does not have, one person
 * cannot undo a link, and whatever bytes come there is an answer. */
#include "base/json.h"
#include "edge/review/alarm_line.h"
#include "edge/review/handle.h"
#include "edge/review/wish.h"
#include "lib/hostile.h"
#include "lib/review_play.h"
#include "lib/unit.h"
#include "net/ram/ram.h"
#include "state/trust/reviewer.h"

#include <sodium.h>

static struct review_play play;
static struct review_pages pages;
static struct arena arena;
static struct ram *ram;
static char words[2][PASSPHRASE_CHARACTERS + 1];

static enum err start(struct http_loop *loop, struct str config, unsigned worker, void **app, struct diag *d) {
    struct review_pages_settings s = {.review = review_play_settings(&play, world_real()),
                                      .loop = loop,
                                      .address = S("127.0.0.1:8080"),
                                      .keys = play.scratch.folder};
    (void)config, (void)worker;
    *app = &pages;
    return review_pages_open(&pages, &s, d);
}
static enum http_step handle(void *app, struct http_exchange *x) { return review_pages_handle(app, x); }
static void turn(void *app) { review_pages_turn(app); }
static void woken(void *app) { review_pages_woken(app); }
static void stop(void *app) { review_pages_close(app); }
static const struct http_app app = {"review", start, handle, turn, woken, NULL, stop};

static int begin(void **state) {
    (void)state;
    bool made;
    review_play_begin(&play);
    arena_init(&arena, 64 << 20);
    assert_int_equal(reviewer_make(world_real(), play.scratch.folder, S("sato"), words[0], &made, NULL), ERR_OK);
    assert_int_equal(reviewer_make(world_real(), play.scratch.folder, S("tanaka"), words[1], &made, NULL), ERR_OK);
    assert_int_equal(ram_open(&ram, &app, S(""), NULL), ERR_OK);
    return 0;
}

static int end(void **state) {
    (void)state;
    ram_close(ram);
    arena_fini(&arena);
    review_play_end(&play);
    return 0;
}

static struct http_request get(const char *path, const char *query, struct str bearer) {
    return (struct http_request){.method = S("GET"),
                                 .path = str_c(path),
                                 .query = str_c(query),
                                 .host = S("127.0.0.1:8080"),
                                 .authorization = bearer};
}

static struct http_request post(const char *path, struct str body, struct str bearer) {
    return (struct http_request){.method = S("POST"),
                                 .path = str_c(path),
                                 .host = S("127.0.0.1:8080"),
                                 .origin = S("http://127.0.0.1:8080"),
                                 .content_type = S("application/json"),
                                 .body = body,
                                 .authorization = bearer};
}

static int ask(const struct http_request *q, struct json *out) {
    struct ram_call *call;
    struct json root = {0};
    const struct http_reply *reply = ram_ask(ram, q, &call);
    assert_non_null(reply);
    int status = reply->status;
    if (json_read(&arena, buf_str(&reply->body), &root, NULL) != ERR_OK) root.node = NULL;
    if (out) *out = root;
    ram_forget(ram, call);
    return status;
}

static struct str text(struct json of, const char *name) {
    struct str s = S("");
    return json_str(json_get(of, name), &s) ? s : S("");
}

static struct str sign_in(const char *name, const char *passphrase, int want) {
    struct buf b;
    struct json root;
    buf_init(&b, 1024);
    buf_printf(&b, "{\"name\":\"%s\",\"passphrase\":\"%s\"}", name, passphrase);
    struct http_request q = post("/review/sign-in", buf_str(&b), S(""));
    assert_int_equal(ask(&q, &root), want);
    buf_fini(&b);
    struct buf bearer = buf_over(arena_new(&arena, 128), 128);
    buf_puts(&bearer, "Bearer "), buf_put(&bearer, text(root, "token"));
    return buf_str(&bearer);
}

static int see(unsigned n, struct str bearer, struct json *out) {
    char query[64];
    snprintf(query, sizeof query, "id=00000000000000a%u", n);
    struct http_request q = get("/review/alarm", query, bearer);
    return ask(&q, out);
}

static int decide(unsigned n, const char *decision, const char *reason, struct str bearer, struct json *out) {
    char body[256];
    snprintf(body, sizeof body, "{\"alarm\":\"00000000000000a%u\",\"decision\":\"%s\",\"reason\":\"%s\"}", n, decision,
             reason);
    struct http_request q = post("/review/decide", str_c(body), bearer);
    return ask(&q, out);
}

static struct str state_in(struct json alarm) { return text(json_get(alarm, "state"), "code"); }

static void nobody_gets_anything_without_signing_in(void **state) {
    (void)state;
    static const char *const paths[] = {"/review/list", "/review/alarm", "/review/unlinked"};
    struct str token = sign_in("sato", words[0], 200);
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        struct http_request q = get(paths[i], "id=00000000000000a1", S(""));
        row_check(ask(&q, NULL) == 401, paths[i]);
        q.authorization = S("Bearer 0000000000000000000000000000000000000000000000000000000000000000");
        row_check(ask(&q, NULL) == 401, paths[i]);
        q.authorization = str_skip(token, sizeof "Bearer " - 1);
        row_check(ask(&q, NULL) == 401, paths[i]);
        q.authorization = token;
        row_check(ask(&q, NULL) != 401, paths[i]);
        q.origin = S("http://evil.example"); /* also not with a token */
        row_check(ask(&q, NULL) == 403, paths[i]);
    }
    assert_int_equal(decide(1, "right", "", S(""), NULL), 401);
    struct http_request out = post("/review/sign-out", S("{}"), token);
    assert_int_equal(ask(&out, NULL), 200);
    assert_int_equal(see(1, token, NULL), 401);
}

static void a_wrong_passphrase_is_refused_and_then_waits(void **state) {
    (void)state;
    for (int i = 0; i < ATTEMPTS_MAX; i++) (void)sign_in("sato", "wrong", 403);
    (void)sign_in("sato", words[0], 503);
    (void)sign_in("tanaka", words[1], 200);
    (void)sign_in("nobody", words[1], 403);
}

static void the_list_names_nobody(void **state) {
    (void)state;
    struct str token = sign_in("sato", words[0], 200);
    static const struct {
        const char *query;
        size_t n;
    } rows[] = {{"", 3},
                {"state=todo", 3},
                {"state=open&cause=twin", 1},
                {"state=right", 0},
                {"insurer=06139448", 3},
                {"insurer=01080019", 0},
                {"from=2", 1},
                {"from=99", 0},
                {"from=x", 3},
                {"cause=luck", 3},
                {"%3D&&=&state", 3},
                {"state=%74odo", 3},
                {"state=todo%", 3},
                {"state=todo%7", 3}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct json root;
        struct http_request q = get("/review/list", rows[i].query, token);
        row_check(ask(&q, &root) == 200, rows[i].query);
        row_check(json_count(json_get(root, "alarms")) == rows[i].n, rows[i].query);
    }
    struct ram_call *call;
    struct http_request q = get("/review/list", "", token);
    struct str all = buf_str(&ram_ask(ram, &q, &call)->body);
    assert_true(str_find(all, S("橋")) == all.n && str_find(all, S("2015")) == all.n &&
                str_find(all, S("R1")) == all.n);
    ram_forget(ram, call);
}

static bool each(void *context, const struct ledger_entry *entry) {
    struct audit_event e;
    if (audit_event_read(entry->body, &e) && e.kind == AUDIT_REVIEW) ++*(size_t *)context;
    return true;
}

static size_t looks(void) {
    char path[SCRATCH_PATH_MAX];
    size_t n = 0;
    assert_int_equal(ledger_read(world_real(), scratch_path(&play.scratch, "store/ledger", path), each, &n, NULL),
                     ERR_OK);
    return n;
}

static void whoever_looks_is_in_the_log(void **state) {
    (void)state;
    struct json root;
    struct str token = sign_in("sato", words[0], 200);
    assert_int_equal(looks(), 0);
    assert_int_equal(see(1, token, &root), 200);
    assert_int_equal(looks(), 1);
    assert_str(text(json_first(json_get(json_first(json_get(root, "facts")), "a")), "mark"), S("REGISTER"));
    assert_str(text(json_get(root, "may"), "unlink"), S(""));
    assert_int_equal(see(9, token, NULL), 404);
    assert_int_equal(looks(), 1);
    struct http_request q = get("/review/alarm", "id=00000000000000A1", token);
    assert_int_equal(ask(&q, NULL), 400);
}

static void two_reviewers_and_no_fewer(void **state) {
    (void)state;
    struct json root;
    struct str sato = sign_in("sato", words[0], 200), tanaka = sign_in("tanaka", words[1], 200);
    assert_int_equal(decide(2, "unlink", "x", sato, NULL), 409); /* without having looked */
    assert_int_equal(see(2, sato, NULL), 200);
    assert_int_equal(see(2, tanaka, NULL), 200);
    assert_int_equal(decide(2, "unlink", " ", sato, NULL), 400);
    assert_int_equal(decide(2, "unlink", "x", sato, &root), 200);
    assert_str(state_in(root), S("proposed"));
    assert_int_equal(decide(2, "unlink", "x", sato, NULL), 403);
    assert_int_equal(decide(2, "unlink", "x", tanaka, NULL), 409); /* she has not seen what sato said */
    assert_int_equal(see(2, tanaka, &root), 200);
    assert_int_equal(decide(2, "unlink", "y", tanaka, &root), 200);
    assert_str(state_in(root), S("unlinked"));
    assert_int_equal(see(2, sato, NULL), 200);
    assert_int_equal(decide(2, "right", "", sato, NULL), 409);
    review_settle(pages.review);
    struct http_request q = get("/review/unlinked", "id=00000000000000a2", sato);
    assert_int_equal(ask(&q, NULL), 200);
    q = get("/review/unlinked", "id=00000000000000a1", sato);
    assert_int_equal(ask(&q, NULL), 404);
}

static void methods_and_places(void **state) {
    (void)state;
    struct http_request q = get("/review/decide", "", S(""));
    assert_int_equal(ask(&q, NULL), 405);
    q = post("/review/list", S("{}"), S(""));
    assert_int_equal(ask(&q, NULL), 405);
    q = get("/review/nothing", "", S(""));
    assert_int_equal(ask(&q, NULL), 404);
    static const char *const pages_there[] = {"/review",         "/review/review.css", "/review/review.js",
                                              "/review/show.js", "/review/words.js",   "/icon.svg"};
    for (size_t i = 0; i < ARRAY_LEN(pages_there); i++) {
        q = get(pages_there[i], "", S(""));
        row_check(ask(&q, NULL) == 200, pages_there[i]);
    }
}

/* ---- any bytes ---- */

static void feed(void *context, struct str body) {
    struct review_wish w;
    struct sign_in_words s;
    struct arena a;
    (void)context;
    arena_init(&a, 1 << 20);
    if (review_wish_read(&a, body, &w) == ERR_OK)
        assert_true(w.decision != DECISION_NONE && w.reason.n <= REVIEW_REASON_MAX);
    if (sign_in_read(&a, body, &s) == ERR_OK) assert_true(s.name.n <= REVIEWER_NAME_MAX);
    arena_fini(&a);
}

static void every_truncation_and_every_flipped_bit_of_what_the_page_sends(void **state) {
    (void)state;
    assert_true(hostile_all(S("{\"alarm\":\"00000000000000a1\",\"decision\":\"unlink\",\"reason\":\"別の人\"}"), feed,
                            NULL) > 500);
    assert_true(hostile_all(S("{\"name\":\"sato\",\"passphrase\":\"32ecw-jv2ma-ge5td-nd2a9-n6xwj\"}"), feed, NULL) >
                400);
}

static void what_is_refused_of_a_wish(void **state) {
    (void)state;
    static char long_one[REVIEW_REASON_MAX + 64];
    static const struct {
        const char *body;
        enum err err;
    } rows[] = {
        {"{\"alarm\":\"a\",\"decision\":\"right\"}", ERR_OK},
        {"{\"alarm\":\"a\",\"decision\":\"right\",\"reason\":\" x \"}", ERR_OK},
        {"{\"alarm\":\"a\",\"decision\":\"maybe\"}", ERR_CODE},
        {"{\"alarm\":\"a\"}", ERR_VALUE},
        {"{\"decision\":\"right\"}", ERR_VALUE},
        {"{\"alarm\":\"a\",\"decision\":\"right\",\"reason\":7}", ERR_VALUE},
        {"[]", ERR_VALUE},
        {"", ERR_SYNTAX},
        {long_one, ERR_LIMIT},
    };
    int n = snprintf(long_one, sizeof long_one, "{\"alarm\":\"a\",\"decision\":\"right\",\"reason\":\"");
    memset(long_one + n, 'x', REVIEW_REASON_MAX + 1);
    memcpy(long_one + n + REVIEW_REASON_MAX + 1, "\"}", 3);
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        struct review_wish w;
        row_check(review_wish_read(&arena, str_c(rows[r].body), &w) == rows[r].err, rows[r].body);
    }
}

int main(void) {
#define WITH(t) cmocka_unit_test_setup_teardown(t, begin, end)
    const struct CMUnitTest tests[] = {
        WITH(nobody_gets_anything_without_signing_in),
        WITH(a_wrong_passphrase_is_refused_and_then_waits),
        WITH(the_list_names_nobody),
        WITH(whoever_looks_is_in_the_log),
        WITH(two_reviewers_and_no_fewer),
        WITH(methods_and_places),
        cmocka_unit_test(every_truncation_and_every_flipped_bit_of_what_the_page_sends),
        WITH(what_is_refused_of_a_wish),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
