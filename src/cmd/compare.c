#include "cmd/pairs.h"
#include "rules/identity/comparison.h"

typedef enum err compare(struct str a, struct str b, struct comparison *out, struct diag *d);

static const struct {
    const char *name;
    compare *run;
} kinds[] = {{"name", name_compare},      {"kana", kana_compare}, {"address", address_compare},
             {"birth", birth_compare},    {"sex", sex_compare},   {"postcode", postcode_compare},
             {"account", account_compare}};

struct asked {
    compare *run;
    bool json;
};

static enum err answer(void *context, struct str a, struct str b, struct buf *out, struct diag *d) {
    const struct asked *asked = context;
    struct comparison c;
    TRY(asked->run(a, b, &c, d));
    if (asked->json) comparison_put_json(out, &c);
    else comparison_put_text(out, &c);
    return ERR_OK;
}

int cmd_compare(const struct cmd_args *args) {
    struct asked asked = {NULL, cmd_flag(args, "json")};
    static const struct diag usage = {
        .err = ERR_USAGE, .where = "compare", .detail = "name|kana|address|birth|sex|postcode|account A B"};
    for (size_t i = 0; args->rest_count && i < ARRAY_LEN(kinds); i++)
        if (str_eq(str_c(args->rest[0]), str_c(kinds[i].name))) asked.run = kinds[i].run;
    if (asked.run == NULL || (args->rest_count != 1 && args->rest_count != 3)) {
        return cmd_fail(&usage);
    }
    return pairs_run(2, args->rest_count == 3 ? args->rest + 1 : NULL, answer, &asked);
}
