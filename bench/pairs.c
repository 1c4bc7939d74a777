/* S9: record pairs compared a second by one core, in blocks of people as linking meets them: every one against every other. Two orders: shuffled (strangers,
 * blocks of 1,700, as many as share a birth day and sex in Japan) and by kana (neighbours that are alike, blocks of 64). Beside it in the same round, a
 * plain Levenshtein distance of the same kana.
 * usage: pairs RESIDENTS MILLISECONDS           RESIDENTS: residents.ndjson of `mado people`
 * Prints a line for each order and fact: order fact pairs_per_second; "record" is all six facts and the sum of their weights; "prepare" is records. */
#include "base/json.h"
#include "base/world.h"
#include "bench/lib/figures.h"
#include "rules/identity/keys.h"
#include "rules/identity/postcode.h"
#include "rules/identity/sex.h"

#include <stdio.h>
#include <stdlib.h>

enum { PEOPLE_MAX = 200000, STRANGERS = 1700, ALIKE = 64, FILE_LIMIT = 1 << 30 };

struct person {
    struct name_key name;
    struct kana_key kana;
    struct birth_key birth;
    struct address_key address;
    struct postcode postcode;
    enum sex sex;
    struct str texts[6];
};
enum { NAME, KANA, BIRTH, ADDRESS, SEX, POST };

static struct person people[PEOPLE_MAX];
static size_t people_n;

static void prepare(struct person *p) {
    struct diag d;
    must(name_prepare(NULL, p->texts[NAME], &p->name, "", &d) == ERR_OK, "name");
    must(kana_prepare(p->texts[KANA], &p->kana, "", &d) == ERR_OK, "kana");
    must(birth_prepare(p->texts[BIRTH], &p->birth, "", &d) == ERR_OK, "birth");
    must(address_prepare(NULL, p->texts[ADDRESS], &p->address, "", &d) == ERR_OK, "address");
    must(sex_read(p->texts[SEX], &p->sex) && postcode_read(p->texts[POST], &p->postcode), "sex and post code");
}

static void read_people(const char *path) {
    static const char *const fields[] = {"name", "kana", "birth", "address", "sex", "post"};
    struct buf file;
    struct arena a;
    struct diag d;
    buf_init(&file, FILE_LIMIT), arena_init(&a, FILE_LIMIT);
    must(world_read_file(world_real(), path, &file, &d) == ERR_OK, path);
    for (struct str rest = buf_str(&file); rest.n && people_n < PEOPLE_MAX;) {
        struct json line;
        struct person *p = &people[people_n++];
        must(json_read(&a, str_cut(&rest, '\n'), &line, &d) == ERR_OK, path);
        for (size_t i = 0; i < ARRAY_LEN(fields); i++)
            if (!json_str(json_get(line, fields[i]), &p->texts[i])) p->texts[i] = (struct str){0};
    }
}

static int by_kana(const void *a, const void *b) {
    return str_cmp(((const struct person *)a)->texts[KANA], ((const struct person *)b)->texts[KANA]);
}

static void shuffle(void) {
    uint64_t state = 9;
    for (size_t i = people_n; i > 1; i--) {
        size_t j = next_random(&state) % i;
        struct person p = people[i - 1];
        people[i - 1] = people[j], people[j] = p;
    }
}

static int name(const struct person *a, const struct person *b) { return (int)name_level(&a->name, &b->name); }
static int kana(const struct person *a, const struct person *b) { return (int)kana_level(&a->kana, &b->kana); }
static int birth(const struct person *a, const struct person *b) { return (int)birth_level(&a->birth, &b->birth); }
static int address(const struct person *a, const struct person *b) {
    return (int)address_level(&a->address, &b->address);
}
static int record(const struct person *a, const struct person *b) {
    return level_weight(FACT_NAME, name_level(&a->name, &b->name)) +
           level_weight(FACT_KANA, kana_level(&a->kana, &b->kana)) +
           level_weight(FACT_BIRTH, birth_level(&a->birth, &b->birth)) +
           level_weight(FACT_ADDRESS, address_level(&a->address, &b->address)) +
           level_weight(FACT_SEX, sex_level(a->sex, b->sex)) +
           level_weight(FACT_POSTCODE, postcode_level(&a->postcode, &b->postcode));
}

static int levenshtein(const struct person *a, const struct person *b) {
    const struct kana_key *x = &a->kana, *y = &b->kana;
    uint8_t row[KANA_KEY_MAX + 1];
    for (uint8_t j = 0; j <= y->n; j++) row[j] = j;
    for (uint8_t i = 0; i < x->n; i++) {
        uint8_t corner = row[0]++;
        for (uint8_t j = 0; j < y->n; j++) {
            uint8_t change = (uint8_t)(corner + (x->plain[i] != y->plain[j])), above = row[j + 1], left = row[j];
            uint8_t least = (uint8_t)((above < left ? above : left) + 1);
            corner = above, row[j + 1] = change < least ? change : least;
        }
    }
    return row[y->n];
}

static const struct {
    const char *name;
    int (*run)(const struct person *a, const struct person *b);
} facts[] = {{"name", name},       {"kana", kana},     {"birth", birth},
             {"address", address}, {"record", record}, {"levenshtein", levenshtein}};

static volatile long long sum; /* what is computed must be wanted by someone */

static void measure(const char *order, size_t block, uint64_t for_ns) {
    for (size_t f = 0; f < ARRAY_LEN(facts); f++) {
        uint64_t begun = thread_cpu_ns(), took = 0, pairs = 0;
        long long s = 0;
        for (size_t at = 0, i = 0; took < for_ns; i++) {
            if (i == block) i = 0, at = at + 2 * block <= people_n ? at + block : 0;
            for (size_t k = at; k < at + block; k++) s += facts[f].run(&people[at + i], &people[k]);
            pairs += block;
            if (i % 16 == 0) took = thread_cpu_ns() - begun; /* the clock is a system call */
        }
        sum += s;
        printf("%s %s %.0f\n", order, facts[f].name, (double)pairs * 1e9 / (double)took);
    }
}

int main(int argc, char **argv) {
    if (argc != 3) return fprintf(stderr, "usage: pairs RESIDENTS MILLISECONDS\n"), 2;
    uint64_t ms = read_number(argv[2], 60000, "MILLISECONDS");
    read_people(argv[1]);
    must(people_n >= STRANGERS, "1,700 people at least");
    uint64_t begun = thread_cpu_ns();
    for (size_t i = 0; i < people_n; i++) prepare(&people[i]);
    printf("any prepare %.0f\n", (double)people_n * 1e9 / (double)(thread_cpu_ns() - begun));
    shuffle();
    measure("strangers", STRANGERS, ms * 1000000);
    qsort(people, people_n, sizeof people[0], by_kana);
    measure("alike", ALIKE, ms * 1000000);
}
