#include "core/statement.h"

static const struct {
    unsigned number;
    const char *ja, *en;
} kinds[] = {
#define INSURANCE(name, number, ja, en) {number, ja, en},
#include "core/insurance_kind.def"
#undef INSURANCE
};

const char *insurance_kind_ja(unsigned k) {
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (kinds[i].number == k) return kinds[i].ja;
    return "";
}

const char *insurance_kind_en(unsigned k) {
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (kinds[i].number == k) return kinds[i].en;
    return "";
}

bool insurance_kind_known(unsigned k) { return insurance_kind_ja(k)[0] != 0; }

static void put_remark(struct buf *out, const char *name, struct str value) {
    if (str_empty(value)) return;
    buf_puts(out, "　"), buf_puts(out, name), buf_puts(out, "："), buf_put(out, value);
}

void statement_put_remarks(struct buf *out, const struct statement *s) {
    char room[64];
    struct buf day = buf_over(room, sizeof room);
    day_put_wareki(&day, s->on);
    buf_puts(out, "不詳");
    put_remark(out, "カナ氏名", s->kana);
    put_remark(out, "保険種別", str_c(insurance_kind_ja(s->insurance)));
    put_remark(out, "保険者等名称", s->insurer_name);
    put_remark(out, "事業所名", s->workplace);
    put_remark(out, "住所", s->address);
    put_remark(out, "連絡先", s->phone);
    put_remark(out, "連絡日", buf_str(&day));
}
