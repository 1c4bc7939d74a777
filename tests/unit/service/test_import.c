/* What the lines of files do to the store, with the real importer, threads, LMDB and a real vault process. */
#include "lib/failing_world.h"
#include "lib/import_play.h"
#include "lib/unit.h"
#include "state/store/member_row.h"
#include "state/store/store.h"
#include "state/store/store_key.h"

#include <dirent.h>
#include <errno.h>
#include <sys/resource.h>
#include <unistd.h>

static struct import_play play;

static int begin(void **state) {
    (void)state;
    import_play_begin(&play);
    return 0;
}

static int end(void **state) {
    (void)state;
    import_play_end(&play);
    return 0;
}

/* A line of insurer 06139448: number, branch ("" for none), start, lost ("" for none), name, birth. */
static void line(struct buf *b, const char *number, const char *branch, const char *start, const char *lost,
                 const char *name, const char *birth) {
    buf_printf(
        b,
        "{\"insurer\":\"06139448\",\"number\":\"%s\",\"branch\":\"%s\",\"start\":\"%s\",\"lost\":\"%s\",%s\"name\":\"%s\","
        "\"sex\":\"1\",\"birth\":\"%s\"}\n",
        number, branch, start, lost, lost[0] ? "\"loss_reason\":\"99\"," : "", name, birth);
}
#define A_LINE(b, number, branch, start, lost) line(b, number, branch, start, lost, "見本　太郎", "1985-04-01")

static const char *load(const char *name, const char *text) {
    enum err e = import_play_load(&play, name, str_c(text));
    if (e != ERR_OK) fail_msg("%s: %s %s %s", name, err_info(e)->en, play.diag.where, play.diag.detail);
    return import_play_results(&play, name);
}

/* ---- looking into the store ---- */

static void open_store(struct store **s, bool write) {
    char folder[SCRATCH_PATH_MAX];
    struct store_settings settings = {
        .home = STORE_HOME_COVERAGE, .folder = scratch_path(&play.scratch, "store/coverage", folder), .write = write};
    assert_int_equal(store_open(s, &settings, NULL), ERR_OK);
}

/* Members as "number/branch birth: start-lost, …; " in the order of their keys. */
static const char *members(void) {
    static char room[65536];
    struct buf out = buf_over(room, sizeof room - 1);
    struct store *s = NULL;
    struct store_txn *t = NULL;
    struct store_row row;
    struct arena a;
    arena_init(&a, 64 << 20);
    open_store(&s, true);
    assert_int_equal(store_begin(s, &t, NULL), ERR_OK);
    struct str from = S("");
    bool after = false;
    while (store_seek(t, STORE_MEMBER, from, after, &row, NULL) == ERR_OK) {
        struct member m;
        from = arena_copy(&a, row.key), after = true;
        assert_int_equal(member_row_read(&a, row.key, row.value, &m), ERR_OK);
        buf_put(&out, m.id.number), buf_putc(&out, '/'), branch_put(&out, m.id.branch), buf_putc(&out, ' ');
        day_put_iso(&out, m.birth), buf_puts(&out, ": ");
        for (size_t i = 0; i < m.period_count; i++) {
            if (i) buf_puts(&out, ", ");
            day_put_basic(&out, m.periods[i].start), buf_putc(&out, '-');
            if (day_is(m.periods[i].lost)) day_put_basic(&out, m.periods[i].lost);
        }
        buf_puts(&out, "; ");
    }
    store_abort(t);
    store_close(s);
    arena_fini(&a);
    room[out.n] = 0;
    return room;
}

static uint64_t rows(enum store_table table) {
    struct store *s = NULL;
    open_store(&s, false);
    uint64_t n = store_count(s, table);
    store_close(s);
    return n;
}

/* ---- one line, one result ---- */

