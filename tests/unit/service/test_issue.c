#include "base/buf.h"
#include "lib/failing_world.h"
#include "lib/import_play.h"
#include "lib/unit.h"
#include "service/issue.h"
#include "service/ways.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

/* 20 members of one insurer: more than one step of the walk. 0013 has left, 0017 cannot be printed. */
enum { MEMBERS = 20, PAPERS = 18, PER_FILE = 4 };

/* A press that writes numbers. */
struct fake {
    struct buf *pdf;
    uint32_t begun, open;
};
static enum err fake_insurer(void *context, struct insurer_number i, struct diag *d) {
    return (void)context, (void)i, (void)d, ERR_OK;
}
static enum err fake_begin(void *context, struct buf *pdf, struct diag *d) {
    struct fake *f = context;
    f->pdf = pdf, f->begun++, f->open = 1;
    return (void)d, ERR_OK;
}
static enum err fake_add(void *context, const struct paper *p, struct diag *d) {
    struct fake *f = context;
    assert_true(f->open);
    if (str_eq(p->member->id.number, S("0017"))) return diag_set(d, ERR_NOT_SUPPORTED, "name", "no font");
    buf_put(f->pdf, p->member->id.number);
    buf_putc(f->pdf, '\n');
    return ERR_OK;
}
static enum err fake_end(void *context, struct diag *d) { return (void)context, (void)d, ERR_OK; }
static void fake_abandon(void *context) { ((struct fake *)context)->open = 0; }

/* What the log was told. */
struct told {
    uint64_t papers;
    enum err say;
};

static enum err fake_record(void *context, uint64_t papers, struct diag *d) {
    struct told *t = context;
    if (t->say != ERR_OK) return diag_set(d, t->say, "ledger", NULL);
    t->papers += papers;
    return ERR_OK;
}

struct play {
    struct told told;
    struct store *ways;
    struct import_play import;
    char out[SCRATCH_PATH_MAX];
    struct fake fake;
    struct issue_press press;
    struct issue_settings settings;
    struct issue_progress progress;
    struct diag diag;
};

/* Who holds papers is forgotten. */
static void nobody_holds_anything(struct play *p) {
    if (p->ways) store_close(p->ways);
    assert_int_equal(store_open(&p->ways, &(struct store_settings){.home = STORE_HOME_WAYS}, NULL), ERR_OK);
    p->settings.ways = p->ways;
}

static void end(struct play *p) {
    store_close(p->ways);
    import_play_end(&p->import);
}

static struct day D(const char *s) {
    struct day d = DAY_NONE;
    assert_true(day_parse(str_c(s), &d));
    return d;
}

static struct str
member_key(int number, char room[STORE_MEMBER_KEY_MAX]) {
    char digits[8];
    struct buf key = buf_over(room, STORE_MEMBER_KEY_MAX);
    snprintf(digits, sizeof digits, "%04d", number);
    struct insured_id id = {S(""), str_c(digits), BRANCH_NONE};
    assert_int_equal(store_key_member(&key, (struct insurer_number){6139448}, &id, D("1985-04-01")), ERR_OK);
    return buf_str(&key);
}

static void set_ways(struct play *p, int number, const struct ways *w) {
    char room[STORE_MEMBER_KEY_MAX];
    struct store_txn *t = NULL;
    assert_int_equal(store_begin(p->ways, &t, NULL), ERR_OK);
    assert_int_equal(ways_row_set(t, member_key(number, room), NULL, w, 0, NULL), ERR_OK);
    assert_int_equal(store_commit(t, NULL), ERR_OK);
}

static struct ways card_until(const char *until) {
    struct ways w = ways_none();
    w.of[WAY_CARD] = (struct way){.state = WAY_REGISTERED,
                                  .since = D("2021-05-01"),
                                  .stated = D("2021-05-01"),
                                  .card_until = D(until),
                                  .certificate_until = D(until)};
    return w;
}

static struct ways_facts facts(const struct play *p, int number) {
    char room[STORE_MEMBER_KEY_MAX];
    struct ways_facts f;
    assert_int_equal(ways_of(p->ways, member_key(number, room), &f, NULL), ERR_OK);
    return f;
}

