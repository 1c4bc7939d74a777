/* A window without a line: most of a day with one, seventy-two hours without, a day with one again, as a simulation with a seed. Clock and disk are the world's seam:
 * the window's clock steps both ways, its writes meet a full disk, and it dies at any operation and starts anew. The centre signs its answers, or
 * leaves it, or somebody else signs them. Patients come with numbers, booked or not, or with nothing, and state who they are.
 *
 * What always holds:
 *   1  a bill of 100 % has a denial that the centre signed for that person and that day, and none else
 *   2  no visit is lost: each is answered, and what was answered without the centre has come to it when the line is back
 *   3  none is doubled: the centre has each statement once, and a result that stands is never another one
 *
 * MADO_SIM_VISITS (300), MADO_SIM_SEEDS (3), MADO_SIM_SEED (1): how many, of how many seeds, from which on. */
#include "edge/receipt/folders.h"
#include "lib/attested.h"
#include "lib/scratch.h"
#include "lib/sim_disk.h"
#include "lib/unit.h"

#include <errno.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#define HOUR_US INT64_C(3600000000)
#define DAY_US  (24 * HOUR_US)
#define START   1780239600000000 /* 2026-06-01 00:00 in Japan */
enum { PEOPLE = 40, DAYS = 40, HOURS_UP = 18, HOURS_DOWN = 72, HOURS_AFTER = 24, TURNS_MAX = 4000, BOOKED = 20 };

enum truth { COVERED, LOST, PAYS_ALL };
struct person {
    enum truth truth;
    unsigned ratio;      /* of COVERED */
    bool denied[DAYS];   /* the centre signed it, about that day from the start on */
    bool asked[DAYS];    /* the centre was asked about it */
    bool recalled[DAYS]; /* the window answered from memory */
};

enum { STATEMENTS_MAX = 1 << 16 };
struct sim {
    struct world world; /* first */
    uint64_t seed;
    struct scratch scratch;
    struct attested centre, stranger;
    struct person people[PEOPLE];
    int64_t true_us, step_us, steady_us;
    bool up, full;
    unsigned die_in; /* operations until the window dies; 0: it lives on */
    bool dead;
    unsigned booked[BOOKED];
    char (*statements)[STATEMENT_ID + 1]; /* that came to the centre, each once */
    size_t statement_count, stated;
    struct buf reply;
    struct arena arena;
    struct known known;
    struct statements journal;
    struct folders *folders;
    size_t deaths, fulls, bills_100, recalls;
};

static unsigned draw(struct sim *s, unsigned n) { return (unsigned)(sim_random(&s->seed) % n); }
static int day_index(struct day d) { return d.n - day_in_japan(START).n + 5; } /* clocks step back */

/* ---- the world ---- */

static int64_t sim_now(struct world *w) { return ((struct sim *)w)->true_us + ((struct sim *)w)->step_us; }
static int64_t sim_steady(struct world *w) { return ((struct sim *)w)->steady_us; }

/* Each operation that changes the disk may be the last. */
static bool refused(struct world *w) {
    struct sim *s = (struct sim *)w;
    if (!s->dead && s->die_in && --s->die_in == 0) s->dead = true, s->deaths++;
    errno = s->dead ? EIO : ENOSPC;
    if (!s->dead && s->full && draw(s, 2) == 0) return s->fulls++, true;
    return s->dead;
}
static int sim_open(struct world *w, const char *path, int flags, mode_t mode) {
    bool writes = flags & 3;
    return writes && refused(w) ? -1 : world_real()->open(w, path, flags, mode);
}
static ssize_t sim_pwrite(struct world *w, int fd, const void *from, size_t n, off_t at) {
    if (!refused(w)) return world_real()->pwrite(w, fd, from, n, at);
    int error = errno;
    (void)!world_real()->pwrite(w, fd, from, n / 2, at);
    errno = error;
    return -1;
}
static int sim_sync(struct world *w, int fd) { return (void)fd, refused(w) ? -1 : 0; }
static int sim_sync_folder(struct world *w, const char *folder) { return (void)folder, refused(w) ? -1 : 0; }
static int sim_rename(struct world *w, const char *from, const char *to) {
    return refused(w) ? -1 : world_real()->rename(w, from, to);
}
static int sim_unlink(struct world *w, const char *path) {
    return ((struct sim *)w)->dead ? (errno = EIO, -1) : world_real()->unlink(w, path);
}

