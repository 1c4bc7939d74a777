/* Whole nations in a folder; where a dirty insurer makes more of the same, it is made too. */
#include "base/json.h"
#include "core/verdict.h"
#include "lib/failing_world.h"
#include "lib/unit.h"
#include "service/people/people.h"
#include "service/people/question.h"
#include "service/people/sheets.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

static char folder[64];

static bool remove_name(void *context, const char *name) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", (const char *)context, name);
    (void)remove(path);
    return true;
}
static void remove_nation(const char *name) {
    char path[256];
    struct world *w = world_real();
    for (const char *const *in = (const char *const[]){"insurers", "dirty", "ways", NULL}; *in; in++) {
        snprintf(path, sizeof path, "%s/%s", name, *in);
        (void)!w->list(w, path, remove_name, path);
        (void)remove(path);
    }
    (void)!w->list(w, name, remove_name, (void *)name);
    (void)remove(name);
}

static int enter(void **state) {
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/mado-people-XXXXXX");
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}
static int leave(void **state) {
    (void)state;
    remove_nation("a"), remove_nation("b"), remove_nation("c");
    return chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

static struct people_job job_of(const char *name, uint64_t count, uint64_t seed) {
    return (struct people_job){
        .folder = name,
        .people = {
            .count = count, .seed = seed, .as_of = people_default_day(), .questions = people_default_questions(count)}};
}
static struct people_job dirty_job(const char *name, uint64_t count, uint64_t seed) {
    struct people_job job = job_of(name, count, seed);
    job.dirty = true, job.dirty_percent = 1000;
    return job;
}
static struct people_result make(struct people_job job) {
    struct people_result r;
    struct diag d = {0};
    if (people_write(world_real(), &job, &r, &d) != ERR_OK) print_error("%s %s\n", d.where, d.detail);
    assert_int_equal(r.people, job.people.count);
    return r;
}

static void read_whole(const char *of, const char *name, struct buf *out) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", of, name);
    buf_reset(out);
    assert_int_equal(world_read_file(world_real(), path, out, NULL), ERR_OK);
}

struct comparison {
    const char *a, *b;
    size_t same, different;
};
static bool compare_one(void *context, const char *name) {
    struct comparison *c = context;
    struct buf x, y;
    if (!str_ends(str_c(name), S("json"))) return true;
    buf_init(&x, 64 << 20), buf_init(&y, 64 << 20);
    read_whole(c->a, name, &x);
    read_whole(c->b, name, &y);
    if (str_eq(buf_str(&x), buf_str(&y))) c->same++;
    else c->different++;
    buf_fini(&x), buf_fini(&y);
    return true;
}
static struct comparison compare_in(const char *a, const char *b, const char *folder_in) {
    char x[64], y[64];
    struct world *w = world_real();
    snprintf(x, sizeof x, "%s/%s", a, folder_in), snprintf(y, sizeof y, "%s/%s", b, folder_in);
    struct comparison in = {x, y, 0, 0};
    assert_int_equal(w->list(w, x, compare_one, &in), 0);
    return in;
}
static struct comparison compare(const char *a, const char *b) {
    struct comparison c = {a, b, 0, 0}, in = compare_in(a, b, "insurers");
    assert_int_equal(world_real()->list(world_real(), a, compare_one, &c), 0);
    c.same += in.same, c.different += in.different;
    return c;
}

static void the_same_arguments_give_the_same_bytes(void **state) {
    (void)state;
    struct people_result r = make(job_of("a", 5000, 5));
    make(job_of("b", 5000, 5));
    struct comparison c = compare("a", "b");
    assert_int_equal(c.different, 0);
    assert_int_equal(c.same, r.insurers + 4); /* insurers, residents, questions, people.json */
    remove_nation("b");
    make(job_of("b", 5000, 47 + 5)); /* the same prefecture, other people */
    c = compare("a", "b");
    assert_true(c.same == 0 || c.different > c.same);
}

static void lists_of_ways_change_no_other_file(void **state) {
    (void)state;
    struct people_job job = job_of("b", 5000, 5);
    remove_nation("b");
    struct people_result r = make(job_of("a", 5000, 5));
    job.ways = true;
    make(job);
    struct comparison c = compare("a", "b");
    assert_int_equal(c.different, 0);
    assert_int_equal(c.same, r.insurers + 4);
    c = compare_in("b", "b", "ways");
    assert_int_equal(c.same, r.insurers); /* one for each */
}

