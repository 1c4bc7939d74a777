#include "base/buf.h"
#include "edge/ways_file/ways_file.h"
#include "lib/hostile.h"
#include "lib/unit.h"

static struct arena arena;
static int begin(void **state) { return (void)state, arena_init(&arena, 1 << 20), 0; }
static int end(void **state) { return (void)state, arena_fini(&arena), 0; }

static const char good[] =
    "{\"insurer\":\"06139448\",\"symbol\":\"甲\",\"number\":\"12\",\"branch\":\"01\",\"birth\":\"S60.4.1\",\"on\":\"2026-05-31\","
    "\"card\":{\"state\":\"registered\",\"since\":\"2021-05-01\",\"card_until\":\"2031-04-01\",\"certificate_until\":"
    "\"2026-07-15\",\"pinless\":true},\"phone\":{\"state\":\"revoked\",\"stated\":\"2026-05-02\",\"reason\":\"lost\",\"by\":"
    "\"phone\"},\"channel\":\"app\",\"paper\":true}";

static struct day D(const char *s) {
    struct day d = DAY_NONE;
    assert_true(day_parse(str_c(s), &d));
    return d;
}

static void
a_line_is_read_in_full(void **state) {
    (void)state;
    struct ways_line l;
    struct diag d = {0};
    assert_int_equal(ways_file_read(&arena, str_c(good), &l, &d), ERR_OK);
    assert_int_equal(l.insurer.n, 6139448);
    assert_str(l.id.symbol, S("甲"));
    assert_str(l.id.number, S("12"));
    assert_int_equal(l.id.branch, 1);
    assert_true(day_eq(l.birth, D("1985-04-01")) && day_eq(l.on, D("2026-05-31")));
    const struct way *card = &l.ways.of[WAY_CARD], *phone = &l.ways.of[WAY_PHONE];
    assert_true(card->state == WAY_REGISTERED && card->pinless && day_eq(card->since, D("2021-05-01")));
    assert_true(day_eq(card->stated, card->since)); /* not said: since it was registered */
    assert_true(day_eq(card->card_until, D("2031-04-01")) && day_eq(card->certificate_until, D("2026-07-15")));
    assert_true(phone->state == WAY_REVOKED && phone->reason == REASON_OF_WAY_LOST && phone->by == COUNTER_PHONE);
    assert_true(day_eq(phone->stated, D("2026-05-02")) && !day_is(phone->certificate_until));
    assert_true(l.says_channel && l.ways.channel == CHANNEL_APP && l.says_paper && l.ways.paper_wanted);
}

static void what_is_not_there_is_no_way_and_says_nothing_of_the_rest(void **state) {
    (void)state;
    struct ways_line l;
    assert_int_equal(
        ways_file_read(&arena, S("{\"insurer\":\"06139448\",\"number\":\"12\",\"on\":\"2026-05-31\"}"), &l, NULL),
        ERR_OK);
    struct ways none = ways_none();
    assert_true(ways_same(&l.ways, &none) && !l.says_channel && !l.says_paper);
    assert_true(l.id.branch == BRANCH_NONE && !day_is(l.birth));
}

#define LINE(rest) "{\"insurer\":\"06139448\",\"number\":\"12\",\"on\":\"2026-05-31\"" rest "}"
#define CARD(rest) LINE(",\"card\":{" rest "}")
#define DAYS       "\"since\":\"2021-05-01\",\"card_until\":\"2031-04-01\",\"certificate_until\":\"2026-07-15\""