/* ---- the centre ---- */

static void put_result(struct buf *b, const struct person *p, bool list) {
    if (list) buf_puts(b, "\"ResultList\":[{");
    buf_printf(b,
               "\"ResultOfQualificationConfirmation\":{\"InsurerNumber\":\"06139448\",\"Birthdate\":\"19850401\","
               "\"QualificationDate\":\"20200401\",\"InsuredPartialContributionRatio\":\"%03u\"}",
               p->truth == PAYS_ALL ? 100
               : p->truth == LOST   ? 30
                                    : p->ratio);
    if (list) buf_puts(b, "}]");
}

static void put_told(struct buf *b, unsigned n, const struct person *p, bool list) {
    buf_printf(
        b,
        "\"QualificationConfirmSearchInfo\":{\"InsurerNumber\":\"06139448\",\"InsuredIdentificationNumber\":\"%u\","
        "\"Birthdate\":\"19850401\"},\"ProcessingResultStatus\":\"1\",\"QualificationValidity\":\"%d\",",
        n + 1, p->truth == LOST ? VALIDITY_NOT : VALID);
    put_result(b, p, list);
}

/* Signed by the centre most of the time; sometimes by nobody, sometimes by a stranger. */
static void seal(struct sim *s, struct str plain, unsigned n, struct day on) {
    struct person *p = &s->people[n];
    unsigned how = draw(s, 10);
    buf_reset(&s->reply);
    if (how == 0) buf_put(&s->reply, plain);
    else attested_put(how == 1 ? &s->stranger : &s->centre, plain, s->true_us, &s->reply);
    if (how > 1 && p->truth != COVERED) p->denied[day_index(on)] = true;
}

static void put_header(struct buf *b, struct day on) {
    buf_puts(
        b,
        "{\"XmlMsg\":{\"MessageHeader\":{\"MedicalInstitutionCode\":\"0110113719\",\"SegmentOfResult\":\"1\",\"QualificationConfirmationDate\":\"");
    day_put_basic(b, on);
    buf_puts(b, "\"},\"MessageBody\":{");
}

static bool index_of(const struct unit *u, unsigned *out) {
    uint64_t n = 0;
    if (!str_uint(u->question.id.number, PEOPLE, &n) || n == 0) return false;
    *out = (unsigned)n - 1;
    return true;
}

static void answer_bulk(struct sim *s, struct day on) {
    struct buf b;
    buf_init(&b, 1 << 20);
    put_header(&b, on), buf_puts(&b, "\"BulkConfirmUnit\":[");
    for (size_t i = 0; i < BOOKED; i++) {
        buf_puts(&b, i ? ",{" : "{");
        put_told(&b, s->booked[i], &s->people[s->booked[i]], false), buf_putc(&b, '}');
    }
    buf_puts(&b, "]}}}");
    buf_reset(&s->reply);
    attested_put(&s->centre, buf_str(&b), s->true_us, &s->reply);
    for (size_t i = 0; i < BOOKED; i++)
        if (s->people[s->booked[i]].truth != COVERED) s->people[s->booked[i]].denied[day_index(on)] = true;
    buf_fini(&b);
}

