#include "service/review/alarm.h"

#define ALARM_LABEL(name, ja, en) [CAUSE_##name] = {ja, en},
static const struct {
    const char *ja, *en;
} labels[ALARM_CAUSES] = {
#include "service/review/alarm_label.def"
};
#undef ALARM_LABEL

struct review_word alarm_cause_word(enum alarm_cause c) {
    return (struct review_word){alarm_cause_info(c)->code, labels[c].ja, labels[c].en};
}

struct review_word alarm_next_word(enum alarm_next n) {
    const struct trait_info *i = alarm_next_info(n);
    return (struct review_word){i->code, i->ja, i->en};
}

enum alarm_cause alarm_cause_of(struct str code) {
    unsigned c = 0;
    while (c < ALARM_CAUSES && !str_eq(code, str_c(alarm_cause_info(c)->code))) c++;
    return c;
}

enum alarm_next alarm_next_of(struct str code) {
    unsigned n = 0;
    while (n < ALARM_NEXTS && !str_eq(code, str_c(alarm_next_info(n)->code))) n++;
    return n;
}

bool alarm_id_parse(struct str s, uint8_t out[ALARM_ID_BYTES]) {
    if (s.n != 2 * (size_t)ALARM_ID_BYTES) return false;
    memset(out, 0, ALARM_ID_BYTES);
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (digit < 0) return false;
        out[i / 2] = (uint8_t)(out[i / 2] << 4 | digit);
    }
    return true;
}

void alarm_id_put(struct buf *b, const uint8_t id[ALARM_ID_BYTES]) { buf_hex(b, str_of(id, ALARM_ID_BYTES)); }

void alarm_member_put(struct buf *b, struct insurer_number insurer, const struct insured_id *member) {
    insurer_number_put(b, insurer);
    buf_putc(b, '/'), buf_put(b, member->symbol);
    buf_putc(b, '/'), buf_put(b, member->number);
    buf_putc(b, '/'), branch_put(b, member->branch);
}