static void begin(struct play *p, const char *out) {
    struct buf lines;
    *p = (struct play){0};
    import_play_begin(&p->import);
    buf_init(&lines, 1 << 16);
    for (int i = 0; i < MEMBERS; i++)
        buf_printf(&lines,
                   "{\"insurer\":\"06139448\",\"number\":\"%04d\",\"start\":\"2020-04-01\",\"name\":\"髙﨑　%d\","
                   "\"kana\":\"タカサキ\",\"sex\":\"2\",\"birth\":\"1985-04-01\"%s}\n",
                   i, i, i == 13 ? ",\"lost\":\"2026-10-01\",\"loss_reason\":\"99\"" : "");
    assert_int_equal(import_play_load(&p->import, "members.ndjson", buf_str(&lines)), ERR_OK);
    buf_fini(&lines);
    scratch_path(&p->import.scratch, out, p->out);
    p->press = (struct issue_press){&p->fake, fake_insurer, fake_begin, fake_add, fake_end, fake_abandon};
    p->settings = (struct issue_settings){.world = world_real(),
                                          .store = p->import.store,
                                          .out = p->out,
                                          .per_file = PER_FILE,
                                          .press = &p->press,
                                          .record = fake_record,
                                          .record_context = &p->told};
    assert_true(day_parse(S("2026-11-25"), &p->settings.on));
    nobody_holds_anything(p);
}

static enum err run(struct play *p) { return issue_run(&p->settings, &p->progress, &p->diag); }

/* Every file of the queue: numbers in `seen` counted by printed papers; how many lines were refused. */
static size_t read_queue(const struct play *p, unsigned seen[MEMBERS], const char *kind) {
    size_t refused = 0;
    struct buf text;
    buf_init(&text, 1 << 20);
    for (unsigned file = 1;; file++) {
        char path[SCRATCH_PATH_MAX + 64];
        snprintf(path, sizeof path, "%s/06139448/%s-2026-11-25/%06u.ndjson", p->out, kind, file);
        buf_reset(&text);
        if (world_read_file(world_real(), path, &text, NULL) != ERR_OK) break;
        bool printed = false;
        for (struct str rest = buf_str(&text); rest.n;) {
            struct str line = str_cut(&rest, '\n');
            size_t at = str_find(line, S("\"number\":\""));
            if (at == line.n) continue;
            uint64_t number;
            assert_true(str_uint(str_head(str_skip(line, at + 10), 4), MEMBERS, &number));
            if (str_find(line, S("\"refused\"")) < line.n) refused++;
            else seen[number]++, printed = true;
        }
        snprintf(path, sizeof path, "%s/06139448/%s-2026-11-25/%06u.pdf", p->out, kind, file);
        assert_int_equal(access(path, F_OK) == 0, printed);
    }
    buf_fini(&text);
    return refused;
}

static void all_once(const struct play *p, const char *kind) {
    unsigned seen[MEMBERS] = {0};
    assert_int_equal(read_queue(p, seen, kind), 1);
    for (size_t i = 0; i < MEMBERS; i++) assert_int_equal(seen[i], i != 13 && i != 17);
}

static void everyone_covered_that_day_without_a_card_gets_one_paper(void **state) {
    (void)state;
    struct play p;
    begin(&p, "out");
    assert_int_equal(run(&p), ERR_OK);
    assert_int_equal(p.progress.papers, PAPERS);
    assert_int_equal(p.progress.refused, 1);
    assert_int_equal(p.progress.members, MEMBERS);
    all_once(&p, "certificates");
    end(&p);
}

static void a_second_run_makes_nothing(void **state) {
    (void)state;
    struct play p;
    begin(&p, "out");
    assert_int_equal(run(&p), ERR_OK);
    assert_int_equal(run(&p), ERR_OK);
    assert_int_equal(p.progress.papers, 0);
    assert_int_equal(p.progress.insurers_before, 1);
    p.settings.on = D("2026-11-26"), scratch_path(&p.import.scratch, "elsewhere", p.out);
    assert_int_equal(run(&p), ERR_OK); /* nor on another day in another folder */
    assert_int_equal(p.progress.papers, 0);
    end(&p);
}

/* Wherever a run is stopped, the next one completes it. */
static void a_run_stopped_anywhere_goes_on_without_loss_or_doubling(void **state) {
    (void)state;
    struct play p;
    struct failing_world f;
    char name[16];
    bool hit = true;
    begin(&p, "out");
    for (size_t nth = 1; hit; nth++) {
        nobody_holds_anything(&p);
        snprintf(name, sizeof name, "out-%zu", nth);
        scratch_path(&p.import.scratch, name, p.out);
        p.settings.world = failing_world(&f, nth, EIO);
        enum err e = run(&p);
        hit = f.hit;
        p.settings.world = world_real();
        if (!hit) assert_int_equal(e, ERR_OK);
        assert_int_equal(run(&p), ERR_OK);
        all_once(&p, "certificates");
        for (int i = 0; i < MEMBERS; i++) assert_int_equal(facts(&p, i).certificates.count, i != 13 && i != 17);
        assert_true(nth < 500);
    }
    end(&p);
}