static void answer_single(struct sim *s, unsigned n, struct day on) {
    struct buf b;
    buf_init(&b, 1 << 16);
    put_header(&b, on), put_told(&b, n, &s->people[n], true), buf_puts(&b, "}}}");
    if (day_index(on) >= 0 && day_index(on) < DAYS) {
        s->people[n].asked[day_index(on)] = true;
        seal(s, buf_str(&b), n, on);
    }
    buf_fini(&b);
}

static void take_statement(struct sim *s, const struct tree *t) {
    struct str number = tree_text(tree_child(t, S("MessageBody")), S("StatementNumber"));
    bool there = false;
    for (size_t i = 0; i < s->statement_count && !there; i++) there = str_eq(number, str_c(s->statements[i]));
    if (!there)
        assert_true(s->statement_count < STATEMENTS_MAX &&
                    str_to_c(number, s->statements[s->statement_count++], STATEMENT_ID + 1));
    buf_reset(&s->reply);
    buf_puts(
        &s->reply,
        "{\"XmlMsg\":{\"MessageHeader\":{\"SegmentOfResult\":\"1\"},\"MessageBody\":{\"ProcessingResultStatus\":\"1\"}}}");
}

static enum err ask(void *context, const char *path, struct str json, int *status, struct str *reply, struct diag *d) {
    struct sim *s = context;
    struct tree *t;
    struct request r;
    if (!s->up || draw(s, 40) == 0) return diag_set(d, draw(s, 2) ? ERR_UNAVAILABLE : ERR_TIMEOUT, "", NULL);
    arena_reset(&s->arena);
    assert_int_equal(tree_read_json(&s->arena, json, &t, NULL), ERR_OK);
    struct day today = day_in_japan(s->true_us);
    unsigned n = 0;
    if (str_eq(str_c(path), S("/mado/statement"))) {
        take_statement(s, t);
    } else if (str_eq(str_c(path), S("/oqs/OQSmuquc02"))) {
        answer_bulk(s, today);
    } else {
        assert_int_equal(request_read(&s->arena, t, MESSAGE_SINGLE, &r, NULL), ERR_OK);
        assert_true(index_of(&r.units[0], &n));
        answer_single(s, n, day_is(r.on) ? r.on : today);
    }
    *status = 200, *reply = buf_str(&s->reply);
    return draw(s, 60) ? ERR_OK
                       : diag_set(d, ERR_TIMEOUT, "", NULL); /* done there, and the line broke before the answer */
}

/* ---- the window ---- */

static void shut(struct sim *s) {
    folders_close(s->folders), s->folders = NULL;
    known_close(&s->known);
    if (s->journal.kept) statements_close(&s->journal);
    s->dead = false, s->die_in = 0;
}

static bool open_window(struct sim *s) {
    char memory[SCRATCH_PATH_MAX];
    const struct known_settings k = {.world = &s->world,
                                     .folder = scratch_path(&s->scratch, "oqs/.mado", memory),
                                     .secret = S("a private key"),
                                     .ca = s->centre.ca,
                                     .institution = {110113719}};
    const struct statements_settings j = {
        .world = &s->world, .folder = k.folder, .secret = k.secret, .institution = k.institution};
    char root[SCRATCH_PATH_MAX];
    struct folders_settings f = {
        .folder = scratch_path(&s->scratch, "oqs", root), .world = &s->world, .centre = {ask, s}};
    f.form = (struct folder_form){
        .encoding = FOLDER_UTF8, .institution = k.institution, .statements = &s->journal, .known = &s->known};
    f.stay_minutes = 1 << 30;
    if (known_open(&s->known, &k, NULL) == ERR_OK && statements_open(&s->journal, &j, NULL) == ERR_OK &&
        folders_open(&s->folders, &f, NULL) == ERR_OK)
        return true;
    shut(s);
    return false;
}

/* One turn of a window that may have died: then another one is started. */
static void turn(struct sim *s) {
    if (s->folders == NULL && !open_window(s)) return;
    (void)folders_turn(s->folders);
    s->steady_us += 700000;
    if (s->dead) shut(s);
}

