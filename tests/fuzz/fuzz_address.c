/* Any bytes as an address: refused, or apart with nothing beyond the text. */
#include "rules/identity/address.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    struct address a;
    struct diag d = {0};
    if (address_parse(NULL, str_of(data, n), &a, "", &d) != ERR_OK) return 0;
    invariant(a.block_n <= ADDRESS_BLOCK_MAX);
    invariant(a.prefecture.n + a.city.n + a.town.n + a.rest.n + a.unread.n + a.postcode.n <= n);
    return 0;
}
