/* The log on the real disk: a child process that writes is killed at a random moment, again and again; and a reader beside a
 * writer. MADO_ROUNDS: how many kills (40). */
#include "lib/ledger_play.h"
#include "lib/sim_disk.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { IN_FLIGHT = 64, ROUNDS_A_FOLDER = 20, KILL_WITHIN_US = 30000 };

/* Record i of the log is play_record(i): every append of these runs succeeds or the run ends. */
struct child {
    struct ledger *ledger;
    int to_parent;
    uint64_t next, told;
    struct ledger_ticket tickets[IN_FLIGHT];
};

static void append_next(struct child *c, struct ledger_ticket *t) {
    char room[LEDGER_RECORD_MAX];
    if (ledger_append(c->ledger, t, play_record(c->next++, room)) != ERR_OK) _exit(3);
}

static void acknowledged(struct ledger_ticket *t) {
    struct child *c = t->context;
    if (t->err != ERR_OK) _exit(4);
    c->told++;
    append_next(c, t);
}

static _Noreturn void child_writes(const char *folder, uint64_t next, int to_parent) {
    static struct child c;
    struct ledger_settings s = {.folder = folder, .writer = "door-0", .segment_bytes = LEDGER_SEGMENT_SMALL};
    c = (struct child){.to_parent = to_parent, .next = next, .told = next};
    if (ledger_open(&c.ledger, world_real(), &s, NULL) != ERR_OK) _exit(2);
    for (int i = 0; i < IN_FLIGHT; i++) {
        c.tickets[i] = (struct ledger_ticket){.done = acknowledged, .context = &c};
        append_next(&c, &c.tickets[i]);
    }
    for (;;) {
        ledger_flush(c.ledger);
        if (ledger_collect(c.ledger) == 0) continue;
        if (write(to_parent, &c.told, sizeof c.told) != sizeof c.told) _exit(5);
    }
}

static bool check_number(void *ctx, const struct ledger_entry *e) {
    uint64_t *n = ctx;
    char room[LEDGER_RECORD_MAX];
    if (e->index != *n || !str_eq(e->body, play_record(*n, room)))
        fail_msg("record %llu is another", (unsigned long long)*n);
    ++*n;
    return true;
}

static uint64_t records_in(const char *folder) {
    uint64_t n = 0;
    struct diag d = {0};
    enum err e = ledger_read(world_real(), folder, check_number, &n, &d);
    if (e != ERR_OK) fail_msg("%s %s %s", err_info(e)->name, d.where, d.detail);
    return n;
}

/* How many records the child said were durable before it died; `writing`: it lives until the first of them, otherwise it may die
 * while it opens the log. */
static uint64_t kill_one(const char *folder, uint64_t next, bool writing, uint64_t *random) {
    int ends[2], status;
    uint64_t told = next, more;
    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(ends[0]);
        child_writes(folder, next, ends[1]);
    }
    close(ends[1]);
    if (writing && read(ends[0], &more, sizeof more) == sizeof more) told = more;
    usleep((useconds_t)(sim_random(random) % KILL_WITHIN_US));
    kill(child, SIGKILL);
    while (read(ends[0], &more, sizeof more) == sizeof more) told = more;
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFEXITED(status)) fail_msg("the child ended by itself with %d", WEXITSTATUS(status));
    return told;
}

static void remove_folder(const char *folder) {
    char command[256];
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    pid_t child = fork();
    if (child == 0) execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    waitpid(child, NULL, 0);
}

static void new_folder(char folder[64]) {
    const char *base = getenv("MADO_TEST_DISK"); /* a real disk, where /tmp is memory */
    snprintf(folder, 64, "%.40s/mado-ledger-XXXXXX", base ? base : "/tmp");
    assert_non_null(mkdtemp(folder));
}

static void nothing_acknowledged_is_lost_when_the_process_is_killed(void **state) {
    (void)state;
    uint64_t rounds = 40, random = (uint64_t)getpid(), total = 0, grown = 0;
    if (!str_uint(str_c(getenv("MADO_ROUNDS")), 1000000, &rounds)) rounds = 40;
    char folder[64];
    for (uint64_t round = 0; round < rounds; round++) {
        if (round % ROUNDS_A_FOLDER == 0) {
            if (round) remove_folder(folder);
            new_folder(folder);
            total = 0;
        }
        uint64_t told = kill_one(folder, total, round % 2 == 0, &random), found = records_in(folder);
        if (found < told)
            fail_msg("round %llu: %llu acknowledged, %llu found", (unsigned long long)round, (unsigned long long)told,
                     (unsigned long long)found);
        grown += told > total;
        total = found;
    }
    remove_folder(folder);
    assert_true(grown * 2 >= rounds); /* the child was often killed while it wrote */
}

static void a_reader_beside_a_writer_sees_whole_records_and_ever_more(void **state) {
    (void)state;
    char folder[64];
    int ends[2], status;
    new_folder(folder);
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        child_writes(folder, 0, ends[1]);
    }
    close(ends[1]);
    uint64_t told = 0, seen = 0, reads = 0;
    while (told < 20000 && read(ends[0], &told, sizeof told) == sizeof told) {
        if (++reads % 20) continue;
        uint64_t found = records_in(folder);
        assert_true(found >= told && found >= seen);
        seen = found;
    }
    assert_true(seen > 0);
    kill(child, SIGKILL);
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    remove_folder(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_acknowledged_is_lost_when_the_process_is_killed),
        cmocka_unit_test(a_reader_beside_a_writer_sees_whole_records_and_ever_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
