/* Any bytes as a line of accounts.ndjson and of residents.ndjson. */
#include "edge/accounts/lines.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    struct arena a;
    struct diag d = {0};
    struct account_registration r;
    struct account_person p;
    arena_init(&a, 4 << 20);
    if (account_line_read(&a, str_of(data, n), &r, &d) == ERR_OK) invariant(r.resident.n > 0);
    if (person_line_read(&a, str_of(data, n), &p, &d) == ERR_OK) invariant(p.id.n > 0);
    arena_fini(&a);
    return 0;
}
