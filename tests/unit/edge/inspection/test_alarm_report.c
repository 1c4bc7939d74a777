/* The report of alarms: figures that add up, files that a spreadsheet reads as they are meant, nobody's name, whole or not at all. */
#include "edge/inspection/alarm_report.h"
#include "lib/failing_world.h"
#include "lib/scratch.h"
#include "lib/unit.h"

#include <errno.h>
#include <unistd.h>

struct fixture {
    struct scratch scratch;
    struct alarm_report report;
    struct buf text;
};

static int begin(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    scratch_make(&f->scratch);
    buf_init(&f->text, 16 << 20);
    *state = f;
    return 0;
}

static int end(void **state) {
    struct fixture *f = *state;
    buf_fini(&f->text);
    scratch_remove(&f->scratch);
    free(f);
    return 0;
}

static void open_report(struct fixture *f, struct world *w) {
    struct day on;
    assert_true(day_parse(S("2026-06-01"), &on));
    assert_int_equal(alarm_report_open(&f->report, w, f->scratch.folder, on, NULL), ERR_OK);
}

static struct alarm *alarm_of(uint32_t rank, uint32_t wrong_ppm, enum alarm_cause cause, uint32_t insurer) {
    static struct alarm a;
    a = (struct alarm){.rank = rank,
                       .wrong_ppm = wrong_ppm,
                       .cause = cause,
                       .next = NEXT_ASK_PERSON,
                       .insurer = {insurer},
                       .member = {S("12"), S("1"), 2},
                       .resident = S("R000000001")};
    a.record.name = S("見本　太郎"), a.registry.name = S("見本　次郎");
    a.id[7] = (uint8_t)rank;
    return &a;
}

static void take(struct fixture *f, const struct alarm *a, enum review_state s, enum alarm_known known) {
    const struct review_case c = {.state = s, .closed = s == REVIEW_STATE_UNLINKED};
    assert_int_equal(alarm_report_take(&f->report, a, &c, known, NULL), ERR_OK);
}

static struct str file(struct fixture *f, const char *name) {
    char path[SCRATCH_PATH_MAX];
    buf_reset(&f->text);
    assert_int_equal(world_read_file(world_real(), scratch_path(&f->scratch, name, path), &f->text, NULL), ERR_OK);
    return buf_str(&f->text);
}

static bool there(struct fixture *f, const char *name) {
    char path[SCRATCH_PATH_MAX];
    return access(scratch_path(&f->scratch, name, path), F_OK) == 0;
}

static void check_holds(struct str text, const char *what) {
    if (str_find(text, str_c(what)) == text.n) fail_msg("there is no %s", what);
}

