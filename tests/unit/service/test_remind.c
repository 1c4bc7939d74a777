/* Reminders: stores in memory, the log on a simulated disk, the queues on a real one that fails when told to. */
#include "base/buf.h"
#include "lib/desk_play.h"
#include "lib/failing_world.h"
#include "lib/scratch.h"
#include "lib/unit.h"
#include "service/remind.h"

#include <errno.h>
#include <sodium.h>
#include <unistd.h>

static struct desk_play play;
static struct scratch scratch;
static char out[SCRATCH_PATH_MAX];
static struct remind_progress progress;
static struct diag diag;

static struct day D(const char *s) {
    struct day d = DAY_NONE;
    assert_true(day_parse(str_c(s), &d));
    return d;
}

/* ---- a press that writes numbers, and cannot print 0006 ---- */

static struct {
    struct buf *pdf;
    bool open;
} fake;
static enum err fake_begin(void *context, struct buf *pdf, struct diag *d) {
    assert_false(fake.open);
    fake.pdf = pdf, fake.open = true;
    return (void)context, (void)d, ERR_OK;
}
static enum err fake_add(void *context, const struct letter *l, struct diag *d) {
    (void)context;
    assert_true(fake.open && l->insurer_name.n && l->coverage);
    if (str_eq(l->member->id.number, S("0006"))) return diag_set(d, ERR_NOT_SUPPORTED, "name", "no font");
    buf_put(fake.pdf, l->member->id.number);
    return ERR_OK;
}
static enum err fake_end(void *context, struct diag *d) { return (void)context, (void)d, fake.open = false, ERR_OK; }
static void fake_abandon(void *context) { (void)context, fake.open = false; }
static const struct letter_press press = {NULL, fake_begin, fake_add, fake_end, fake_abandon};

/* ---- people: eight, of whom 1–7 have a card that ends in July; 7 is not covered any more ---- */

enum { MEMBERS = 8 };
static const uint8_t channels[MEMBERS] = {CHANNEL_PAPER,  CHANNEL_PAPER, CHANNEL_PORTAL, CHANNEL_APP,
                                          CHANNEL_PORTAL, CHANNEL_PAPER, CHANNEL_PAPER,  CHANNEL_PAPER};

static struct str member_key(int i, char room[STORE_MEMBER_KEY_MAX]) {
    char number[8];
    struct buf key = buf_over(room, STORE_MEMBER_KEY_MAX);
    snprintf(number, sizeof number, "%04d", i);
    struct insured_id id = {S("12-34"), str_c(number), BRANCH_NONE};
    assert_int_equal(store_key_member(&key, (struct insurer_number){6139448}, &id, D("1985-04-01")), ERR_OK);
    return buf_str(&key);
}

static void put_ways(int i, const char *card_until, const char *certificate_until) {
    char key[STORE_MEMBER_KEY_MAX], room[WAYS_ROW_MAX];
    struct buf row = buf_over(room, sizeof room);
    struct ways w = ways_none();
    w.channel = channels[i];
    w.of[WAY_CARD] = (struct way){.state = WAY_REGISTERED,
                                  .since = D("2021-05-01"),
                                  .stated = D("2021-05-01"),
                                  .card_until = D(card_until),
                                  .certificate_until = D(certificate_until)};
    ways_row_put(&row, &w);
    desk_play_put(&play, STORE_WAYS, member_key(i, key), buf_str(&row));
}

static void put_certificate(int i, const char *until) {
    char key_room[STORE_MEMBER_KEY_MAX], room[WAYS_ROW_MAX], paper_room[WAYS_KEY_MAX];
    struct buf row = buf_over(room, sizeof room), key = buf_over(paper_room, sizeof paper_room);
    struct papers p = {.count = 1, .list = {{.made = D("2021-07-01"), .from = D("2021-07-01"), .until = D(until)}}};
    papers_row_put(&row, &p);
    paper_key(&key, member_key(i, key_room), PAPER_CERTIFICATE);
    desk_play_put(&play, STORE_PAPER, buf_str(&key), buf_str(&row));
}