static void a_load_sent_again_is_unchanged_and_writes_nothing(void **state) {
    (void)state;
    struct buf b;
    buf_init(&b, 4096);
    A_LINE(&b, "1", "01", "2020-04-01", "2024-04-01"), A_LINE(&b, "1", "01", "2024-04-01", ""),
        A_LINE(&b, "2", "", "2020-04-01", "");
    buf_putc(&b, 0);
    assert_string_equal(load("a.ndjson", b.p), "A A A");
    assert_string_equal(members(), "1/01 1985-04-01: 20240401-, 20200401-20240401; 2/ 1985-04-01: 20200401-; ");
    assert_string_equal(load("a.ndjson", b.p), "U U U");
    assert_string_equal(load("b.ndjson", b.p), "U U U");
    assert_int_equal(rows(STORE_HISTORY), 0);
    assert_int_equal(play.progress.unchanged, 3);
    buf_fini(&b);
}

static void a_later_file_corrects_ends_adds_and_keeps_what_was(void **state) {
    (void)state;
    struct buf b;
    buf_init(&b, 4096);
    A_LINE(&b, "1", "", "2020-04-01", ""), buf_putc(&b, 0);
    assert_string_equal(load("first.ndjson", b.p), "A");
    buf_reset(&b), A_LINE(&b, "1", "", "2020-04-01", "2026-04-01"), buf_putc(&b, 0);
    assert_string_equal(load("ended.ndjson", b.p), "A");
    assert_string_equal(members(), "1/ 1985-04-01: 20200401-20260401; ");
    assert_int_equal(rows(STORE_HISTORY), 1);
    buf_reset(&b), line(&b, "1", "", "2020-04-01", "2026-04-01", "見本　花子", "1985-04-01"),
        A_LINE(&b, "1", "", "2026-04-01", ""), buf_putc(&b, 0);
    assert_string_equal(load("renamed.ndjson", b.p), "A A");
    assert_string_equal(members(), "1/ 1985-04-01: 20260401-, 20200401-20260401; ");
    assert_int_equal(rows(STORE_HISTORY), 2); /* one a transaction: what a question could have seen */
    buf_fini(&b);
}

static void symbols_and_numbers_are_found_however_written_and_shown_as_last_written(void **state) {
    (void)state;
    struct buf b;
    buf_init(&b, 4096);
    A_LINE(&b, "０0１", "", "2020-04-01", ""), A_LINE(&b, "1", "", "2020-04-01", ""),
        A_LINE(&b, "1", "", "2020-04-01", ""), buf_putc(&b, 0);
    assert_string_equal(load("a.ndjson", b.p), "A A U");
    assert_string_equal(members(), "1/ 1985-04-01: 20200401-; ");
    buf_fini(&b);
}

static void withdrawing_is_once_accepted_then_unchanged(void **state) {
    (void)state;
    static const char withdraw[] =
        "{\"op\":\"withdraw\",\"insurer\":\"06139448\",\"number\":\"1\",\"start\":\"2024-04-01\",\"birth\":\"1985-04-01\"}\n";
    struct buf b;
    buf_init(&b, 4096);
    A_LINE(&b, "1", "", "2020-04-01", "2024-04-01"), A_LINE(&b, "1", "", "2024-04-01", ""), buf_putc(&b, 0);
    assert_string_equal(load("a.ndjson", b.p), "A A");
    assert_string_equal(load("w.ndjson", withdraw), "A");
    assert_string_equal(members(), "1/ 1985-04-01: 20200401-20240401; ");
    assert_string_equal(load("w.ndjson", withdraw), "U");
    assert_string_equal(load("again.ndjson", withdraw), "U");
    assert_string_equal(
        load(
            "never.ndjson",
            "{\"op\":\"withdraw\",\"insurer\":\"06139448\",\"number\":\"1\",\"start\":\"2023-04-01\",\"birth\":\"1985-04-01\"}"),
        "B0002:start");
    assert_string_equal(
        load(
            "nobody.ndjson",
            "{\"op\":\"withdraw\",\"insurer\":\"06139448\",\"number\":\"9\",\"start\":\"2023-04-01\",\"birth\":\"1985-04-01\"}"),
        "B0002:start");
    /* the last period goes, and the member with it; put back it is a new one */
    assert_string_equal(
        load(
            "last.ndjson",
            "{\"op\":\"withdraw\",\"insurer\":\"06139448\",\"number\":\"1\",\"start\":\"2020-04-01\",\"birth\":\"1985-04-01\"}"),
        "A");
    assert_string_equal(members(), "");
    assert_int_equal(rows(STORE_HISTORY), 2);
    buf_reset(&b), A_LINE(&b, "1", "", "2024-04-01", ""), buf_putc(&b, 0);
    assert_string_equal(load("back.ndjson", b.p), "A");
    assert_string_equal(load("w2.ndjson", withdraw), "A");
    buf_fini(&b);
}

