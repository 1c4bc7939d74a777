#include "edge/paper/press_inside.h"

#include "core/codes.h"

struct fields {
    struct field *at;
    size_t n;
};

static struct buf field_begin(struct fields *f, const char *ja, const char *en) {
    invariant(f->n < FIELDS_MAX);
    f->at[f->n].ja = ja, f->at[f->n].en = en;
    return buf_over(f->at[f->n].value, FIELD_TEXT - 1);
}

/* What is longer than a field was refused when it came in (NAME_CHARACTERS and its like). */
static void field_end(struct fields *f, const struct buf *b) {
    invariant(buf_ok(b));
    f->at[f->n++].value[b->n] = 0;
}

static void field_text(struct fields *f, const char *ja, const char *en, struct str text) {
    if (str_empty(text)) return;
    struct buf b = field_begin(f, ja, en);
    buf_put(&b, text);
    field_end(f, &b);
}

static void field_day(struct fields *f, const char *ja, const char *en, struct day day) {
    struct buf b = field_begin(f, ja, en);
    day_put_wareki(&b, day);
    buf_puts(&b, "（");
    day_put_iso(&b, day);
    buf_puts(&b, "）");
    field_end(f, &b);
}

static void field_sex(struct fields *f, uint8_t sex) {
    char value[] = {(char)('0' + sex), 0};
    const struct code *c = code_find(CODES_SEX, str_c(value));
    if (c == NULL || sex == 3) return;
    struct buf b = field_begin(f, "性別", "Sex");
    buf_printf(&b, "%s / %s", c->ja, c->en);
    field_end(f, &b);
}

static void field_number(struct fields *f, const struct paper *p) {
    struct buf b = field_begin(f, "番号", "Number");
    buf_put(&b, p->member->id.number);
    if (p->member->id.branch != BRANCH_NONE) {
        buf_puts(&b, "（枝番 ");
        branch_put(&b, p->member->id.branch);
        buf_puts(&b, "）");
    }
    field_end(f, &b);
}

static void field_insurer(struct fields *f, const struct paper *p) {
    struct buf b = field_begin(f, "保険者番号", "Insurer number");
    insurer_number_put(&b, p->insurer);
    field_end(f, &b);
    field_text(f, "保険者名", "Insurer", p->insurer_name);
}

static void field_share(struct fields *f, uint8_t ratio) {
    if (ratio == RATIO_NONE) return;
    struct buf b = field_begin(f, "負担割合", "Share of cost");
    if (ratio % 10 == 0) buf_printf(&b, "%u割（%u %%）", ratio / 10u, ratio);
    else buf_printf(&b, "%u %%", ratio);
    field_end(f, &b);
}

size_t paper_fields(const struct paper *p, struct field fields[FIELDS_MAX]) {
    struct fields f = {.at = fields};
    field_text(&f, "氏名", "Name", p->coverage->name);
    field_text(&f, "フリガナ", "Reading", p->coverage->kana);
    field_day(&f, "生年月日", "Date of birth", p->member->birth);
    field_sex(&f, p->coverage->sex);
    field_text(&f, "記号", "Symbol", p->member->id.symbol);
    field_number(&f, p);
    field_insurer(&f, p);
    field_day(&f, "資格取得日", "Covered since", p->coverage->start);
    field_share(&f, p->ratio);
    field_day(&f, "交付日", "Issued", p->made);
    if (day_before(p->made, p->span.from)) field_day(&f, "有効開始日", "Valid from", p->span.from);
    if (p->kind == PAPER_CERTIFICATE) field_day(&f, "有効期限", "Valid until", p->span.until);
    return f.n;
}

const char *paper_title_ja(enum paper_kind kind) {
    return kind == PAPER_CERTIFICATE ? "資格確認書" : "資格情報のお知らせ";
}
const char *paper_title_en(enum paper_kind kind) {
    return kind == PAPER_CERTIFICATE ? "Eligibility certificate" : "Notice of coverage";
}
