#include "base/json.h"
#include "edge/terminal/card.h"
#include "lib/hostile.h"
#include "lib/unit.h"

static struct arena arena;
static struct buf out;
static int begin(void **state) { return (void)state, arena_init(&arena, 4 << 20), buf_init(&out, 1 << 20), 0; }
static int end(void **state) { return (void)state, arena_fini(&arena), buf_fini(&out), 0; }

static bool says(const char *text) { return text[0] == 0 || str_find(buf_str(&out), str_c(text)) < out.n; }

static void every_verdict_is_said_with_what_to_do_and_the_other_ways(void **state) {
    (void)state;
    size_t count, ways;
    const struct card_verdict_info *rows = card_verdict_rows(&count);
    const struct other_way *way = other_ways(&ways);
    for (size_t i = 0; i < count; i++) {
        const struct card_shown c = {rows[i].verdict, DAY_NONE, DAY_NONE};
        struct json v;
        buf_reset(&out), card_put_text(&out, &c, i % 2);
        row_check(says(rows[i].ja) && says(rows[i].en) && says(rows[i].next_ja), rows[i].code);
        for (size_t k = 0; k < ways; k++) row_check(says(way[k].ja) == !rows[i].answered, rows[i].code);
        buf_reset(&out), card_put_json(&out, &c, NULL);
        row_check(json_read(&arena, buf_str(&out), &v, NULL) == ERR_OK && says(rows[i].code), rows[i].code);
    }
}

static void the_days_are_said_when_they_matter(void **state) {
    (void)state;
    struct day until = DAY_NONE, usable = DAY_NONE;
    assert_true(day_parse(S("2026-03-15"), &until) && day_parse(S("2026-06-30"), &usable));
    card_put_text(&out, &(struct card_shown){CARD_VERDICT_GRACE, until, usable}, false);
    assert_true(says("2026-03-15") && says("2026-06-30") && says("令和8年6月30日"));
    buf_reset(&out), card_put_text(&out, &(struct card_shown){CARD_VERDICT_ANSWERED, until, usable}, false);
    assert_false(says("2026"));
}

#define REPLY                                                                                                                  \
    "{\"outcome\":\"answered\",\"message\":{\"XmlMsg\":{\"MessageBody\":{\"QualificationValidity\":\"1\",\"ResultList\":[{"    \
    "\"ResultOfQualificationConfirmation\":{\"Name\":\"見本　太郎\",\"InsurerNumber\":\"  080010\"}}],\"WarningList\":[{" \
    "\"WarningInfo\":{\"WarningMessage\":\"まもなく\"}}]}}}}"

static void feed(void *context, struct str s) {
    (void)context;
    buf_reset(&out), card_put_reply(&out, &arena, s);
    assert_true(buf_ok(&out));
    arena_reset(&arena);
}

static void a_centres_reply_is_shown_in_lines(void **state) {
    (void)state;
    card_put_reply(&out, &arena, S(REPLY));
    assert_true(says("1  有効") && says("見本　太郎") && says("): 080010\n") && says("まもなく"));
    assert_true(hostile_all(S(REPLY), feed, NULL) > 1000);
    buf_reset(&out), card_put_reply(&out, &arena, S("{}"));
    assert_int_equal(out.n, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(every_verdict_is_said_with_what_to_do_and_the_other_ways),
        TEST(the_days_are_said_when_they_matter),
        TEST(a_centres_reply_is_shown_in_lines),
    };
    return cmocka_run_group_tests_name("card at the terminal", tests, NULL, NULL);
}