/* Counts of what the questions of a town of 20,000 expect. */
struct tally {
    size_t questions, validity[7], ratio[101], warning[WARNING_COUNT], kind[QUESTION_KINDS_MAX];
};

static void tally_answer(struct tally *t, struct json expect) {
    uint64_t validity, ratio;
    bool newer;
    assert_true(json_uint(json_get(expect, "validity"), 6, &validity) && validity >= 1);
    assert_true(json_bool(json_get(expect, "newer"), &newer));
    assert_int_equal(newer, validity == 3);
    t->validity[validity]++;
    bool share = json_uint(json_get(expect, "ratio"), 100, &ratio), named = !json_none(json_get(expect, "name"));
    assert_int_equal(share, validity == 1 || validity == 6);
    assert_int_equal(named, validity != 4 && validity != 5);
    if (share) t->ratio[ratio]++;
    assert_int_equal(json_kind(json_get(expect, "warnings")), JSON_ARRAY);
    for (struct json w = json_first(json_get(expect, "warnings")); !json_none(w); w = json_next(w)) {
        struct str code;
        assert_true(json_str(w, &code));
        for (unsigned i = 0; i < WARNING_COUNT; i++)
            if (str_eq(code, str_c(warning_info((enum warning)i)->code))) t->warning[i]++;
    }
}

static void tally_questions(struct tally *t, const char *of) {
    struct buf text;
    struct arena a;
    buf_init(&text, 64 << 20);
    arena_init(&a, 1 << 20);
    read_whole(of, "questions.ndjson", &text);
    for (struct str rest = buf_str(&text); rest.n; t->questions++) {
        struct json line;
        struct str kind;
        arena_reset(&a);
        assert_int_equal(json_read(&a, str_cut(&rest, '\n'), &line, NULL), ERR_OK);
        tally_answer(t, json_get(line, "expect"));
        assert_true(json_str(json_get(line, "kind"), &kind));
        for (size_t k = 0; k < question_kind_count(); k++)
            if (str_eq(kind, str_c(question_kind_name(k)))) t->kind[k]++;
    }
    arena_fini(&a);
    buf_fini(&text);
}

static void a_town_of_20000_asks_for_every_kind_of_answer(void **state) {
    static const unsigned shares[] = {0, 10, 20, 30, 100};
    struct tally t = {0};
    (void)state;
    make(job_of("a", 20000, 3));
    tally_questions(&t, "a");
    assert_int_equal(t.questions, 2000);
    for (unsigned v = 1; v <= 6; v++) assert_true(t.validity[v] > 0);
    for (size_t s = 0; s < ARRAY_LEN(shares); s++) assert_true(t.ratio[shares[s]] > 0);
    /* Links and ways are not among what questions are made from. */
    for (unsigned w = 0; w < WARNING_COUNT; w++) assert_int_equal(t.warning[w] > 0, w < WARNING_OVERLAP);
    for (size_t k = 0; k < question_kind_count(); k++) row_check(t.kind[k] > 0, question_kind_name(k));
}

static void the_number_of_questions_is_met_exactly(void **state) {
    static const struct {
        uint64_t people, questions;
    } rows[] = {{1, 1}, {2, 2}, {7, 7}, {999, 999}, {1001, 1000}, {3000, 0}, {3000, 1}, {3000, 3000}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct people_job job = job_of("a", rows[i].people, 9);
        struct tally t = {0};
        job.people.questions = rows[i].questions;
        make(job);
        tally_questions(&t, "a");
        assert_int_equal(t.questions, rows[i].questions);
    }
}

static bool read_lines(void *context, const char *name) {
    size_t *lines = context;
    struct buf text;
    struct arena a;
    char path[300];
    buf_init(&text, 64 << 20);
    arena_init(&a, 1 << 20);
    snprintf(path, sizeof path, "insurers/%s", name);
    read_whole("a", path, &text);
    for (struct str rest = buf_str(&text); rest.n; ++*lines) {
        struct json line;
        bool first = rest.p == text.p;
        arena_reset(&a);
        assert_int_equal(json_read(&a, str_cut(&rest, '\n'), &line, NULL), ERR_OK);
        assert_int_equal(first, !json_none(json_get(line, "op")));
        assert_false(json_none(json_get(line, first ? "name" : "number")));
    }
    arena_fini(&a);
    buf_fini(&text);
    return true;
}
static void every_insurers_file_begins_with_its_name_and_holds_objects(void **state) {
    size_t lines = 0;
    struct world *w = world_real();
    (void)state;
    struct people_result r = make(job_of("a", 4000, 2));
    assert_int_equal(w->list(w, "a/insurers", read_lines, &lines), 0);
    assert_int_equal(lines, r.periods + r.insurers);
}

