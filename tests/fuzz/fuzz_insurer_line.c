/* Any bytes as a line of an insurer's file; the first byte says how it is carried (NDJSON, CSV, CSV in CP932). Whatever is accepted
 * keeps the format's promises and comes back from the store's row as it was. */
#include "base/utf8.h"
#include "edge/insurer_file/insurer_file.h"
#include "lib/sample_member.h"
#include "state/store/member_row.h"
#include "state/store/store_key.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const char header[] =
    "op,insurer,symbol,number,branch,start,lost,loss_reason,name,kana,sex,birth,post,address,class,card_until,ratio,"
    "elderly_from,elderly_until,elderly_ratio,limit_class,limit_category,limit_from,disease_disease,disease_from,"
    "disease_self_pay,mynumber";

static struct insurer_file_format format_of(uint8_t carrier) {
    static struct csv_header *utf8, *cp932;
    if (utf8 == NULL) {
        invariant(csv_header_new(&utf8, str_c(header), false, NULL) == ERR_OK);
        invariant(csv_header_new(&cp932, str_c(header), true, NULL) == ERR_OK);
    }
    return carrier % 3 == 0 ? insurer_file_ndjson() : insurer_file_csv(carrier % 3 == 1 ? utf8 : cp932);
}

static void check_promises(const struct insurer_line *l) {
    const struct coverage *c = &l->period;
    char room[16];
    struct buf b = buf_over(room, sizeof room);
    struct insurer_number again;
    insurer_number_put(&b, l->insurer);
    invariant(insurer_number_parse(buf_str(&b), &again) == ERR_OK && again.n == l->insurer.n);
    if (l->op == LINE_INSURER) {
        invariant(l->insurer_name.n > 0 && utf8_length(l->insurer_name) <= NAME_CHARACTERS && !l->has_mynumber);
        return;
    }
    invariant(l->id.number.n > 0 && day_is(l->birth) && day_is(c->start));
    if (l->op != LINE_PUT) return;
    invariant(c->name.n > 0 && utf8_valid(c->name) && utf8_length(c->name) <= NAME_CHARACTERS && c->sex >= 1 &&
              c->sex <= 3);
    invariant(!day_before(c->start, l->birth) && (!day_is(c->lost) || day_before(c->start, c->lost)));
    invariant(c->elderly_count <= ELDERLY_MAX && c->limit_count <= LIMITS_MAX && c->ticket_count <= TICKETS_MAX);
}

static void check_row(struct arena *a, const struct insurer_line *l) {
    char room[STORE_MEMBER_KEY_MAX];
    struct buf key = buf_over(room, sizeof room), row;
    struct member m = {.insurer = l->insurer, .id = l->id, .birth = l->birth, .periods = &l->period, .period_count = 1},
                  again;
    struct insured_id folded;
    struct insurer_number insurer;
    struct day birth;
    if (store_key_member(&key, m.insurer, &m.id, m.birth) != ERR_OK)
        return; /* a number whose folded form is empty or long */
    invariant(store_key_member_read(buf_str(&key), &insurer, &folded, &birth));
    buf_init(&row, 1 << 20);
    invariant(member_row_put(&row, &m, &folded) == ERR_OK);
    invariant(row.n <= member_row_bound(&m));
    invariant(member_row_read(a, buf_str(&key), buf_str(&row), &again) == ERR_OK && again.period_count == 1);
    invariant(sample_coverage_same(&l->period, &again.periods[0]) && coverage_same(&l->period, &again.periods[0]));
    invariant(str_eq(again.id.symbol, l->id.symbol) && str_eq(again.id.number, l->id.number));
    invariant(again.id.branch == l->id.branch && day_eq(again.birth, l->birth) && again.insurer.n == l->insurer.n);
    buf_fini(&row);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    struct arena a;
    struct insurer_line l;
    struct diag d = {0};
    if (n == 0) return 0;
    struct insurer_file_format f = format_of(data[0]);
    arena_init(&a, 1 << 20);
    enum err e = f.read(f.context, &a, str_of(data + 1, n - 1), &l, &d);
    invariant(e == ERR_OK || d.err == e);
    if (e == ERR_OK) check_promises(&l);
    if (e == ERR_OK && l.op == LINE_PUT) check_row(&a, &l);
    arena_fini(&a);
    return 0;
}
