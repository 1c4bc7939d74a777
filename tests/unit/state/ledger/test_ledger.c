#include "lib/ledger_play.h"
#include "lib/short_memory.h"
#include "lib/sim_disk.h"
#include "state/ledger/segment.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define FOLDER        "ledger"
#define FIRST_SEGMENT "ledger/door-0/00000001.seg"

static enum err open_as(struct sim_disk *disk, const char *writer, struct ledger **out, struct diag *d) {
    struct ledger_settings s = {.folder = FOLDER, .writer = writer, .segment_bytes = LEDGER_SEGMENT_MIN};
    return ledger_open(out, sim_disk_world(disk), &s, d);
}

static struct ledger *opened(struct sim_disk *disk) {
    struct ledger *l;
    struct diag d = {0};
    enum err e = open_as(disk, "door-0", &l, &d);
    if (e != ERR_OK) fail_msg("%s: %s: %s", err_info(e)->name, d.where, d.detail);
    return l;
}

static struct play *play_new(void) {
    struct play *p = calloc(1, sizeof *p);
    invariant(p != NULL);
    return p;
}

/* n records in groups of ten, closed. */
static void write_log(struct sim_disk *disk, struct play *p, size_t n) {
    p->ledger = opened(disk);
    for (size_t left = n; left; left -= left < 10 ? left : 10) {
        (void)play_append(p, left < 10 ? left : 10);
        ledger_drain(p->ledger);
    }
    ledger_close(p->ledger);
}

static uint64_t check(struct sim_disk *disk, const struct play *p) {
    struct play_check c;
    struct diag d = {0};
    enum err e = play_check(&c, sim_disk_world(disk), FOLDER, p, &d);
    if (e != ERR_OK) fail_msg("%s: %s: %s", err_info(e)->name, d.where, d.detail);
    if (c.wrong) fail_msg("%s", c.why);
    return c.records;
}

static void remember_writer(void *ctx, const struct ledger_writer *r) { *(struct ledger_writer *)ctx = *r; }

static void records_come_back_in_order_over_segments_and_reopenings(void **state) {
    (void)state;
    struct sim_disk *disk = sim_disk_new(1);
    struct play *p = play_new();
    for (int i = 0; i < 4; i++) write_log(disk, p, 150);
    assert_int_equal(p->acknowledged, 600);
    assert_int_equal(check(disk, p), 600);
    struct ledger_writer w = {0};
    struct diag d;
    assert_int_equal(ledger_verify(sim_disk_world(disk), FOLDER, remember_writer, &w, &d), ERR_OK);
    assert_int_equal(w.records, 600);
    assert_true(w.segments >= 3 && w.closed && w.torn == 0);
    free(p);
    sim_disk_free(disk);
}

static void a_ticket_is_done_by_collect_alone_and_in_order(void **state) {
    (void)state;
    struct sim_disk *disk = sim_disk_new(2);
    struct play *p = play_new();
    p->ledger = opened(disk);
    assert_int_equal(play_append(p, 5), 5);
    while (ledger_figures(p->ledger).records < 5) usleep(100);
    assert_int_equal(p->acknowledged, 0);
    assert_int_equal(ledger_figures(p->ledger).waiting, 5);
    while (ledger_collect(p->ledger) == 0) usleep(100);
    assert_int_equal(p->acknowledged, 5);
    assert_int_equal(ledger_collect(p->ledger), 0);
    assert_int_equal(ledger_figures(p->ledger).waiting, 0);
    ledger_close(p->ledger);
    free(p);
    sim_disk_free(disk);
}

static void note_done(struct ledger_ticket *t) { *(bool *)t->context = true; }

static void what_is_appended_and_not_flushed_is_durable_after_close(void **state) {
    (void)state;
    struct sim_disk *disk = sim_disk_new(3);
    struct ledger *l = opened(disk);
    bool done = false;
    struct ledger_ticket t = {.done = note_done, .context = &done};
    assert_int_equal(ledger_append(l, &t, S("one")), ERR_OK);
    ledger_close(l);
    assert_true(done && t.err == ERR_OK);
    sim_disk_free(disk);
}