static void one_insurers_file_is_the_same_made_alone(void **state) {
    struct people_job job = job_of("b", 6000, 2);
    char name[40] = "";
    struct nation n;
    struct buf all, alone;
    (void)state;
    make(job_of("a", 6000, 2));
    assert_int_equal(nation_init(&n, world_real(), &job.people, NULL), ERR_OK);
    job.only_insurer = n.insurers[n.kouki[n.municipalities[0].prefecture]].number;
    snprintf(name, sizeof name, "insurers/%s.ndjson", n.insurers[n.kouki[n.municipalities[0].prefecture]].digits);
    nation_fini(&n);
    job.insurers_only = true;
    make(job);
    buf_init(&all, 64 << 20), buf_init(&alone, 64 << 20);
    read_whole("a", name, &all);
    read_whole("b", name, &alone);
    assert_str(buf_str(&alone), buf_str(&all));
    assert_true(all.n > 1000);
    assert_int_not_equal(access("b/residents.ndjson", F_OK), 0);
    buf_fini(&all), buf_fini(&alone);
}

static void a_dirty_insurer_is_the_same_every_time(void **state) {
    (void)state;
    struct people_result r = make(dirty_job("a", 5000, 5));
    make(dirty_job("b", 5000, 5));
    struct comparison c = compare("a", "b"), in = compare_in("a", "b", "dirty");
    assert_int_equal(c.different + in.different, 0);
    assert_int_equal(c.same, r.insurers + 5); /* truth.ndjson beside the others */
    assert_int_equal(in.same, r.insurers);
    assert_true(r.members > 5000 && r.clean < r.members && r.mistakes[MISTAKE_number_blank] > 0);
}

static void one_dirty_file_is_the_same_made_alone(void **state) {
    struct people_job job = dirty_job("b", 6000, 2);
    char name[40] = "";
    struct nation n;
    struct buf all, alone;
    (void)state;
    struct people_result r = make(dirty_job("a", 6000, 2));
    assert_int_equal(nation_init(&n, world_real(), &job.people, NULL), ERR_OK);
    job.only_insurer = n.insurers[n.kyokai[n.municipalities[0].prefecture]].number;
    snprintf(name, sizeof name, "dirty/%s.ndjson", n.insurers[n.kyokai[n.municipalities[0].prefecture]].digits);
    nation_fini(&n);
    job.insurers_only = true;
    struct people_result one = make(job);
    buf_init(&all, 64 << 20), buf_init(&alone, 64 << 20);
    read_whole("a", name, &all);
    read_whole("b", name, &alone);
    assert_str(buf_str(&alone), buf_str(&all));
    assert_true(one.members > 1000 && one.members < r.members);
    read_whole("b", "truth.ndjson", &alone);
    uint64_t lines = 0;
    for (struct str rest = buf_str(&alone); rest.n; lines++) (void)str_cut(&rest, '\n');
    assert_int_equal(lines, one.members);
    buf_fini(&all), buf_fini(&alone);
}

static void who_is_in_no_registry_is_not_among_the_residents(void **state) {
    struct people_result r;
    struct buf text;
    size_t residents = 0;
    (void)state;
    r = make(dirty_job("a", 5000, 5));
    buf_init(&text, 64 << 20);
    read_whole("a", "residents.ndjson", &text);
    for (struct str rest = buf_str(&text); rest.n; residents++) (void)str_cut(&rest, '\n');
    assert_true(r.mistakes[MISTAKE_no_resident] > 0);
    assert_true(residents < 5000 && residents > 4900); /* 0.5 % of the people at ten times the table's rate */
    buf_fini(&text);
}

static void a_plain_nation_leaves_nothing_of_a_dirty_one(void **state) {
    struct comparison c;
    size_t lines = 0;
    (void)state;
    make(dirty_job("a", 3000, 5));
    make(job_of("b", 3000, 5));
    make(job_of("a", 3000, 5));
    c = compare("b", "a");
    assert_int_equal(c.different, 0);
    assert_int_not_equal(access("a/truth.ndjson", F_OK), 0);
    assert_int_equal(world_real()->list(world_real(), "a/dirty", read_lines, &lines), 0);
    assert_int_equal(lines, 0);
}

