/* The log when calls fail: each open, read, write, sync, rename, unlink and folder sync once, at every place it happens; a disk that
 * is full at every size; and the way back. */
#include "lib/ledger_play.h"
#include "lib/sim_disk.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define FOLDER "ledger"

static enum err open_log(struct sim_disk *disk, struct play *p) {
    struct ledger_settings s = {.folder = FOLDER, .writer = "desk", .segment_bytes = LEDGER_SEGMENT_MIN};
    return ledger_open(&p->ledger, sim_disk_world(disk), &s, NULL);
}

static void work(struct play *p) {
    for (int group = 0; group < 6; group++) {
        (void)play_append(p, 60);
        ledger_drain(p->ledger);
    }
}

/* Two sittings over several segments. Returns the first error of opening. */
static enum err sittings(struct sim_disk *disk, struct play *p) {
    enum err first = ERR_OK;
    for (int sitting = 0; sitting < 2; sitting++) {
        enum err e = open_log(disk, p);
        if (e != ERR_OK && first == ERR_OK) first = e;
        if (e != ERR_OK) continue;
        work(p);
        ledger_close(p->ledger);
    }
    return first;
}

static struct play_check checked(struct sim_disk *disk, const struct play *p, const char *what, unsigned nth) {
    struct play_check c;
    struct diag d = {0};
    enum err e = play_check(&c, sim_disk_world(disk), FOLDER, p, &d);
    if (e != ERR_OK) fail_msg("%s %u: %s %s %s", what, nth, err_info(e)->name, d.where, d.detail);
    if (c.wrong) fail_msg("%s %u: %s", what, nth, c.why);
    return c;
}

static const struct {
    enum sim_kind kind;
    const char *name;
    int error;
} faults[] = {
    {SIM_OPEN, "open", EIO},      {SIM_OPEN, "open", EMFILE},   {SIM_READ, "read", EIO},
    {SIM_WRITE, "write", EIO},    {SIM_WRITE, "write", ENOSPC}, {SIM_SYNC, "sync", EIO},
    {SIM_RENAME, "rename", EIO},  {SIM_UNLINK, "unlink", EIO},  {SIM_SYNC_FOLDER, "folder sync", EIO},
    {SIM_MKDIR, "mkdir", ENOSPC}, {SIM_LIST, "list", EIO},
};

static unsigned happens(enum sim_kind kind) {
    static struct play p;
    p = (struct play){0};
    struct sim_disk *disk = sim_disk_new(1);
    assert_int_equal(sittings(disk, &p), ERR_OK);
    unsigned n = sim_disk_count(disk, kind);
    sim_disk_free(disk);
    return n;
}

static void one_failing_call_loses_nothing_acknowledged_and_the_log_opens_again(void **state) {
    (void)state;
    static struct play p;
    unsigned met = 0;
    for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
        unsigned n = happens(faults[i].kind);
        for (unsigned nth = 1; nth <= n; nth++) {
            p = (struct play){0};
            struct sim_disk *disk = sim_disk_new(nth);
            sim_disk_fail(disk, faults[i].kind, nth, faults[i].error);
            enum err e = sittings(disk, &p);
            sim_disk_fail(disk, faults[i].kind, 0, 0);
            met += e != ERR_OK || p.acknowledged < p.next;
            (void)checked(disk, &p, faults[i].name, nth);
            size_t before = p.acknowledged;
            if (open_log(disk, &p) != ERR_OK) fail_msg("%s %u: does not open again", faults[i].name, nth);
            assert_int_equal(play_append(&p, 5), 5);
            ledger_close(p.ledger);
            assert_int_equal(p.acknowledged, before + 5);
            (void)checked(disk, &p, faults[i].name, nth);
            sim_disk_free(disk);
        }
    }
    assert_true(met > 50); /* most failures are felt */
}

