#include "edge/paper/check.h"

#include "core/codes.h"
#include "edge/paper/press_inside.h"

enum { SECONDS_US = 1000000 };

/* ---- checking ---- */

static void unreadable(struct paper_check *c, const struct diag *why) {
    c->standing = PAPER_UNREADABLE;
    c->why = *why;
}

static enum err check_said(struct arena *a, const struct issuers *all, const struct issuer *issuer, const struct jws *j,
                           int64_t now_s, struct paper_check *c, struct diag *d) {
    struct buf json;
    struct diag why = {0};
    buf_init(&json, HEALTH_CARD_JSON_MAX);
    enum err e = jws_unpack(j, &json, &why);
    if (e == ERR_OK) e = health_card_json_read(a, buf_str(&json), &c->card, &why);
    buf_fini(&json);
    if (e == ERR_OK && c->card.insurer.n != issuer_insurer(issuer).n)
        e = diag_set(&why, ERR_CONFLICT, "iss", "signed with another insurer's key");
    if (e == ERR_MEMORY) return *d = why, e;
    if (e != ERR_OK) return unreadable(c, &why), ERR_OK;
    TRY(issuers_void(all, issuer, c->card.id, c->card.nbf_s, now_s, &c->list, d));
    c->said = true;
    c->standing = paper_standing_decide(c->card.from, c->card.until, c->list.holds, c->on);
    return ERR_OK;
}

enum err paper_check(struct arena *a, const struct issuers *all, struct str code, struct day on, int64_t now_s,
                     struct paper_check *out, struct diag *d) {
    struct jws j;
    struct diag why = {0};
    char *room = arena_new(a, HEALTH_CARD_JWS_MAX);
    struct buf text = buf_over(room, HEALTH_CARD_JWS_MAX);
    *out = (struct paper_check){.on = on};
    if (room == NULL) return diag_set(d, ERR_MEMORY, "code", NULL);
    enum err e = health_card_text_read(code, &text, &why);
    if (e == ERR_OK) e = jws_split(buf_str(&text), &j, &why);
    if (e != ERR_OK) return unreadable(out, &why), ERR_OK;
    memcpy(out->kid, j.kid, sizeof out->kid);
    const struct issuer *issuer = issuers_find(all, j.kid);
    out->standing = PAPER_UNKNOWN_KEY;
    if (issuer == NULL) return ERR_OK;
    out->standing = PAPER_SIGNATURE;
    if (!issuer_signed(issuer, &j)) return ERR_OK;
    return check_said(a, all, issuer, &j, now_s, out, d);
}

/* ---- the list's words ---- */

const char *paper_list_ja(enum void_list_state s) {
    static const char *const words[] = {
        [VOID_LIST_CURRENT] = "",
        [VOID_LIST_STALE] = "無効になった紙の一覧が古くなっています。その後に無効になったかは分かりません",
        [VOID_LIST_MISSING] = "無効になった紙の一覧がありません。無効になったかは分かりません",
        [VOID_LIST_DAMAGED] = "無効になった紙の一覧が読めません。無効になったかは分かりません"};
    return words[s];
}
const char *paper_list_en(enum void_list_state s) {
    static const char *const words[] = {
        [VOID_LIST_CURRENT] = "",
        [VOID_LIST_STALE] = "the list of void papers is out of date; whether it was voided since is not known",
        [VOID_LIST_MISSING] = "there is no list of void papers here; whether it was voided is not known",
        [VOID_LIST_DAMAGED] = "the list of void papers cannot be read; whether it was voided is not known"};
    return words[s];
}

/* ---- for programs ---- */

static void json_text(struct buf *b, const char *name, struct str s) {
    buf_printf(b, ",\"%s\":", name);
    buf_json(b, s);
}
static void json_day(struct buf *b, const char *name, struct day day) {
    if (!day_is(day)) return;
    buf_printf(b, ",\"%s\":\"", name), day_put_iso(b, day), buf_putc(b, '"');
}
static void json_time(struct buf *b, const char *name, int64_t s) {
    buf_printf(b, ",\"%s\":\"", name), time_put_utc(b, s * SECONDS_US), buf_putc(b, '"');
}

static void put_said(struct buf *b, const struct health_card *c) {
    json_text(b, "paper", c->id);
    json_text(b, "kind", c->kind == PAPER_NOTICE ? S("notice") : S("certificate"));
    json_day(b, "from", c->from), json_day(b, "until", c->until);
    json_text(b, "name", c->name);
    if (!str_empty(c->kana)) json_text(b, "kana", c->kana);
    buf_printf(b, ",\"sex\":\"%u\"", c->sex);
    json_day(b, "birth", c->birth);
    buf_puts(b, ",\"insurer\":\""), insurer_number_put(b, c->insurer), buf_putc(b, '"');
    json_text(b, "insurer_name", c->insurer_name);
    if (!str_empty(c->insured.symbol)) json_text(b, "symbol", c->insured.symbol);
    json_text(b, "number", c->insured.number);
    if (c->insured.branch != BRANCH_NONE)
        buf_puts(b, ",\"branch\":\""), branch_put(b, c->insured.branch), buf_putc(b, '"');
    json_day(b, "covered_from", c->start), json_day(b, "covered_until", c->last);
    if (c->ratio != RATIO_NONE) buf_printf(b, ",\"ratio\":%u", c->ratio);
}

