#include "edge/insurer_file/insurer_file.h"
#include "edge/links/links.h"
#include "edge/registry_file/registry_file.h"
#include "lib/scratch.h"
#include "lib/unit.h"
#include "service/link/linking.h"
#include "service/people/people.h"
#include "service/quality/quality.h"

#include <dirent.h>
#include <sodium.h>
#include <unistd.h>

static struct scratch scratch;

static int begin(void **state) {
    (void)state;
    scratch_make(&scratch);
    return sodium_init() < 0 ? -1 : 0;
}

static int end(void **state) {
    (void)state;
    scratch_remove(&scratch);
    return 0;
}

/* ---- one run ---- */

struct run {
    struct linking linking;
    struct buf lines, refused;
    uint64_t outcomes[LINK_OUTCOMES], doubtful;
};

/* Stands for the vault. */
static enum err tokens(void *context, const struct mynumber *numbers, size_t count, struct link_token *out,
                       struct diag *d) {
    (void)context, (void)d;
    for (size_t i = 0; i < count; i++)
        crypto_generichash(out[i].bytes, sizeof out[i].bytes, numbers[i].sealed_digits, 12, NULL, 0);
    return ERR_OK;
}

static enum err result(void *context, const struct link_result *r, struct diag *d) {
    struct run *run = context;
    struct link_result one = *r;
    run->outcomes[link_rule_info(r->rule)->outcome]++;
    run->doubtful += r->wrong > 0;
    one.wrong = 0; /* is learned batch by batch; decides nothing */
    return links_put(&run->lines, &one, d);
}

static enum err refused(void *context, const char *path, uint64_t line, const struct diag *why, struct diag *d) {
    struct run *run = context;
    (void)path, (void)d;
    buf_printf(&run->refused, "%llu %s\n", (unsigned long long)line, err_info(why->err)->name);
    return ERR_OK;
}

static void run_init(struct run *run, const char *residents, uint64_t memory, unsigned threads) {
    static struct resident_format format;
    format = registry_file_ndjson();
    *run = (struct run){.linking = {.world = world_real(),
                                    .residents = residents,
                                    .format = &format,
                                    .memory_bytes = memory,
                                    .threads = threads,
                                    .tokens = tokens,
                                    .result = result,
                                    .refused = refused}};
    run->linking.context = run;
    buf_init(&run->lines, 256 << 20), buf_init(&run->refused, 1 << 20);
}

static void run_fini(struct run *run) {
    linking_close(&run->linking);
    buf_fini(&run->lines), buf_fini(&run->refused);
}

static enum err link_file(struct run *run, const char *members, struct diag *d) {
    struct insurer_file_format format = insurer_file_ndjson();
    enum err e = linking_open(&run->linking, d);
    if (e == ERR_OK) e = linking_file(&run->linking, members, 1, &format, d);
    return e == ERR_OK ? linking_finish(&run->linking, d) : e;
}

/* ---- a few people ---- */

#define HANAKO                                                                                                                    \
    "\"name\":\"見本　花子\",\"kana\":\"ﾐﾎﾝ ﾊﾅｺ\",\"birth\":\"1980-05-01\",\"sex\":\"2\",\"post\":\"198-0036\"," \
    "\"address\":\"東京都青梅市河辺町1-2-3\""
#define MEMBER(number) "{\"insurer\":\"06139448\",\"symbol\":\"12\",\"number\":\"" number "\",\"start\":\"2020-04-01\","

static void run_both(struct run *run, const char *residents, const char *members, struct diag *d, enum err want) {
    char r[SCRATCH_PATH_MAX], m[SCRATCH_PATH_MAX];
    scratch_write(&scratch, "residents.ndjson", str_c(residents));
    scratch_write(&scratch, "members.ndjson", str_c(members));
    run_init(run, scratch_path(&scratch, "residents.ndjson", r), 16 << 20, 2);
    assert_int_equal(link_file(run, scratch_path(&scratch, "members.ndjson", m), d), want);
}