static void overlapping_periods_of_one_member_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *start, *lost, *result;
    } tries[] = {
        {"2019-04-01", "2020-04-02", "B0001:start"},
        {"2019-04-01", "2020-04-01", "A"},
        {"2021-04-01", "2022-04-01", "B0001:start"},
        {"2023-03-31", "", "B0001:start"},
        {"2023-04-01", "2024-04-01", "A"},
        {"2010-01-01", "", "B0001:start"},
        {"2024-04-01", "", "A"},
        {"2030-04-01", "", "B0001:start"},
        {"2020-04-01", "2023-04-02", "B0001:start"},
        {"2020-04-01", "2022-04-01", "A"},
    };
    struct buf b;
    buf_init(&b, 65536);
    A_LINE(&b, "1", "", "2020-04-01", "2023-04-01");
    for (size_t i = 0; i < ARRAY_LEN(tries); i++) A_LINE(&b, "1", "", tries[i].start, tries[i].lost);
    buf_putc(&b, 0);
    char room[512];
    struct buf want = buf_over(room, sizeof room);
    buf_putc(&want, 'A');
    for (size_t i = 0; i < ARRAY_LEN(tries); i++) buf_putc(&want, ' '), buf_puts(&want, tries[i].result);
    assert_str(str_c(load("one-file.ndjson", b.p)), buf_str(&want));
    /* and the same, a file a line */
    import_play_end(&play), import_play_begin(&play);
    buf_reset(&b), A_LINE(&b, "1", "", "2020-04-01", "2023-04-01"), buf_putc(&b, 0);
    assert_string_equal(load("f.ndjson", b.p), "A");
    for (size_t i = 0; i < ARRAY_LEN(tries); i++) {
        buf_reset(&b), A_LINE(&b, "1", "", tries[i].start, tries[i].lost), buf_putc(&b, 0);
        row_check(strcmp(load("f.ndjson", b.p), tries[i].result) == 0, tries[i].start);
    }
    assert_string_equal(members(),
                        "1/ 1985-04-01: 20240401-, 20230401-20240401, 20200401-20220401, 20190401-20200401; ");
    buf_fini(&b);
}

static void a_branch_keeps_its_member_when_the_birth_date_is_corrected(void **state) {
    (void)state;
    struct buf b;
    buf_init(&b, 4096);
    A_LINE(&b, "1", "01", "2020-04-01", ""), A_LINE(&b, "1", "02", "2020-04-01", ""), buf_putc(&b, 0);
    assert_string_equal(load("a.ndjson", b.p), "A A");
    buf_reset(&b), line(&b, "1", "02", "2020-04-01", "", "見本　太郎", "1984-04-01"), buf_putc(&b, 0);
    assert_string_equal(load("b.ndjson", b.p), "A");
    assert_string_equal(members(), "1/02 1984-04-01: 20200401-; 1/01 1985-04-01: 20200401-; ");
    assert_int_equal(rows(STORE_HISTORY), 1);
    assert_string_equal(load("b.ndjson", b.p), "U");
    /* without a branch the birth date tells members apart */
    buf_reset(&b), line(&b, "2", "", "2020-04-01", "", "甲", "1984-04-01"),
        line(&b, "2", "", "2020-04-01", "", "乙", "1985-04-01"), buf_putc(&b, 0);
    assert_string_equal(load("c.ndjson", b.p), "A A");
    buf_fini(&b);
}

