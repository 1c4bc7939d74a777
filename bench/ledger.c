/* S7: durable records a second with 64 in flight, against bare group commit: a thread that says "now", a commit thread that writes
 * the same bytes into a pre-zeroed file and syncs, an eventfd back; as many records a commit as the ledger had, no work for any of
 * them. And against the disk alone: the same writes and syncs by one thread that waits for nobody. Rounds of the three alternate;
 * ratios within a round, medians. Prints one JSON object.
 * usage: ledger FOLDER [ROUNDS [MILLISECONDS]]   FOLDER is made, and removed by the caller. */
#include "bench/lib/figures.h"
#include "state/ledger/segment.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { IN_FLIGHT = 64, BODY = 73, BARE_FILE = 64 << 20 };

struct load {
    struct ledger *ledger;
    int event;
    bool ending;
    uint64_t done;
    char body[BODY];
    struct ledger_ticket tickets[IN_FLIGHT];
};

static int64_t now_us(void) { return world_real()->steady_us(world_real()); }

static void send(struct load *l, struct ledger_ticket *t) {
    l->body[0]++;
    must(ledger_append(l->ledger, t, str_of(l->body, BODY)) == ERR_OK, "append");
}

static void again(struct ledger_ticket *t) {
    struct load *l = t->context;
    must(t->err == ERR_OK, "commit");
    l->done++;
    if (!l->ending) send(l, t);
}

static void wake(void *ctx) {
    uint64_t one = 1;
    must(write(*(int *)ctx, &one, sizeof one) == sizeof one, "eventfd");
}

struct rate {
    double records_s, batch;
    uint64_t bytes;
};

static void open_ledger(struct load *l, const char *folder) {
    struct diag d;
    *l = (struct load){.event = eventfd(0, EFD_CLOEXEC)};
    struct ledger_settings s = {.folder = folder, .writer = "bench", .wake = wake, .wake_context = &l->event};
    must(ledger_open(&l->ledger, world_real(), &s, &d) == ERR_OK, "open");
}

static void run_until(struct load *l, int64_t until) {
    l->ending = false;
    for (int i = 0; i < IN_FLIGHT; i++) {
        l->tickets[i] = (struct ledger_ticket){.done = again, .context = l};
        send(l, &l->tickets[i]);
    }
    while (!l->ending) {
        uint64_t count;
        ledger_flush(l->ledger);
        must(read(l->event, &count, sizeof count) == sizeof count, "eventfd");
        l->ending = now_us() >= until;
        ledger_collect(l->ledger);
    }
    ledger_drain(l->ledger);
}

/* As the door does it: a thread that is woken by an eventfd, collects, appends what is next, flushes once a turn. A segment that is
 * being zeroed beside this round is waited for afterwards, so that it does not slow the reference. */
static struct rate ledger_round(struct load *l, int64_t length_us) {
    struct ledger_figures before = ledger_figures(l->ledger);
    uint64_t done = l->done;
    int64_t start = now_us();
    run_until(l, start + length_us);
    int64_t took = now_us() - start;
    struct ledger_figures f = ledger_figures(l->ledger);
    while (ledger_figures(l->ledger).preparing) usleep(1000);
    uint64_t commits = f.commits - before.commits;
    return (struct rate){(double)(l->done - done) * 1e6 / (double)took,
                         (double)(f.records - before.records) / (double)commits, (f.bytes - before.bytes) / commits};
}

struct bare {
    int fd;
    uint64_t bytes, at;
    /* of the pair of threads */
    pthread_mutex_t lock;
    pthread_cond_t work;
    bool wanted, ending;
    int event;
};

static void bare_commit(struct bare *b) {
    static char bytes[COMMIT_MAX];
    if (b->at + b->bytes > BARE_FILE) b->at = 0;
    must(pwrite(b->fd, bytes, b->bytes, (off_t)b->at) == (ssize_t)b->bytes && fdatasync(b->fd) == 0, "bare loop");
    b->at += b->bytes;
}

/* Commits a second. */
static double disk_round(struct bare *b, int64_t length_us) {
    uint64_t commits = 0;
    int64_t start = now_us(), took;
    do {
        bare_commit(b);
        commits++;
        took = now_us() - start;
    } while (took < length_us);
    return (double)commits * 1e6 / (double)took;
}

static void *bare_commit_thread(void *arg) {
    struct bare *b = arg;
    for (;;) {
        pthread_mutex_lock(&b->lock);
        while (!b->wanted && !b->ending) pthread_cond_wait(&b->work, &b->lock);
        b->wanted = false;
        bool ending = b->ending;
        pthread_mutex_unlock(&b->lock);
        if (ending) return NULL;
        bare_commit(b);
        wake(&b->event);
    }
}

