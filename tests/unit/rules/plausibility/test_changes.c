/* Between insurers: each kind of change, with what tells it from an ordinary one. The day of the inspection is 2026-06-01. */
#include "base/buf.h"
#include "lib/unit.h"
#include "rules/plausibility/changes.h"

enum {
    SOCIETY = 6139448,
    KYOKAI = 1130012,
    KOKUHO = 130112,
    KOKUHO_B = 140012,
    KOKUHO_SOCIETY = 133033,
    RETIRED = 67130112,
    LATE = 39131156,
    AID = 12131116
};

static struct day day(const char *s) {
    struct day d = DAY_NONE;
    if (s[0] && !day_parse(str_c(s), &d)) fail_msg("%s is no day", s);
    return d;
}

struct heard {
    char text[1024];
    struct buf b;
    struct day on;
};

/* "gap 0-1 2026-04-01 2026-05-01 30 gap-after gap-before" */
static void hear(void *context, const struct change *c) {
    static const char *const kinds[] = {"gap", "open", "overlap"};
    struct heard *h = context;
    buf_printf(&h->b, "%s%s %zu-%zu ", h->b.n ? "; " : "", kinds[c->kind], c->earlier, c->later);
    day_put_iso(&h->b, c->from);
    buf_putc(&h->b, ' ');
    if (c->until.n == DAY_END.n) buf_puts(&h->b, "on");
    else day_put_iso(&h->b, c->until);
    buf_printf(&h->b, " %u %s", change_days(c, h->on), finding_info(change_finding(c, true))->code);
    if (c->kind != CHANGE_GAP_OPEN) buf_printf(&h->b, " %s", finding_info(change_finding(c, false))->code);
}

struct period {
    uint32_t insurer;
    const char *start, *lost;
    int reason, relation;
};

