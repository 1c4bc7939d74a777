/* Links and a store of made-up members brought together: who is the same person comes from the links alone, both insurers and the person are told, and a run
 * in little memory finds the same. */
#include "base/buf.h"
#include "lib/desk_play.h"
#include "lib/failing_world.h"
#include "lib/scratch.h"
#include "lib/short_memory.h"
#include "lib/unit.h"
#include "service/changes.h"

#include <errno.h>

enum { SOCIETY = 6139448, KYOKAI = 1130012, KOKUHO = 130112 };

static struct day day(const char *s) {
    struct day d = DAY_NONE;
    if (s[0] && !day_parse(str_c(s), &d)) fail_msg("%s is no day", s);
    return d;
}

static void put(struct desk_play *p, uint32_t insurer, const char *number, int branch, const char *birth,
                const char *start, const char *lost) {
    struct coverage c;
    struct member m = desk_play_member(&c, number, branch, birth, 1);
    m.insurer.n = insurer, c.relation = 1, c.start = day(start), c.lost = day(lost), c.loss_reason = lost[0] ? 99 : 0;
    desk_play_store(p, &m);
}

struct heard {
    char text[4096];
    struct buf b;
    char notices[4096];
    struct buf told;
    enum err say;
};

static void hear(void *context, const struct finding *f) {
    struct heard *h = context;
    buf_printf(&h->b, "%s %u/%.*s/%d %u", finding_info(f->kind)->code, f->member->insurer.n,
               (int)f->member->id.number.n, f->member->id.number.p, f->member->id.branch, f->days);
    if (f->other) buf_printf(&h->b, " %u", f->other->insurer.n);
    buf_puts(&h->b, "; ");
}

static enum err tell(void *context, const struct notice *n, struct diag *d) {
    struct heard *h = context;
    buf_printf(&h->told, "%s %.*s %zu; ", notice_info(n->kind)->code, (int)n->address.n, n->address.p,
               n->insurer_count);
    return h->say == ERR_OK ? ERR_OK : diag_set(d, h->say, "test", NULL);
}

static void heard_init(struct heard *h) {
    *h = (struct heard){0};
    h->b = buf_over(h->text, sizeof h->text), h->told = buf_over(h->notices, sizeof h->notices);
}

static struct changes *open_changes(struct heard *h, struct world *w, const char *folder) {
    struct changes *c = NULL;
    const struct changes_settings s = {
        .world = w, .folder = folder, .memory = 2 << 20, .on = day("2026-06-01"), .notice = tell, .context = h};
    assert_int_equal(changes_open(&c, &s, NULL), ERR_OK);
    return c;
}

static enum err link_to(struct changes *c, const char *resident, uint32_t insurer, const char *number, int branch,
                        const char *birth) {
    const struct person_link l = {{insurer}, {S("12-34"), str_c(number), branch}, day(birth), str_c(resident)};
    return changes_link(c, &l, NULL);
}

static enum err finish(struct changes *c, struct desk_play *p, struct heard *h, struct diag *d) {
    static const uint32_t insurers[] = {KOKUHO, KYOKAI, SOCIETY};
    const struct finding_sink sink = {hear, h};
    enum err e = changes_decide(c, p->desk.coverage, d);
    for (size_t i = 0; i < ARRAY_LEN(insurers) && e == ERR_OK; i++) {
        buf_printf(&h->b, "| ");
        e = changes_insurer(c, (struct insurer_number){insurers[i]}, &sink, d);
    }
    return e;
}

