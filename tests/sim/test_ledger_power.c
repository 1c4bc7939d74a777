/* The log and the power cut: one run is remembered operation by operation, then the power fails after each of them, with
 * several fates for what was not synced. MADO_FATES multiplies them; MADO_SEED changes the run. */
#include "lib/ledger_play.h"
#include "lib/sim_disk.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { FATES = 2 };

static uint64_t from_environment(const char *name, uint64_t otherwise) {
    uint64_t v;
    return str_uint(str_c(getenv(name)), UINT64_MAX, &v) ? v : otherwise;
}

static struct ledger *open_in(struct sim_disk *disk, struct diag *d) {
    struct ledger *l = NULL;
    struct ledger_settings s = {.folder = "store/ledger", .writer = "door-0", .segment_bytes = LEDGER_SEGMENT_MIN};
    if (ledger_open(&l, sim_disk_world(disk), &s, d) != ERR_OK) return NULL;
    return l;
}

static void mark(struct play *p, uint64_t record) { sim_disk_mark(p->context, record); }

static void open_again(struct sim_disk *disk, struct play *p) {
    struct diag d;
    if (p->ledger) ledger_close(p->ledger);
    p->ledger = open_in(disk, &d);
    assert_non_null(p->ledger);
}

/* Some hundred records in groups of many sizes over several segments, closed and opened again in between; with `faults`, syncs
 * fail now and then, and the ledger that breaks by it is opened again. */
static void run(struct sim_disk *disk, struct play *p, uint64_t seed, int groups, bool faults) {
    *p = (struct play){.on_ack = mark, .context = disk};
    open_again(disk, p);
    for (int i = 0; i < groups; i++) {
        if (faults && i % 4 == 3) sim_disk_fail(disk, SIM_SYNC, 1 + (unsigned)(sim_random(&seed) % 3), EIO);
        (void)play_append(p, 1 + sim_random(&seed) % (i % 7 == 0 ? 200 : 12));
        if (i % 3 || faults) ledger_drain(p->ledger);
        if (i % 11 != 10 && !ledger_figures(p->ledger).broken) continue;
        sim_disk_fail(disk, SIM_SYNC, 0, 0);
        open_again(disk, p);
    }
    ledger_close(p->ledger);
    sim_disk_fail(disk, SIM_SYNC, 0, 0);
}

struct cut {
    uint64_t seed;
    size_t operation;
};

static void expect(bool ok, const char *what, struct cut cut, const struct diag *d) {
    if (ok) return;
    fail_msg("%s: power cut after operation %zu, seed %llu: %s %s %s", what, cut.operation,
             (unsigned long long)cut.seed, d->err ? err_info(d->err)->name : "", d->where, d->detail);
}

static void check_log(struct sim_disk *disk, const struct play *play, struct cut cut) {
    struct diag d = {0};
    struct play_check c;
    expect(play_check(&c, sim_disk_world(disk), "store/ledger", play, &d) == ERR_OK, "the log does not read", cut, &d);
    expect(!c.wrong, c.why, cut, &d);
}

/* All that was acknowledged is there; the log opens, goes on, and holds what came then too. */
static void check_and_continue(struct sim_disk *disk, struct play *play, struct cut cut) {
    struct diag d = {0};
    check_log(disk, play, cut);
    play->ledger = open_in(disk, &d);
    expect(play->ledger != NULL, "the log does not open", cut, &d);
    for (size_t i = 0; i < play->next; i++)
        if (play->acked[i]) sim_disk_mark(disk, i);
    size_t count = cut.seed % 5 == 0 ? 250 : 20, before = play->acknowledged;
    (void)play_append(play, count);
    ledger_drain(play->ledger);
    (void)play_append(play, 3);
    ledger_close(play->ledger);
    expect(play->acknowledged == before + count + 3, "the log does not go on", cut, &d);
    check_log(disk, play, cut);
}

/* The disk after a cut, and who handed over what as far as it had been acknowledged by then. */
static struct sim_disk *cut_power(struct sim_disk *disk, struct cut cut, const struct play *whole, struct play *known) {
    struct sim_disk *found = sim_disk_cut(disk, cut.operation, cut.seed);
    *known = (struct play){.next = whole->next, .on_ack = mark, .context = found};
    sim_disk_marks(disk, cut.operation, known->acked, PLAY_RECORDS_MAX);
    return found;
}

static void cut_everywhere(uint64_t seed, int groups, bool faults) {
    static struct play whole, once, twice;
    struct sim_disk *disk = sim_disk_new(seed);
    run(disk, &whole, seed, groups, faults);
    assert_true(faults ? whole.failed > 0 : whole.acknowledged == whole.next);
    size_t operations = sim_disk_operations(disk), size;
    assert_non_null(sim_disk_file(disk, "store/ledger/door-0/00000003.seg", &size));
    uint64_t fates = FATES * from_environment("MADO_FATES", 1);
    for (struct cut cut = {0}; cut.operation <= operations; cut.operation++) {
        for (uint64_t fate = 0; fate < fates; fate++) {
            cut.seed = seed * 1000003 + cut.operation * fates + fate;
            struct sim_disk *found = cut_power(disk, cut, &whole, &once);
            check_and_continue(found, &once, cut);
            uint64_t random = cut.seed;
            struct cut second = {cut.seed + 1, sim_random(&random) % (sim_disk_operations(found) + 1)};
            struct sim_disk *again = cut_power(found, second, &once, &twice);
            /* what the first cut left acknowledged stays so, whenever the second comes */
            sim_disk_marks(disk, cut.operation, twice.acked, PLAY_RECORDS_MAX);
            check_and_continue(again, &twice, second);
            sim_disk_free(again);
            sim_disk_free(found);
        }
    }
    sim_disk_free(disk);
}

static void no_acknowledged_record_is_lost_whenever_the_power_fails(void **state) {
    (void)state;
    cut_everywhere(from_environment("MADO_SEED", 1), 24, false);
}

static void nor_when_syncs_failed_before(void **state) {
    (void)state;
    cut_everywhere(from_environment("MADO_SEED", 2), 48, true);
}

/* A disk that keeps nothing shows that the check above can fail. */
static void the_check_notices_a_disk_that_forgets_what_was_synced(void **state) {
    (void)state;
    static struct play p;
    struct diag d;
    struct sim_disk *disk = sim_disk_new(7);
    run(disk, &p, 7, 2, false);
    size_t size;
    char *bytes = sim_disk_file(disk, "store/ledger/door-0/00000001.seg", &size);
    memset(bytes + 256, 0, size - 256);
    struct play_check c;
    assert_int_equal(play_check(&c, sim_disk_world(disk), "store/ledger", &p, &d), ERR_OK);
    assert_true(c.wrong);
    sim_disk_free(disk);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_acknowledged_record_is_lost_whenever_the_power_fails),
        cmocka_unit_test(nor_when_syncs_failed_before),
        cmocka_unit_test(the_check_notices_a_disk_that_forgets_what_was_synced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
