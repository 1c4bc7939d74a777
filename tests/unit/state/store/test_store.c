/* One table of behaviours, run against the backend in memory and against LMDB. */
#include "base/buf.h"
#include "lib/scratch.h"
#include "lib/short_memory.h"
#include "lib/unit.h"
#include "state/store/store_backend.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

struct fixture {
    bool lmdb;
    struct scratch scratch;
    char folder[SCRATCH_PATH_MAX];
    struct store *store;
};

static struct store_settings settings_of(const struct fixture *f, bool write) {
    return (struct store_settings){
        .home = STORE_HOME_COVERAGE, .folder = f->lmdb ? f->folder : NULL, .write = write, .map_bytes = 64 << 20};
}

static int begin(void **state, bool lmdb) {
    struct fixture *f = calloc(1, sizeof *f);
    f->lmdb = lmdb;
    scratch_make(&f->scratch);
    scratch_path(&f->scratch, "coverage", f->folder);
    struct store_settings s = settings_of(f, true);
    *state = f;
    return store_open(&f->store, &s, NULL) == ERR_OK ? 0 : -1;
}
static int begin_ram(void **state) { return begin(state, false); }
static int begin_lmdb(void **state) { return begin(state, true); }

static int end(void **state) {
    struct fixture *f = *state;
    if (f->store) store_close(f->store);
    scratch_remove(&f->scratch);
    free(f);
    return 0;
}

static struct store_txn *txn(struct store *s) {
    struct store_txn *t = NULL;
    assert_int_equal(store_begin(s, &t, NULL), ERR_OK);
    return t;
}

static void put(struct store_txn *t, const char *key, const char *value) {
    assert_int_equal(store_put(t, STORE_MEMBER, str_c(key), str_c(value), NULL), ERR_OK);
}

static void put_one(struct store *s, const char *key, const char *value) {
    struct store_txn *t = txn(s);
    put(t, key, value);
    assert_int_equal(store_commit(t, NULL), ERR_OK);
}

/* Rows come out as "key=value " in the order found, "+" at the end when there are more. */
static void note(struct store_read *r) {
    struct buf *out = r->context;
    assert_int_equal(r->err, ERR_OK);
    for (size_t f = 0; f < r->find_count; f++) {
        for (size_t i = 0; i < r->finds[f].count; i++) {
            buf_put(out, r->finds[f].rows[i].key), buf_putc(out, '=');
            buf_put(out, r->finds[f].rows[i].value), buf_putc(out, ' ');
        }
        if (r->finds[f].more) buf_putc(out, '+');
        if (f + 1 < r->find_count) buf_puts(out, "| ");
    }
}

static char found_room[8192];
static struct str found(struct store *s, struct store_find *finds, size_t n) {
    struct buf out = buf_over(found_room, sizeof found_room);
    struct store_read r = {.finds = finds, .find_count = n, .done = note, .context = &out};
    store_read_now(s, &r);
    store_turn(s);
    return buf_str(&out);
}
static struct str find(struct store *s, const char *prefix) {
    return found(s, &(struct store_find){.table = STORE_MEMBER, .prefix = str_c(prefix)}, 1);
}
static struct str find_exact(struct store *s, const char *key) {
    return found(s, &(struct store_find){.table = STORE_MEMBER, .exact = true, .prefix = str_c(key)}, 1);
}

/* ---- behaviours ---- */

static void a_prefix_finds_what_begins_with_it(void **state) {
    struct store *s = ((struct fixture *)*state)->store;
    struct store_txn *t = txn(s);
    put(t, "b", "2"), put(t, "ab", "1"), put(t, "abc", "3"), put(t, "abd", "4"), put(t, "ac", "5"), put(t, "\xff", "6");
    assert_int_equal(store_commit(t, NULL), ERR_OK);
    static const char *const rows[][2] = {
        {"ab", "ab=1 abc=3 abd=4 "}, {"abc", "abc=3 "}, {"a", "ab=1 abc=3 abd=4 ac=5 "}, {"abcd", ""}, {"c", ""},
        {"\xff", "\xff=6 "},         {"aa", ""}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) row_check(str_eq(find(s, rows[i][0]), str_c(rows[i][1])), rows[i][0]);
    assert_str(find_exact(s, "ab"), S("ab=1 "));
    assert_str(find_exact(s, "a"), S(""));
    assert_str(find_exact(s, "abcd"), S(""));
}