/* Not even in another folder on another day: what was printed before the stop is known. */
static void a_run_stopped_anywhere_is_completed_elsewhere_too(void **state) {
    (void)state;
    struct play p;
    struct failing_world f;
    char name[32];
    bool hit = true;
    begin(&p, "out");
    for (size_t nth = 1; hit; nth++) {
        unsigned seen[MEMBERS] = {0};
        nobody_holds_anything(&p);
        snprintf(name, sizeof name, "stopped-%zu", nth);
        scratch_path(&p.import.scratch, name, p.out);
        p.settings.world = failing_world(&f, nth, EIO), p.settings.on = D("2026-11-25");
        (void)!run(&p);
        hit = f.hit;
        (void)read_queue(&p, seen, "certificates");
        snprintf(name, sizeof name, "after-%zu", nth);
        scratch_path(&p.import.scratch, name, p.out);
        p.settings.world = world_real();
        assert_int_equal(run(&p), ERR_OK);
        (void)read_queue(&p, seen, "certificates");
        for (size_t i = 0; i < MEMBERS; i++) assert_int_equal(seen[i], i != 13 && i != 17);
        assert_true(nth < 500);
    }
    end(&p);
}

static void who_has_a_card_gets_a_notice_and_who_has_none_a_certificate(void **state) {
    (void)state;
    struct play p;
    unsigned certificates[MEMBERS] = {0}, notices[MEMBERS] = {0};
    begin(&p, "out");
    struct ways lasting = card_until("2031-04-01"), ended = card_until("2026-11-24"), wanted = lasting;
    wanted.paper_wanted = true;
    for (int i = 0; i < 10; i++) set_ways(&p, i, &lasting);
    set_ways(&p, 0, &ended), set_ways(&p, 1, &wanted);
    assert_int_equal(run(&p), ERR_OK);
    p.settings.kind = PAPER_NOTICE;
    assert_int_equal(run(&p), ERR_OK);
    assert_int_equal(p.progress.papers, 8);
    (void)read_queue(&p, certificates, "certificates");
    (void)read_queue(&p, notices, "notices");
    for (size_t i = 0; i < MEMBERS; i++) {
        assert_int_equal(certificates[i], i != 13 && i != 17 && (i < 2 || i >= 10));
        assert_int_equal(notices[i], i >= 2 && i < 10);
    }
    assert_int_equal(run(&p), ERR_OK); /* a notice is given once */
    assert_int_equal(p.progress.papers, 0);
    end(&p);
}

static void who_gives_a_card_back_on_the_same_day_gets_a_certificate_in_the_next_file(void **state) {
    (void)state;
    struct play p;
    unsigned seen[MEMBERS] = {0};
    struct ways lasting;
    begin(&p, "out");
    lasting = card_until("2031-04-01");
    set_ways(&p, 4, &lasting);
    assert_int_equal(run(&p), ERR_OK);
    assert_int_equal(p.progress.papers, PAPERS - 1);
    lasting.of[WAY_CARD].state = WAY_RETURNED;
    set_ways(&p, 4, &lasting);
    assert_int_equal(run(&p), ERR_OK);
    assert_int_equal(p.progress.papers, 1);
    assert_int_equal(p.progress.insurers_before, 0);
    (void)read_queue(&p, seen, "certificates");
    for (size_t i = 0; i < MEMBERS; i++) assert_int_equal(seen[i], i != 13 && i != 17);
    end(&p);
}

static void a_certificate_is_renewed_before_its_end_from_the_day_after(void **state) {
    (void)state;
    struct play p;
    begin(&p, "out");
    assert_int_equal(run(&p), ERR_OK);
    struct day until = facts(&p, 3).certificates.list[0].until;
    assert_true(day_eq(until, D("2031-11-24")));
    p.settings.on = day_add(until, -LEAD_DAYS);
    assert_int_equal(run(&p), ERR_OK);
    assert_int_equal(p.progress.papers, 0);
    p.settings.on = day_add(p.settings.on, 1);
    assert_int_equal(run(&p), ERR_OK);
    assert_int_equal(p.progress.papers, PAPERS);
    struct ways_facts f = facts(&p, 3);
    assert_int_equal(f.certificates.count, 2);
    assert_true(day_eq(f.certificates.list[1].from, D("2031-11-25")));
    assert_true(day_eq(f.certificates.list[1].made, p.settings.on));
    assert_int_equal(run(&p), ERR_OK);
    assert_int_equal(p.progress.papers, 0);
    end(&p);
}