static void figures_add_up(void **state) {
    struct fixture *f = *state;
    open_report(f, world_real());
    f->report.truth = true, f->report.links = 1000, f->report.wrong_links = 4;
    take(f, alarm_of(1, 950000, CAUSE_TWIN, 6139448), REVIEW_STATE_UNLINKED, ALARM_KNOWN_WRONG);
    take(f, alarm_of(2, 900000, CAUSE_TWIN, 6139448), REVIEW_STATE_OPEN, ALARM_KNOWN_WRONG);
    take(f, alarm_of(3, 850000, CAUSE_NAME, 130112), REVIEW_STATE_RIGHT, ALARM_KNOWN_RIGHT);
    take(f, alarm_of(4, 1000000, CAUSE_NAME, 130112), REVIEW_STATE_PROPOSED, ALARM_KNOWN_WRONG);
    take(f, alarm_of(5, 0, CAUSE_NAME, 130112), REVIEW_STATE_OPEN, ALARM_KNOWN_NOT);
    const struct alarm_report *r = &f->report;
    assert_true(r->n == 5 && r->settled == 2 && r->closed == 1 && r->true_alarms == 3);
    assert_true(r->causes[CAUSE_TWIN].n == 2 && r->causes[CAUSE_TWIN].unlinked == 1 &&
                r->causes[CAUSE_TWIN].wrong == 2);
    assert_true(r->causes[CAUSE_NAME].right == 1 && r->causes[CAUSE_NAME].wrong == 1);
    assert_true(r->deciles[9].n == 3 && r->deciles[9].known == 3 && r->deciles[9].wrong == 3 &&
                r->deciles[9].ppm == 2850000);
    assert_true(r->deciles[8].known == 1 && r->deciles[8].wrong == 0 && r->deciles[0].n == 1 &&
                r->deciles[0].known == 0);
    assert_int_equal(alarm_report_finish(&f->report, NULL), ERR_OK);
    struct str page = file(f, "report.html");
    check_holds(page, "<b>60.0 %</b><span>適合率");
    check_holds(page, "<b>75.0 %</b><span>再現率");
    check_holds(page, "<b>1.6</b><span>誤り一件あたりの警告");
    check_holds(page, "<a href=\"alarms/130112.csv\">130112</a></td><td>国民健康保険</td><td class=\"n\">3</td>");
    check_holds(
        page,
        "<td>90–100&nbsp;%</td><td class=\"n\">3</td><td class=\"n\">3</td><td class=\"n\">95.0 %</td><td class=\"n\">100.0 %</td>");
    check_holds(page, "令和8年6月1日");
    static const char *const kept_out[] = {"見本", "R000000001", "<script", "http:", "https:"};
    for (size_t i = 0; i < ARRAY_LEN(kept_out); i++)
        row_check(str_find(page, str_c(kept_out[i])) == page.n, kept_out[i]);
    alarm_report_close(&f->report);
}

static void without_the_truth_what_was_settled_counts(void **state) {
    struct fixture *f = *state;
    open_report(f, world_real());
    take(f, alarm_of(1, 950000, CAUSE_TWIN, 6139448), REVIEW_STATE_UNLINKED, ALARM_KNOWN_NOT);
    take(f, alarm_of(2, 910000, CAUSE_TWIN, 6139448), REVIEW_STATE_RIGHT, ALARM_KNOWN_NOT);
    take(f, alarm_of(3, 900000, CAUSE_TWIN, 6139448), REVIEW_STATE_PROPOSED, ALARM_KNOWN_NOT);
    assert_true(f->report.deciles[9].n == 3 && f->report.deciles[9].known == 2 && f->report.deciles[9].wrong == 1);
    assert_int_equal(alarm_report_finish(&f->report, NULL), ERR_OK);
    struct str page = file(f, "report.html");
    assert_true(str_find(page, S("再現率")) == page.n);
    check_holds(page, "決着した警告だけ");
    alarm_report_close(&f->report);
}

static void no_alarm_is_a_report_too(void **state) {
    struct fixture *f = *state;
    open_report(f, world_real());
    assert_int_equal(alarm_report_finish(&f->report, NULL), ERR_OK);
    check_holds(file(f, "report.html"), "警告はありません");
    alarm_report_close(&f->report);
}

static void an_insurer_gets_its_own_lines_and_no_formula(void **state) {
    struct fixture *f = *state;
    open_report(f, world_real());
    struct alarm *a = alarm_of(2, 123456, CAUSE_NAME, 6139448);
    a->member.symbol = S("=1+\"1"), a->member.number = S("-7");
    take(f, a, REVIEW_STATE_OPEN, ALARM_KNOWN_NOT);
    take(f, alarm_of(1, 999999, CAUSE_TWIN, 130112), REVIEW_STATE_UNLINKED, ALARM_KNOWN_NOT);
    take(f, alarm_of(3, 10, CAUSE_NAME, 6139448), REVIEW_STATE_OPEN, ALARM_KNOWN_NOT);
    assert_int_equal(alarm_report_finish(&f->report, NULL), ERR_OK);
    struct str text = file(f, "alarms/06139448.csv"), header = str_cut(&text, '\n');
    assert_true(str_starts(header, S("\xef\xbb\xbf順位 rank,")));
    assert_str(
        str_cut(&text, '\n'),
        S("2,\"0000000000000002\",0.1234,\"name\",\"氏名がちがう\",\"'=1+\"\"1\",\"'-7\",\"02\",\"本人に確かめてください\",\"未判断\",0\r"));
    assert_true(str_starts(text, S("3,\"0000000000000003\",0.0000,")));
    assert_true(str_find(file(f, "alarms/130112.csv"), S("1,\"0000000000000001\",0.9999,\"twin\"")) < f->text.n);
    alarm_report_close(&f->report);
}