static void a_file_speaks_for_one_insurer(void **state) {
    (void)state;
    static const char text[] =
        "{\"insurer\":\"06139449\"}\n"
        "{\"op\":\"insurer\",\"insurer\":\"06139448\",\"name\":\"青葉電機健康保険組合\"}\n"
        "{\"insurer\":\"01130012\",\"number\":\"1\",\"start\":\"2020-04-01\",\"name\":\"他\",\"sex\":\"1\",\"birth\":\"1985-04-01\"}\n"
        "{\"op\":\"insurer\",\"insurer\":\"01130012\",\"name\":\"他の保険者\"}\n"
        "{\"insurer\":\"06139448\",\"number\":\"1\",\"start\":\"2020-04-01\",\"name\":\"見本\",\"sex\":\"1\",\"birth\":\"1985-04-01\"}\n";
    assert_string_equal(load("a.ndjson", text), "F0010:insurer A B0003:insurer B0003:insurer A");
    assert_string_equal(load("a.ndjson", text), "F0010:insurer U B0003:insurer B0003:insurer U");
    assert_string_equal(load("b.ndjson", "{\"op\":\"insurer\",\"insurer\":\"06139448\",\"name\":\"青葉健保\"}"), "A");
    assert_int_equal(rows(STORE_INSURER), 1);
}

static void lines_end_and_stand_as_they_like(void **state) {
    (void)state;
    struct buf b, c;
    buf_init(&b, 65536), buf_init(&c, 65536);
    A_LINE(&b, "9", "", "2020-04-01", ""), A_LINE(&b, "1", "", "2020-04-01", ""), A_LINE(&b, "5", "", "2020-04-01", "");
    /* CRLF, empty lines, no line end at the end */
    for (struct str rest = buf_str(&b); rest.n;) buf_put(&c, str_cut(&rest, '\n')), buf_puts(&c, "\r\n\r\n");
    buf_cut(&c, c.n - 4);
    buf_putc(&c, 0);
    assert_string_equal(load("a.ndjson", c.p), "A F0007 A F0007 A");
    assert_string_equal(members(), "1/ 1985-04-01: 20200401-; 5/ 1985-04-01: 20200401-; 9/ 1985-04-01: 20200401-; ");
    assert_string_equal(load("only-ends.ndjson", "\n\n\n"), "F0007 F0007 F0007");
    assert_string_equal(load("nothing.ndjson", ""), "");
    buf_fini(&b), buf_fini(&c);
}

static void csv_has_a_header_and_results_from_line_two(void **state) {
    (void)state;
    static const char text[] =
        "insurer,number,start,name,sex,birth\r\n06139448,1,2020-04-01,\"見本,太郎\",1,1985-04-01\r\n06139449,2,,,,\r\n06139448,3,2020-04-01,x,1,1985-04-01";
    assert_string_equal(load("a.csv", text), "A F0010:insurer A");
    assert_string_equal(load("a.csv", text), "U F0010:insurer U");
    assert_string_equal(load("header-only.csv", "insurer,number"), "");
    assert_string_equal(
        load(
            "b.sjis.csv",
            "insurer,number,start,name,sex,birth\n06139448,5,2020-04-01,\x8c\xa9\x96\x7b,1,1985-04-01\n06139448,6,2020-04-01,\xff,1,1985-04-01\n"),
        "A F0003:name");
}

static void a_number_of_spaces_is_refused(void **state) {
    (void)state;
    struct buf b;
    buf_init(&b, 4096);
    A_LINE(&b, "　", "", "2020-04-01", ""), A_LINE(&b, "1", "", "2020-04-01", ""), buf_putc(&b, 0);
    assert_string_equal(load("a.ndjson", b.p), "F0009:number A");
    buf_fini(&b);
}

