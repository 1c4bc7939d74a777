#include "base/buf.h"
#include "lib/hostile.h"
#include "lib/unit.h"
#include "state/trust/standing.h"

#include <sys/stat.h>
#include <unistd.h>

#define A      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B      "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define LINE_A A " 4afe 1795385636 0110113719\n"
#define LINE_B B " 4b 1795385637 2714206386\n"

static uint8_t fingerprint_a[STANDING_FINGERPRINT], fingerprint_b[STANDING_FINGERPRINT];
static int64_t steady;
static int64_t held_steady(struct world *w) { return (void)w, steady; }

static struct world held_world(void) {
    struct world w = *world_real();
    w.steady_us = held_steady;
    return w;
}

static void put(const char *path, struct str text) {
    assert_int_equal(world_replace_file(world_real(), path, text, 0600, NULL), ERR_OK);
}

static int make_path(void **state) {
    static char folder[] = "/tmp/mado-standing-XXXXXX";
    static char path[64];
    memset(fingerprint_a, 0xaa, sizeof fingerprint_a);
    memset(fingerprint_b, 0xbb, sizeof fingerprint_b);
    if (mkdtemp(folder) == NULL) return -1;
    snprintf(path, sizeof path, "%s/revoked", folder);
    *state = path;
    return 0;
}

static int remove_path(void **state) {
    char *path = *state;
    (void)unlink(path);
    path[strlen(path) - strlen("/revoked")] = 0;
    return rmdir(path);
}

static void no_list_revokes_nobody(void **state) {
    struct standing *s;
    assert_int_equal(standing_open(&s, world_real(), "/nonexistent/revoked", NULL), ERR_OK);
    assert_true(standing_good(s, fingerprint_a));
    assert_int_equal(standing_figures(s).revoked, 0);
    standing_close(s);
    (void)state;
}

static void a_list_revokes_those_on_it(void **state) {
    struct standing *s;
    put(*state, S(LINE_B LINE_A));
    assert_int_equal(standing_open(&s, world_real(), *state, NULL), ERR_OK);
    assert_false(standing_good(s, fingerprint_a));
    assert_false(standing_good(s, fingerprint_b));
    fingerprint_a[31] ^= 1;
    assert_true(standing_good(s, fingerprint_a));
    fingerprint_a[31] ^= 1;
    standing_close(s);
}

static void a_change_counts_within_a_second(void **state) {
    struct world w = held_world();
    struct standing *s;
    put(*state, S(LINE_A));
    assert_int_equal(standing_open(&s, &w, *state, NULL), ERR_OK);
    assert_true(standing_good(s, fingerprint_b));
    put(*state, S(LINE_A LINE_B));
    steady += STANDING_LOOK_US - 1;
    assert_true(standing_good(s, fingerprint_b));
    steady += 1;
    assert_false(standing_good(s, fingerprint_b));
    standing_close(s);
}

static void a_broken_list_leaves_the_old_one_in_force(void **state) {
    struct world w = held_world();
    struct standing *s;
    put(*state, S(LINE_A));
    assert_int_equal(standing_open(&s, &w, *state, NULL), ERR_OK);
    put(*state, S("rubbish\n"));
    steady += STANDING_LOOK_US;
    assert_false(standing_good(s, fingerprint_a));
    assert_true(standing_figures(s).broken);
    put(*state, S(LINE_B));
    steady += STANDING_LOOK_US;
    assert_true(standing_good(s, fingerprint_a));
    assert_false(standing_figures(s).broken);
    standing_close(s);
}

static enum err count(void *context, const struct revocation *r) {
    struct buf again;
    buf_init(&again, 256);
    revocation_put(&again, r);
    ++*(size_t *)context;
    assert_true(buf_ok(&again));
    buf_fini(&again);
    return ERR_OK;
}

static void a_list_is_read_strictly(void **state) {
    (void)state;
    static const struct {
        const char *text, *why;
        unsigned line; /* of the fault; 0: none */
    } rows[] = {
        {"", "empty", 0},
        {LINE_A LINE_B, "two lines", 0},
        {LINE_A "x\n", "no line", 2},
        {A " 4afe 1795385636 0110113719", "no end: torn", 1},
        {"a" LINE_A, "a fingerprint too long", 1},
        {"AA" LINE_A, "capitals", 1},
        {A "  1795385636 0110113719\n", "no serial number", 1},
        {A " 4afe 17x 0110113719\n", "no number of seconds", 1},
        {A " 4afe 1795385636\n", "no code", 1},
        {A " 4afe 1795385636 01101137190110113719\n", "a code too long", 1},
        {A " aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 1 0110113719\n", "a serial number too long", 1},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct diag d = {0};
        size_t n = 0;
        enum err e = revocations_read(str_c(rows[i].text), count, &n, &d);
        row_check((e == ERR_OK) == (rows[i].line == 0), rows[i].why);
        row_check(rows[i].line == 0 || (e == ERR_CORRUPT && d.line == rows[i].line), rows[i].why);
    }
}

static void feed(void *context, struct str input) {
    size_t n = 0;
    (void)context;
    (void)!revocations_read(input, count, &n, NULL);
    assert_true(n <= 2);
}

static void no_damage_to_a_list_harms_the_reader(void **state) {
    (void)state;
    assert_true(hostile_all(S(LINE_A LINE_B), feed, NULL) > 1000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_list_revokes_nobody),          cmocka_unit_test(a_list_revokes_those_on_it),
        cmocka_unit_test(a_change_counts_within_a_second), cmocka_unit_test(a_broken_list_leaves_the_old_one_in_force),
        cmocka_unit_test(a_list_is_read_strictly),         cmocka_unit_test(no_damage_to_a_list_harms_the_reader),
    };
    return cmocka_run_group_tests(tests, make_path, remove_path);
}