/* ---- a visit ---- */

static const char *in(struct sim *s, const char *sub, const char *file, char out[SCRATCH_PATH_MAX]) {
    char name[SCRATCH_PATH_MAX];
    snprintf(name, sizeof name, "oqs/%s/%s", sub, file);
    return scratch_path(&s->scratch, name, out);
}

static void drop_request(struct sim *s, const char *file, struct str body, const char *on) {
    char path[SCRATCH_PATH_MAX];
    struct buf b;
    buf_init(&b, 1 << 16);
    buf_puts(&b, "<XmlMsg><MessageHeader><MedicalInstitutionCode>0110113719</MedicalInstitutionCode>");
    if (on) buf_printf(&b, "<QualificationConfirmationDate>%s</QualificationConfirmationDate>", on);
    buf_puts(&b, "</MessageHeader><MessageBody>"), buf_put(&b, body), buf_puts(&b, "</MessageBody></XmlMsg>");
    assert_int_equal(world_replace_file_soon(world_real(), in(s, "req", file, path), buf_str(&b), 0600, NULL), ERR_OK);
    buf_fini(&b);
}

static void step_clock(struct sim *s) {
    static const int64_t steps[] = {0, 0, 60000000, -60000000, HOUR_US, -HOUR_US, 2 * DAY_US, -2 * DAY_US};
    s->step_us = steps[draw(s, ARRAY_LEN(steps))];
}

/* Until the result stands: a visit that is never answered is lost. */
static struct tree *await(struct sim *s, const char *file) {
    char path[SCRATCH_PATH_MAX];
    struct tree *t = NULL;
    struct buf b;
    buf_init(&b, 1 << 20);
    for (int i = 0; access(in(s, "res", file, path), F_OK) != 0; i++) {
        if (i == TURNS_MAX) fail_msg("%s: a visit was lost", file);
        turn(s);
        s->full = s->full && i < 60; /* somebody makes room */
    }
    assert_int_equal(world_read_file(world_real(), path, &b, NULL), ERR_OK);
    arena_reset(&s->arena);
    assert_int_equal(tree_read_xml(&s->arena, buf_str(&b), &t, NULL), ERR_OK);
    buf_fini(&b);
    return t;
}

static void bill(struct sim *s, unsigned n, const struct tree *answer) {
    const struct tree *body = tree_child(answer, S("MessageBody"));
    uint64_t ratio = 0;
    struct day on;
    assert_true(str_uint(tree_text(body, S("InsuredPartialContributionRatio")), 100, &ratio));
    assert_true(
        day_parse_basic(tree_text(tree_child(answer, S("MessageHeader")), S("QualificationConfirmationDate")), &on));
    if (ratio != 100) return assert_true(ratio <= 30);
    s->bills_100++;
    if (day_index(on) < 0 || day_index(on) >= DAYS || !s->people[n].denied[day_index(on)])
        fail_msg("a bill of 100 %% without a signed denial: person %u", n);
}

/* What does not confirm is stated; only that says what to pay, also of what a live line denied. */
static void state_it(struct sim *s, unsigned visit, unsigned n, bool knows_number, const char *on) {
    char file[64], body[512];
    int m = snprintf(body, sizeof body,
                     "<StatementInfo><NameKana>カナ%u</NameKana><Birthdate>19850401</Birthdate><Sex1>1</Sex1>"
                     "<StatementConfirmFlag>1</StatementConfirmFlag><StatedRatio>0%u0</StatedRatio>",
                     n, draw(s, 4));
    if (knows_number)
        m += snprintf(
            body + m, sizeof body - (size_t)m,
            "<InsurerNumber>06139448</InsurerNumber><InsuredIdentificationNumber>%u</InsuredIdentificationNumber>",
            n + 1);
    snprintf(body + m, sizeof body - (size_t)m, "</StatementInfo>");
    snprintf(file, sizeof file, "MDOsistm01req_%u.xml", visit);
    drop_request(s, file, str_c(body), on);
    s->stated++;
    snprintf(file, sizeof file, "MDOsistm01res_%u.xml", visit);
    bill(s, n, await(s, file));
}