/* More periods and certificates than a row holds refuse their lines, and nothing else. */
static void too_much_of_one_member_refuses_the_line_alone(void **state) {
    (void)state;
    struct buf b, contact;
    buf_init(&b, 4 << 20), buf_init(&contact, 4096);
    for (unsigned i = 0; i < 100; i++) buf_puts(&contact, "\xf0\xa0\xae\xb7");
    for (unsigned year = 2000; year < 2040; year++) {
        buf_printf(
            &b,
            "{\"insurer\":\"12131116\",\"number\":\"1\",\"class\":\"A1\",\"start\":\"%u-04-01\",\"lost\":\"%u-04-01\",\"loss_reason\":\"99\","
            "\"name\":\"見本\",\"sex\":\"1\",\"birth\":\"1985-04-01\",\"tickets\":[",
            year, year + 1);
        for (unsigned t = 0; t < 24; t++)
            buf_printf(&b, "%s{\"type\":\"01\",\"month\":\"202606\",\"contact\":\"%.*s\"}", t ? "," : "",
                       (int)contact.n, contact.p);
        buf_puts(&b, "]}\n");
    }
    buf_puts(
        &b,
        "{\"insurer\":\"12131116\",\"number\":\"2\",\"class\":\"A1\",\"start\":\"2020-04-01\",\"name\":\"見本\",\"sex\":\"1\",\"birth\":\"1985-04-01\"}\n");
    buf_putc(&b, 0);
    struct str results = str_c(load("a.ndjson", b.p));
    assert_true(str_starts(results, S("A A A A A A A A ")) && str_ends(results, S(" F0005 A")));
    buf_fini(&b), buf_fini(&contact);
}

/* ---- large files, small memory ---- */

static void a_line_longer_than_a_chunk_is_one_refused_line(void **state) {
    (void)state;
    struct buf b;
    buf_init(&b, 64 << 20);
    A_LINE(&b, "1", "", "2020-04-01", "");
    for (unsigned length = (1 << 20) - 2; length < (1 << 20) + 3; length++) {
        buf_puts(&b, "{\"name\":\"");
        char *p = buf_room(&b, length);
        memset(p, 'a', length), b.n += length;
        buf_puts(&b, "\"}\n");
    }
    A_LINE(&b, "2", "", "2020-04-01", "");
    char *p = buf_room(&b, 10 << 20); /* 10 MB, and no line end at the end */
    memset(p, 'x', 10 << 20), b.n += 10 << 20;
    play.memory_bytes = IMPORT_MEMORY_MIN;
    assert_int_equal(import_play_load(&play, "a.ndjson", buf_str(&b)), ERR_OK);
    assert_string_equal(import_play_results(&play, "a.ndjson"), "A F0005 F0005 F0005 F0005 F0005 A F0005");
    buf_fini(&b);
}

static void many_lines_in_any_order_all_arrive(void **state) {
    (void)state;
    enum { LINES = 30000 };
    struct buf b;
    buf_init(&b, 64 << 20);
    for (uint32_t i = 0; i < LINES; i++) {
        char number[16];
        snprintf(number, sizeof number, "%u", i * 7919 % LINES + 1);
        A_LINE(&b, number, "", "2020-04-01", "");
    }
    play.memory_bytes = IMPORT_MEMORY_MIN;
    assert_int_equal(import_play_load(&play, "a.ndjson", buf_str(&b)), ERR_OK);
    assert_int_equal(play.progress.accepted, LINES);
    assert_int_equal(play.progress.lines, LINES);
    assert_int_equal(play.progress.bytes, b.n);
    assert_int_equal(rows(STORE_MEMBER), LINES);
    assert_int_equal(strlen(import_play_results(&play, "a.ndjson")),
                     2 * LINES - 1); /* in order: import_play_results() looks */
    assert_int_equal(import_play_again(&play, "a.ndjson"), ERR_OK);
    assert_int_equal(play.progress.unchanged, LINES);
    buf_fini(&b);
}

static long peak_kilobytes(void) {
    struct rusage r;
    getrusage(RUSAGE_SELF, &r);
    return r.ru_maxrss;
}