static void files_that_are_not_ours_are_left_alone(void **state) {
    struct people_job job = job_of("c", 10, 1);
    struct people_result r;
    struct diag d = {0};
    (void)state;
    assert_int_equal(world_make_folder("c/insurers", NULL), ERR_OK);
    int fd = open("c/insurers/06139448.ndjson", O_CREAT | O_WRONLY, 0600);
    assert_true(fd >= 0 && write(fd, "x\n", 2) == 2 && close(fd) == 0);
    assert_int_equal(people_write(world_real(), &job, &r, &d), ERR_CONFLICT);
    assert_int_equal(access("c/insurers/06139448.ndjson", F_OK), 0);
    assert_int_equal(unlink("c/insurers/06139448.ndjson"), 0);
    make(job);
    make(job_of("c", 3000, 33)); /* another prefecture: the files of the first nation are gone */
    struct people_result again = make(job_of("c", 10, 1));
    size_t lines = 0;
    remove_nation("a");
    assert_int_equal(rename("c", "a"), 0);
    assert_int_equal(world_real()->list(world_real(), "a/insurers", read_lines, &lines), 0);
    assert_int_equal(lines, again.periods + again.insurers);
}

static void a_full_disk_at_any_moment_is_an_error(void **state) {
    struct failing_world f;
    struct people_result r;
    size_t failures = 0;
    (void)state;
    for (size_t nth = 1;; nth++) {
        struct people_job job = dirty_job("b", 300, 4);
        struct diag d = {0};
        remove_nation("b");
        struct world *w = failing_world(&f, nth, ENOSPC);
        enum err e = people_write(w, &job, &r, &d);
        if (!f.hit) {
            assert_int_equal(e, ERR_OK);
            break;
        }
        /* Not being able to read an old people.json is no failure: it is as good as none. */
        if (e == ERR_OK) assert_int_equal(r.people, 300);
        else assert_int_equal(d.err, e), failures++;
    }
    assert_true(failures > 50);
}

static long peak_kib(void) {
    struct rusage u;
    assert_int_equal(getrusage(RUSAGE_SELF, &u), 0);
    return u.ru_maxrss;
}
#if defined(__SANITIZE_ADDRESS__)
#define KEEPS_FREED_MEMORY 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define KEEPS_FREED_MEMORY 1
#endif
#endif
#ifndef KEEPS_FREED_MEMORY
#define KEEPS_FREED_MEMORY 0
#endif

static void memory_does_not_grow_with_the_people(void **state) {
    (void)state;
    if (KEEPS_FREED_MEMORY) skip(); /* the sanitizer holds on to what was freed: the peak says nothing */
    struct people_job small = dirty_job("a", 40000, 8), large = dirty_job("b", 240000, 8);
    /* The same number of insurers in both, so that buffers are the same: one prefecture's places named in a file. */
    int fd = open("places.tsv", O_CREAT | O_WRONLY | O_TRUNC, 0600);
    static const char text[] = "13\t世田谷区\t太子堂\t1540004\t9\n13\t大田区\t蒲田\t1440052\t7\n";
    assert_true(fd >= 0 && write(fd, text, sizeof text - 1) == (ssize_t)sizeof text - 1 && close(fd) == 0);
    small.people.places = large.people.places = "places.tsv";
    make(small);
    long before = peak_kib();
    make(large);
    long after = peak_kib();
    assert_int_equal(unlink("places.tsv"), 0);
    /* What is allowed to grow is the fill of the buffers. A kilobyte kept for each of the 200,000 more would be four times that. */
    assert_true(after - before <= SHEETS_MEMORY / 1024);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_does_not_grow_with_the_people),
        cmocka_unit_test(the_same_arguments_give_the_same_bytes),
        cmocka_unit_test(lists_of_ways_change_no_other_file),
        cmocka_unit_test(a_town_of_20000_asks_for_every_kind_of_answer),
        cmocka_unit_test(the_number_of_questions_is_met_exactly),
        cmocka_unit_test(every_insurers_file_begins_with_its_name_and_holds_objects),
        cmocka_unit_test(one_insurers_file_is_the_same_made_alone),
        cmocka_unit_test(a_dirty_insurer_is_the_same_every_time),
        cmocka_unit_test(one_dirty_file_is_the_same_made_alone),
        cmocka_unit_test(who_is_in_no_registry_is_not_among_the_residents),
        cmocka_unit_test(a_plain_nation_leaves_nothing_of_a_dirty_one),
        cmocka_unit_test(files_that_are_not_ours_are_left_alone),
        cmocka_unit_test(a_full_disk_at_any_moment_is_an_error),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