static void several_finds_come_in_one_batch(void **state) {
    struct store *s = ((struct fixture *)*state)->store;
    struct store_txn *t = txn(s);
    put(t, "a", "1");
    assert_int_equal(store_put(t, STORE_INSURER, S("a"), S("name"), NULL), ERR_OK);
    assert_int_equal(store_commit(t, NULL), ERR_OK);
    struct store_find finds[3] = {{.table = STORE_INSURER, .exact = true, .prefix = S("a")},
                                  {.table = STORE_MEMBER, .prefix = S("zz")},
                                  {.table = STORE_MEMBER, .prefix = S("a")}};
    assert_str(found(s, finds, 3), S("a=name | | a=1 "));
}

static void more_rows_than_fit_are_said_to_be_there(void **state) {
    struct store *s = ((struct fixture *)*state)->store;
    struct store_txn *t = txn(s);
    for (unsigned i = 0; i < STORE_ROWS_MAX; i++) put(t, (char[]){'k', (char)('A' + i), 0}, "v");
    assert_int_equal(store_commit(t, NULL), ERR_OK);
    struct str all = find(s, "k");
    assert_int_equal(all.n, STORE_ROWS_MAX * strlen("kA=v "));
    put_one(s, "kZ", "v");
    struct str more = find(s, "k");
    assert_true(str_ends(more, S("+")) && more.n == STORE_ROWS_MAX * strlen("kA=v ") + 1);
}

/* A whole table, a look-up at a time, going on behind the last key. */
static void reading_on_meets_every_row_once(void **state) {
    struct store *s = ((struct fixture *)*state)->store;
    struct store_txn *t = txn(s);
    enum { ROWS = 2 * STORE_ROWS_MAX + 1 };
    for (unsigned i = 0; i < ROWS; i++) put(t, (char[]){i % 2 ? 'k' : 'j', (char)('A' + i), 0}, "v");
    assert_int_equal(store_commit(t, NULL), ERR_OK);
    static const struct {
        const char *prefix;
        size_t rows;
    } rows[] = {{"", ROWS}, {"j", STORE_ROWS_MAX + 1}, {"k", STORE_ROWS_MAX}, {"l", 0}};
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        char last[4] = "";
        struct store_find f = {.table = STORE_MEMBER, .prefix = str_c(rows[r].prefix)};
        size_t seen = 0;
        do {
            struct str text = found(s, &f, 1);
            for (size_t i = 0; i < f.count; i++, seen++) {
                struct str key = str_cut(&text, '=');
                row_check(str_to_c(key, last, sizeof last), rows[r].prefix);
                (void)str_cut(&text, ' ');
            }
            f.after = str_c(last);
        } while (f.more);
        row_check(seen == rows[r].rows, rows[r].prefix);
    }
    /* Behind a key that is not there, and behind the last. */
    assert_str(found(s, &(struct store_find){.table = STORE_MEMBER, .prefix = S("k"), .after = S("kaa")}, 1), S(""));
    put_one(s, "kz", "1");
    assert_str(found(s, &(struct store_find){.table = STORE_MEMBER, .prefix = S("k"), .after = S("kaa")}, 1),
               S("kz=1 "));
    assert_str(found(s, &(struct store_find){.table = STORE_MEMBER, .prefix = S("k"), .after = S("kz")}, 1), S(""));
}

static void what_is_aborted_never_was(void **state) {
    struct store *s = ((struct fixture *)*state)->store;
    put_one(s, "a", "1"), put_one(s, "b", "2");
    struct store_txn *t = txn(s);
    put(t, "a", "changed"), put(t, "a", "again"), put(t, "new", "x");
    assert_int_equal(store_del(t, STORE_MEMBER, S("b"), NULL), ERR_OK);
    assert_int_equal(store_del(t, STORE_MEMBER, S("new"), NULL), ERR_OK);
    put(t, "b", "back"), put(t, "c", "3");
    assert_int_equal(store_append(t, STORE_MEMBER, S("z"), S("9"), NULL), ERR_OK);
    store_abort(t);
    static const char *const keys[][2] = {{"a", "a=1 "}, {"b", "b=2 "}, {"c", ""}, {"new", ""}, {"z", ""}};
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) row_check(str_eq(find(s, keys[i][0]), str_c(keys[i][1])), keys[i][0]);
    assert_int_equal(store_count(s, STORE_MEMBER), 2);
    store_turn(s);
}