/* A line end a byte is the most lines a file can have: what is kept of each must not grow with them. */
static void a_file_of_line_ends_needs_no_more_memory_than_it_was_given(void **state) {
    (void)state;
    enum { ENDS = 1 << 20 };
    char *p = malloc(ENDS);
    memset(p, '\n', ENDS);
    play.memory_bytes = IMPORT_MEMORY_MIN;
    scratch_write(&play.scratch, "ends.ndjson", str_of(p, ENDS));
    free(p);
    long before = peak_kilobytes();
    assert_int_equal(import_play_again(&play, "ends.ndjson"), ERR_OK);
    assert_int_equal(play.progress.refused, ENDS);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__has_feature)
    assert_in_range(peak_kilobytes() - before, 0, 200 << 10); /* with the results' buffer; it was 700 MB */
#else
    (void)before;
#endif
}

/* ---- the vault's part ---- */

static const char *numbered(const char *insurer, const char *number, const char *start, const char *mynumber) {
    static char room[512];
    snprintf(
        room, sizeof room,
        "{\"insurer\":\"%s\",\"number\":\"%s\",\"start\":\"%s\",\"name\":\"見本\",\"sex\":\"1\",\"birth\":\"1985-04-01\",\"mynumber\":\"%s\"}\n",
        insurer, number, start, mynumber);
    return room;
}

static void a_my_number_stands_nowhere_in_the_store(void **state) {
    (void)state;
    enum { LINES = 500 };
    struct buf b;
    char digits[16];
    buf_init(&b, 1 << 20);
    for (unsigned i = 0; i < LINES; i++) {
        unsigned char d[11];
        char number[8];
        snprintf(digits, sizeof digits, "%011llu", 73519264000ull + i * 37);
        for (size_t k = 0; k < 11; k++) d[k] = (unsigned char)(digits[k] - '0');
        digits[11] = (char)('0' + mynumber_check_digit(d)), digits[12] = 0;
        snprintf(number, sizeof number, "%u", i);
        buf_puts(&b, numbered("06139448", number, "2020-04-01", digits));
    }
    buf_puts(&b, numbered("06139448", "777", "2020-04-01", "123456789019")); /* refused: its check digit is wrong */
    assert_int_equal(import_play_load(&play, "a.ndjson", buf_str(&b)), ERR_OK);
    assert_int_equal(play.progress.accepted, LINES);
    char path[SCRATCH_PATH_MAX];
    unlink(scratch_path(&play.scratch, "a.ndjson", path));
    assert_true(scratch_holds(&play.scratch, S("見本"))); /* the search does find what is there */
    assert_false(scratch_holds(&play.scratch, S("12345678901")));
    for (unsigned i = 0; i < LINES; i += 7) {
        unsigned char raw[11];
        snprintf(digits, sizeof digits, "%011llu", 73519264000ull + i * 37);
        for (size_t k = 0; k < 11; k++) raw[k] = (unsigned char)(digits[k] - '0');
        assert_false(scratch_holds(&play.scratch, str_of(digits, 11)));
        assert_false(scratch_holds(&play.scratch, str_of(raw, 11))); /* nor as bytes 0 to 9 */
    }
    buf_fini(&b);
}

/* The vault's keys are the members': a sealed number shows by its member's. */
static bool sealed(const char *number) {
    struct scratch vault;
    scratch_path(&play.scratch, "store/vault", vault.folder);
    return scratch_holds(&vault, str_c(number));
}

static void a_refused_line_seals_no_number(void **state) {
    (void)state;
    struct buf b;
    buf_init(&b, 65536);
    buf_puts(&b, numbered("06139448", "1", "2020-04-01", "123456789018"));
    buf_puts(&b, numbered("01130012", "SECRET7", "2020-04-01", "123456789018")); /* another insurer's member */
    assert_int_equal(import_play_load(&play, "a.ndjson", buf_str(&b)), ERR_OK);
    assert_string_equal(import_play_results(&play, "a.ndjson"), "A B0003:insurer");
    assert_false(sealed("SECRET7"));
    buf_reset(&b);
    buf_puts(&b, numbered("06139448", "SECRET7", "2020-04-01", "123456789018"));
    assert_int_equal(import_play_load(&play, "b.ndjson", buf_str(&b)), ERR_OK);
    assert_true(sealed("SECRET7"));
    /* nor one refused beside what is stored of its own member */
    buf_reset(&b);
    A_LINE(&b, "SECRET8", "", "2020-04-01", "");
    buf_puts(&b, numbered("06139448", "SECRET8", "2021-04-01", "123456789018"));
    assert_int_equal(import_play_load(&play, "c.ndjson", buf_str(&b)), ERR_OK);
    assert_string_equal(import_play_results(&play, "c.ndjson"), "A B0001:start");
    assert_false(sealed("SECRET8"));
    buf_fini(&b);
}

