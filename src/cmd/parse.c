#include "cmd/pairs.h"
#include "rules/identity/account_number.h"
#include "rules/identity/address.h"

static enum err answer_address(void *context, struct str text, struct str unused, struct buf *out, struct diag *d) {
    const bool *json = context;
    struct address a;
    (void)unused;
    TRY(address_parse(text, &a, "", d));
    if (*json) address_put_json(out, &a);
    else address_put_text(out, &a);
    return ERR_OK;
}

static enum err answer_account(void *context, struct str text, struct str unused, struct buf *out, struct diag *d) {
    const bool *json = context;
    struct account_number a;
    (void)unused;
    TRY(account_number_parse(text, &a, d));
    if (*json)
        buf_printf(out, "{\"bank\":\"%.4s\",\"branch\":\"%.3s\",\"kind\":\"%c\",\"number\":\"%.7s\"}\n", a.bank,
                   a.branch, a.kind, a.number);
    else account_number_put(out, &a), buf_putc(out, '\n');
    return ERR_OK;
}

int cmd_parse(const struct cmd_args *args) {
    bool json = cmd_flag(args, "json");
    static const struct diag usage = {.err = ERR_USAGE, .where = "parse", .detail = "address|account [TEXT]"};
    struct str kind = args->rest_count ? str_c(args->rest[0]) : S("");
    pairs_answer *answer = str_eq(kind, S("address"))   ? answer_address
                           : str_eq(kind, S("account")) ? answer_account
                                                        : NULL;
    if (answer == NULL || args->rest_count > 2) return cmd_fail(&usage);
    return pairs_run(1, args->rest_count == 2 ? args->rest + 1 : NULL, answer, &json);
}