static void a_writer_has_one_process(void **state) {
    (void)state;
    struct sim_disk *disk = sim_disk_new(4);
    struct ledger *first = opened(disk), *second;
    struct diag d;
    assert_int_equal(open_as(disk, "door-0", &second, &d), ERR_LOCKED);
    assert_null(second);
    assert_int_equal(open_as(disk, "door-1", &second, &d), ERR_OK);
    ledger_close(second);
    ledger_close(first);
    ledger_close(opened(disk));
    sim_disk_free(disk);
}

static void refuses_what_cannot_be_a_record_or_a_writer(void **state) {
    (void)state;
    struct sim_disk *disk = sim_disk_new(5);
    struct ledger *l = opened(disk), *other;
    static const char big[LEDGER_RECORD_MAX + 1];
    struct ledger_ticket t = {0};
    assert_int_equal(ledger_append(l, &t, S("")), ERR_LIMIT);
    assert_int_equal(ledger_append(l, &t, str_of(big, sizeof big)), ERR_LIMIT);
    ledger_close(l);
    static const char *const names[] = {"", "../x", "a/b", "Door", "a_b", "123456789012345678901234567890123"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) assert_int_equal(open_as(disk, names[i], &other, NULL), ERR_VALUE);
    sim_disk_free(disk);
}

static void a_full_queue_says_busy_and_takes_more_later(void **state) {
    (void)state;
    struct sim_disk *disk = sim_disk_new(6);
    struct ledger *l = opened(disk);
    static struct ledger_ticket tickets[LEDGER_QUEUE_MAX];
    char record[LEDGER_RECORD_MAX];
    bool done = false;
    size_t taken = 0;
    enum err e = ERR_OK;
    memset(record, 'x', sizeof record);
    for (; taken < LEDGER_QUEUE_MAX && e == ERR_OK; taken += e == ERR_OK) {
        tickets[taken] = (struct ledger_ticket){.done = note_done, .context = &done};
        e = ledger_append(l, &tickets[taken], str_of(record, sizeof record));
    }
    assert_int_equal(e, ERR_BUSY);
    assert_int_equal(taken, LEDGER_QUEUE_BYTES / (LEDGER_RECORD_MAX + RECORD_PREFIX));
    ledger_drain(l);
    assert_true(done);
    assert_int_equal(ledger_append(l, &tickets[0], S("more")), ERR_OK);
    ledger_close(l);
    sim_disk_free(disk);
}

static void an_empty_or_missing_folder_has_no_records(void **state) {
    (void)state;
    struct sim_disk *disk = sim_disk_new(7);
    struct play *p = play_new();
    assert_int_equal(check(disk, p), 0);
    assert_int_equal(sim_disk_world(disk)->mkdir(sim_disk_world(disk), FOLDER, 0700), 0);
    assert_int_equal(check(disk, p), 0);
    ledger_close(opened(disk));
    assert_int_equal(check(disk, p), 0);
    free(p);
    sim_disk_free(disk);
}

static void a_later_format_is_refused_with_its_number(void **state) {
    (void)state;
    struct sim_disk *disk = sim_disk_new(8);
    struct play *p = play_new();
    write_log(disk, p, 3);
    size_t n;
    char *bytes = sim_disk_file(disk, FIRST_SEGMENT, &n);
    bytes[8] = 2;
    struct ledger *l;
    struct diag d;
    struct play_check c;
    assert_int_equal(open_as(disk, "door-0", &l, &d), ERR_VERSION);
    assert_non_null(strstr(d.detail, "version 2"));
    assert_int_equal(play_check(&c, sim_disk_world(disk), FOLDER, p, &d), ERR_VERSION);
    free(p);
    sim_disk_free(disk);
}

static size_t used_bytes(struct sim_disk *disk) {
    struct ledger_writer w = {0};
    assert_int_equal(ledger_verify(sim_disk_world(disk), FOLDER, remember_writer, &w, NULL), ERR_OK);
    return w.bytes;
}

static void every_flipped_bit_before_the_closing_mark_is_found_and_never_cut_away(void **state) {
    (void)state;
    struct sim_disk *disk = sim_disk_new(9);
    struct play *p = play_new();
    struct play_check c;
    struct ledger *l;
    write_log(disk, p, 12);
    size_t n, used = used_bytes(disk), mark = used - commit_size(0);
    char *bytes = sim_disk_file(disk, FIRST_SEGMENT, &n);
    for (size_t at = 0; at < used; at++) {
        char was = bytes[at];
        bytes[at] ^= (char)(1 << at % 8);
        enum err e = play_check(&c, sim_disk_world(disk), FOLDER, p, NULL);
        if (at < mark ? e == ERR_OK : e != ERR_OK || c.wrong)
            fail_msg("byte %zu of %zu: %s", at, used, err_info(e)->name);
        if (at < mark && open_as(disk, "door-0", &l, NULL) == ERR_OK) fail_msg("byte %zu: opened", at);
        bytes[at] = was;
    }
    assert_int_equal(check(disk, p), 12);
    free(p);
    sim_disk_free(disk);
}