static void a_failed_sync_breaks_the_ledger_until_it_is_opened_again(void **state) {
    (void)state;
    static struct play p;
    p = (struct play){0};
    struct sim_disk *disk = sim_disk_new(3);
    assert_int_equal(open_log(disk, &p), ERR_OK);
    sim_disk_fail(disk, SIM_SYNC, 1, EIO);
    assert_int_equal(play_append(&p, 5), 5);
    ledger_drain(p.ledger);
    assert_int_equal(p.failed, 5);
    assert_int_equal(p.last_err, ERR_IO);
    assert_true(ledger_figures(p.ledger).broken);
    unsigned syncs = sim_disk_count(disk, SIM_SYNC);
    assert_int_equal(play_append(&p, 1), 0);
    assert_int_equal(p.last_err, ERR_IO);
    ledger_close(p.ledger);
    assert_int_equal(sim_disk_count(disk, SIM_SYNC), syncs); /* a sync that failed is not tried again */
    assert_int_equal(open_log(disk, &p), ERR_OK);
    assert_int_equal(play_append(&p, 1), 1);
    ledger_close(p.ledger);
    assert_int_equal(p.acknowledged, 1);
    sim_disk_free(disk);
}

static void a_disk_full_at_any_size_loses_nothing_and_space_brings_the_log_back(void **state) {
    (void)state;
    static struct play p;
    unsigned full = 0;
    for (uint64_t capacity = 0; capacity < 6 * LEDGER_SEGMENT_MIN; capacity += 7919) {
        p = (struct play){0};
        struct sim_disk *disk = sim_disk_new(capacity);
        sim_disk_capacity(disk, capacity);
        enum err e = sittings(disk, &p);
        assert_true(e == ERR_OK || e == ERR_DISK_FULL);
        if (p.acknowledged < p.next) assert_int_equal(p.last_err, ERR_DISK_FULL);
        full += e == ERR_DISK_FULL || p.acknowledged < p.next;
        (void)checked(disk, &p, "capacity", (unsigned)capacity);
        sim_disk_capacity(disk, UINT64_MAX);
        assert_int_equal(open_log(disk, &p), ERR_OK);
        size_t before = p.acknowledged;
        (void)play_append(&p, 300);
        ledger_close(p.ledger);
        assert_int_equal(p.acknowledged, before + 300);
        (void)checked(disk, &p, "capacity", (unsigned)capacity);
        sim_disk_free(disk);
    }
    assert_true(full > 10);
}

static void a_full_ledger_is_not_broken_and_goes_on_by_itself_when_there_is_room(void **state) {
    (void)state;
    static struct play p;
    p = (struct play){0};
    struct sim_disk *disk = sim_disk_new(5);
    sim_disk_capacity(disk, LEDGER_SEGMENT_MIN + 100);
    assert_int_equal(open_log(disk, &p), ERR_OK);
    work(&p);
    struct ledger_figures f = ledger_figures(p.ledger);
    assert_true(f.full && !f.broken);
    assert_int_equal(p.last_err, ERR_DISK_FULL);
    assert_int_equal(play_append(&p, 1), 0);
    sim_disk_capacity(disk, UINT64_MAX);
    for (int i = 0; i < 100 && ledger_figures(p.ledger).full; i++) usleep(50000);
    size_t before = p.acknowledged;
    assert_int_equal(play_append(&p, 100), 100);
    ledger_close(p.ledger);
    assert_int_equal(p.acknowledged, before + 100);
    (void)checked(disk, &p, "full", 0);
    sim_disk_free(disk);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_failing_call_loses_nothing_acknowledged_and_the_log_opens_again),
        cmocka_unit_test(a_failed_sync_breaks_the_ledger_until_it_is_opened_again),
        cmocka_unit_test(a_disk_full_at_any_size_loses_nothing_and_space_brings_the_log_back),
        cmocka_unit_test(a_full_ledger_is_not_broken_and_goes_on_by_itself_when_there_is_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