static void a_line_says_who_what_and_why_and_never_the_number(void **state) {
    (void)state;
    struct run run;
    struct diag d = {0};
    run_both(&run, "{\"id\":\"R1\",\"mynumber\":\"123456789018\"," HANAKO ",\"household\":\"H1\"}\n",
             MEMBER("1") "\"mynumber\":\"123456789018\"," HANAKO "}\n" MEMBER("2") HANAKO "}\nnonsense\n", &d, ERR_OK);
    assert_int_equal(run.outcomes[LINK_LINKED], 1);
    assert_int_equal(run.outcomes[LINK_NOT_LINKED], 1);
    assert_str(buf_str(&run.refused), S("3 SYNTAX\n"));
    struct str rest = buf_str(&run.lines), first = str_cut(&rest, '\n'), second = str_cut(&rest, '\n');
    assert_str(str_head(first, 123 + 23),
               S("{\"member\":{\"insurer\":\"06139448\",\"symbol\":\"12\",\"number\":\"1\"},\"resident\":\"R1\","
                 "\"outcome\":\"linked\",\"rule\":\"all-agree\",\"probability\":1.000000,\"reasons\""));
    assert_true(str_find(second, S("\"outcome\":\"not-linked\",\"rule\":\"blank\"")) < second.n);
    assert_true(str_find(second, S("\"candidates\":[{\"resident\":\"R1\",\"by\":\"reach\"}]")) < second.n);
    assert_int_equal(str_find(buf_str(&run.lines), S("123456789018")), run.lines.n);
    run_fini(&run);
}

static void of_several_lines_of_one_member_the_latest_period_counts(void **state) {
    (void)state;
    struct run run;
    struct diag d = {0};
    run_both(
        &run, "{\"id\":\"R1\",\"mynumber\":\"123456789018\"," HANAKO "}\n",
        "{\"insurer\":\"06139448\",\"number\":\"1\",\"start\":\"2020-04-01\",\"mynumber\":\"123456789018\"," HANAKO
        "}\n"
        "{\"insurer\":\"06139448\",\"number\":\"1\",\"start\":\"2010-04-01\",\"name\":\"見本　太郎\",\"birth\":\"1980-05-01\"}\n",
        &d, ERR_OK);
    assert_int_equal(run.outcomes[LINK_LINKED], 1);
    assert_int_equal(run.linking.so_far.members, 1);
    run_fini(&run);
}

/* Whoever stands in a line that cannot be read might have been within reach. */
static void a_resident_that_cannot_be_read_ends_it(void **state) {
    (void)state;
    struct run run;
    struct diag d = {0};
    run_both(&run, "{\"id\":\"R1\"," HANAKO "}\n{\"id\":\"R2\",\"name\":\"見本\",\"birth\":\"1980-02-30\"}\n",
             MEMBER("1") HANAKO "}\n", &d, ERR_DATE);
    assert_true(strstr(d.detail, "line 2: birth") != NULL);
    assert_int_equal(run.lines.n, 0);
    run_fini(&run);
    run_both(&run, "", MEMBER("1") HANAKO "}\n", &d, ERR_OK);
    run_fini(&run);
    unlink(scratch_path(&scratch, "residents.ndjson", (char[SCRATCH_PATH_MAX]){0}));
    char m[SCRATCH_PATH_MAX], r[SCRATCH_PATH_MAX];
    run_init(&run, scratch_path(&scratch, "residents.ndjson", r), 16 << 20, 1);
    assert_int_equal(link_file(&run, scratch_path(&scratch, "members.ndjson", m), &d), ERR_NOT_FOUND);
    run_fini(&run);
}

static void a_number_held_twice_is_a_contradiction(void **state) {
    (void)state;
    struct run run;
    struct diag d = {0};
    run_both(&run,
             "{\"id\":\"R1\",\"mynumber\":\"123456789018\"," HANAKO "}\n"
             "{\"id\":\"R2\",\"mynumber\":\"123456789018\",\"name\":\"見本　二郎\",\"birth\":\"1990-01-01\"}\n",
             MEMBER("1") "\"mynumber\":\"123456789018\"," HANAKO "}\n", &d, ERR_OK);
    assert_int_equal(run.outcomes[LINK_CONTRADICTED], 1);
    run_fini(&run);
}

/* ---- a town of people with mistakes ---- */

enum { TOWN_FILES_MAX = 256 };
struct dirty_town {
    char names[TOWN_FILES_MAX][64];
    size_t files;
};

static int by_name(const void *a, const void *b) { return strcmp(a, b); }

