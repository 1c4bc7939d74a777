/* S5 and S3, without the door: what a question costs in process, from the look-up to the written answer with its durable record, for
 * each of several stores in turn, beside a bare look-up of the same keys. Keys are drawn evenly from the members.
 * usage: question ROUNDS MILLISECONDS SAMPLE STORE...
 * Prints a line per store: members bytes_per_member question_us question_low question_high lookup_us ratio_to_first low high
 * where µs are CPU of the whole process (the commit thread included) and ratios are of rounds side by side. */
#include "bench/lib/figures.h"
#include "bench/lib/sample.h"
#include "edge/receipt/answer.h"
#include "service/verify_desk.h"
#include "state/store/store_key.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { IN_FLIGHT = 256, STORES_MAX = 8, ARENA_MAX = 1 << 20, ANSWER_MAX = 64 << 10 };

struct slot {
    struct verify_call call;
    struct arena arena;
};

struct bench {
    struct verify_desk desk;
    struct sample sample;
    struct slot *slots;
    struct buf answer;
    int event;
    size_t next, owed;
    uint64_t answered, bytes;
    double full[ROUNDS_MAX], bare[ROUNDS_MAX], ratio[ROUNDS_MAX];
};

static void wake(void *context) {
    uint64_t one = 1;
    must(write(*(int *)context, &one, sizeof one) == sizeof one, "eventfd");
}

static void answered(struct verify_call *c) {
    struct bench *b = c->context;
    struct unit unit = {.question = c->question};
    must(c->err == ERR_OK && c->answer.verdict.member, "a member that is there");
    struct writer w = writer_of(&b->answer, CARRIER_JSON);
    buf_reset(&b->answer);
    answer_write_unit(&w, &unit, &c->answer);
    b->bytes += b->answer.n;
    b->answered++, b->owed--;
}

static void ask(struct bench *b, struct slot *s) {
    arena_reset(&s->arena);
    s->call =
        (struct verify_call){.question = b->sample.questions[b->next++ % b->sample.count],
                             .asker = {.door = DOOR_BULK, .purpose = PURPOSE_TREATMENT, .institution = {110113719}},
                             .kind = AUDIT_BULK_QUESTION,
                             .arena = &s->arena,
                             .done = answered,
                             .context = b};
    b->owed++;
    verify_start(&b->desk, &s->call);
}

/* As a worker does it: a turn's questions, one flush, and the answers when the log has them. */
static double question_us(struct bench *b, uint64_t length_ns) {
    uint64_t before = b->answered, cpu = process_cpu_ns(), until = steady_ns() + length_ns;
    while (steady_ns() < until) {
        for (size_t i = 0; i < IN_FLIGHT; i++) ask(b, &b->slots[i]);
        ledger_flush(b->desk.ledger);
        store_turn(b->desk.coverage);
        while (b->owed) {
            uint64_t count;
            must(read(b->event, &count, sizeof count) == sizeof count, "eventfd");
            (void)ledger_collect(b->desk.ledger);
        }
    }
    return (double)(process_cpu_ns() - cpu) / 1e3 / (double)(b->answered - before);
}

static void found(struct store_read *r) { must(r->err == ERR_OK && r->finds[0].count > 0, "a row that is there"); }

static double lookup_us(struct bench *b, uint64_t length_ns) {
    uint64_t n = 0, cpu = process_cpu_ns(), until = steady_ns() + length_ns;
    while (steady_ns() < until) {
        for (size_t i = 0; i < IN_FLIGHT; i++, n++) {
            struct str key = b->sample.keys[b->next++ % b->sample.count];
            struct store_find f = {.table = STORE_MEMBER, .prefix = str_head(key, key.n - 1)};
            struct store_read r = {.finds = &f, .find_count = 1, .done = found};
            store_read(b->desk.coverage, &r);
        }
        store_turn(b->desk.coverage);
    }
    return (double)(process_cpu_ns() - cpu) / 1e3 / (double)n;
}

static void open_bench(struct bench *b, const char *store, size_t sample) {
    struct diag d = {0};
    sample_draw(&b->sample, store, sample);
    b->event = eventfd(0, EFD_CLOEXEC);
    struct verify_desk_settings s = {.store = store, .writer = "bench", .wake = wake, .wake_context = &b->event};
    if (verify_desk_open(&b->desk, world_real(), &s, &d) != ERR_OK) {
        fprintf(stderr, "bench: %s: %s %s\n", store, d.where, d.detail);
        exit(1);
    }
    store_warm(b->desk.coverage, &(atomic_bool){false});
    b->slots = calloc(IN_FLIGHT, sizeof *b->slots);
    must(b->slots != NULL, "memory");
    for (size_t i = 0; i < IN_FLIGHT; i++) arena_init(&b->slots[i].arena, ARENA_MAX);
    buf_init(&b->answer, ANSWER_MAX);
}

static void close_bench(struct bench *b) {
    verify_desk_close(&b->desk);
    for (size_t i = 0; i < IN_FLIGHT; i++) arena_fini(&b->slots[i].arena);
    buf_fini(&b->answer);
    free(b->slots);
    sample_fini(&b->sample);
    close(b->event);
}

static void report(struct bench *b, size_t rounds) {
    double full = median(b->full, rounds), bare = median(b->bare, rounds), ratio = median(b->ratio, rounds);
    printf("%llu %.1f %.3f %.3f %.3f %.3f %.3f %.3f %.3f\n", (unsigned long long)b->sample.rows,
           (double)b->sample.bytes / (double)b->sample.rows, full, b->full[0], b->full[rounds - 1], bare, ratio,
           b->ratio[0], b->ratio[rounds - 1]);
}

int main(int argc, char **argv) {
    static struct bench benches[STORES_MAX];
    if (argc < 5 || argc - 4 > STORES_MAX)
        return fprintf(stderr, "usage: question ROUNDS MILLISECONDS SAMPLE STORE...\n"), 2;
    size_t rounds = read_number(argv[1], ROUNDS_MAX, "ROUNDS"), stores = (size_t)argc - 4;
    uint64_t length_ns = read_number(argv[2], 60000, "MILLISECONDS") * 1000000u;
    must(rounds >= ROUNDS_MIN, "at least five rounds");
    for (size_t i = 0; i < stores; i++) open_bench(&benches[i], argv[4 + i], read_number(argv[3], 10000000, "SAMPLE"));
    for (size_t i = 0; i < stores; i++) (void)question_us(&benches[i], length_ns / 2);
    for (size_t r = 0; r < rounds; r++)
        for (size_t i = 0; i < stores; i++) {
            benches[i].full[r] = question_us(&benches[i], length_ns);
            benches[i].bare[r] = lookup_us(&benches[i], length_ns / 4);
            benches[i].ratio[r] = benches[i].full[r] / benches[0].full[r];
        }
    for (size_t i = 0; i < stores; i++) report(&benches[i], rounds);
    for (size_t i = 0; i < stores; i++) close_bench(&benches[i]);
    return 0;
}
