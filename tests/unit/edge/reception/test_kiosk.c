/* The patients' page's requests, without a socket: a sitting with a card, the PIN, a visit without a device. */
#include "base/json.h"
#include "edge/reception/handle.h"
#include "lib/hostile.h"
#include "lib/kiosk_play.h"
#include "lib/reception_play.h"
#include "lib/unit.h"
#include "net/ram/ram.h"

#include <ftw.h>
#include <unistd.h>

static struct scratch scratch;
static struct clock_world clock_;
static struct play_centre centre;
static struct kiosk_play play;
static struct pages pages;
static struct arena arena;
static struct ram *ram;

static enum err start(struct http_loop *loop, struct str config, unsigned worker, void **app, struct diag *d) {
    char folder[SCRATCH_PATH_MAX], log[SCRATCH_PATH_MAX], aside[SCRATCH_PATH_MAX];
    const struct pages_settings s = {.world = &clock_.world,
                                     .loop = loop,
                                     .address = S("127.0.0.1:8080"),
                                     .kiosk = S("127.0.0.1:8081"),
                                     .folder = scratch_path(&scratch, "today", folder),
                                     .log = scratch_path(&scratch, "log", log),
                                     .aside = scratch_path(&scratch, "aside", aside),
                                     .devices = kiosk_play(&play),
                                     .asker = play_centre(&centre)};
    (void)config, (void)worker;
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

static struct http_request request(const char *method, const char *path, const char *query, struct str body) {
    bool posts = strcmp(method, "POST") == 0;
    return (struct http_request){.method = str_c(method),
                                 .path = str_c(path),
                                 .query = str_c(query),
                                 .host = S("127.0.0.1:8081"),
                                 .entrance = S("kiosk"),
                                 .origin = posts ? S("http://127.0.0.1:8081") : S(""),
                                 .content_type = posts ? S("application/json") : S(""),
                                 .body = body};
}

/* The reply's JSON; into the arena. */
static struct json told(const struct http_request *q, int status) {
    struct ram_call *call;
    struct json root;
    const struct http_reply *reply = ram_ask(ram, q, &call);
    assert_non_null(reply);
    assert_int_equal(reply->status, status);
    assert_int_equal(json_read(&arena, arena_copy(&arena, buf_str(&reply->body)), &root, NULL), ERR_OK);
    ram_forget(ram, call);
    return root;
}

/* Bodies are wiped by who takes a PIN, so they stand in memory of their own. */
static struct json post(const char *path, const char *body, int status) {
    struct http_request q = request("POST", path, "", arena_copy(&arena, str_c(body)));
    return told(&q, status);
}

static struct str text(struct json of, const char *name) {
    struct str s = S("");
    return json_str(json_get(of, name), &s) ? s : S("");
}

/* Asks until the sitting's progress is that. */
static struct json sitting(struct str id, const char *progress) {
    char query[80];
    struct json root = {0};
    snprintf(query, sizeof query, "id=%.*s", (int)id.n, id.p);
    for (int i = 0; i < 400; i++) {
        struct http_request q = request("GET", "/kiosk/sitting", query, S(""));
        ram_turn(ram);
        root = told(&q, 200);
        if (str_eq(text(root, "progress"), str_c(progress))) return root;
        usleep(5000);
    }
    print_error("never %s\n", progress);
    return root;
}

static struct json type(struct str id, const char *pin, int status) {
    char body[128];
    snprintf(body, sizeof body, "{\"id\":\"%.*s\",\"pin\":\"%s\"}", (int)id.n, id.p, pin);
    return post("/kiosk/pin", body, status);
}

static uint64_t number(struct json of, const char *name) {
    uint64_t n = 0;
    return json_uint(json_get(of, name), UINT32_MAX, &n) ? n : 0;
}

static void a_card_and_a_pin_become_a_number_and_nothing_of_a_person_comes_back(void **state) {
    (void)state;
    struct str id = text(post("/kiosk/begin", "{\"with\":\"card\"}", 200), "id");
    assert_int_equal(id.n, VISIT_ID);
    struct json now = sitting(id, "pin");
    assert_int_equal(number(now, "tries_left"), 3);
    (void)type(id, "0000", 200);
    for (int i = 0; i < 400 && number(now = sitting(id, "pin"), "tries_left") != 2; i++) usleep(5000);
    assert_str(text(now, "outcome"), S("pin-wrong"));
    (void)type(id, "1234", 200);
    now = sitting(id, "done");
    assert_str(text(now, "outcome"), S("answered"));
    assert_int_equal(number(now, "number"), 1);
    static const char *const members[] = {"id",     "change",     "with", "progress", "outcome",
                                          "number", "tries_left", "ways", "fault"};
    for (struct json v = json_first(now); !json_none(v); v = json_next(v)) {
        bool known = false;
        for (size_t i = 0; i < ARRAY_LEN(members); i++) known |= str_eq(json_name(v), str_c(members[i]));
        assert_true(known);
    }
    assert_true(pages.reception.visits.count == 1 && pages.reception.visits.list[0]->state == VISIT_ANSWERED);
}

static size_t files_seen;

static int look_for_pin(const char *path, const struct stat *st, int kind, struct FTW *walk) {
    struct buf file;
    (void)st, (void)walk;
    if (kind != FTW_F) return 0;
    files_seen++;
    buf_init(&file, 4 << 20);
    assert_int_equal(world_read_file(world_real(), path, &file, NULL), ERR_OK);
    bool found = str_find(buf_str(&file), S("918273")) < file.n;
    buf_fini(&file);
    return found;
}

static void the_pin_is_wiped_from_the_request_and_in_no_file(void **state) {
    (void)state;
    struct str id = text(post("/kiosk/begin", "{\"with\":\"card\"}", 200), "id");
    char body[128], folder[SCRATCH_PATH_MAX];
    struct http_exchange x;
    (void)sitting(id, "pin");
    snprintf(body, sizeof body, "{\"id\":\"%.*s\",\"pin\":\"918273\"}", (int)id.n, id.p);
    size_t n = strlen(body);
    http_exchange_init(&x, NULL);
    x.request = request("POST", "/kiosk/pin", "", str_of(body, n));
    assert_int_equal(kiosk_take_pin(&pages.kiosk_page, &x), HTTP_NOW);
    assert_int_equal(x.reply.status, 200);
    assert_true(str_find(buf_str(&x.reply.body), S("918273")) == x.reply.body.n);
    http_exchange_fini(&x);
    for (size_t i = 0; i < n; i++) assert_int_equal(body[i], 0);
    (void)sitting(id, "pin"); /* six digits: the form of no PIN */
    (void)post("/kiosk/receive", "{\"way\":\"card\"}", 200);
    assert_int_equal(nftw(scratch_path(&scratch, ".", folder), look_for_pin, 8, FTW_PHYS), 0);
    assert_true(files_seen >= 2); /* the log, and a visit */
}

static void another_sitting_is_nobodys_to_see_or_to_go_on_with(void **state) {
    (void)state;
    struct str first = text(post("/kiosk/begin", "{\"with\":\"card\"}", 200), "id");
    (void)sitting(first, "pin");
    struct str second = text(post("/kiosk/begin", "{\"with\":\"card\"}", 200), "id");
    char query[80];
    snprintf(query, sizeof query, "id=%.*s&change=0", (int)first.n, first.p);
    struct http_request q = request("GET", "/kiosk/sitting", query, S(""));
    (void)told(&q, 404);
    q.query = S("");
    (void)told(&q, 404);
    (void)type(first, "1234", 404);
    (void)sitting(second, "pin");
    (void)type(second, "1234", 200);
    (void)sitting(second, "done");
    assert_int_equal(pages.reception.visits.count, 1);
}

static void a_page_waits_for_what_changes(void **state) {
    (void)state;
    char query[96];
    play.take = CARD_VERDICT_NO_CARD;
    struct str id = text(post("/kiosk/begin", "{\"with\":\"card\"}", 200), "id");
    struct json now = sitting(id, "waiting");
    snprintf(query, sizeof query, "id=%.*s&change=%u", (int)id.n, id.p, (unsigned)number(now, "change"));
    struct http_request q = request("GET", "/kiosk/sitting", query, S(""));
    struct ram_call *waiting = ram_send(ram, &q);
    ram_turn(ram);
    assert_false(ram_answered(waiting));
    play.take = CARD_VERDICT_NONE;
    assert_non_null(ram_wait(ram, waiting));
    ram_forget(ram, waiting);
}

static void what_is_no_request_is_told_so(void **state) {
    (void)state;
    static const struct {
        const char *path, *body;
        int status;
    } rows[] = {{"/kiosk/begin", "{}", 400},
                {"/kiosk/begin", "{\"with\":\"eyes\"}", 400},
                {"/kiosk/begin", "{\"with\":\"card\",\"more\":1}", 400},
                {"/kiosk/begin", "", 400},
                {"/kiosk/pin", "{\"id\":\"x\",\"pin\":\"1234\"}", 404},
                {"/kiosk/pin", "{\"id\":\"x\",\"pin\":1234}", 400},
                {"/kiosk/pin", "{\"pin\":\"1234\"}", 400},
                {"/kiosk/stop", "{\"id\":\"x\"}", 200}, /* it is stopped */
                {"/kiosk/stop", "{}", 400},
                {"/kiosk/receive", "{\"way\":\"boat\"}", 400},
                {"/kiosk/receive", "{\"name\":\"x\"}", 400},
                {"/kiosk/receive", "{\"way\":\"nothing\",\"birth\":\"S65.1.1\"}", 400},
                {"/kiosk/receive", "{\"way\":\"nothing\",\"sex\":\"9\"}", 400}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) (void)post(rows[i].path, rows[i].body, rows[i].status);
    struct http_request q = request("GET", "/kiosk/begin", "", S(""));
    (void)told(&q, 405);
    assert_int_equal(pages.reception.visits.count, 0);
}

static void whoever_has_nothing_gets_a_number_and_the_staff_see_what_was_said(void **state) {
    (void)state;
    static const struct {
        const char *body;
        enum visit_way way;
        enum proof proof;
    } rows[] = {{"{\"way\":\"card\"}", VISIT_BY_CARD, PROOF_NONE},
                {"{\"way\":\"paper\"}", VISIT_BY_PAPER, PROOF_NONE},
                {"{\"way\":\"nothing\"}", VISIT_BY_NOTHING, PROOF_NONE},
                {"{\"way\":\"nothing\",\"name\":\"窓口 三津\",\"birth\":\"\"}", VISIT_BY_NOTHING, PROOF_NONE},
                {"{\"way\":\"nothing\",\"name\":\"　窓口 三津 \",\"birth\":\"Ｓ２８．１０．２６\",\"sex\":\"2\","
                 "\"address\":\"窓町1\",\"stated\":\"青葉の 3割\"}",
                 VISIT_BY_NOTHING, PROOF_STATEMENT}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        row_check(number(post("/kiosk/receive", rows[i].body, 200), "number") == i + 1, rows[i].body);
        struct visit *v = pages.reception.visits.list[i];
        row_check(v->way == rows[i].way && v->proof == rows[i].proof && v->state == VISIT_DESK, rows[i].body);
    }
    struct http_request q = request("GET", "/reception/visits", "", S(""));
    (void)told(&q, 404); /* not by this address */
    q.entrance = S("pages"), q.host = S("127.0.0.1:8080");
    struct json visits = json_get(told(&q, 200), "visits"), last = {0};
    for (struct json v = json_first(visits); !json_none(v); v = json_next(v)) last = v;
    struct json said = json_get(last, "asked_with");
    assert_str(text(said, "name"), S("窓口 三津"));
    assert_str(text(json_get(said, "birth"), "iso"), S("1953-10-26"));
    assert_str(text(said, "sex"), S("2"));
    assert_str(text(said, "address"), S("窓町1"));
    assert_str(text(said, "stated"), S("青葉の 3割"));
    assert_str(text(last, "state"), S("desk"));
    assert_str(text(json_get(last, "proof"), "code"), S("statement"));
}

static void the_ways_are_those_that_are_there(void **state) {
    (void)state;
    bool card = false, face = false;
    struct http_request q = request("GET", "/kiosk/ways", "", S(""));
    struct json ways = told(&q, 200);
    assert_true(json_bool(json_get(ways, "card"), &card) && card && json_bool(json_get(ways, "face"), &face) && face);
    pages.kiosk_page.kiosk.devices.face = NULL;
    assert_true(json_bool(json_get(told(&q, 200), "face"), &face) && !face);
    (void)post("/kiosk/begin", "{\"with\":\"face\"}", 404);
}

static void read_any(void *context, struct str input) {
    struct visit *v = visit_new();
    struct diag d = {0};
    (void)context;
    arena_reset(&arena);
    enum err e = kiosk_visit_read(&arena, input, v, &d);
    if (e != ERR_OK) assert_int_equal(d.err, e);
    else assert_true(v->way != VISIT_TYPED && v->sex <= 2 && v->answer.n == 0);
    visit_free(v);
}

static void damaged_visits_are_read_or_refused(void **state) {
    (void)state;
    static const char good[] = "{\"way\":\"nothing\",\"name\":\"窓口 三津\",\"birth\":\"S28.10.26\",\"sex\":\"2\","
                               "\"address\":\"窓町1\",\"stated\":\"青葉\"}";
    assert_true(hostile_all(str_c(good), read_any, NULL) > sizeof good * 8);
}

static bool words_hold(const char *entry) {
    struct http_request q = request("GET", "/kiosk/words.js", "", S(""));
    struct ram_call *call;
    const struct http_reply *reply = ram_ask(ram, &q, &call);
    bool holds = reply->status == 200 && str_find(buf_str(&reply->body), str_c(entry)) < reply->body.n;
    ram_forget(ram, call);
    return holds;
}

static void the_page_has_words_for_everything_that_may_come(void **state) {
    (void)state;
    size_t count;
    char entry[64];
    const struct card_verdict_info *rows = card_verdict_rows(&count);
    for (size_t i = 0; i < count; i++) {
        snprintf(entry, sizeof entry, "\n    '%s': { title: [", rows[i].code);
        row_check(words_hold(entry), rows[i].code);
    }
    for (enum card_progress p = 0; p < CARD_PROGRESSES; p++) {
        snprintf(entry, sizeof entry, "\n    %s: ['", card_progress_info(p)->code);
        row_check(words_hold(entry), entry);
    }
    static const char *const faces[] = {"face-yes", "face-no", "face-given-up", "face-off"};
    for (size_t i = 0; i < ARRAY_LEN(faces); i++) {
        snprintf(entry, sizeof entry, "\n    '%s': { title: [", faces[i]);
        row_check(words_hold(entry), faces[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_card_and_a_pin_become_a_number_and_nothing_of_a_person_comes_back, begin,
                                        end),
        cmocka_unit_test_setup_teardown(the_pin_is_wiped_from_the_request_and_in_no_file, begin, end),
        cmocka_unit_test_setup_teardown(another_sitting_is_nobodys_to_see_or_to_go_on_with, begin, end),
        cmocka_unit_test_setup_teardown(a_page_waits_for_what_changes, begin, end),
        cmocka_unit_test_setup_teardown(what_is_no_request_is_told_so, begin, end),
        cmocka_unit_test_setup_teardown(whoever_has_nothing_gets_a_number_and_the_staff_see_what_was_said, begin, end),
        cmocka_unit_test_setup_teardown(the_ways_are_those_that_are_there, begin, end),
        cmocka_unit_test_setup_teardown(damaged_visits_are_read_or_refused, begin, end),
        cmocka_unit_test_setup_teardown(the_page_has_words_for_everything_that_may_come, begin, end),
    };
    return cmocka_run_group_tests_name("kiosk page", tests, NULL, NULL);
}