/* Without the mark a fault in the last commit looks like a torn one: it may go, nothing wrong may come. */
static void a_flipped_bit_in_a_log_that_was_not_closed_never_yields_a_wrong_record(void **state) {
    (void)state;
    struct sim_disk *disk = sim_disk_new(10);
    struct play *p = play_new();
    struct play_check c;
    write_log(disk, p, 30);
    size_t n, used = used_bytes(disk), end = used - commit_size(0), faults = 0;
    char *bytes = sim_disk_file(disk, FIRST_SEGMENT, &n);
    memset(bytes + end, 0, used - end);
    struct play *unknown = play_new();
    unknown->next = p->next;
    for (size_t at = SEGMENT_HEADER; at < end; at++) {
        bytes[at] ^= (char)(1 << at % 8);
        enum err e = play_check(&c, sim_disk_world(disk), FOLDER, unknown, NULL);
        if (e == ERR_OK && (c.wrong || c.records != 20)) fail_msg("byte %zu: %s", at, c.why);
        faults += e == ERR_CORRUPT;
        bytes[at] ^= (char)(1 << at % 8);
    }
    assert_true(faults > end / 2);
    free(unknown);
    free(p);
    sim_disk_free(disk);
}

static void a_log_that_was_cut_short_anywhere_is_corrupt(void **state) {
    (void)state;
    struct sim_disk *disk = sim_disk_new(11);
    struct play *p = play_new();
    struct play_check c;
    write_log(disk, p, 20);
    struct world *w = sim_disk_world(disk);
    int fd = w->open(w, FIRST_SEGMENT, O_RDWR, 0);
    for (off_t size = LEDGER_SEGMENT_MIN - 1; size > 0; size -= 511) {
        assert_int_equal(w->ftruncate(w, fd, size), 0);
        assert_int_equal(play_check(&c, w, FOLDER, p, NULL), ERR_CORRUPT);
    }
    w->close(w, fd);
    free(p);
    sim_disk_free(disk);
}

static void damage_before_a_later_segment_is_never_cut_back(void **state) {
    (void)state;
    struct sim_disk *disk = sim_disk_new(12);
    struct play *p = play_new();
    write_log(disk, p, 400);
    size_t n;
    char *bytes = sim_disk_file(disk, FIRST_SEGMENT, &n), *end = bytes + n;
    assert_non_null(sim_disk_file(disk, "ledger/door-0/00000002.seg", &n));
    while (end[-1] == 0) end--;
    end[-40] ^= 1; /* the last commit of the first segment */
    struct diag d;
    struct play_check c;
    assert_int_equal(play_check(&c, sim_disk_world(disk), FOLDER, p, &d), ERR_CORRUPT);
    assert_non_null(strstr(d.where, "segment 00000001, offset"));
    sim_disk_free(disk);
    free(p);
}

static void a_missing_or_exchanged_segment_is_corrupt(void **state) {
    (void)state;
    struct sim_disk *disk = sim_disk_new(13);
    struct play *p = play_new();
    struct play_check c;
    struct ledger *l;
    write_log(disk, p, 900);
    struct world *w = sim_disk_world(disk);
    const char *two = "ledger/door-0/00000002.seg", *three = "ledger/door-0/00000003.seg";
    assert_int_equal(w->rename(w, two, "ledger/kept"), 0);
    assert_int_equal(play_check(&c, w, FOLDER, p, NULL), ERR_CORRUPT);
    assert_int_equal(open_as(disk, "door-0", &l, NULL), ERR_CORRUPT);
    assert_int_equal(w->rename(w, three, two), 0);
    assert_int_equal(w->rename(w, "ledger/kept", three), 0);
    assert_int_equal(play_check(&c, w, FOLDER, p, NULL), ERR_CORRUPT);
    free(p);
    sim_disk_free(disk);
}

