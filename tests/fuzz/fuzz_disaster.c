/* Any bytes as the book of openings (first byte 0) or as a question of disaster mode (1): refused, or what was read keeps its promises; a book that was read is written
 * and read again the same. */
#include "edge/receipt/statement.h"
#include "service/disaster_book.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void as_book(struct arena *a, struct str text) {
    static struct disaster_book one, two;
    struct buf b, again;
    buf_init(&b, 4 << 20), buf_init(&again, 4 << 20);
    if (disaster_book_parse(a, text, &one, NULL) == ERR_OK) {
        disaster_book_put(&b, &one);
        invariant(buf_ok(&b) && disaster_book_parse(a, buf_str(&b), &two, NULL) == ERR_OK && two.count == one.count);
        disaster_book_put(&again, &two);
        invariant(str_eq(buf_str(&b), buf_str(&again)));
    }
    buf_fini(&b), buf_fini(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    struct arena a;
    struct tree *t;
    struct statement_message m;
    if (n == 0) return 0;
    arena_init(&a, 8 << 20);
    struct str input = str_of(data + 1, n - 1);
    if (data[0] == 0) as_book(&a, input);
    else if (tree_read_json(&a, input, &t, NULL) == ERR_OK && disaster_read(t, (struct day){20605}, &m, NULL) == ERR_OK)
        invariant(m.said.kana.n && m.said.address.n && m.said.sex >= 1 && m.said.sex <= 3);
    arena_fini(&a);
    return 0;
}