static void an_insurer_without_alarms_has_no_file_any_more(void **state) {
    struct fixture *f = *state;
    for (int round = 0; round < 2; round++) {
        open_report(f, world_real());
        take(f, alarm_of(1, 1, CAUSE_NAME, 130112), REVIEW_STATE_OPEN, ALARM_KNOWN_NOT);
        if (round == 0) take(f, alarm_of(2, 1, CAUSE_NAME, 6139448), REVIEW_STATE_OPEN, ALARM_KNOWN_NOT);
        if (round == 0) scratch_write(&f->scratch, "alarms/notes.txt", S("somebody's own"));
        assert_int_equal(alarm_report_finish(&f->report, NULL), ERR_OK);
        assert_true(there(f, "alarms/130112.csv") && there(f, "alarms/06139448.csv") == (round == 0));
        alarm_report_close(&f->report);
    }
    assert_true(there(f, "alarms/notes.txt"));
}

static void the_curve_goes_through_every_error_however_many_alarms(void **state) {
    struct fixture *f = *state;
    open_report(f, world_real());
    f->report.truth = true;
    for (uint32_t i = 1; i <= 5000; i++)
        take(f, alarm_of(i, 500000, CAUSE_NAME, 130112), REVIEW_STATE_OPEN,
             i % 2 ? ALARM_KNOWN_WRONG : ALARM_KNOWN_RIGHT);
    const struct alarm_report *r = &f->report;
    assert_true(r->curve_n <= ALARM_CURVE_POINTS && r->curve_n > ALARM_CURVE_POINTS / 3);
    for (size_t i = 0; i < r->curve_n; i++) assert_int_equal(r->curve[i], ((i + 1) * r->curve_step + 1) / 2);
    alarm_report_close(&f->report);
}

static void a_disk_that_fails_leaves_the_old_page_or_the_new(void **state) {
    struct fixture *f = *state;
    open_report(f, world_real());
    take(f, alarm_of(1, 1, CAUSE_NAME, 130112), REVIEW_STATE_OPEN, ALARM_KNOWN_NOT);
    assert_int_equal(alarm_report_finish(&f->report, NULL), ERR_OK);
    alarm_report_close(&f->report);
    bool hit = true;
    for (size_t nth = 1; hit; nth++) {
        struct failing_world failing;
        open_report(f, failing_world(&failing, nth, ENOSPC));
        for (uint32_t i = 0; i < 7; i++)
            take(f, alarm_of(i, 1, CAUSE_TWIN, 130112), REVIEW_STATE_OPEN, ALARM_KNOWN_NOT);
        enum err e = alarm_report_finish(&f->report, NULL);
        hit = failing.hit;
        assert_true(hit || (e == ERR_OK && nth > 5));
        struct str page = file(f, "report.html");
        bool old = str_find(page, S("<b>1</b><span>警告")) < page.n,
             new = str_find(page, S("<b>7</b><span>警告")) < page.n;
        assert_true(old != new &&str_ends(page, S("</html>\n")) && (e != ERR_OK || new));
        alarm_report_close(&f->report);
    }
}

int main(void) {
#define WITH(t) cmocka_unit_test_setup_teardown(t, begin, end)
    const struct CMUnitTest tests[] = {
        WITH(figures_add_up),
        WITH(without_the_truth_what_was_settled_counts),
        WITH(no_alarm_is_a_report_too),
        WITH(an_insurer_gets_its_own_lines_and_no_formula),
        WITH(an_insurer_without_alarms_has_no_file_any_more),
        WITH(the_curve_goes_through_every_error_however_many_alarms),
        WITH(a_disk_that_fails_leaves_the_old_page_or_the_new),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
