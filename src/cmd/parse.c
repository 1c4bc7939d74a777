#include "cmd/pairs.h"
#include "rules/identity/address.h"

static enum err answer(void *context, struct str text, struct str unused, struct buf *out, struct diag *d) {
    const bool *json = context;
    struct address a;
    (void)unused;
    TRY(address_parse(text, &a, "", d));
    if (*json) address_put_json(out, &a);
    else address_put_text(out, &a);
    return ERR_OK;
}

int cmd_parse(const struct cmd_args *args) {
    bool json = cmd_flag(args, "json");
    static const struct diag usage = {.err = ERR_USAGE, .where = "parse", .detail = "address [TEXT]"};
    if (args->rest_count < 1 || args->rest_count > 2 || !str_eq(str_c(args->rest[0]), S("address"))) {
        return cmd_fail(&usage);
    }
    return pairs_run(1, args->rest_count == 2 ? args->rest + 1 : NULL, answer, &json);
}
