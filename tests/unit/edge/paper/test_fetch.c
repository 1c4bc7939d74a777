/* What the centre gives windows and what a window keeps of it. */
#include "edge/paper/fetch.h"

#include "base/json.h"
#include "edge/paper/serve.h"
#include "lib/hostile.h"
#include "lib/sample_paper.h"
#include "lib/unit.h"

#include <sodium.h>
#include <unistd.h>

enum { NOW = 1795600000 };
static const struct insurer_number other = {1130012}, late = {39131008};

struct fixture {
    struct scratch centre, window;
    struct paper_lists *lists;
    struct buf reply;
};

static int set_up(void **state) {
    static struct fixture f;
    f = (struct fixture){0};
    scratch_make(&f.centre);
    scratch_make(&f.window);
    buf_init(&f.reply, 32 << 20);
    sample_insurer_make(&f.centre, late); /* not in the order of numbers */
    sample_insurer_make(&f.centre, sample_insurer);
    sample_insurer_make(&f.centre, other);
    assert_int_equal(paper_lists_open(&f.lists, world_real(), f.centre.folder, NULL), ERR_OK);
    *state = &f;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *f = *state;
    paper_lists_close(f->lists);
    buf_fini(&f->reply);
    scratch_remove(&f->window);
    scratch_remove(&f->centre);
    return 0;
}

static void publish(struct fixture *f, int64_t now_s, const struct str *rids, size_t count) {
    const struct void_list_plan plan = {.world = world_real(),
                                        .folder = f->centre.folder,
                                        .insurer = sample_insurer,
                                        .issuer = S("https://cards.invalid"),
                                        .now_s = now_s,
                                        .hours = 24,
                                        .rids = rids,
                                        .count = count};
    assert_int_equal(void_list_publish(&plan, NULL), ERR_OK);
}

/* As a process that begins now sees it. */
static struct str reply(struct fixture *f, uint32_t after) {
    size_t count;
    paper_lists_close(f->lists);
    assert_int_equal(paper_lists_open(&f->lists, world_real(), f->centre.folder, NULL), ERR_OK);
    const struct paper_lists_entry *entries = paper_lists_now(f->lists, &count);
    buf_reset(&f->reply);
    paper_insurers_put(&f->reply, entries, count, after);
    return buf_str(&f->reply);
}

static struct paper_fetched take(struct fixture *f, struct str text) {
    struct paper_fetched out = {0};
    assert_int_equal(paper_fetch_take(world_real(), f->window.folder, text, &out, NULL), ERR_OK);
    return out;
}

static struct void_status held(struct fixture *f) {
    struct void_status out;
    assert_int_equal(issuer_status_of(world_real(), f->window.folder, sample_insurer, &out, NULL), ERR_OK);
    return out;
}

static void a_window_keeps_every_insurers_keys_and_its_list(void **state) {
    struct fixture *f = *state;
    struct issuers *all = NULL;
    publish(f, NOW, NULL, 0);
    struct paper_fetched got = take(f, reply(f, 0));
    assert_int_equal(got.insurers, 3);
    assert_int_equal(got.refused, 0);
    assert_true(got.keys_changed);
    assert_false(got.more);
    assert_int_equal(got.last.n, late.n);
    assert_int_equal(issuers_open(&all, world_real(), f->window.folder, NULL), ERR_OK);
    assert_int_equal(issuers_count(all), 3);
    assert_int_equal(issuers_damaged(all), 0);
    issuers_close(all);
    assert_int_equal(held(f).ctr, NOW);
    assert_false(scratch_holds(&f->window, S("PRIVATE KEY")));
    assert_false(take(f, reply(f, 0)).keys_changed); /* the same again */
}

static void a_list_older_than_the_kept_one_is_not_taken(void **state) {
    struct fixture *f = *state;
    struct buf old;
    buf_init(&old, 1 << 20);
    publish(f, NOW, NULL, 0);
    buf_put(&old, reply(f, 0));
    const struct str rid[] = {S(SAMPLE_PAPER_RID)};
    publish(f, NOW + 60, rid, 1);
    (void)take(f, reply(f, 0));
    assert_int_equal(held(f).ctr, NOW + 60);
    assert_int_equal(take(f, buf_str(&old)).refused, 1);
    assert_int_equal(held(f).ctr, NOW + 60);
    buf_fini(&old);
}

static void a_list_that_another_insurer_signed_is_not_taken(void **state) {
    struct fixture *f = *state;
    struct buf jws;
    buf_init(&jws, 1 << 20);
    publish(f, NOW, NULL, 0);
    (void)take(f, reply(f, 0));
    sample_jws(&f->centre, other,
               S("{\"iat\":1,\"exp\":4000000000,\"kid\":\"x\",\"method\":\"rid\",\"ctr\":4000000000,\"rids\":[]}"),
               &jws);
    scratch_write(&f->centre, "insurers/06139448/status.jws", buf_str(&jws));
    assert_int_equal(take(f, reply(f, 0)).refused, 1);
    assert_int_equal(held(f).ctr, NOW);
    buf_fini(&jws);
}