static void both_insurers_and_the_person_are_told(void **state) {
    (void)state;
    struct desk_play p;
    struct heard h;
    desk_play_begin(&p), heard_init(&h);
    put(&p, SOCIETY, "1", 1, "1980-01-01", "2015-04-01", "2026-04-01");
    put(&p, KYOKAI, "7", 1, "1980-01-01", "2026-05-01", "");
    put(&p, SOCIETY, "2", 1, "1981-01-01", "2015-04-01", "2026-04-01"); /* nobody since */
    put(&p, KOKUHO, "3", 1, "1982-01-01", "2015-04-01", "");            /* and an employer's */
    put(&p, SOCIETY, "3", 1, "1982-01-01", "2026-05-01", "");
    put(&p, SOCIETY, "4", 1, "1980-01-01", "2015-04-01", "2026-04-01"); /* not linked */
    struct changes *c = open_changes(&h, world_real(), ".");
    assert_int_equal(link_to(c, "R1", SOCIETY, "1", 1, "1980-01-01"), ERR_OK);
    assert_int_equal(link_to(c, "R3", SOCIETY, "3", 1, ""), ERR_OK);
    assert_int_equal(link_to(c, "R1", KYOKAI, "007", 1, "1980-01-01"), ERR_OK);
    assert_int_equal(link_to(c, "R1", KYOKAI, "7", 1, "1980-01-01"), ERR_OK); /* told twice */
    assert_int_equal(link_to(c, "R1", KYOKAI, "7", 1, ""), ERR_OK);
    assert_int_equal(link_to(c, "R3", KOKUHO, "3", 1, "1982-01-01"), ERR_OK);
    assert_int_equal(link_to(c, "R2", SOCIETY, "2", 1, "1981-01-01"), ERR_OK);
    assert_int_equal(finish(c, &p, &h, NULL), ERR_OK);
    assert_str(
        buf_str(&h.b),
        S("| overlap-ends 130112/3/1 32 6139448; | gap-before 1130012/7/1 30 6139448; "
          "| gap-open 6139448/2/1 62; gap-after 6139448/1/1 30 1130012; overlap-stands 6139448/3/1 32 130112; "));
    assert_str(buf_str(&h.told), S("gap R1 2; gap-open R2 1; overlap R3 2; "));
    struct changes_figures f = changes_figures(c);
    assert_true(f.links == 7 && f.unmatched == 0 && f.people == 3 && f.gaps == 1 && f.open_gaps == 1 &&
                f.overlaps == 1);
    changes_close(c);
    desk_play_end(&p);
}

static void who_is_the_same_person_comes_from_links_alone(void **state) {
    (void)state;
    struct desk_play p;
    struct heard h;
    desk_play_begin(&p), heard_init(&h);
    put(&p, SOCIETY, "1", 1, "1980-01-01", "2015-04-01",
        ""); /* the same name, birth date and sex, and another person */
    put(&p, KYOKAI, "7", 1, "1980-01-01", "2026-05-01", "");
    struct changes *c = open_changes(&h, world_real(), ".");
    assert_int_equal(link_to(c, "R1", SOCIETY, "1", 1, "1980-01-01"), ERR_OK);
    assert_int_equal(link_to(c, "R2", KYOKAI, "7", 1, "1980-01-01"), ERR_OK);
    assert_int_equal(finish(c, &p, &h, NULL), ERR_OK);
    assert_str(buf_str(&h.b), S("| | | "));
    changes_close(c);
    desk_play_end(&p);
}

static void a_link_to_nobody_or_to_two_is_counted_and_left(void **state) {
    (void)state;
    struct desk_play p;
    struct heard h;
    desk_play_begin(&p), heard_init(&h);
    put(&p, SOCIETY, "4", BRANCH_NONE, "2015-05-05", "2015-05-05",
        "2026-04-01"); /* twins have branches; these two are not */
    put(&p, SOCIETY, "4", BRANCH_NONE, "2016-05-05", "2016-05-05", "2026-04-01");
    struct changes *c = open_changes(&h, world_real(), ".");
    assert_int_equal(link_to(c, "R1", SOCIETY, "4", BRANCH_NONE, ""), ERR_OK);           /* which of the two? */
    assert_int_equal(link_to(c, "R2", SOCIETY, "4", BRANCH_NONE, "2016-05-05"), ERR_OK); /* this one */
    assert_int_equal(link_to(c, "R3", SOCIETY, "4", 3, "2016-05-05"), ERR_OK);
    assert_int_equal(link_to(c, "R4", SOCIETY, "0", 3, "2016-05-05"), ERR_OK);
    assert_int_equal(link_to(c, "R5", 99999999, "9", 3, "2016-05-05"), ERR_OK);
    assert_int_equal(finish(c, &p, &h, NULL), ERR_OK);
    assert_str(buf_str(&h.told), S("gap-open R2 1; "));
    assert_true(changes_figures(c).unmatched == 4 && changes_figures(c).people == 1);
    changes_close(c);
    desk_play_end(&p);
}