static void what_is_appended_must_come_last(void **state) {
    struct store *s = ((struct fixture *)*state)->store;
    struct store_txn *t = txn(s);
    assert_int_equal(store_append(t, STORE_MEMBER, S("b"), S("1"), NULL), ERR_OK);
    assert_int_equal(store_append(t, STORE_MEMBER, S("c"), S("2"), NULL), ERR_OK);
    assert_int_equal(store_append(t, STORE_MEMBER, S("c"), S("3"), NULL), ERR_CONFLICT);
    assert_int_equal(store_append(t, STORE_MEMBER, S("a"), S("4"), NULL), ERR_CONFLICT);
    assert_int_equal(store_append(t, STORE_MEMBER, S("ca"), S("5"), NULL), ERR_OK);
    assert_int_equal(store_commit(t, NULL), ERR_OK);
    assert_str(find(s, "b"), S("b=1 "));
    assert_str(find(s, "c"), S("c=2 ca=5 "));
    assert_str(find(s, "a"), S(""));
}

static struct str row_text(enum err e, struct store_row row) {
    if (e == ERR_NOT_FOUND) return S("none");
    assert_int_equal(e, ERR_OK);
    return row.key;
}

static void seeking_walks_the_table_as_the_transaction_sees_it(void **state) {
    struct store *s = ((struct fixture *)*state)->store;
    struct store_row row = {0};
    put_one(s, "b", "1"), put_one(s, "d", "2");
    struct store_txn *t = txn(s);
    put(t, "c", "3");
    static const struct {
        const char *from;
        bool after;
        const char *key;
    } rows[] = {{"", false, "b"}, {"a", false, "b"},   {"b", false, "b"},    {"b", true, "c"}, {"bb", true, "c"},
                {"c", true, "d"}, {"d", true, "none"}, {"e", false, "none"}, {"", true, "b"}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        enum err e = store_seek(t, STORE_MEMBER, str_c(rows[i].from), rows[i].after, &row, NULL);
        row_check(str_eq(row_text(e, row), str_c(rows[i].key)), rows[i].from);
    }
    assert_str(row_text(store_last(t, STORE_MEMBER, &row, NULL), row), S("d"));
    assert_int_equal(store_last(t, STORE_HISTORY, &row, NULL), ERR_NOT_FOUND);
    assert_int_equal(store_seek(t, STORE_HISTORY, S(""), false, &row, NULL), ERR_NOT_FOUND);
    assert_int_equal(store_del(t, STORE_MEMBER, S("nothing"), NULL), ERR_OK);
    assert_int_equal(store_commit(t, NULL), ERR_OK);
}

static void one_value_can_be_fetched(void **state) {
    struct store *s = ((struct fixture *)*state)->store;
    struct buf out;
    buf_init(&out, 4);
    put_one(s, "a", "1234"), put_one(s, "long", "12345"), put_one(s, "empty", "");
    assert_int_equal(store_get(s, STORE_MEMBER, S("a"), &out, NULL), ERR_OK);
    assert_str(buf_str(&out), S("1234"));
    assert_int_equal(store_get(s, STORE_MEMBER, S("empty"), &out, NULL), ERR_OK);
    assert_int_equal(out.n, 0);
    assert_int_equal(store_get(s, STORE_MEMBER, S("b"), &out, NULL), ERR_NOT_FOUND);
    assert_int_equal(store_get(s, STORE_MEMBER, S("long"), &out, NULL), ERR_LIMIT);
    buf_fini(&out);
}

static void long_keys_and_values_come_back(void **state) {
    struct store *s = ((struct fixture *)*state)->store;
    struct store_txn *t = txn(s);
    struct buf out;
    char key[STORE_KEY_MAX];
    enum { BIG = 300000 };
    char *value = malloc(BIG);
    memset(key, 'k', sizeof key), memset(value, 'v', BIG);
    buf_init(&out, BIG);
    assert_int_equal(store_put(t, STORE_MEMBER, str_of(key, sizeof key), str_of(value, BIG), NULL), ERR_OK);
    assert_int_equal(store_commit(t, NULL), ERR_OK);
    assert_int_equal(store_get(s, STORE_MEMBER, str_of(key, sizeof key), &out, NULL), ERR_OK);
    assert_true(str_eq(buf_str(&out), str_of(value, BIG)));
    buf_fini(&out);
    free(value);
}