static int begin(void **state) {
    (void)state;
    desk_play_begin(&play);
    scratch_make(&scratch);
    scratch_path(&scratch, "out", out);
    for (int i = 0; i < MEMBERS; i++) {
        struct coverage period;
        char number[8];
        snprintf(number, sizeof number, "%04d", i);
        struct member m = desk_play_member(&period, number, BRANCH_NONE, "1985-04-01", (uint8_t)(i + 1));
        if (i == 7) period.lost = D("2026-05-01");
        desk_play_store(&play, &m);
        if (i) put_ways(i, "2031-04-01", "2026-07-15");
    }
    return 0;
}
static int end(void **state) {
    (void)state;
    scratch_remove(&scratch);
    desk_play_end(&play);
    return 0;
}

static enum err remind(struct world *w, const char *on) {
    const struct remind_settings s = {.world = w,
                                      .desk = &play.desk,
                                      .asker = {.door = DOOR_COMMAND, .purpose = PURPOSE_OPERATION},
                                      .out = out,
                                      .on = D(on),
                                      .per_file = 2,
                                      .press = &press};
    fake.open = false;
    diag = (struct diag){0};
    return remind_run(&s, &progress, &diag);
}

/* ---- what the queues hold ---- */

struct found {
    size_t of[MEMBERS], refused;
};

static void count_lines(struct found *f, const char *path) {
    struct buf text;
    buf_init(&text, 1 << 20);
    assert_int_equal(world_read_file(world_real(), path, &text, NULL), ERR_OK);
    for (struct str rest = buf_str(&text); rest.n;) {
        struct str line = str_cut(&rest, '\n');
        struct str to = str_skip(line, str_find(line, S("06139448/12-34/")) + strlen("06139448/12-34/"));
        uint64_t number = 99;
        assert_true(str_uint(str_head(to, 4), MEMBERS - 1, &number));
        assert_true(line.p[line.n - 1] == '}');
        if (str_find(line, S("\"refused\"")) < line.n) f->refused++;
        else f->of[number]++;
    }
    buf_fini(&text);
}

static struct found found_in(const char *folder, const char *day) {
    struct found f = {0};
    for (unsigned c = 0; c < CHANNELS; c++)
        for (unsigned file = 1; file < 9; file++) {
            char path[SCRATCH_PATH_MAX + 64];
            snprintf(path, sizeof path, "%s/%s-%s/%06u.ndjson", folder, channel_word(c)->word, day, file);
            if (access(path, F_OK) == 0) count_lines(&f, path);
        }
    return f;
}

static void each_end_is_told_once_by_the_channel_chosen(void **state) {
    (void)state;
    assert_int_equal(remind(world_real(), "2026-06-01"), ERR_OK);
    assert_int_equal(progress.queued[CHANNEL_PAPER], 2); /* 1 and 5; 6 cannot be printed */
    assert_int_equal(progress.queued[CHANNEL_PORTAL], 2);
    assert_int_equal(progress.queued[CHANNEL_APP], 1);
    assert_int_equal(progress.refused, 1);
    struct found f = found_in(out, "2026-06-01");
    for (size_t i = 0; i < MEMBERS; i++) assert_int_equal(f.of[i], i >= 1 && i <= 5);
    assert_int_equal(f.refused, 1);
    assert_int_equal(store_count(play.desk.ways, STORE_REMINDER), 5);
    scratch_path(&scratch, "elsewhere", out);
    assert_int_equal(remind(world_real(), "2026-06-02"), ERR_OK);
    f = found_in(out, "2026-06-02");
    for (size_t i = 0; i < MEMBERS; i++) assert_int_equal(f.of[i], 0);
    assert_int_equal(f.refused, 1); /* tried again: a font may have come */
}

static void a_letter_is_where_its_line_says(void **state) {
    (void)state;
    char path[SCRATCH_PATH_MAX];
    struct buf text;
    buf_init(&text, 1 << 16);
    assert_int_equal(remind(world_real(), "2026-06-01"), ERR_OK);
    assert_int_equal(
        world_read_file(world_real(), scratch_path(&scratch, "out/paper-2026-06-01/000001.ndjson", path), &text, NULL),
        ERR_OK);
    struct str rest = buf_str(&text), first = str_cut(&rest, '\n'), second = str_cut(&rest, '\n');
    assert_true(str_ends(first, S(",\"file\":\"000001.pdf\",\"place\":1}")));
    assert_true(str_ends(second, S(",\"file\":\"000001.pdf\",\"place\":2}")));
    assert_true(str_starts(first, S("{\"notice\":\"")) &&
                str_find(first, S("\"kind\":\"card-certificate-ends\"")) < first.n);
    assert_true(str_find(first, S("\"from\":\"2026-07-16\"")) < first.n);
    buf_reset(&text);
    assert_int_equal(
        world_read_file(world_real(), scratch_path(&scratch, "out/paper-2026-06-01/000001.pdf", path), &text, NULL),
        ERR_OK);
    assert_str(buf_str(&text), S("00010005"));
    assert_int_equal(access(scratch_path(&scratch, "out/paper-2026-06-01/000002.pdf", path), F_OK), -1);
    buf_fini(&text);
}