static void what_is_wrong_is_named(void **state) {
    static const struct {
        const char *line;
        enum err want;
        const char *where;
    } rows[] = {
        {"", ERR_MISSING, ""},
        {"x", ERR_SYNTAX, ""},
        {"[]", ERR_SYNTAX, ""},
        {"{}", ERR_MISSING, "insurer"},
        {"{\"insurer\":\"06139449\"}", ERR_CHECK_DIGIT, "insurer"},
        {"{\"insurer\":\"06139448\",\"on\":\"2026-05-31\"}", ERR_MISSING, "number"},
        {"{\"insurer\":\"06139448\",\"number\":\"12\"}", ERR_MISSING, "on"},
        {LINE(",\"serial\":\"1\""), ERR_UNKNOWN, "?"},
        {LINE(",\"on\":\"2026-05-31\""), ERR_DUPLICATE, NULL},
        {LINE(",\"branch\":\"123\""), ERR_VALUE, "branch"},
        {LINE(",\"birth\":\"2026-02-30\""), ERR_DATE, "birth"},
        {LINE(",\"channel\":\"fax\""), ERR_CODE, "channel"},
        {LINE(",\"paper\":\"yes\""), ERR_VALUE, "paper"},
        {LINE(",\"card\":\"yes\""), ERR_VALUE, "card"},
        {LINE(",\"number\":12"), ERR_DUPLICATE, NULL},
        {CARD(""), ERR_MISSING, "card.state"},
        {CARD("\"state\":\"gone\""), ERR_CODE, "card.state"},
        {CARD("\"state\":\"returned\""), ERR_MISSING, "card.stated"},
        {CARD("\"state\":\"registered\""), ERR_MISSING, "card.since"},
        {CARD("\"state\":\"registered\",\"since\":\"2021-05-01\""), ERR_MISSING, "card.certificate_until"},
        {CARD("\"state\":\"registered\",\"since\":\"2021-05-01\",\"certificate_until\":\"2026-07-15\""), ERR_MISSING,
         "card.card_until"},
        {CARD("\"state\":\"registered\"," DAYS ",\"reason\":\"wish\""), ERR_VALUE, "card.reason"},
        {CARD("\"state\":\"registered\"," DAYS ",\"by\":\"list\""), ERR_VALUE, "card.by"},
        {CARD("\"state\":\"registered\"," DAYS ",\"photo\":\"\""), ERR_UNKNOWN, "card.?"},
        {CARD("\"state\":\"registered\"," DAYS ",\"pinless\":\"\""), ERR_VALUE, "card.pinless"},
        {CARD("\"state\":\"registered\",\"since\":\"2026-07-16\",\"card_until\":\"2031-04-01\",\"certificate_until\":"
              "\"2026-07-15\""),
         ERR_VALUE, "card.certificate_until"},
        {CARD("\"state\":\"registered\",\"since\":\"2026-07-16\",\"card_until\":\"2026-07-15\",\"certificate_until\":"
              "\"2031-07-15\""),
         ERR_VALUE, "card.card_until"},
        {LINE(",\"phone\":{\"state\":\"registered\"," DAYS "}"), ERR_VALUE, "phone.card_until"},
        {LINE(",\"phone\":{\"state\":\"returned\",\"stated\":\"2026-01-01\",\"pinless\":true}"), ERR_VALUE,
         "phone.pinless"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct ways_line l;
        struct diag d = {0};
        arena_reset(&arena);
        enum err e = ways_file_read(&arena, str_c(rows[i].line), &l, &d);
        if (e != rows[i].want) print_error("got %s\n", e ? err_info(e)->name : "OK");
        row_check(e == rows[i].want && d.err == e, rows[i].line);
        if (rows[i].where) row_check(strcmp(d.where, rows[i].where) == 0, rows[i].line);
    }
}

static void a_line_longer_than_the_limit_is_refused(void **state) {
    (void)state;
    static char text[WAYS_LINE_BYTES_MAX + 2];
    struct ways_line l;
    memset(text, ' ', sizeof text);
    memcpy(text, good, sizeof good - 1);
    assert_int_equal(ways_file_read(&arena, str_of(text, WAYS_LINE_BYTES_MAX), &l, NULL), ERR_OK);
    assert_int_equal(ways_file_read(&arena, str_of(text, WAYS_LINE_BYTES_MAX + 1), &l, NULL), ERR_LIMIT);
}

/* Whatever is taken keeps the promises of a line. */
static void feed(void *context, struct str s) {
    struct ways_line l;
    struct diag d = {0};
    (void)context;
    arena_reset(&arena);
    enum err e = ways_file_read(&arena, s, &l, &d);
    assert_true(e == ERR_OK || d.err == e);
    if (e != ERR_OK) return;
    assert_true(l.insurer.n && l.id.number.n && day_is(l.on));
    for (unsigned k = 0; k < WAY_KINDS; k++) {
        const struct way *w = &l.ways.of[k];
        if (w->state == WAY_REGISTERED) assert_true(day_is(w->since) && day_is(w->certificate_until));
        if (w->state != WAY_NONE) assert_true(day_is(w->stated) && way_state_word(w->state));
    }
}

static void no_truncation_and_no_flipped_bit_gets_past_the_promises(void **state) {
    (void)state;
    assert_true(hostile_all(str_c(good), feed, NULL) > 3000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_read_in_full),
        cmocka_unit_test(what_is_not_there_is_no_way_and_says_nothing_of_the_rest),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(a_line_longer_than_the_limit_is_refused),
        cmocka_unit_test(no_truncation_and_no_flipped_bit_gets_past_the_promises),
    };
    return cmocka_run_group_tests_name("ways file", tests, begin, end);
}