static void by_number(struct sim *s, unsigned visit, unsigned n, const char *on) {
    char file[64], body[512];
    snprintf(body, sizeof body,
             "<QualificationConfirmSearchInfo><InsurerNumber>06139448</InsurerNumber><InsuredIdentificationNumber>%u"
             "</InsuredIdentificationNumber><Birthdate>19850401</Birthdate></QualificationConfirmSearchInfo>",
             n + 1);
    snprintf(file, sizeof file, "OQSsiquc01req_%u.xml", visit);
    drop_request(s, file, str_c(body), on);
    snprintf(file, sizeof file, "OQSsiquc01res_%u.xml", visit);
    const struct tree *t = await(s, file), *b = tree_child(t, S("MessageBody"));
    const struct tree *result = tree_child(tree_child(b, S("ResultList")), S("ResultOfQualificationConfirmation"));
    struct str ratio = tree_text(result, S("InsuredPartialContributionRatio"));
    bool recalled = str_eq(tree_text(b, S("ProcessingResultCode")), S(KNOWN_NOTE_CODE));
    struct day d;
    if (recalled &&
        day_parse_basic(tree_text(tree_child(t, S("MessageHeader")), S("QualificationConfirmationDate")), &d) &&
        day_index(d) >= 0 && day_index(d) < DAYS) {
        assert_true(str_eq(tree_text(b, S("QualificationValidity")), S("1"))); /* nobody is denied from memory */
        if (str_eq(ratio, S("100"))) assert_true(s->people[n].denied[day_index(d)]);
        s->people[n].recalled[day_index(d)] = true, s->recalls++;
    }
    bool confirms = str_eq(tree_text(b, S("QualificationValidity")), S("1")) && ratio.n == 3 && ratio.p[0] == '0';
    if (!confirms) state_it(s, visit, n, true, on);
}

static void book(struct sim *s, unsigned visit) {
    char file[64];
    for (size_t i = 0; i < BOOKED; i++) s->booked[i] = draw(s, PEOPLE);
    snprintf(file, sizeof file, "OQSmuquc02req_%u.xml", visit);
    drop_request(s, file, S("<ReceptionNumber>1</ReceptionNumber>"), NULL);
    snprintf(file, sizeof file, "OQSmuquc02res_%u.xml", visit);
    (void)await(s, file);
}

static void visit(struct sim *s, unsigned i) {
    unsigned n = draw(s, PEOPLE), how = draw(s, 10);
    char day_room[9] = {0};
    struct buf b = buf_over(day_room, 8);
    if (draw(s, 12) == 0) step_clock(s);
    if (draw(s, 15) == 0) s->full = true;
    if (draw(s, 8) == 0) s->die_in = 1 + draw(s, 60);
    unsigned off = draw(s, 6); /* now and then about the day before or after */
    day_put_basic(&b, day_add(day_in_japan(s->true_us), off == 0 ? -1 : off == 1 ? 1 : 0));
    const char *on = draw(s, 2) ? day_room : NULL; /* else the window's clock says the day */
    if (s->up && how == 0) book(s, i);
    else if (how <= 3) state_it(s, i, n, draw(s, 2), on);
    else by_number(s, i, n, on);
    s->full = false;
}

/* ---- the whole ---- */

