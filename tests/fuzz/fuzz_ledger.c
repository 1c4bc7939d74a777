/* Any bytes as a segment. The first byte says how much help the input gets past the checksums nobody can guess: a right segment
 * header (1), right magic, check and index of each commit (2), right chains (4); with 8 the log is also opened for writing. Reading
 * ends with an answer or an error that names a place; what is shown is in order and within its limits; a log that opens takes
 * records and reads whole afterwards. */
#include "lib/sim_disk.h"
#include "state/ledger/segment.h"

#include <fcntl.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { HELP_HEADER = 1, HELP_COMMIT = 2, HELP_CHAIN = 4, HELP_OPEN = 8 };

static void help_commits(struct hash *h, const struct segment_header *s, char *bytes, int help) {
    uint8_t chain[CHAIN_SIZE];
    struct commit_header c = {0};
    uint64_t index = 0;
    memcpy(chain, s->chain, CHAIN_SIZE);
    for (uint64_t at = SEGMENT_HEADER; at + COMMIT_HEADER <= s->bytes; at += commit_size(c.bytes)) {
        c = (struct commit_header){get_u32(bytes + at + 4), get_u32(bytes + at + 8), index};
        if (c.count == 0 && c.bytes == 0 && get_u32(bytes + at) == 0) return;
        if (help & HELP_COMMIT) commit_header_put(h, s->salt, &c, bytes + at);
        if (commit_size(c.bytes) > s->bytes - at) return;
        chain_step(h, chain, str_of(bytes + at + COMMIT_HEADER, c.bytes));
        if (help & HELP_CHAIN) memcpy(bytes + at + COMMIT_HEADER + c.bytes, chain, CHAIN_SIZE);
        index += c.count;
    }
}

static void make_segment(char bytes[LEDGER_SEGMENT_MIN], int help, struct str input) {
    struct segment_header s = {.bytes = LEDGER_SEGMENT_MIN, .sequence = 1, .writer = "w"};
    struct hash h;
    invariant(hash_init(&h, NULL) == ERR_OK);
    chain_first(&h, "w", s.chain);
    size_t from = help & HELP_HEADER ? SEGMENT_HEADER : 0;
    if (from) segment_header_put(&h, &s, bytes);
    if (input.n > LEDGER_SEGMENT_MIN - from) input.n = LEDGER_SEGMENT_MIN - from;
    if (input.n) memcpy(bytes + from, input.p, input.n);
    if (from) help_commits(&h, &s, bytes, help);
    hash_fini(&h);
}

static bool check_entry(void *ctx, const struct ledger_entry *e) {
    uint64_t *next = ctx;
    invariant(e->index == (*next)++ && e->body.n >= 1 && e->body.n <= LEDGER_RECORD_MAX);
    return true;
}

static void done(struct ledger_ticket *t) { invariant(t->err == ERR_OK); }

static void open_and_append(struct world *w, uint64_t records) {
    struct ledger_settings s = {.folder = "l", .writer = "w", .segment_bytes = LEDGER_SEGMENT_MIN};
    struct ledger *l;
    struct ledger_ticket t = {.done = done};
    uint64_t found = 0;
    if (ledger_open(&l, w, &s, NULL) != ERR_OK) return;
    invariant(ledger_append(l, &t, S("one more")) == ERR_OK);
    ledger_close(l);
    invariant(ledger_read(w, "l", check_entry, &found, NULL) == ERR_OK && found == records + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    static char bytes[LEDGER_SEGMENT_MIN];
    if (n == 0) return 0;
    memset(bytes, 0, sizeof bytes);
    make_segment(bytes, data[0], str_of(data + 1, n - 1));
    struct sim_disk *disk = sim_disk_new(1);
    struct world *w = sim_disk_world(disk);
    invariant(w->mkdir(w, "l", 0700) == 0 && w->mkdir(w, "l/w", 0700) == 0);
    int fd = w->open(w, "l/w/00000001.seg", O_RDWR | O_CREAT, 0600);
    invariant(fd >= 0 && w->pwrite(w, fd, bytes, sizeof bytes, 0) == sizeof bytes);
    w->close(w, fd);
    uint64_t records = 0;
    struct diag d = {0};
    enum err e = ledger_read(w, "l", check_entry, &records, &d);
    invariant(e == ERR_OK || ((e == ERR_CORRUPT || e == ERR_VERSION) && d.err == e && d.where[0]));
    if (e == ERR_OK && (data[0] & HELP_OPEN)) open_and_append(w, records);
    sim_disk_free(disk);
    return 0;
}