/* Thousands of steps of a random life, and the same in a plain list. */
static void a_long_life_leaves_what_it_should(void **state) {
    struct store *s = ((struct fixture *)*state)->store;
    enum { KEYS = 64 };
    int now[KEYS], then[KEYS];
    uint32_t seed = 7;
    struct store_txn *t = NULL;
    for (size_t i = 0; i < KEYS; i++) now[i] = then[i] = -1;
    for (unsigned step = 0; step < 6000; step++) {
        seed = seed * 1664525 + 1013904223;
        unsigned k = seed >> 8 & (KEYS - 1), act = seed >> 16 & 31;
        char key[3] = {'k', (char)('0' + k), 0}, value[2] = {(char)('A' + step % 26), 0};
        if (t == NULL) t = txn(s), memcpy(then, now, sizeof now);
        if (act < 16) put(t, key, value), now[k] = value[0];
        else if (act < 28) assert_int_equal(store_del(t, STORE_MEMBER, str_c(key), NULL), ERR_OK), now[k] = -1;
        else if (act < 30) assert_int_equal(store_commit(t, NULL), ERR_OK), t = NULL;
        else store_abort(t), t = NULL, memcpy(now, then, sizeof now);
    }
    if (t) assert_int_equal(store_commit(t, NULL), ERR_OK);
    uint64_t count = 0;
    for (unsigned k = 0; k < KEYS; k++) {
        char key[3] = {'k', (char)('0' + k), 0}, want[8] = {'k', (char)('0' + k), '=', (char)now[k], ' ', 0};
        assert_str(find_exact(s, key), now[k] < 0 ? S("") : str_c(want));
        count += now[k] >= 0;
    }
    assert_int_equal(store_count(s, STORE_MEMBER), count);
    store_turn(s);
}

/* ---- of a store in a folder ---- */