static void begin_sim(struct sim *s, uint64_t seed) {
    *s = (struct sim){.world = *world_real(), .seed = seed * 2654435761u + 1, .true_us = START, .up = true};
    s->world.now_us = sim_now, s->world.steady_us = sim_steady, s->world.open = sim_open, s->world.pwrite = sim_pwrite;
    s->world.fdatasync = sim_sync, s->world.sync_folder = sim_sync_folder, s->world.rename = sim_rename;
    s->world.unlink = sim_unlink;
    s->statements = calloc(STATEMENTS_MAX, sizeof *s->statements);
    assert_non_null(s->statements);
    scratch_make(&s->scratch);
    attested_make(&s->centre, START), attested_make(&s->stranger, START);
    buf_init(&s->reply, 8 << 20);
    arena_init(&s->arena, TREE_ARENA_MAX);
    for (unsigned i = 0; i < PEOPLE; i++) {
        unsigned kind = draw(s, 6);
        s->people[i] = (struct person){.truth = kind == 0   ? LOST
                                                : kind == 1 ? PAYS_ALL
                                                            : COVERED,
                                       .ratio = 10 * draw(s, 4)};
    }
    assert_true(open_window(s));
}

static void end_sim(struct sim *s) {
    shut(s);
    buf_fini(&s->reply), arena_fini(&s->arena);
    attested_remove(&s->centre), attested_remove(&s->stranger);
    scratch_remove(&s->scratch);
    free(s->statements);
}

/* The line is back, clock and disk are well again: everything that waits goes its way; and some turns more, in which nothing may come twice. */
static void recover(struct sim *s) {
    s->up = true, s->full = false, s->die_in = 0, s->step_us = 0;
    for (unsigned i = 0, well = 0; i < TURNS_MAX && well < 200; i++) {
        turn(s);
        well += s->folders && sealed_count(s->known.later) == 0 && s->statement_count >= s->stated;
    }
}

static void check_nothing_is_lost_or_doubled(struct sim *s) {
    if (s->statement_count != s->stated)
        fail_msg("%zu statements were made and %zu came", s->stated, s->statement_count);
    for (unsigned i = 0; i < PEOPLE; i++)
        for (unsigned d = 0; d < DAYS; d++)
            if (s->people[i].recalled[d] && !s->people[i].asked[d])
                fail_msg("person %u was answered from memory for day %u, and the centre never learnt of it", i, d);
    assert_int_equal(sealed_count(s->known.later), 0);
}

static unsigned setting(const char *name, unsigned otherwise) {
    uint64_t n = 0;
    return getenv(name) && str_uint(str_c(getenv(name)), 1000000, &n) ? (unsigned)n : otherwise;
}

static void run(uint64_t seed, unsigned visits) {
    struct sim *s = calloc(1, sizeof *s);
    const int64_t all_us = (HOURS_UP + HOURS_DOWN + HOURS_AFTER) * HOUR_US;
    assert_non_null(s);
    begin_sim(s, seed);
    for (unsigned i = 0; i < visits; i++) {
        int64_t at = all_us / visits * i;
        s->true_us = START + at;
        s->up = at < HOURS_UP * HOUR_US || at >= (HOURS_UP + HOURS_DOWN) * HOUR_US;
        visit(s, i);
    }
    recover(s);
    check_nothing_is_lost_or_doubled(s);
    print_message(
        "seed %llu: %u visits, %zu from memory, %zu statements, %zu bills of 100 %%, %zu deaths, %zu refused writes\n",
        (unsigned long long)seed, visits, s->recalls, s->stated, s->bills_100, s->deaths, s->fulls);
    assert_true(s->recalls > 0 && s->stated > 0 && s->deaths > 0 && s->fulls > 0);
    end_sim(s);
    free(s);
}

static void seventy_two_hours_without_a_line_deny_nobody_and_lose_nobody(void **state) {
    (void)state;
    unsigned seeds = setting("MADO_SIM_SEEDS", 3), first = setting("MADO_SIM_SEED", 1),
             visits = setting("MADO_SIM_VISITS", 300);
    assert_true(sodium_init() >= 0);
    for (unsigned i = 0; i < seeds; i++) run(first + i, visits);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seventy_two_hours_without_a_line_deny_nobody_and_lose_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