static void every_kind_of_change(void **state) {
    (void)state;
    static const struct {
        const char *what, *died;
        struct period held[3]; /* insurer 0: none */
        const char *found;
    } rows[] = {
        {"a change of jobs without a day between",
         "",
         {{SOCIETY, "2015-04-01", "2026-04-01", 3, 1}, {KYOKAI, "2026-04-01", "", 0, 1}},
         ""},
        {"a month without",
         "",
         {{SOCIETY, "2015-04-01", "2026-04-01", 99, 1}, {KYOKAI, "2026-05-01", "", 0, 1}},
         "gap 0-1 2026-04-01 2026-05-01 30 gap-after gap-before"},
        {"one day without",
         "",
         {{SOCIETY, "2015-04-01", "2026-04-01", 99, 1}, {KOKUHO, "2026-04-02", "", 0, 0}},
         "gap 0-1 2026-04-01 2026-04-02 1 gap-after gap-before"},
        {"nobody since",
         "",
         {{SOCIETY, "2015-04-01", "2026-05-31", 99, 1}},
         "open 0-0 2026-05-31 2026-06-02 2 gap-open"},
        {"lost today", "", {{SOCIETY, "2015-04-01", "2026-06-01", 99, 1}}, "open 0-0 2026-06-01 2026-06-02 1 gap-open"},
        {"will be lost tomorrow", "", {{SOCIETY, "2015-04-01", "2026-06-02", 99, 1}}, ""},
        {"a gap that will come",
         "",
         {{SOCIETY, "2015-04-01", "2026-07-01", 99, 1}, {KYOKAI, "2026-08-01", "", 0, 1}},
         ""},
        {"in a gap today, the next one is known",
         "",
         {{SOCIETY, "2015-04-01", "2026-05-30", 99, 1}, {KYOKAI, "2026-07-01", "", 0, 1}},
         "gap 0-1 2026-05-30 2026-07-01 3 gap-after gap-before"},
        {"lost by death", "", {{SOCIETY, "2015-04-01", "2026-04-01", 1, 1}}, ""},
        {"lost into public assistance", "", {{KOKUHO, "2015-04-01", "2026-04-01", 2, 0}}, ""},
        {"lost, and dead the day before, as the registry knows",
         "2026-03-31",
         {{SOCIETY, "2015-04-01", "2026-04-01", 99, 1}},
         ""},
        {"lost, and dead ten days later",
         "2026-04-10",
         {{SOCIETY, "2015-04-01", "2026-04-01", 99, 1}},
         "open 0-0 2026-04-01 2026-04-11 10 gap-open"},
        {"a gap that ended two years ago",
         "",
         {{SOCIETY, "2015-04-01", "2024-04-01", 99, 1}, {KYOKAI, "2024-06-01", "", 0, 1}},
         ""},
        {"a gap that ended a day later",
         "",
         {{SOCIETY, "2015-04-01", "2024-04-01", 99, 1}, {KYOKAI, "2024-06-02", "", 0, 1}},
         "gap 0-1 2024-04-01 2024-06-02 62 gap-after gap-before"},
        {"nobody for ten years",
         "",
         {{SOCIETY, "2010-04-01", "2016-05-01", 99, 1}},
         "open 0-0 2016-05-01 2026-06-02 3684 gap-open"},
        {"a longer one covers the gap of a shorter",
         "",
         {{AID, "2015-04-01", "", 0, 0},
          {SOCIETY, "2016-04-01", "2017-04-01", 99, 1},
          {KYOKAI, "2026-05-01", "", 0, 1}},
         ""},
        {"employer after employer: the later stands",
         "",
         {{SOCIETY, "2015-04-01", "", 0, 1}, {KYOKAI, "2026-05-01", "", 0, 1}},
         "overlap 0-1 2026-05-01 on 32 overlap-ends overlap-stands"},
        {"the same day at two employers",
         "",
         {{SOCIETY, "2026-05-01", "", 0, 1}, {KYOKAI, "2026-05-01", "", 0, 1}},
         "overlap 0-1 2026-05-01 on 32 overlap-unclear overlap-unclear"},
        {"a dependant since after the own job began",
         "",
         {{SOCIETY, "2015-04-01", "", 0, 1}, {KYOKAI, "2026-05-01", "", 0, 2}},
         "overlap 0-1 2026-05-01 on 32 overlap-stands overlap-ends"},
        {"国保 not ended after a job began",
         "",
         {{KOKUHO, "2015-04-01", "", 0, 0}, {SOCIETY, "2026-05-01", "", 0, 1}},
         "overlap 0-1 2026-05-01 on 32 overlap-ends overlap-stands"},
        {"国保 ends, although it began later",
         "",
         {{SOCIETY, "2015-04-01", "", 0, 1}, {KOKUHO, "2026-05-01", "2026-05-03", 3, 0}},
         "overlap 0-1 2026-05-01 2026-05-03 2 overlap-stands overlap-ends"},
        {"国保 lost on the day after, as the law says",
         "",
         {{KOKUHO, "2015-04-01", "2026-05-02", 3, 0}, {SOCIETY, "2026-05-01", "", 0, 1}},
         ""},
        {"retirees' 国保 likewise",
         "",
         {{RETIRED, "2015-04-01", "2026-05-02", 3, 0}, {SOCIETY, "2026-05-01", "", 0, 1}},
         ""},
        {"an employer's is lost on the day itself",
         "",
         {{KYOKAI, "2015-04-01", "2026-05-02", 3, 1}, {SOCIETY, "2026-05-01", "", 0, 1}},
         "overlap 0-1 2026-05-01 2026-05-02 1 overlap-ends overlap-stands"},
        {"moved to another town",
         "",
         {{KOKUHO, "2015-04-01", "", 0, 0}, {KOKUHO_B, "2026-05-01", "", 0, 0}},
         "overlap 0-1 2026-05-01 on 32 overlap-ends overlap-stands"},
        {"the town beside a 国保 society of before",
         "",
         {{KOKUHO_SOCIETY, "2015-04-01", "", 0, 0}, {KOKUHO, "2026-05-01", "", 0, 0}},
         "overlap 0-1 2026-05-01 on 32 overlap-stands overlap-ends"},
        {"75 and an employer's beside 後期",
         "",
         {{SOCIETY, "2015-04-01", "", 0, 1}, {LATE, "2026-05-01", "", 0, 0}},
         "overlap 0-1 2026-05-01 on 32 overlap-ends overlap-stands"},
        {"後期, and a job after",
         "",
         {{LATE, "2015-04-01", "", 0, 0}, {SOCIETY, "2026-05-01", "", 0, 1}},
         "overlap 0-1 2026-05-01 on 32 overlap-stands overlap-ends"},
        {"後期 of another prefecture after a move",
         "",
         {{LATE, "2015-04-01", "", 0, 0}, {39141155, "2026-05-01", "", 0, 0}},
         "overlap 0-1 2026-05-01 on 32 overlap-ends overlap-stands"},
        {"public assistance and 国保",
         "",
         {{AID, "2015-04-01", "", 0, 0}, {KOKUHO, "2026-05-01", "", 0, 0}},
         "overlap 0-1 2026-05-01 on 32 overlap-stands overlap-ends"},
        {"public assistance and a job go together",
         "",
         {{AID, "2015-04-01", "", 0, 0}, {SOCIETY, "2026-05-01", "", 0, 1}},
         ""},
        {"a job and then public assistance too",
         "",
         {{SOCIETY, "2015-04-01", "", 0, 1}, {AID, "2026-05-01", "", 0, 0}},
         ""},
        {"an overlap that ended two years ago",
         "",
         {{SOCIETY, "2015-04-01", "2024-06-01", 99, 1}, {KYOKAI, "2024-05-01", "", 0, 1}},
         ""},
        {"that will come",
         "",
         {{SOCIETY, "2015-04-01", "", 0, 1}, {KYOKAI, "2026-07-01", "", 0, 1}},
         "overlap 0-1 2026-07-01 on 0 overlap-ends overlap-stands"},
        {"a period of no day",
         "",
         {{SOCIETY, "2015-04-01", "", 0, 1}, {KYOKAI, "2026-05-01", "2026-05-01", 99, 1}},
         ""},
        {"three at once",
         "",
         {{SOCIETY, "2015-04-01", "", 0, 1}, {KOKUHO, "2016-04-01", "", 0, 0}, {KYOKAI, "2026-05-30", "", 0, 1}},
         "overlap 0-1 2016-04-01 on 3714 overlap-stands overlap-ends; overlap 0-2 2026-05-30 on 3 overlap-ends overlap-stands; "
         "overlap 1-2 2026-05-30 on 3 overlap-ends overlap-stands"},
    };
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        struct held held[3];
        size_t n = 0;
        for (; n < 3 && rows[r].held[n].insurer; n++) {
            const struct period *p = &rows[r].held[n];
            held[n] =
                (struct held){{p->insurer}, day(p->start), day(p->lost), (uint8_t)p->reason, (uint8_t)p->relation};
        }
        struct heard h = {.on = day("2026-06-01")};
        h.b = buf_over(h.text, sizeof h.text - 1);
        const struct change_sink sink = {hear, &h};
        changes_find(held, n, day(rows[r].died), h.on, &sink);
        h.text[h.b.n] = 0;
        if (strcmp(h.text, rows[r].found)) print_error("found: %s\n", h.text);
        row_check(strcmp(h.text, rows[r].found) == 0, rows[r].what);
    }
}

static void nobody_and_very_many_periods_are_fine(void **state) {
    (void)state;
    struct heard h = {.on = day("2026-06-01")};
    struct held held[CHANGE_PERIODS_MAX];
    h.b = buf_over(h.text, sizeof h.text - 1);
    const struct change_sink sink = {hear, &h};
    changes_find(NULL, 0, DAY_NONE, h.on, &sink);
    for (int i = 0; i < CHANGE_PERIODS_MAX; i++)
        held[i] = (struct held){{SOCIETY}, day_add(day("2020-01-01"), i), day_add(day("2020-01-02"), i), 3, 1};
    held[CHANGE_PERIODS_MAX - 1].lost = DAY_NONE;
    changes_find(held, CHANGE_PERIODS_MAX, DAY_NONE, h.on, &sink);
    assert_int_equal(h.b.n, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_change),
        cmocka_unit_test(nobody_and_very_many_periods_are_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