static void a_second_writer_is_told_so_at_once(void **state) {
    struct fixture *f = *state;
    struct store *second = NULL;
    struct diag d = {0};
    struct store_settings s = settings_of(f, true);
    pid_t child = fork(); /* LMDB wants one opening a process */
    if (child == 0) _exit(store_open(&second, &s, &d) == ERR_LOCKED && d.detail[0] ? 0 : 1);
    int status = 1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* ---- a home that several write ---- */

static uint32_t add_one(struct store *s) {
    struct store_txn *t = NULL;
    struct store_row row;
    uint32_t n = 0;
    if (store_begin(s, &t, NULL) != ERR_OK) return 0;
    if (store_seek(t, STORE_WAYS, S("n"), false, &row, NULL) == ERR_OK) memcpy(&n, row.value.p, sizeof n);
    n++;
    if (store_put(t, STORE_WAYS, S("n"), str_of(&n, sizeof n), NULL) != ERR_OK) return store_abort(t), 0;
    return store_commit(t, NULL) == ERR_OK ? n : 0;
}

static struct store *open_ways(const struct fixture *f) {
    struct store *s = NULL;
    char folder[SCRATCH_PATH_MAX];
    struct store_settings settings = {.home = STORE_HOME_WAYS,
                                      .folder = scratch_path(&f->scratch, "ways", folder),
                                      .write = true,
                                      .map_bytes = 64 << 20};
    return store_open(&s, &settings, NULL) == ERR_OK ? s : NULL;
}

static pid_t started(const struct fixture *f, void (*life)(struct store *s)) {
    fflush(stdout);
    pid_t child = fork();
    if (child) return child;
    struct store *s = open_ways(f);
    if (s == NULL) _exit(1);
    life(s);
    _exit(0);
}

enum { TURNS = 100, WRITERS = 3 };
static void add_many(struct store *s) {
    for (int i = 0; i < TURNS; i++)
        if (add_one(s) == 0) _exit(1);
}

static void writers_of_ways_take_turns_and_lose_nothing(void **state) {
    const struct fixture *f = *state;
    pid_t children[WRITERS];
    for (size_t i = 0; i < WRITERS; i++) children[i] = started(f, add_many);
    for (size_t i = 0; i < WRITERS; i++) {
        int status = 1;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    struct store *s = open_ways(f);
    assert_non_null(s);
    assert_int_equal(add_one(s), WRITERS * TURNS + 1);
    store_close(s);
}

static void die_in_the_middle(struct store *s) {
    struct store_txn *t = NULL;
    uint32_t n = 1000;
    if (store_begin(s, &t, NULL) != ERR_OK) _exit(1);
    if (store_put(t, STORE_WAYS, S("n"), str_of(&n, sizeof n), NULL) == ERR_OK) raise(SIGKILL);
    _exit(1);
}

static void a_writer_killed_in_its_turn_holds_nobody_up_and_wrote_nothing(void **state) {
    const struct fixture *f = *state;
    int status = 0;
    struct store *s = open_ways(f);
    assert_non_null(s);
    store_close(s);
    pid_t child = started(f, die_in_the_middle);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    s = open_ways(f);
    assert_non_null(s);
    assert_int_equal(add_one(s), 1);
    store_close(s);
}

/* A reader in a process of its own, spoken to by single letters. */
struct reader {
    pid_t process;
    int to, from;
};
static void reader_life(const struct fixture *f, int in, int out) {
    struct store *s = NULL;
    struct store_settings settings = settings_of(f, false);
    if (store_open(&s, &settings, NULL) != ERR_OK) _exit(1);
    for (char c; read(in, &c, 1) == 1;) {
        struct buf b = buf_over(found_room, sizeof found_room);
        struct store_find find = {.table = STORE_MEMBER, .prefix = S("a")};
        struct store_read r = {.finds = &find, .find_count = 1, .done = note, .context = &b};
        if (c == 't') store_turn(s);
        store_read(s, &r);
        if (write(out, b.p + 2, 1) != 1) _exit(1); /* of "a=1 " */
    }
    _exit(0);
}
static char ask(const struct reader *r, char what) {
    char c = 0;
    assert_int_equal(write(r->to, &what, 1), 1);
    assert_int_equal(read(r->from, &c, 1), 1);
    return c;
}

static void a_reader_keeps_its_view_until_its_turn_ends(void **state) {
    struct fixture *f = *state;
    struct reader r;
    int to[2], from[2];
    put_one(f->store, "a", "1");
    assert_int_equal(pipe(to), 0);
    assert_int_equal(pipe(from), 0);
    fflush(stdout);
    if ((r.process = fork()) == 0) {
        close(to[1]), close(from[0]);
        reader_life(f, to[0], from[1]);
    }
    close(to[0]), close(from[1]);
    r.to = to[1], r.from = from[0];
    assert_int_equal(ask(&r, 'r'), '1');
    put_one(f->store, "a", "2");
    assert_int_equal(ask(&r, 'r'), '1');
    assert_int_equal(ask(&r, 't'), '2');
    close(r.to), close(r.from);
    assert_int_equal(waitpid(r.process, NULL, 0), r.process);
}

static void reopen(struct fixture *f, bool write, enum err want, struct diag *d) {
    struct store_settings s = settings_of(f, write);
    if (f->store) store_close(f->store);
    f->store = NULL;
    assert_int_equal(store_open(&f->store, &s, d), want);
    if (want != ERR_OK) f->store = NULL;
}

static void what_was_committed_is_there_after_opening_anew(void **state) {
    struct fixture *f = *state;
    put_one(f->store, "a", "1");
    struct store_txn *t = txn(f->store);
    put(t, "b", "2");
    store_abort(t);
    reopen(f, false, ERR_OK, NULL);
    assert_str(find(f->store, "a"), S("a=1 "));
    assert_str(find(f->store, "b"), S(""));
}

static void a_store_of_another_format_is_refused_with_both_numbers(void **state) {
    struct fixture *f = *state;
    struct diag d = {0};
    struct store_txn *t = txn(f->store);
    assert_int_equal(store_put(t, STORE_META, S("format"), str_of("\x09\0\0\0", 4), NULL), ERR_OK);
    assert_int_equal(store_commit(t, NULL), ERR_OK);
    for (int write = 0; write <= 1; write++) {
        reopen(f, write, ERR_VERSION, &d);
        assert_non_null(strstr(d.detail, "format 9"));
        assert_non_null(strstr(d.detail, "reads 1"));
    }
}

static void a_damaged_format_is_refused(void **state) {
    struct fixture *f = *state;
    struct store_txn *t = txn(f->store);
    assert_int_equal(store_put(t, STORE_META, S("format"), S("x"), NULL), ERR_OK);
    assert_int_equal(store_commit(t, NULL), ERR_OK);
    reopen(f, false, ERR_CORRUPT, NULL);
}

static void without_a_store_a_reader_finds_none(void **state) {
    struct fixture *f = *state;
    store_close(f->store), f->store = NULL;
    scratch_path(&f->scratch, "nowhere", f->folder);
    reopen(f, false, ERR_NOT_FOUND, NULL);
    assert_int_equal(access(f->folder, F_OK), -1);
}

/* Killed between the environment and its tables. */
static void a_store_whose_making_was_stopped_is_none_yet(void **state) {
    struct fixture *f = *state;
    struct store_settings desk = settings_of(f, true);
    store_close(f->store), f->store = NULL;
    char path[SCRATCH_PATH_MAX], other[SCRATCH_PATH_MAX];
    scratch_path(&f->scratch, "empty", path);
    memcpy(other, f->folder, sizeof other);
    /* a desk's environment has none of the tables of coverage */
    desk.home = STORE_HOME_DESK, desk.folder = path;
    assert_int_equal(store_open(&f->store, &desk, NULL), ERR_OK);
    store_close(f->store), f->store = NULL;
    memcpy(f->folder, path, sizeof path);
    reopen(f, false, ERR_NOT_FOUND, NULL);
    memcpy(f->folder, other, sizeof other);
}

static void no_memory_is_an_error_and_leaves_a_store_that_works(void **state) {
    struct fixture *f = *state;
    size_t nth = 0;
    bool hit;
    do {
        struct store_txn *t = NULL;
        short_memory_from(++nth);
        enum err e = store_begin(f->store, &t, NULL);
        for (char c = 'a'; e == ERR_OK && c < 'a' + 3; c++)
            e = store_put(t, STORE_MEMBER, str_of(&c, 1), S("value"), NULL);
        if (e == ERR_OK) e = store_del(t, STORE_MEMBER, S("a"), NULL);
        hit = short_memory_hit();
        if (e == ERR_OK) e = store_commit(t, NULL);
        else if (t) store_abort(t);
        if (e != ERR_OK) assert_int_equal(e, ERR_MEMORY);
        if (e != ERR_OK) assert_int_equal(store_count(f->store, STORE_MEMBER), 0);
        store_turn(f->store);
    } while (hit);
    assert_true(nth > 1);
    assert_str(find(f->store, "b"), S("b=value "));
}

#define BOTH(test)                                                                                                     \
    {#test " (ram)", test, begin_ram, end, NULL}, { #test " (lmdb)", test, begin_lmdb, end, NULL }
#define LMDB(test)                                                                                                     \
    { #test, test, begin_lmdb, end, NULL }

int main(void) {
    const struct CMUnitTest tests[] = {
        BOTH(a_prefix_finds_what_begins_with_it),
        BOTH(several_finds_come_in_one_batch),
        BOTH(more_rows_than_fit_are_said_to_be_there),
        BOTH(reading_on_meets_every_row_once),
        BOTH(what_is_aborted_never_was),
        BOTH(what_is_appended_must_come_last),
        BOTH(seeking_walks_the_table_as_the_transaction_sees_it),
        BOTH(one_value_can_be_fetched),
        BOTH(long_keys_and_values_come_back),
        BOTH(a_long_life_leaves_what_it_should),
        BOTH(no_memory_is_an_error_and_leaves_a_store_that_works),
        LMDB(a_second_writer_is_told_so_at_once),
        LMDB(writers_of_ways_take_turns_and_lose_nothing),
        LMDB(a_writer_killed_in_its_turn_holds_nobody_up_and_wrote_nothing),
        LMDB(a_reader_keeps_its_view_until_its_turn_ends),
        LMDB(what_was_committed_is_there_after_opening_anew),
        LMDB(a_store_of_another_format_is_refused_with_both_numbers),
        LMDB(a_damaged_format_is_refused),
        LMDB(without_a_store_a_reader_finds_none),
        LMDB(a_store_whose_making_was_stopped_is_none_yet),
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