static void one_member_cannot_be_two_residents(void **state) {
    (void)state;
    struct desk_play p;
    struct heard h;
    struct diag d = {0};
    desk_play_begin(&p), heard_init(&h);
    put(&p, SOCIETY, "1", 1, "1980-01-01", "2015-04-01", "2026-04-01");
    struct changes *c = open_changes(&h, world_real(), ".");
    assert_int_equal(link_to(c, "R1", SOCIETY, "1", 1, "1980-01-01"), ERR_OK);
    assert_int_equal(link_to(c, "R2", SOCIETY, "1", 1, "1980-01-01"), ERR_OK);
    assert_int_equal(finish(c, &p, &h, &d), ERR_CONFLICT);
    assert_true(h.b.n == 0 && h.told.n == 0 && d.err == ERR_CONFLICT);
    changes_close(c);
    desk_play_end(&p);
}

static void the_dead_have_no_gap(void **state) {
    (void)state;
    struct desk_play p;
    struct heard h;
    desk_play_begin(&p), heard_init(&h);
    put(&p, SOCIETY, "1", 1, "1980-01-01", "2015-04-01", "2026-04-01");
    put(&p, SOCIETY, "2", 1, "1980-01-01", "2015-04-01", "2026-04-01");
    struct changes *c = open_changes(&h, world_real(), ".");
    assert_int_equal(link_to(c, "R1", SOCIETY, "1", 1, ""), ERR_OK);
    assert_int_equal(link_to(c, "R2", SOCIETY, "2", 1, ""), ERR_OK);
    assert_int_equal(changes_resident(c, S("R1"), day("2026-03-31"), NULL), ERR_OK);
    assert_int_equal(changes_resident(c, S("R2"), DAY_NONE, NULL), ERR_OK);
    assert_int_equal(changes_resident(c, S("R9"), day("2026-03-31"), NULL), ERR_OK); /* linked to nobody */
    assert_int_equal(finish(c, &p, &h, NULL), ERR_OK);
    assert_str(buf_str(&h.told), S("gap-open R2 1; "));
    changes_close(c);
    desk_play_end(&p);
}

static void an_id_must_be_one(void **state) {
    (void)state;
    struct heard h;
    char long_one[CHANGES_RESIDENT_MAX + 2];
    heard_init(&h);
    struct changes *c = open_changes(&h, world_real(), ".");
    memset(long_one, 'R', sizeof long_one - 1), long_one[sizeof long_one - 1] = 0;
    assert_int_equal(link_to(c, long_one, SOCIETY, "1", 1, ""), ERR_VALUE);
    assert_int_equal(link_to(c, long_one + 1, SOCIETY, "1", 1, ""), ERR_OK);
    assert_int_equal(link_to(c, "", SOCIETY, "1", 1, ""), ERR_VALUE);
    assert_int_equal(changes_resident(c, S("R\0001"), day("2026-03-31"), NULL), ERR_VALUE);
    changes_close(c);
}

