#include "core/alarm.h"

#define ALARM_NEXT(name, code, ja, en)
#define ALARM_CAUSE(name, code, ja, en) {code, ja, en},
static const struct review_word causes[] = {
#include "core/alarm.def"
};
#undef ALARM_CAUSE
#undef ALARM_NEXT

#define ALARM_CAUSE(name, code, ja, en)
#define ALARM_NEXT(name, code, ja, en) {code, ja, en},
static const struct review_word nexts[] = {
#include "core/alarm.def"
};
#undef ALARM_CAUSE
#undef ALARM_NEXT

struct review_word alarm_cause_word(enum alarm_cause c) {
    invariant(c < ALARM_CAUSE_COUNT);
    return causes[c];
}

struct review_word alarm_next_word(enum alarm_next n) {
    invariant(n < ALARM_NEXT_COUNT);
    return nexts[n];
}

static unsigned find(const struct review_word *words, unsigned count, struct str code) {
    unsigned i = 0;
    while (i < count && !str_eq(code, str_c(words[i].code))) i++;
    return i;
}

enum alarm_cause alarm_cause_of(struct str code) { return find(causes, ALARM_CAUSE_COUNT, code); }
enum alarm_next alarm_next_of(struct str code) { return find(nexts, ALARM_NEXT_COUNT, code); }

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
