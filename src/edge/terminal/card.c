#include "edge/terminal/card.h"

#include "base/json.h"
#include "core/codes.h"
#include "edge/terminal/answer.h"

static void day_row(struct buf *b, const char *ja, const char *en, struct day d) {
    if (!day_is(d)) return;
    buf_printf(b, "  %s (%s): ", ja, en);
    day_put_iso(b, d), buf_puts(b, "  "), day_put_wareki(b, d), buf_putc(b, '\n');
}

void card_put_text(struct buf *b, const struct card_shown *c, bool colour) {
    const struct card_verdict_info *info = card_verdict_info(c->verdict);
    size_t count;
    const struct other_way *ways = other_ways(&count);
    buf_puts(b, !colour ? "" : info->answered ? "\033[32m" : "\033[33m");
    buf_printf(b, "%s / %s%s\n", info->ja, info->en, colour ? "\033[0m" : "");
    if (info->next_ja[0]) buf_printf(b, "  → %s\n    %s\n", info->next_ja, info->next_en);
    if (c->verdict == CARD_VERDICT_ENDS_SOON || c->verdict == CARD_VERDICT_GRACE || c->verdict == CARD_VERDICT_ENDED)
        day_row(b, "電子証明書の有効期限", "certificate until", c->until);
    if (c->verdict == CARD_VERDICT_GRACE) day_row(b, "資格確認に使える最後の日", "serves until", c->usable_until);
    if (info->answered) return;
    buf_puts(b, "  ほかの方法（答えも負担も同じです） / other ways, with the same answer at the same price:\n");
    for (size_t i = 0; i < count; i++) buf_printf(b, "    · %s / %s\n", ways[i].ja, ways[i].en);
}

void card_put_json(struct buf *b, const struct card_shown *c, const struct answer *a) {
    const struct card_verdict_info *info = card_verdict_info(c->verdict);
    buf_puts(b, "{\"outcome\":"), buf_json(b, str_c(info->code));
    if (day_is(c->until)) buf_puts(b, ",\"certificate_until\":\""), day_put_iso(b, c->until), buf_putc(b, '"');
    if (a) {
        buf_puts(b, ",\"answer\":"), answer_put_json(b, a);
        buf_cut(b, b->n - 1); /* its line end */
    }
    buf_puts(b, "}\n");
}

/* ---- a centre's reply: the field's own names ---- */

static void text_row(struct buf *b, const char *ja, const char *en, struct json of, const char *name) {
    struct str s;
    if (!json_str(json_get(of, name), &s) || s.n == 0) return;
    buf_printf(b, "  %s (%s): ", ja, en);
    buf_put(b, str_trim(s)), buf_putc(b, '\n');
}

void card_put_reply(struct buf *b, struct arena *arena, struct str reply) {
    struct json root, body;
    struct str validity;
    if (reply.n == 0 || json_read(arena, reply, &root, NULL) != ERR_OK) return;
    body = json_get(json_get(json_get(root, "message"), "XmlMsg"), "MessageBody");
    if (!json_str(json_get(body, "QualificationValidity"), &validity)) return;
    const struct code *c = code_find(CODES_VALIDITY, validity);
    if (c) buf_printf(b, "%s  %s / %s\n", c->value, c->ja, c->en);
    struct json r = json_get(json_first(json_get(body, "ResultList")), "ResultOfQualificationConfirmation");
    text_row(b, "氏名", "name", r, "Name");
    text_row(b, "生年月日", "birth", r, "Birthdate");
    text_row(b, "保険者", "insurer", r, "InsurerNumber");
    text_row(b, "保険者名", "insurer's name", r, "InsurerName");
    text_row(b, "記号", "symbol", r, "InsuredCardSymbol");
    text_row(b, "番号", "number", r, "InsuredIdentificationNumber");
    text_row(b, "枝番", "branch", r, "InsuredBranchNumber");
    text_row(b, "負担割合 %", "share %", r, "InsuredPartialContributionRatio");
    text_row(b, "資格取得日", "covered from", r, "QualificationDate");
    text_row(b, "資格喪失日", "lost on", r, "DisqualificationDate");
    for (struct json w = json_first(json_get(body, "WarningList")); !json_none(w); w = json_next(w))
        text_row(b, "⚠", "note", json_get(w, "WarningInfo"), "WarningMessage");
}
