#include "base/buf.h"
#include "lib/failing_world.h"
#include "lib/import_play.h"
#include "lib/unit.h"
#include "service/issue.h"

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
    struct import_play import;
    char out[SCRATCH_PATH_MAX];
    struct fake fake;
    struct issue_press press;
    struct issue_settings settings;
    struct issue_progress progress;
    struct diag diag;
};

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
        for (struct str rest = buf_str(&text); rest.n;) {
            struct str line = str_cut(&rest, '\n');
            size_t at = str_find(line, S("\"number\":\""));
            if (at == line.n) continue;
            uint64_t number;
            assert_true(str_uint(str_head(str_skip(line, at + 10), 4), MEMBERS, &number));
            if (str_find(line, S("\"refused\"")) < line.n) refused++;
            else seen[number]++;
        }
        snprintf(path, sizeof path, "%s/06139448/%s-2026-11-25/%06u.pdf", p->out, kind, file);
        assert_int_equal(access(path, F_OK), 0);
    }
    buf_fini(&text);
    return refused;
}

static void all_once(const struct play *p, const char *kind) {
    unsigned seen[MEMBERS] = {0};
    assert_int_equal(read_queue(p, seen, kind), 1);
    for (size_t i = 0; i < MEMBERS; i++) assert_int_equal(seen[i], i != 13 && i != 17);
}

static void everyone_covered_that_day_gets_one_paper(void **state) {
    (void)state;
    struct play p;
    begin(&p, "out");
    assert_int_equal(run(&p), ERR_OK);
    assert_int_equal(p.progress.papers, PAPERS);
    assert_int_equal(p.progress.refused, 1);
    assert_int_equal(p.progress.members, MEMBERS);
    all_once(&p, "certificates");
    import_play_end(&p.import);
}

static void a_second_run_makes_nothing(void **state) {
    (void)state;
    struct play p;
    begin(&p, "out");
    assert_int_equal(run(&p), ERR_OK);
    assert_int_equal(run(&p), ERR_OK);
    assert_int_equal(p.progress.papers, 0);
    assert_int_equal(p.progress.insurers_before, 1);
    p.settings.kind = PAPER_NOTICE; /* of another kind: all again */
    assert_int_equal(run(&p), ERR_OK);
    assert_int_equal(p.progress.papers, PAPERS);
    all_once(&p, "notices");
    import_play_end(&p.import);
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
        snprintf(name, sizeof name, "out-%zu", nth);
        scratch_path(&p.import.scratch, name, p.out);
        p.settings.world = failing_world(&f, nth, EIO);
        enum err e = run(&p);
        hit = f.hit;
        p.settings.world = world_real();
        if (!hit) assert_int_equal(e, ERR_OK);
        assert_int_equal(run(&p), ERR_OK);
        all_once(&p, "certificates");
        assert_true(nth < 500);
    }
    import_play_end(&p.import);
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
    import_play_end(&p.import);
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
    p.told.say = ERR_OK;
    assert_int_equal(run(&p), ERR_OK);
    assert_int_equal(access(path, F_OK), 0);
    assert_int_equal(p.told.papers, PAPERS);
    import_play_end(&p.import);
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
    import_play_end(&p.import);
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
    import_play_end(&p.import);
}

int main(int argc, char **argv) {
    if (import_play_vault(argc, argv)) return 0;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everyone_covered_that_day_gets_one_paper),
        cmocka_unit_test(a_second_run_makes_nothing),
        cmocka_unit_test(a_run_stopped_anywhere_goes_on_without_loss_or_doubling),
        cmocka_unit_test(a_damaged_queue_is_said_and_left_alone),
        cmocka_unit_test(no_paper_is_there_that_the_log_has_not_taken),
        cmocka_unit_test(two_runs_do_not_work_in_one_folder),
        cmocka_unit_test(an_insurer_that_is_not_there_is_named),
    };
    return cmocka_run_group_tests_name("issue", tests, NULL, NULL);
}