static void tell(struct bare *b, bool *what) {
    pthread_mutex_lock(&b->lock);
    *what = true;
    pthread_cond_signal(&b->work);
    pthread_mutex_unlock(&b->lock);
}

static double bare_round(struct bare *b, int64_t length_us) {
    pthread_t thread;
    uint64_t commits = 0, count;
    b->ending = false, b->event = eventfd(0, EFD_CLOEXEC);
    must(b->event >= 0 && pthread_create(&thread, NULL, bare_commit_thread, b) == 0, "bare loop");
    int64_t start = now_us(), took;
    do {
        tell(b, &b->wanted);
        must(read(b->event, &count, sizeof count) == sizeof count, "eventfd");
        commits++;
        took = now_us() - start;
    } while (took < length_us);
    tell(b, &b->ending);
    pthread_join(thread, NULL);
    close(b->event);
    return (double)commits * 1e6 / (double)took;
}

static int bare_file(const char *folder) {
    char path[PATH_MAX];
    static char zeros[1 << 20];
    snprintf(path, sizeof path, "%s/bare", folder);
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    must(fd >= 0, path);
    for (off_t at = 0; at < BARE_FILE; at += (off_t)sizeof zeros)
        must(pwrite(fd, zeros, sizeof zeros, at) == (ssize_t)sizeof zeros, path);
    must(fsync(fd) == 0, path);
    return fd;
}

static void add_up(void *ctx, const struct ledger_writer *r) {
    struct ledger_writer *sum = ctx;
    sum->records += r->records, sum->bytes += r->bytes;
}

enum series { OURS, BARE, RATIO, DISK, DISK_RATIO, BATCH, SERIES };

static void measure(double v[SERIES][ROUNDS_MAX], const char *folder, int fd, uint64_t rounds, int64_t length_us) {
    static struct load load;
    struct bare bare = {.fd = fd, .lock = PTHREAD_MUTEX_INITIALIZER, .work = PTHREAD_COND_INITIALIZER};
    open_ledger(&load, folder);
    bare.bytes = ledger_round(&load, length_us).bytes; /* warms up; not counted */
    for (uint64_t i = 0; i < rounds; i++) {
        struct rate r = ledger_round(&load, length_us);
        bare.bytes = r.bytes;
        v[OURS][i] = r.records_s, v[BATCH][i] = r.batch;
        v[BARE][i] = bare_round(&bare, length_us) * r.batch;
        v[DISK][i] = disk_round(&bare, length_us) * r.batch;
        v[RATIO][i] = v[OURS][i] / v[BARE][i], v[DISK_RATIO][i] = v[OURS][i] / v[DISK][i];
    }
    ledger_close(load.ledger);
}

int main(int argc, char **argv) {
    static double v[SERIES][ROUNDS_MAX];
    uint64_t rounds = 25, ms = 200;
    struct diag d;
    if (argc < 2 || (argc > 2 && !str_uint(str_c(argv[2]), ROUNDS_MAX, &rounds)) || rounds < ROUNDS_MIN ||
        (argc > 3 && !str_uint(str_c(argv[3]), 60000, &ms)))
        return fprintf(stderr, "usage: ledger FOLDER [ROUNDS (5-99) [MILLISECONDS]]\n"), 2;
    must(world_make_folder(argv[1], &d) == ERR_OK, argv[1]);
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%s/ledger", argv[1]);
    int fd = bare_file(argv[1]);
    measure(v, folder, fd, rounds, (int64_t)ms * 1000);
    close(fd);
    struct ledger_writer sum = {0};
    int64_t start = now_us();
    must(ledger_verify(world_real(), folder, add_up, &sum, &d) == ERR_OK, "verify");
    double verify_s = (double)(now_us() - start) / 1e6, mid[SERIES];
    for (int i = 0; i < SERIES; i++) mid[i] = median(v[i], rounds);
    printf(
        "{\"S7\":{\"figure\":%.0f,\"unit\":\"durable records/s, 64 in flight, %d bytes each\",\"reference\":%.0f,"
        "\"reference_is\":\"bare group commit: two threads, the same bytes and batches\",\"ratio\":%.3f,"
        "\"spread\":[%.3f,%.3f],\"spread_is\":\"quartiles\",\"rounds\":%d,\"batch\":%.1f,\"disk_alone\":%.0f,\"disk_alone_ratio\":%.3f,"
        "\"verify_records_s\":%.0f,\"verify_mb_s\":%.0f}}\n",
        mid[OURS], BODY, mid[BARE], mid[RATIO], v[RATIO][rounds / 4], v[RATIO][rounds - 1 - rounds / 4], (int)rounds,
        mid[BATCH], mid[DISK], mid[DISK_RATIO], (double)sum.records / verify_s, (double)sum.bytes / 1e6 / verify_s);
    return 0;
}
