/* Any bytes as the header of an insurer's CSV, and as its one line: an error, or a header that reads or refuses the line. */
#include "edge/insurer_file/insurer_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    struct str rest = str_of(data, n), header = str_cut(&rest, '\n');
    struct csv_header *h = NULL;
    struct diag d = {0};
    enum err e = csv_header_new(&h, header, n % 2, &d);
    invariant(e == ERR_OK || d.err == e);
    if (e != ERR_OK) return 0;
    struct insurer_file_format f = insurer_file_csv(h);
    struct arena a;
    struct insurer_line l;
    arena_init(&a, 1 << 20);
    e = f.read(f.context, &a, rest, &l, &d);
    invariant(e == ERR_OK || d.err == e);
    arena_fini(&a);
    csv_header_free(h);
    return 0;
}
