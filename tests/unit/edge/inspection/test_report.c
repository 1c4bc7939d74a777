/* The report on a disk: whole files, ranked, with no person's name, bounded, and old ones removed. */
#include "edge/inspection/report.h"
#include "lib/failing_world.h"
#include "lib/scratch.h"
#include "lib/unit.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static struct coverage coverage;
static struct member member;

static struct finding finding(enum finding_kind kind) {
    coverage = coverage_empty();
    coverage.name = S("見本　太郎"), coverage.kana = S("ミホン　タロウ"), coverage.address = S("見本県");
    assert_true(day_parse(S("2020-04-01"), &coverage.start));
    member =
        (struct member){.insurer = {130112}, .id = {S("あ\"1"), S("２"), 3}, .periods = &coverage, .period_count = 1};
    assert_true(day_parse(S("1980-01-02"), &member.birth));
    return (struct finding){.kind = kind, .member = &member, .period = &coverage};
}

struct fixture {
    struct scratch scratch;
    char folder[SCRATCH_PATH_MAX], file[SCRATCH_PATH_MAX], summary[SCRATCH_PATH_MAX];
    struct buf text;
};

static int begin(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    scratch_make(&f->scratch);
    scratch_path(&f->scratch, "out", f->folder);
    scratch_path(&f->scratch, "out/130112.ndjson", f->file);
    scratch_path(&f->scratch, "out/summary.json", f->summary);
    buf_init(&f->text, 64 << 20);
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

static struct str text_of(struct fixture *f, const char *path) {
    buf_reset(&f->text);
    assert_int_equal(world_read_file(world_real(), path, &f->text, NULL), ERR_OK);
    return buf_str(&f->text);
}

static bool there(const char *path) { return access(path, F_OK) == 0; }

static void open_report(struct fixture *f, struct report *r) {
    struct day on;
    assert_true(day_parse(S("2026-06-01"), &on));
    assert_int_equal(report_open(r, world_real(), f->folder, on, NULL), ERR_OK);
}

/* One insurer with these findings, and the end. */
static void write_report(struct fixture *f, const enum finding_kind *kinds, size_t n) {
    struct report r;
    open_report(f, &r);
    for (size_t i = 0; i < n; i++) {
        struct finding one = finding(kinds[i]);
        report_take(&r, &one);
    }
    assert_int_equal(report_insurer(&r, (struct insurer_number){130112}, 9, NULL), ERR_OK);
    assert_int_equal(report_finish(&r, NULL), ERR_OK);
    report_close(&r);
}

static void what_matters_most_stands_first(void **state) {
    struct fixture *f = *state;
    static const enum finding_kind kinds[] = {FINDING_SHORT_GAP, FINDING_PAST_75, FINDING_SHORT_GAP};
    struct stat st;
    write_report(f, kinds, ARRAY_LEN(kinds));
    struct str text = text_of(f, f->file), line = str_cut(&text, '\n');
    assert_true(str_starts(
        line, S("{\"rank\":4,\"code\":\"past-75\",\"level\":\"wrong\",\"insurer\":\"130112\",\"symbol\":\"あ\\\"1\","
                "\"number\":\"２\",\"branch\":\"03\",\"start\":\"2020-04-01\",\"ja\":\"75歳")));
    assert_true(str_find(str_cut(&text, '\n'), S("\"code\":\"short-gap\",\"level\":\"doubtful\"")) > 0);
    assert_true(str_ends(text, S("}\n")) && str_find(text, S("\n")) + 1 == text.n);
    assert_int_equal(stat(f->file, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void no_person_is_named(void **state) {
    struct fixture *f = *state;
    enum finding_kind all[FINDING_COUNT];
    for (unsigned k = 0; k < FINDING_COUNT; k++) all[k] = k;
    write_report(f, all, FINDING_COUNT);
    struct str text = text_of(f, f->file);
    static const char *const secrets[] = {"見本　太郎", "ミホン", "見本県", "1980"};
    for (size_t i = 0; i < ARRAY_LEN(secrets); i++) row_check(str_find(text, str_c(secrets[i])) == text.n, secrets[i]);
}

static void of_very_many_the_first_are_listed_and_the_rest_counted(void **state) {
    struct fixture *f = *state;
    struct report r;
    size_t lines = 0;
    open_report(f, &r);
    for (int i = 0; i < REPORT_LINES_MAX + 7; i++) {
        struct finding one = finding(FINDING_PAST_75);
        report_take(&r, &one);
    }
    assert_int_equal(report_insurer(&r, (struct insurer_number){130112}, 1, NULL), ERR_OK);
    assert_int_equal(report_finish(&r, NULL), ERR_OK);
    report_close(&r);
    struct str text = text_of(f, f->file), last = S("");
    while (text.n) last = str_cut(&text, '\n'), lines++;
    assert_int_equal(lines, REPORT_LINES_MAX + 1);
    assert_str(last, S("{\"rank\":4,\"code\":\"past-75\",\"more\":7}"));
    assert_true(str_find(text_of(f, f->summary), S("\"past-75\":5007")) < f->text.n);
}

static void a_mended_insurer_has_no_file_any_more(void **state) {
    struct fixture *f = *state;
    static const enum finding_kind one[] = {FINDING_PAST_75};
    write_report(f, one, 1);
    assert_true(there(f->file));
    write_report(f, NULL, 0);
    assert_false(there(f->file));
    assert_true(
        str_starts(text_of(f, f->summary), S("{\"on\":\"2026-06-01\",\"insurers\":1,\"insurers_with_findings\":0,"
                                             "\"members\":9,\"findings\":{\"child-full-share\":0,")));
}

static void a_folder_without_a_summary_is_not_whole(void **state) {
    struct fixture *f = *state;
    struct report r;
    write_report(f, NULL, 0);
    open_report(f, &r); /* begun again, and ended by a power cut */
    assert_false(there(f->summary));
    report_close(&r);
}

static void a_disk_that_fails_leaves_the_old_file_or_the_new(void **state) {
    struct fixture *f = *state;
    static const enum finding_kind one[] = {FINDING_PAST_75};
    bool failed = true;
    for (size_t nth = 1; failed; nth++) {
        struct failing_world failing;
        struct report r;
        write_report(f, one, 1);
        open_report(f, &r);
        struct finding two = finding(FINDING_SHORT_GAP);
        report_take(&r, &two);
        r.world = failing_world(&failing, nth, ENOSPC);
        failed = report_insurer(&r, (struct insurer_number){130112}, 1, NULL) != ERR_OK;
        report_close(&r);
        struct str text = text_of(f, f->file);
        bool old = str_find(text, S("past-75")) < text.n, new = str_find(text, S("short-gap")) < text.n;
        assert_true(old != new &&str_ends(text, S("}\n")));
        assert_true(nth < 20 && (nth > 1 || failed));
    }
}

/* docs/format/findings.md: every row in its place, with both languages. */
static void the_page_of_findings_has_every_row(void **state) {
    struct fixture *f = *state;
    struct str page = text_of(f, "docs/format/findings.md");
    for (unsigned k = 0; k < FINDING_COUNT; k++) {
        const struct finding_info *i = finding_info(k);
        char row[1024];
        snprintf(row, sizeof row, "| %u | `%s` | %s | %s<br>%s | %s<br>%s | %s |\n", k + 1, i->code,
                 finding_level_name(i->level), i->ja, i->en, i->todo_ja, i->todo_en, i->source);
        row_check(str_find(page, str_c(row)) < page.n, i->code);
    }
}

static void of_another_insurer_only_its_number_and_days_are_told(void **state) {
    struct fixture *f = *state;
    struct report r;
    struct finding_other other = {.insurer = {6139448}, .lost = DAY_NONE};
    assert_true(day_parse(S("2026-05-01"), &other.start));
    open_report(f, &r);
    struct finding one = finding(FINDING_GAP_AFTER);
    one.other = &other, one.days = 30;
    report_take(&r, &one);
    assert_true(day_parse(S("2026-06-01"), &other.lost));
    report_take(&r, &one);
    assert_int_equal(report_insurer(&r, (struct insurer_number){130112}, 1, NULL), ERR_OK);
    assert_int_equal(report_finish(&r, NULL), ERR_OK);
    report_close(&r);
    struct str text = text_of(f, f->file), first = str_cut(&text, '\n');
    assert_true(
        str_find(
            first,
            S("\"start\":\"2020-04-01\",\"days\":30,\"other\":{\"insurer\":\"06139448\",\"start\":\"2026-05-01\"},\"ja\":")) <
        first.n);
    assert_true(str_find(text, S("\"start\":\"2026-05-01\",\"lost\":\"2026-06-01\"},")) < text.n);
    assert_true(str_find(text_of(f, f->summary), S("between")) == f->text.n);
}

static const struct notice a_notice = {.kind = NOTICE_GAP,
                                       .to = NOTICE_TO_RESIDENT,
                                       .address = {"R1", 2},
                                       .insurers = {{130112}, {6139448}},
                                       .insurer_count = 2,
                                       .from = {20000},
                                       .until = {20003}};

static void notices_appear_whole_or_not_at_all(void **state) {
    struct fixture *f = *state;
    char path[SCRATCH_PATH_MAX];
    bool failed = true;
    scratch_path(&f->scratch, "out/notices.ndjson", path);
    for (size_t nth = 1; failed; nth++) {
        struct failing_world failing;
        struct report r;
        open_report(f, &r);
        r.world = failing_world(&failing, nth, ENOSPC);
        enum err e = report_begin_notices(&r, NULL);
        for (int i = 0; i < 5000 && e == ERR_OK; i++) e = report_notice(&r, &a_notice, NULL); /* more than one flush */
        if (e == ERR_OK) e = report_finish(&r, NULL);
        failed = e != ERR_OK;
        assert_true(failed == failing.hit && nth < 20);
        if (!there(path)) assert_true(failed);
        else assert_true(str_ends(text_of(f, path), S("}\n")) && f->text.n % 5000 == 0);
        if (there(f->summary)) assert_true(there(path)); /* it is written last */
        report_close(&r);
    }
    assert_true(there(path) && there(f->summary));
    assert_true(str_find(text_of(f, f->summary), S("\"between\":{\"links\":0,")) < f->text.n);
    assert_true(str_find(buf_str(&f->text), S("\"notices\":5000}}")) < f->text.n);
    write_report(f, NULL, 0); /* without links: the old ones would be taken for today's */
    assert_false(there(path));
}

static void a_notice_has_the_same_name_for_the_same_facts(void **state) {
    static const struct {
        const char *what;
        struct notice n;
        bool same;
    } rows[] = {
        {"the same",
         {NOTICE_GAP, NOTICE_TO_RESIDENT, {"R1", 2}, {"", 0}, {{130112}, {6139448}}, 2, {20000}, {20003}},
         true},
        {"it lasts longer",
         {NOTICE_GAP, NOTICE_TO_RESIDENT, {"R1", 2}, {"", 0}, {{130112}, {6139448}}, 2, {20000}, {20004}},
         true},
        {"another kind",
         {NOTICE_OVERLAP, NOTICE_TO_RESIDENT, {"R1", 2}, {"", 0}, {{130112}, {6139448}}, 2, {20000}, {20003}},
         false},
        {"somebody else",
         {NOTICE_GAP, NOTICE_TO_RESIDENT, {"R2", 2}, {"", 0}, {{130112}, {6139448}}, 2, {20000}, {20003}},
         false},
        {"another address of the same name",
         {NOTICE_GAP, NOTICE_TO_INSURER, {"R1", 2}, {"", 0}, {{130112}, {6139448}}, 2, {20000}, {20003}},
         false},
        {"about an alarm",
         {NOTICE_GAP, NOTICE_TO_RESIDENT, {"R1", 2}, {"a", 1}, {{130112}, {6139448}}, 2, {20000}, {20003}},
         false},
        {"one insurer",
         {NOTICE_GAP, NOTICE_TO_RESIDENT, {"R1", 2}, {"", 0}, {{130112}, {6139448}}, 1, {20000}, {20003}},
         false},
        {"another day",
         {NOTICE_GAP, NOTICE_TO_RESIDENT, {"R1", 2}, {"", 0}, {{130112}, {6139448}}, 2, {20001}, {20003}},
         false},
    };
    (void)state;
    enum { ID = 28 }; /* {"notice":"0123456789abcdef" */
    struct buf good, other;
    buf_init(&good, 1 << 16), buf_init(&other, 1 << 16);
    notice_put(&good, &a_notice);
    assert_true(str_starts(str_skip(buf_str(&good), ID),
                           S(",\"kind\":\"gap\",\"to\":{\"resident\":\"R1\"},\"insurers\":[\"130112\",\"06139448\"],"
                             "\"from\":\"2024-10-04\",\"until\":\"2024-10-07\",\"ja\":\"")));
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        buf_reset(&other);
        notice_put(&other, &rows[r].n);
        row_check(str_eq(str_head(buf_str(&good), ID), str_head(buf_str(&other), ID)) == rows[r].same, rows[r].what);
    }
    buf_fini(&good), buf_fini(&other);
}

/* docs/format/notices.md: a row for each kind. */
static void the_page_of_notices_has_every_kind(void **state) {
    struct fixture *f = *state;
    struct str page = text_of(f, "docs/format/notices.md");
    for (unsigned k = 0; k < NOTICE_COUNT; k++) {
        char row[64];
        snprintf(row, sizeof row, "\n| `%s` | ", notice_info(k)->code);
        row_check(str_find(page, str_c(row)) < page.n, row);
    }
}

int main(void) {
#define WITH(t) cmocka_unit_test_setup_teardown(t, begin, end)
    const struct CMUnitTest tests[] = {
        WITH(what_matters_most_stands_first),
        WITH(no_person_is_named),
        WITH(of_very_many_the_first_are_listed_and_the_rest_counted),
        WITH(a_mended_insurer_has_no_file_any_more),
        WITH(a_folder_without_a_summary_is_not_whole),
        WITH(the_page_of_findings_has_every_row),
        WITH(of_another_insurer_only_its_number_and_days_are_told),
        WITH(notices_appear_whole_or_not_at_all),
        WITH(a_notice_has_the_same_name_for_the_same_facts),
        WITH(the_page_of_notices_has_every_kind),
        WITH(a_disk_that_fails_leaves_the_old_file_or_the_new),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