static void anothers_log_under_a_new_name_is_corrupt(void **state) {
    (void)state;
    struct sim_disk *disk = sim_disk_new(14);
    struct play *p = play_new();
    struct play_check c;
    write_log(disk, p, 5);
    struct world *w = sim_disk_world(disk);
    assert_int_equal(w->mkdir(w, "ledger/door-9", 0700), 0);
    assert_int_equal(w->rename(w, FIRST_SEGMENT, "ledger/door-9/00000001.seg"), 0);
    assert_int_equal(play_check(&c, w, FOLDER, p, NULL), ERR_CORRUPT);
    free(p);
    sim_disk_free(disk);
}

static void remove_real(const char *folder) {
    char path[128];
    static const char *const names[] = {"/w/00000001.seg", "/w/lock", "/w/next.zero", "/w/next.tmp"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        snprintf(path, sizeof path, "%s%s", folder, names[i]);
        unlink(path);
    }
    snprintf(path, sizeof path, "%s/w", folder);
    rmdir(path);
    rmdir(folder);
}

static void opening_survives_every_lack_of_memory(void **state) {
    (void)state;
    char folder[] = "/tmp/mado-ledger-XXXXXX";
    assert_non_null(mkdtemp(folder));
    struct ledger_settings s = {.folder = folder, .writer = "w", .segment_bytes = LEDGER_SEGMENT_MIN};
    struct diag d;
    size_t failures = 0;
    for (size_t nth = 1;; nth++) {
        struct ledger *l = NULL;
        short_memory_from(nth);
        enum err e = ledger_open(&l, world_real(), &s, &d);
        if (e == ERR_OK) ledger_close(l);
        if (!short_memory_hit()) break;
        if (e == ERR_OK) continue;
        assert_null(l);
        assert_true(e == ERR_MEMORY || e == ERR_IO); /* EIO: opendir() says ENOMEM */
        failures++;
    }
    assert_true(failures >= 3);
    remove_real(folder);
}

static void a_warm_ledger_takes_no_memory_for_a_record(void **state) {
    (void)state;
    char folder[] = "/tmp/mado-ledger-XXXXXX";
    assert_non_null(mkdtemp(folder));
    struct ledger_settings s = {.folder = folder, .writer = "w", .segment_bytes = LEDGER_SEGMENT_SMALL};
    struct ledger *l;
    struct diag d;
    bool done = false;
    struct ledger_ticket tickets[64];
    assert_int_equal(ledger_open(&l, world_real(), &s, &d), ERR_OK);
    short_memory_from(1);
    for (int round = 0; round < 20; round++) {
        for (size_t i = 0; i < ARRAY_LEN(tickets); i++) {
            tickets[i] = (struct ledger_ticket){.done = note_done, .context = &done};
            assert_int_equal(ledger_append(l, &tickets[i], S("a record of about the size that one question leaves")),
                             ERR_OK);
        }
        ledger_drain(l);
    }
    assert_false(short_memory_hit());
    ledger_close(l);
    remove_real(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_come_back_in_order_over_segments_and_reopenings),
        cmocka_unit_test(a_ticket_is_done_by_collect_alone_and_in_order),
        cmocka_unit_test(what_is_appended_and_not_flushed_is_durable_after_close),
        cmocka_unit_test(a_writer_has_one_process),
        cmocka_unit_test(refuses_what_cannot_be_a_record_or_a_writer),
        cmocka_unit_test(a_full_queue_says_busy_and_takes_more_later),
        cmocka_unit_test(an_empty_or_missing_folder_has_no_records),
        cmocka_unit_test(a_later_format_is_refused_with_its_number),
        cmocka_unit_test(every_flipped_bit_before_the_closing_mark_is_found_and_never_cut_away),
        cmocka_unit_test(a_flipped_bit_in_a_log_that_was_not_closed_never_yields_a_wrong_record),
        cmocka_unit_test(a_log_that_was_cut_short_anywhere_is_corrupt),
        cmocka_unit_test(damage_before_a_later_segment_is_never_cut_back),
        cmocka_unit_test(a_missing_or_exchanged_segment_is_corrupt),
        cmocka_unit_test(anothers_log_under_a_new_name_is_corrupt),
        cmocka_unit_test(opening_survives_every_lack_of_memory),
        cmocka_unit_test(a_warm_ledger_takes_no_memory_for_a_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