static void a_damaged_queue_is_said_and_left_alone(void **state) {
    (void)state;
    struct play p;
    begin(&p, "out");
    assert_int_equal(run(&p), ERR_OK);
    static const char *const damaged[] = {"",
                                          "rubbish\n",
                                          "{\"papers\":4,\"after\":\"zz\",\"last\":false}\n",
                                          "{\"papers\":4,\"after\":\"00\"}\n",
                                          "{\"papers\":4,\"after\":\"0\",\"last\":true}\n",
                                          "{\"papers\":99999999,\"after\":\"00\",\"last\":true}\n"};
    for (size_t i = 0; i < ARRAY_LEN(damaged); i++) {
        scratch_write(&p.import.scratch, "out/06139448/certificates-2026-11-25/000005.ndjson", str_c(damaged[i]));
        row_check(run(&p) == ERR_CORRUPT, damaged[i]);
        row_check(strstr(p.diag.where, "000005.ndjson") != NULL, damaged[i]);
    }
    end(&p);
}

/* The log knows of every paper before there is one, and without the log there is none. */
static void no_paper_is_there_that_the_log_has_not_taken(void **state) {
    (void)state;
    struct play p;
    char path[SCRATCH_PATH_MAX + 64];
    begin(&p, "out");
    p.told.say = ERR_DISK_FULL;
    assert_int_equal(run(&p), ERR_DISK_FULL);
    assert_string_equal(p.diag.where, "ledger");
    snprintf(path, sizeof path, "%s/06139448/certificates-2026-11-25/000001.pdf", p.out);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(facts(&p, 0).certificates.count, 0);
    p.told.say = ERR_OK;
    assert_int_equal(run(&p), ERR_OK);
    assert_int_equal(access(path, F_OK), 0);
    assert_int_equal(p.told.papers, PAPERS);
    end(&p);
}

static void two_runs_do_not_work_in_one_folder(void **state) {
    (void)state;
    struct play p;
    char path[SCRATCH_PATH_MAX];
    begin(&p, "out");
    assert_int_equal(run(&p), ERR_OK);
    struct world *w = world_real();
    int fd = w->open(w, scratch_path(&p.import.scratch, "out/lock", path), O_RDWR, 0);
    assert_int_equal(w->lock(w, fd), 0);
    assert_int_equal(run(&p), ERR_LOCKED);
    w->close(w, fd);
    assert_int_equal(run(&p), ERR_OK);
    end(&p);
}

static void an_insurer_that_is_not_there_is_named(void **state) {
    (void)state;
    struct play p;
    begin(&p, "out");
    p.settings.only_insurer = 6139449;
    assert_int_equal(run(&p), ERR_NOT_FOUND);
    p.settings.only_insurer = 6139448;
    assert_int_equal(run(&p), ERR_OK);
    all_once(&p, "certificates");
    end(&p);
}

int main(int argc, char **argv) {
    if (import_play_vault(argc, argv)) return 0;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everyone_covered_that_day_without_a_card_gets_one_paper),
        cmocka_unit_test(a_second_run_makes_nothing),
        cmocka_unit_test(a_run_stopped_anywhere_goes_on_without_loss_or_doubling),
        cmocka_unit_test(a_run_stopped_anywhere_is_completed_elsewhere_too),
        cmocka_unit_test(who_has_a_card_gets_a_notice_and_who_has_none_a_certificate),
        cmocka_unit_test(who_gives_a_card_back_on_the_same_day_gets_a_certificate_in_the_next_file),
        cmocka_unit_test(a_certificate_is_renewed_before_its_end_from_the_day_after),
        cmocka_unit_test(a_damaged_queue_is_said_and_left_alone),
        cmocka_unit_test(no_paper_is_there_that_the_log_has_not_taken),
        cmocka_unit_test(two_runs_do_not_work_in_one_folder),
        cmocka_unit_test(an_insurer_that_is_not_there_is_named),
    };
    return cmocka_run_group_tests_name("issue", tests, NULL, NULL);
}