static void parts_go_on_behind_the_last_insurer(void **state) {
    struct fixture *f = *state;
    struct json v;
    struct arena a;
    struct str number;
    arena_init(&a, 1 << 20);
    assert_int_equal(json_read(&a, reply(f, sample_insurer.n), &v, NULL), ERR_OK);
    assert_int_equal(json_count(json_get(v, "insurers")), 1);
    assert_true(json_str(json_get(json_first(json_get(v, "insurers")), "insurer"), &number));
    assert_str(number, S("39131008"));
    arena_fini(&a);
}

/* Two of them fill a part. */
static void a_part_has_its_limit_and_says_that_there_is_more(void **state) {
    (void)state;
    char *status = malloc(PAPER_PART_BYTES);
    struct buf out;
    memset(status, 'A', PAPER_PART_BYTES);
    struct paper_lists_entry entries[3];
    for (size_t i = 0; i < 3; i++)
        entries[i] = (struct paper_lists_entry){insurer_number_make(100000 + (uint32_t)i), S("{\"keys\":[]}"),
                                                str_of(status, PAPER_PART_BYTES / 2)};
    buf_init(&out, 8 << 20);
    paper_insurers_put(&out, entries, 3, 0);
    assert_true(str_ends(buf_str(&out), S("\"more\":true}\n")));
    buf_reset(&out);
    paper_insurers_put(&out, entries, 3, entries[1].insurer.n);
    assert_true(str_ends(buf_str(&out), S("\"more\":false}\n")));
    buf_fini(&out);
    free(status);
}

static void what_is_no_key_set_or_gone_is_left_out_by_the_centre(void **state) {
    struct fixture *f = *state;
    size_t count;
    char path[SCRATCH_PATH_MAX];
    scratch_write(&f->centre, "insurers/01130012/jwks.json", S("{\"keys\":"));
    scratch_write(&f->centre, "insurers/06139448/status.jws", S("a\"b"));
    assert_int_equal(unlink(scratch_path(&f->centre, "insurers/39131008/jwks.json", path)), 0);
    const struct paper_lists_entry *entries = paper_lists_now(f->lists, &count);
    assert_int_equal(count, 1);
    assert_int_equal(entries[0].insurer.n, sample_insurer.n);
    assert_true(str_empty(entries[0].status));
}

struct reply_row {
    const char *why, *text;
    enum err want;
};
static const struct reply_row replies[] = {
    {"nobody", "{\"insurers\":[],\"more\":false}", ERR_OK},
    {"more behind nothing", "{\"insurers\":[],\"more\":true}", ERR_VALUE},
    {"no end", "{\"insurers\":[]}", ERR_VALUE},
    {"no list", "{\"more\":false}", ERR_VALUE},
    {"no number", "{\"insurers\":[{\"insurer\":\"../../etc\",\"jwks\":{}}],\"more\":false}", ERR_VALUE},
    {"not in order", "{\"insurers\":[{\"insurer\":\"06139448\"},{\"insurer\":\"01130012\"}],\"more\":false}",
     ERR_VALUE},
    {"twice", "{\"insurers\":[{\"insurer\":\"06139448\"},{\"insurer\":\"06139448\"}],\"more\":false}", ERR_VALUE},
    {"without keys: not taken", "{\"insurers\":[{\"insurer\":\"06139448\"}],\"more\":false}", ERR_OK},
    {"not JSON", "<html>", ERR_SYNTAX},
};

static void a_reply_of_another_form_is_an_error(void **state) {
    struct fixture *f = *state;
    for (size_t i = 0; i < ARRAY_LEN(replies); i++) {
        struct paper_fetched out = {0};
        row_check(paper_fetch_take(world_real(), f->window.folder, str_c(replies[i].text), &out, NULL) ==
                      replies[i].want,
                  replies[i].why);
        row_check(out.insurers == 0, replies[i].why);
    }
}

static void feed(void *context, struct str input) {
    struct fixture *f = context;
    struct paper_fetched out = {0};
    struct diag d = {0};
    enum err e = paper_fetch_take(world_real(), f->window.folder, input, &out, &d);
    assert_true(e == ERR_OK || d.err == e);
}

static void every_truncation_and_flipped_bit_comes_back(void **state) {
    struct fixture *f = *state;
    publish(f, NOW, NULL, 0);
    struct str good = reply(f, other.n);
    assert_int_equal(hostile_all(good, feed, f), 9 * good.n);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_window_keeps_every_insurers_keys_and_its_list, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_list_older_than_the_kept_one_is_not_taken, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_list_that_another_insurer_signed_is_not_taken, set_up, tear_down),
        cmocka_unit_test_setup_teardown(parts_go_on_behind_the_last_insurer, set_up, tear_down),
        cmocka_unit_test(a_part_has_its_limit_and_says_that_there_is_more),
        cmocka_unit_test_setup_teardown(what_is_no_key_set_or_gone_is_left_out_by_the_centre, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_reply_of_another_form_is_an_error, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_truncation_and_flipped_bit_comes_back, set_up, tear_down),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