static void a_renewed_certificate_has_its_own_end(void **state) {
    (void)state;
    assert_int_equal(remind(world_real(), "2026-06-01"), ERR_OK);
    put_ways(1, "2031-04-01", "2031-04-01");
    assert_int_equal(remind(world_real(), "2026-07-01"), ERR_OK);
    assert_int_equal(found_in(out, "2026-07-01").of[1], 0);
    assert_int_equal(remind(world_real(), "2031-02-01"), ERR_OK);
    assert_int_equal(found_in(out, "2031-02-01").of[1], 1);
}

static void a_certificate_s_end_is_told_to_who_gets_the_next_one(void **state) {
    (void)state;
    struct coverage period;
    struct member leaving = desk_play_member(&period, "0000", BRANCH_NONE, "1985-04-01", 1);
    put_certificate(0, "2026-06-30");
    assert_int_equal(remind(world_real(), "2026-06-01"), ERR_OK);
    assert_int_equal(found_in(out, "2026-06-01").of[0], 1);
    period.lost = D("2027-01-01");
    desk_play_store(&play, &leaving);
    put_certificate(0, "2026-12-31"); /* the last day covered */
    assert_int_equal(remind(world_real(), "2026-12-10"), ERR_OK);
    assert_int_equal(found_in(out, "2026-12-10").of[0], 0);
}

static void nobody_is_told_what_the_log_has_not_taken(void **state) {
    (void)state;
    sim_disk_fail(play.disk, SIM_SYNC, 1, EIO);
    assert_int_equal(remind(world_real(), "2026-06-01"), ERR_IO);
    assert_string_equal(diag.where, "ledger");
    struct found f = found_in(out, "2026-06-01");
    for (size_t i = 0; i < MEMBERS; i++) assert_int_equal(f.of[i], 0);
    assert_int_equal(store_count(play.desk.ways, STORE_REMINDER), 0);
}

static void the_log_knows_how_many_were_told(void **state) {
    (void)state;
    struct audit_event e;
    uint32_t told = 0;
    assert_int_equal(remind(world_real(), "2026-06-01"), ERR_OK);
    for (size_t i = 0; desk_play_event(&play, i, &e); i++) {
        assert_true(e.kind == AUDIT_REMINDED && day_eq(e.on, D("2026-06-01")));
        told += e.count;
    }
    assert_int_equal(told, 5);
}

/* Wherever it stops, the next run, in another folder on the next day, tells the rest and nobody again. */
static void a_run_stopped_anywhere_is_completed_elsewhere(void **state) {
    struct failing_world f;
    bool hit = true;
    for (size_t nth = 1; hit; nth++) {
        (void)remind(failing_world(&f, nth, EIO), "2026-06-01");
        hit = f.hit;
        struct found a = found_in(out, "2026-06-01");
        scratch_path(&scratch, "elsewhere", out);
        assert_int_equal(remind(world_real(), "2026-06-02"), ERR_OK);
        struct found b = found_in(out, "2026-06-02");
        for (size_t i = 0; i < MEMBERS; i++) assert_int_equal(a.of[i] + b.of[i], i >= 1 && i <= 5);
        assert_int_equal(store_count(play.desk.ways, STORE_REMINDER), 5);
        end(state), begin(state);
        assert_true(nth < 300);
    }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(each_end_is_told_once_by_the_channel_chosen),   TEST(a_letter_is_where_its_line_says),
        TEST(a_renewed_certificate_has_its_own_end),         TEST(a_certificate_s_end_is_told_to_who_gets_the_next_one),
        TEST(nobody_is_told_what_the_log_has_not_taken),     TEST(the_log_knows_how_many_were_told),
        TEST(a_run_stopped_anywhere_is_completed_elsewhere),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests_name("remind", tests, NULL, NULL);
}
