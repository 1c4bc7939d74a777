/* Any two runs of bytes (a tab between) as the name of an account and a person's names, and the first as the account's number. */
#include "rules/identity/account.h"
#include "rules/identity/account_number.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    struct str b = str_of(data, n), a = str_cut(&b, '\t');
    struct diag d = {0};
    struct comparison c;
    struct account_number number, again;
    if (account_compare(a, b, &c, &d) == ERR_OK) invariant(c.finding_count > 0);
    if (account_number_parse(a, &number, &d) != ERR_OK) return 0;
    char room[64];
    struct buf out = buf_over(room, sizeof room);
    account_number_put(&out, &number);
    invariant(account_number_parse(buf_str(&out), &again, &d) == ERR_OK && account_number_eq(&number, &again));
    return 0;
}
