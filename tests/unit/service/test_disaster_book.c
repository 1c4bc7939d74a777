/* What was opened, as it is kept. */
#include "lib/hostile.h"
#include "lib/unit.h"
#include "service/disaster_book.h"

#include <stdlib.h>

#define GOOD                                                                                                                      \
    "{\"id\":1,\"from\":\"2026-01-01\",\"until\":\"2026-01-31\",\"places\":[\"17\"],\"reason\":\"地震\"}\n"                     \
    "{\"id\":3,\"from\":\"2026-02-01\",\"until\":\"2026-03-31\",\"closed\":\"2026-02-05\",\"places\":[\"17-05\",\"1710113715\"]," \
    "\"reason\":\"\"}\n"

static struct arena arena;
static struct disaster_book *book;

static int begin(void **state) {
    (void)state;
    arena_init(&arena, 16 << 20);
    book = calloc(1, sizeof *book);
    return book ? 0 : -1;
}
static int end(void **state) {
    (void)state;
    arena_fini(&arena);
    free(book);
    return 0;
}

static void what_is_written_is_read(void **state) {
    (void)state;
    struct buf b;
    buf_init(&b, DISASTER_BOOK_MAX);
    assert_int_equal(disaster_book_parse(&arena, S(GOOD), book, NULL), ERR_OK);
    assert_int_equal(book->count, 2);
    assert_true(book->list[1].id == 3 && book->list[1].place_count == 2 && book->list[1].places[0].municipality == 5 &&
                book->list[1].places[1].institution.n == 1710113715 && day_is(book->list[1].closed) &&
                !day_is(book->list[0].closed));
    disaster_book_put(&b, book);
    assert_str(buf_str(&b), S(GOOD));
    buf_fini(&b);
}

#define LINE(id, from, until, places)                                                                                  \
    "{\"id\":" id ",\"from\":\"" from "\",\"until\":\"" until "\",\"places\":" places ",\"reason\":\"x\"}\n"

static void what_is_no_opening_is_refused_with_its_line(void **state) {
    (void)state;
    static const char *const rows[] = {
        "\n",
        "x\n",
        LINE("0", "2026-01-01", "2026-01-31", "[\"17\"]"),
        LINE("1", "2026-01-02", "2026-01-01", "[\"17\"]"),
        LINE("1", "2026-01-01", "2026-04-03", "[\"17\"]"), /* 93 days */
        LINE("1", "2026-01-01", "2026-01-32", "[\"17\"]"),
        LINE("1", "2026-01-01", "2026-01-31", "[]"),
        LINE("1", "2026-01-01", "2026-01-31", "\"17\""),
        LINE("1", "2026-01-01", "2026-01-31", "[\"48\"]"),
        LINE("1", "2026-01-01", "2026-01-31", "[\"00\"]"),
        LINE("1", "2026-01-01", "2026-01-31", "[\"7\"]"),
        LINE("1", "2026-01-01", "2026-01-31", "[\"17-00\"]"),
        LINE("1", "2026-01-01", "2026-01-31", "[\"17-5\"]"),
        LINE("1", "2026-01-01", "2026-01-31", "[\"9910113715\"]"),
        LINE("1", "2026-01-01", "2026-01-31", "[17]"),
        LINE("2", "2026-01-01", "2026-01-31", "[\"17\"]") LINE("2", "2026-01-01", "2026-01-31", "[\"17\"]"),
    };
    assert_int_equal(disaster_book_parse(&arena, S(LINE("1", "2026-01-01", "2026-04-02", "[\"17\"]")), book, NULL),
                     ERR_OK);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct diag d = {0};
        row_check(disaster_book_parse(&arena, str_c(rows[i]), book, &d) == ERR_CORRUPT, rows[i]);
        row_check(d.line == (i + 1 == ARRAY_LEN(rows) ? 2 : 1), rows[i]);
    }
}

static void feed(void *context, struct str input) {
    (void)context;
    arena_reset(&arena);
    if (disaster_book_parse(&arena, input, book, NULL) != ERR_OK) return;
    for (size_t i = 0; i < book->count; i++)
        assert_true(book->list[i].place_count > 0 && day_until(book->list[i].from, book->list[i].until));
}

static void truncated_and_flipped_books_come_back(void **state) {
    (void)state;
    assert_true(hostile_all(S(GOOD), feed, NULL) > 8 * (sizeof GOOD - 1));
}

int main(void) {
#define WITH(t) cmocka_unit_test_setup_teardown(t, begin, end)
    const struct CMUnitTest tests[] = {
        WITH(what_is_written_is_read),
        WITH(what_is_no_opening_is_refused_with_its_line),
        WITH(truncated_and_flipped_books_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
