#include "cmd/data_option.h"
#include "cmd/pairs.h"
#include "rules/identity/comparison.h"

typedef enum err compare(struct str a, struct str b, struct comparison *out, struct diag *d);
typedef enum err compare_by(const struct official *o, struct str a, struct str b, struct comparison *out,
                            struct diag *d);

static const struct kind {
    const char *name;
    compare *run;
    compare_by *run_by; /* where lists say more */
} kinds[] = {{"name", name_compare, name_compare_by},
             {"kana", kana_compare, NULL},
             {"address", address_compare, address_compare_by},
             {"birth", birth_compare, NULL},
             {"sex", sex_compare, NULL},
             {"postcode", postcode_compare, NULL},
             {"account", account_compare, NULL}};

struct asked {
    const struct kind *kind;
    const struct official *official;
    bool json;
};

static enum err answer(void *context, struct str a, struct str b, struct buf *out, struct diag *d) {
    const struct asked *asked = context;
    struct comparison c;
    if (asked->kind->run_by) TRY(asked->kind->run_by(asked->official, a, b, &c, d));
    else TRY(asked->kind->run(a, b, &c, d));
    if (asked->json) comparison_put_json(out, &c);
    else comparison_put_text(out, &c);
    return ERR_OK;
}

int cmd_compare(const struct cmd_args *args) {
    struct asked asked = {.json = cmd_flag(args, "json")};
    struct official_book book;
    struct diag d = {0};
    static const struct diag usage = {
        .err = ERR_USAGE, .where = "compare", .detail = "name|kana|address|birth|sex|postcode|account A B"};
    for (size_t i = 0; args->rest_count && i < ARRAY_LEN(kinds); i++)
        if (str_eq(str_c(args->rest[0]), str_c(kinds[i].name))) asked.kind = &kinds[i];
    if (asked.kind == NULL || (args->rest_count != 1 && args->rest_count != 3)) {
        return cmd_fail(&usage);
    }
    enum err e = data_option(args, &book, &asked.official, &d);
    int status =
        e == ERR_OK ? pairs_run(2, args->rest_count == 3 ? args->rest + 1 : NULL, answer, &asked) : cmd_fail(&d);
    official_book_fini(&book);
    return status;
}