static void put_list(struct buf *b, const struct void_status *l) {
    buf_printf(b, ",\"list\":{\"state\":\"%s\"", void_list_state_name(l->state));
    if (l->until_s) json_time(b, "at", l->at_s), json_time(b, "until", l->until_s);
    if (l->state != VOID_LIST_CURRENT) {
        json_text(b, "ja", str_c(paper_list_ja(l->state)));
        json_text(b, "en", str_c(paper_list_en(l->state)));
    }
    buf_putc(b, '}');
}

void paper_check_put_json(struct buf *b, const struct paper_check *c) {
    const struct paper_standing_info *i = paper_standing_info(c->standing);
    buf_printf(b, "{\"standing\":\"%s\",\"ja\":\"%s\",\"en\":\"%s\"", i->word, i->ja, i->en);
    json_day(b, "on", c->on);
    if (c->kid[0]) json_text(b, "kid", str_c(c->kid));
    if (c->standing == PAPER_UNREADABLE) {
        buf_printf(b, ",\"why\":{\"code\":\"MDO%sE\"", err_info(c->why.err)->code);
        json_text(b, "where", str_c(c->why.where));
        json_text(b, "ja", str_c(err_info(c->why.err)->ja)), json_text(b, "en", str_c(err_info(c->why.err)->en));
        json_text(b, "detail", str_c(c->why.detail));
        buf_putc(b, '}');
    }
    if (c->said) put_said(b, &c->card), put_list(b, &c->list);
    buf_putc(b, '}');
}

/* ---- for people ---- */

static void text_line(struct buf *b, const char *ja, const char *en, struct str value) {
    if (!str_empty(value)) buf_printf(b, "  %s %s: %.*s\n", ja, en, (int)value.n, value.p);
}

static void text_day(struct buf *b, const char *ja, const char *en, struct day day) {
    if (!day_is(day)) return;
    buf_printf(b, "  %s %s: ", ja, en);
    day_put_wareki(b, day), buf_puts(b, " ("), day_put_iso(b, day), buf_puts(b, ")\n");
}

static void text_number(struct buf *b, const struct health_card *c) {
    buf_printf(b, "  記号・番号 symbol, number: %.*s%s%.*s", (int)c->insured.symbol.n, c->insured.symbol.p,
               c->insured.symbol.n ? "・" : "", (int)c->insured.number.n, c->insured.number.p);
    if (c->insured.branch != BRANCH_NONE) buf_puts(b, "（枝番 "), branch_put(b, c->insured.branch), buf_puts(b, "）");
    buf_putc(b, '\n');
}

static void text_said(struct buf *b, const struct health_card *c) {
    char sex[] = {(char)('0' + c->sex), 0};
    const struct code *code = code_find(CODES_SEX, str_c(sex));
    buf_printf(b, "  %s %s\n", paper_title_ja(c->kind), paper_title_en(c->kind));
    text_line(b, "氏名", "name", c->name), text_line(b, "フリガナ", "reading", c->kana);
    text_day(b, "生年月日", "birth", c->birth);
    if (code && c->sex != 3) text_line(b, "性別", "sex", str_c(code->ja));
    buf_puts(b, "  保険者 insurer: "), insurer_number_put(b, c->insurer);
    buf_printf(b, " %.*s\n", (int)c->insurer_name.n, c->insurer_name.p);
    text_number(b, c);
    text_day(b, "資格取得日", "covered from", c->start), text_day(b, "資格の最終日", "covered until", c->last);
    if (c->ratio != RATIO_NONE) buf_printf(b, "  負担割合 share: %u %%\n", c->ratio);
    text_day(b, "紙の有効期間の初め", "paper from", c->from), text_day(b, "紙の有効期限", "paper until", c->until);
    text_line(b, "書類番号", "paper", c->id);
}

void paper_check_put_text(struct buf *b, const struct paper_check *c) {
    const struct paper_standing_info *i = paper_standing_info(c->standing);
    buf_printf(b, "%s / %s\n", i->ja, i->en);
    if (c->standing == PAPER_UNREADABLE) buf_puts(b, "  "), diag_put(&c->why, b), buf_putc(b, '\n');
    if (c->standing == PAPER_UNKNOWN_KEY) text_line(b, "鍵", "key", str_c(c->kid));
    if (!c->said) return;
    text_said(b, &c->card);
    if (c->list.state == VOID_LIST_CURRENT) {
        buf_puts(b, "  無効になった紙の一覧 list of void papers: "), time_put_japan_iso(b, c->list.at_s * SECONDS_US);
        buf_puts(b, " のもの\n");
    } else buf_printf(b, "  ※ %s / %s\n", paper_list_ja(c->list.state), paper_list_en(c->list.state));
}
