#include "rules/identity/reading.h"
#include "cmd/pairs.h"

static enum err answer(void *context, struct str kanji, struct str kana, struct buf *out, struct diag *d) {
    const bool *json = context;
    struct reading r;
    TRY(reading_judge(kanji, kana, &r, d));
    const char *ja = reading_how_ja(r.how), *en = reading_how_en(r.how);
    if (!*json) return buf_printf(out, "%u %s / %s\n", r.score, ja, en), ERR_OK;
    buf_printf(out, "{\"score\":%u,\"accepted\":%s,\"ja\":\"%s\",\"en\":\"%s\"}\n", r.score,
               r.score >= READING_ACCEPTED ? "true" : "false", ja, en);
    return ERR_OK;
}

int cmd_reading(const struct cmd_args *args) {
    bool json = cmd_flag(args, "json");
    static const struct diag usage = {.err = ERR_USAGE, .where = "reading", .detail = "KANJI KANA"};
    if (args->rest_count != 0 && args->rest_count != 2) {
        return cmd_fail(&usage);
    }
    return pairs_run(2, args->rest_count ? args->rest : NULL, answer, &json);
}