static void pseudonyms(uint8_t out[][16], size_t n) {
    struct store *s = NULL;
    struct store_txn *t = NULL;
    struct store_row row;
    struct arena a;
    struct str from = S("");
    arena_init(&a, 1 << 20);
    open_store(&s, true);
    assert_int_equal(store_begin(s, &t, NULL), ERR_OK);
    for (size_t i = 0; i < n; i++) {
        struct member m;
        assert_int_equal(store_seek(t, STORE_MEMBER, from, i > 0, &row, NULL), ERR_OK);
        from = arena_copy(&a, row.key);
        assert_int_equal(member_row_read(&a, row.key, row.value, &m), ERR_OK);
        memcpy(out[i], m.pseudonym, 16);
    }
    store_abort(t);
    store_close(s);
    arena_fini(&a);
}

static void a_pseudonym_is_a_members_own_and_stays(void **state) {
    (void)state;
    static const uint8_t none[16];
    uint8_t first[2][16], then[2][16];
    struct buf b;
    buf_init(&b, 65536);
    A_LINE(&b, "1", "01", "2020-04-01", ""), A_LINE(&b, "1", "02", "2020-04-01", ""), buf_putc(&b, 0);
    load("a.ndjson", b.p);
    pseudonyms(first, 2);
    assert_memory_not_equal(first[0], first[1], 16);
    assert_memory_not_equal(first[0], none, 16);
    buf_reset(&b), A_LINE(&b, "1", "01", "2020-04-01", "2026-04-01"),
        line(&b, "1", "02", "2020-04-01", "", "改　名", "1986-04-01"), buf_putc(&b, 0);
    load("b.ndjson", b.p);
    pseudonyms(then, 2);
    assert_memory_equal(first, then, sizeof first);
    buf_fini(&b);
}

/* ---- what goes wrong outside ---- */

static size_t open_descriptors(void) {
    size_t n = 0;
    DIR *d = opendir("/proc/self/fd");
    while (d && readdir(d)) n++;
    if (d) closedir(d);
    return n;
}

static void any_failing_disk_operation_is_an_error_and_the_next_run_ends_it(void **state) {
    (void)state;
    enum { LINES = 8000 };
    struct buf b;
    buf_init(&b, 16 << 20);
    for (unsigned i = 1; i <= LINES; i++) {
        char number[8];
        snprintf(number, sizeof number, "%u", i);
        A_LINE(&b, number, "", "2020-04-01", "");
    }
    play.memory_bytes = IMPORT_MEMORY_MIN;
    scratch_write(&play.scratch, "a.ndjson", buf_str(&b));
    size_t descriptors = open_descriptors();
    bool hit = true;
    for (size_t nth = 1; hit; nth++) {
        struct failing_world f;
        play.world = failing_world(&f, nth, nth % 2 ? ENOSPC : EIO);
        enum err e = import_play_again(&play, "a.ndjson");
        hit = f.hit;
        if (e != ERR_OK) {
            assert_true(e == ERR_DISK_FULL || e == ERR_IO);
            assert_true(play.diag.where[0] != 0);
            play.world = world_real();
            assert_int_equal(import_play_again(&play, "a.ndjson"), ERR_OK);
        }
        struct str results = str_c(import_play_results(&play, "a.ndjson"));
        assert_int_equal(results.n, 2 * LINES - 1);
        bool only_done_was_lost = play.progress.unchanged == LINES; /* everything was stored, and the file read again */
        if (!only_done_was_lost) assert_true(memchr(results.p, 'U', results.n) == NULL);
        assert_int_equal(rows(STORE_MEMBER), LINES);
        assert_int_equal(open_descriptors(), descriptors);
        struct scratch store;
        scratch_path(&play.scratch, "store", store.folder);
        scratch_remove(&store);
    }
    buf_fini(&b);
}