static void somebody_with_too_many_periods_is_left_out_and_counted(void **state) {
    (void)state;
    struct desk_play p;
    struct heard h;
    desk_play_begin(&p), heard_init(&h);
    struct changes *c = open_changes(&h, world_real(), ".");
    for (int i = 0; i <= CHANGE_PERIODS_MAX; i++) {
        char number[16];
        snprintf(number, sizeof number, "%d", 100 + i);
        put(&p, SOCIETY, number, 1, "1980-01-01", "2015-04-01", "2026-04-01");
        assert_int_equal(link_to(c, "R1", SOCIETY, number, 1, ""), ERR_OK);
    }
    put(&p, SOCIETY, "9", 1, "1980-01-01", "2015-04-01", "2026-04-01");
    assert_int_equal(link_to(c, "R2", SOCIETY, "9", 1, ""), ERR_OK);
    assert_int_equal(finish(c, &p, &h, NULL), ERR_OK);
    assert_str(buf_str(&h.told), S("gap-open R2 1; "));
    assert_int_equal(changes_figures(c).left_out, 1);
    changes_close(c);
    desk_play_end(&p);
}

static void what_cannot_be_queued_ends_it(void **state) {
    (void)state;
    struct desk_play p;
    struct heard h;
    desk_play_begin(&p), heard_init(&h);
    put(&p, SOCIETY, "1", 1, "1980-01-01", "2015-04-01", "2026-04-01");
    struct changes *c = open_changes(&h, world_real(), ".");
    assert_int_equal(link_to(c, "R1", SOCIETY, "1", 1, ""), ERR_OK);
    h.say = ERR_DISK_FULL;
    assert_int_equal(finish(c, &p, &h, NULL), ERR_DISK_FULL);
    assert_int_equal(h.b.n, 0);
    changes_close(c);
    desk_play_end(&p);
}

/* Ten thousand people with a gap of one day each, in two MiB and with a disk that fails at the nth operation. */
static void more_than_memory_holds(void **state) {
    (void)state;
    enum { PEOPLE = 10 * 1000 };
    struct desk_play p;
    struct heard h;
    struct scratch folder;
    desk_play_begin(&p), scratch_make(&folder);
    for (int i = 0; i < PEOPLE; i++) {
        char number[16];
        snprintf(number, sizeof number, "%d", i * 7919 % 100003);
        put(&p, SOCIETY, number, 1, "1980-01-01", "2015-04-01", "2026-05-31");
        put(&p, KYOKAI, number, 1, "1980-01-01", "2026-06-01", "");
    }
    for (size_t nth = 1;; nth += nth < 4 ? 1 : 7) {
        struct failing_world failing;
        struct diag d = {0};
        char resident[16], number[16];
        enum err e = ERR_OK;
        heard_init(&h);
        struct changes *c = open_changes(&h, failing_world(&failing, nth, ENOSPC), folder.folder);
        for (int i = 0; i < PEOPLE && e == ERR_OK; i++) {
            snprintf(resident, sizeof resident, "R%09d", i);
            snprintf(number, sizeof number, "%d", i * 7919 % 100003);
            e = link_to(c, resident, SOCIETY, number, 1, "");
            if (e == ERR_OK) e = link_to(c, resident, KYOKAI, number, 1, "");
        }
        if (e == ERR_OK) e = changes_decide(c, p.desk.coverage, &d);
        bool hit = failing.hit;
        uint64_t gaps = changes_figures(c).gaps;
        changes_close(c);
        if (!hit) {
            assert_true(e == ERR_OK && gaps == PEOPLE && nth > 4);
            break;
        }
        if (e != ERR_OK) assert_int_equal(e, ERR_DISK_FULL);
        else assert_int_equal(gaps, PEOPLE); /* what failed was closing */
    }
    scratch_remove(&folder);
    desk_play_end(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_insurers_and_the_person_are_told),
        cmocka_unit_test(who_is_the_same_person_comes_from_links_alone),
        cmocka_unit_test(a_link_to_nobody_or_to_two_is_counted_and_left),
        cmocka_unit_test(one_member_cannot_be_two_residents),
        cmocka_unit_test(the_dead_have_no_gap),
        cmocka_unit_test(an_id_must_be_one),
        cmocka_unit_test(somebody_with_too_many_periods_is_left_out_and_counted),
        cmocka_unit_test(what_cannot_be_queued_ends_it),
        cmocka_unit_test(more_than_memory_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
