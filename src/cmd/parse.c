#include "cmd/data_option.h"
#include "cmd/pairs.h"
#include "rules/identity/account_number.h"
#include "rules/identity/official.h"

struct asked {
    const struct official *official;
    bool json;
};

static enum official_agreement agreement(const struct official *o, const struct address *a) {
    struct postcode post;
    return postcode_read(a->postcode, &post) ? official_post(o, &post, a) : OFFICIAL_UNKNOWN;
}

/* With a list of towns it also says whether the post code is the town's. */
static enum err answer_address(void *context, struct str text, struct str unused, struct buf *out, struct diag *d) {
    const struct asked *asked = context;
    struct address a;
    (void)unused;
    TRY(address_parse(asked->official, text, &a, "", d));
    if (!asked->json) return address_put_text(out, &a), ERR_OK;
    address_put_json(out, &a);
    if (asked->official == NULL || a.postcode.n == 0) return ERR_OK;
    buf_cut(out, out->n - 2); /* the closing brace and the line's end */
    buf_printf(out, ",\"postcode_is\":\"%s\"}\n", official_agreement_name(agreement(asked->official, &a)));
    return ERR_OK;
}

static enum err answer_account(void *context, struct str text, struct str unused, struct buf *out, struct diag *d) {
    const struct asked *asked = context;
    struct account_number a;
    (void)unused;
    TRY(account_number_parse(text, &a, d));
    if (asked->json)
        buf_printf(out, "{\"bank\":\"%.4s\",\"branch\":\"%.3s\",\"kind\":\"%c\",\"number\":\"%.7s\"}\n", a.bank,
                   a.branch, a.kind, a.number);
    else account_number_put(out, &a), buf_putc(out, '\n');
    return ERR_OK;
}

int cmd_parse(const struct cmd_args *args) {
    struct asked asked = {.json = cmd_flag(args, "json")};
    struct official_book book;
    struct diag d = {0};
    static const struct diag usage = {.err = ERR_USAGE, .where = "parse", .detail = "address|account [TEXT]"};
    struct str kind = args->rest_count ? str_c(args->rest[0]) : S("");
    pairs_answer *answer = str_eq(kind, S("address"))   ? answer_address
                           : str_eq(kind, S("account")) ? answer_account
                                                        : NULL;
    if (answer == NULL || args->rest_count > 2) return cmd_fail(&usage);
    enum err e = data_option(args, &book, &asked.official, &d);
    int status =
        e == ERR_OK ? pairs_run(1, args->rest_count == 2 ? args->rest + 1 : NULL, answer, &asked) : cmd_fail(&d);
    official_book_fini(&book);
    return status;
}
