/* Any bytes as a list that others publish, and as lines that Mado keeps of one. */
#include "edge/official/list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    struct str file = str_of(data, n);
    struct official_book b;
    enum official_list list;
    struct buf out;
    size_t rows;
    struct diag d = {0};
    buf_init(&out, 1 << 20);
    official_book_init(&b);
    if (official_list_read(file, &list, &out, &rows, &d) == ERR_OK) {
        invariant(official_lines_load(buf_str(&out), &b, &d) == ERR_OK && official_book_seal(&b, &d) == ERR_OK);
        invariant(b.town_count == rows || list != OFFICIAL_KEN_ALL);
    }
    official_book_fini(&b);
    official_book_init(&b);
    if (official_lines_load(file, &b, &d) == ERR_OK) invariant(official_book_seal(&b, &d) == ERR_OK);
    official_book_fini(&b);
    buf_fini(&out);
    return 0;
}