static void make_town(struct dirty_town *t, uint64_t people, uint32_t percent) {
    char out[SCRATCH_PATH_MAX], dirty[SCRATCH_PATH_MAX];
    struct people_job job = {.people = {.count = people, .seed = 5, .as_of = people_default_day(), .questions = 1},
                             .folder = scratch_path(&scratch, "town", out),
                             .dirty = true,
                             .dirty_percent = percent};
    struct people_result made;
    struct diag d = {0};
    assert_int_equal(people_write(world_real(), &job, &made, &d), ERR_OK);
    DIR *dir = opendir(scratch_path(&scratch, "town/dirty", dirty));
    assert_non_null(dir);
    t->files = 0;
    for (struct dirent *e; (e = readdir(dir)) != NULL;)
        if (e->d_name[0] != '.' && t->files < TOWN_FILES_MAX)
            snprintf(t->names[t->files++], sizeof t->names[0], "town/dirty/%.40s", e->d_name);
    closedir(dir);
    qsort(t->names, t->files, sizeof t->names[0], by_name);
}

static void link_town(struct run *run, const struct dirty_town *t, uint64_t memory, unsigned threads) {
    char residents[SCRATCH_PATH_MAX], members[SCRATCH_PATH_MAX];
    struct insurer_file_format format = insurer_file_ndjson();
    struct diag d = {0};
    run_init(run, scratch_path(&scratch, "town/residents.ndjson", residents), memory, threads);
    assert_int_equal(linking_open(&run->linking, &d), ERR_OK);
    for (size_t i = 0; i < t->files; i++)
        assert_int_equal(linking_file(&run->linking, scratch_path(&scratch, t->names[i], members), 1, &format, &d),
                         ERR_OK);
    assert_int_equal(linking_finish(&run->linking, &d), ERR_OK);
    assert_true(buf_ok(&run->lines));
}

static void each_line(struct str text, struct quality *q,
                      enum err (*take)(struct quality *q, struct str line, struct diag *d)) {
    struct diag d = {0};
    while (text.n) assert_int_equal(take(q, str_cut(&text, '\n'), &d), ERR_OK);
}

static void judge(const struct run *run, struct quality_count *out) {
    struct quality q;
    struct buf truth;
    char path[SCRATCH_PATH_MAX];
    buf_init(&truth, 64 << 20);
    quality_init(&q, world_real());
    assert_int_equal(world_read_file(world_real(), scratch_path(&scratch, "town/truth.ndjson", path), &truth, NULL),
                     ERR_OK);
    each_line(buf_str(&truth), &q, quality_truth_line);
    each_line(buf_str(&run->lines), &q, quality_link_line);
    quality_count(&q, out);
    quality_fini(&q);
    buf_fini(&truth);
}

static void batches_and_threads_change_nothing(void **state) {
    (void)state;
    struct dirty_town t;
    struct run one, many;
    make_town(&t, 2500, 1000);
    link_town(&one, &t, 64 << 20, 1);
    link_town(&many, &t, 1, 4);
    assert_int_equal(one.linking.so_far.batch, 1);
    assert_true(many.linking.so_far.batch > 2);
    assert_true(one.linking.so_far.members > 3000);
    assert_str(buf_str(&many.lines), buf_str(&one.lines));
    run_fini(&one), run_fini(&many);
}

/* Mistakes ten times as frequent as published. */
static void nobody_is_linked_wrongly_and_most_are_linked(void **state) {
    (void)state;
    struct dirty_town t;
    struct run run;
    struct quality_count c;
    make_town(&t, 8000, 1000);
    link_town(&run, &t, 64 << 20, 2);
    judge(&run, &c);
    assert_int_equal(c.group[QUALITY_ALL].wrong, 0);
    assert_true(run.doubtful >= c.group[QUALITY_OTHERS].members);
    assert_true(c.group[QUALITY_OTHERS].members > 10);
    assert_int_equal(c.group[QUALITY_OTHERS].right, c.group[QUALITY_OTHERS].members);
    assert_int_equal(c.group[QUALITY_CLEAN].right, c.group[QUALITY_CLEAN].members);
    assert_true(c.group[QUALITY_HONEST].right * 100 > c.group[QUALITY_HONEST].members * 95);
    run_fini(&run);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_line_says_who_what_and_why_and_never_the_number, begin, end),
        cmocka_unit_test_setup_teardown(of_several_lines_of_one_member_the_latest_period_counts, begin, end),
        cmocka_unit_test_setup_teardown(a_resident_that_cannot_be_read_ends_it, begin, end),
        cmocka_unit_test_setup_teardown(a_number_held_twice_is_a_contradiction, begin, end),
        cmocka_unit_test_setup_teardown(batches_and_threads_change_nothing, begin, end),
        cmocka_unit_test_setup_teardown(nobody_is_linked_wrongly_and_most_are_linked, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