static void a_changed_file_is_noticed(void **state) {
    (void)state;
    enum { LINES = 8000 };
    struct buf b;
    struct failing_world f;
    buf_init(&b, 16 << 20);
    for (unsigned i = 1; i <= LINES; i++) {
        char number[8];
        snprintf(number, sizeof number, "%u", i);
        A_LINE(&b, number, "", "2020-04-01", "");
    }
    play.memory_bytes = IMPORT_MEMORY_MIN, play.threads = 1;
    /* stopped after some chunks were stored */
    scratch_write(&play.scratch, "a.ndjson", buf_str(&b));
    size_t nth = 0;
    do {
        play.world = failing_world(&f, ++nth, EIO);
        if (import_play_again(&play, "a.ndjson") == ERR_OK) break;
    } while (play.progress.bytes == 0 && play.progress.accepted == 0 && nth < 100);
    assert_true(f.hit);
    memcpy(strstr(b.p, "見本"), "手本", strlen("手本"));
    play.world = world_real();
    assert_int_equal(import_play_load(&play, "a.ndjson", buf_str(&b)), ERR_OK);
    assert_true(play.progress.changed && !play.progress.resumed);
    assert_int_equal(play.progress.accepted + play.progress.unchanged, LINES);
    buf_fini(&b);
}

static void a_second_import_is_told_so_at_once(void **state) {
    (void)state;
    struct store *s = NULL;
    assert_string_equal(load("a.ndjson", ""), "");
    open_store(&s, true);
    assert_int_equal(import_play_again(&play, "a.ndjson"), ERR_LOCKED);
    store_close(s);
}

static void without_its_program_the_vault_does_not_start(void **state) {
    (void)state;
    struct importer *i = NULL;
    struct diag d = {0};
    struct import_settings s = {.world = world_real(), .store = play.store, .program = "/nowhere/mado"};
    assert_int_equal(import_open(&i, &s, &d), ERR_UNAVAILABLE);
    assert_string_equal(d.where, "vault");
}

static void what_is_no_file_is_refused(void **state) {
    (void)state;
    assert_int_equal(import_play_again(&play, "nothing.ndjson"), ERR_NOT_FOUND);
    assert_int_equal(import_play_again(&play, "."), ERR_USAGE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        TEST(a_load_sent_again_is_unchanged_and_writes_nothing),
        TEST(a_later_file_corrects_ends_adds_and_keeps_what_was),
        TEST(symbols_and_numbers_are_found_however_written_and_shown_as_last_written),
        TEST(withdrawing_is_once_accepted_then_unchanged),
        TEST(overlapping_periods_of_one_member_are_refused),
        TEST(a_branch_keeps_its_member_when_the_birth_date_is_corrected),
        TEST(a_file_speaks_for_one_insurer),
        TEST(lines_end_and_stand_as_they_like),
        TEST(csv_has_a_header_and_results_from_line_two),
        TEST(a_number_of_spaces_is_refused),
        TEST(too_much_of_one_member_refuses_the_line_alone),
        TEST(a_line_longer_than_a_chunk_is_one_refused_line),
        TEST(many_lines_in_any_order_all_arrive),
        TEST(a_file_of_line_ends_needs_no_more_memory_than_it_was_given),
        TEST(a_my_number_stands_nowhere_in_the_store),
        TEST(a_refused_line_seals_no_number),
        TEST(a_pseudonym_is_a_members_own_and_stays),
        TEST(any_failing_disk_operation_is_an_error_and_the_next_run_ends_it),
        TEST(a_changed_file_is_noticed),
        TEST(a_second_import_is_told_so_at_once),
        TEST(without_its_program_the_vault_does_not_start),
        TEST(what_is_no_file_is_refused),
    };
    if (import_play_vault(argc, argv)) return 0;
    return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}
