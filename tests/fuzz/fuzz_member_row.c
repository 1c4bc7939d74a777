/* Any bytes as a member's key (first byte: its length) and row: refused, or a member whose every period can be asked about on any
 * day, and who is packed and read again as the same. */
#include "lib/sample_member.h"
#include "rules/eligibility/eligibility.h"
#include "state/store/member_row.h"
#include "state/store/store_key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void ask(const struct member *m) {
    struct eligibility_facts facts = {.members = m, .member_count = 1};
    struct question q = {.insurer = m->insurer, .id = m->id, .birth = m->birth, .limit_consent = true};
    for (int32_t on = -60000; on < 400000; on += 40009) {
        q.on = (struct day){on};
        struct verdict v = eligibility_decide(&q, &facts);
        invariant(v.validity >= VALID && v.validity <= VALIDITY_NO_TICKET);
    }
}

static void pack_again(struct arena *a, const struct member *m) {
    char room[1024];
    struct buf key = buf_over(room, sizeof room), row;
    struct member again;
    struct insured_id folded;
    struct insurer_number insurer;
    struct day birth;
    if (store_key_member(&key, m->insurer, &m->id, m->birth) != ERR_OK) return;
    invariant(store_key_member_read(buf_str(&key), &insurer, &folded, &birth));
    buf_init(&row, 1 << 20);
    if (member_row_put(&row, m, &folded) == ERR_OK &&
        member_row_read(a, buf_str(&key), buf_str(&row), &again) == ERR_OK) {
        invariant(again.period_count == m->period_count);
        for (size_t i = 0; i < m->period_count; i++) invariant(sample_coverage_same(&m->periods[i], &again.periods[i]));
    }
    buf_fini(&row);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    struct arena a;
    struct member m;
    if (n == 0 || data[0] >= n) return 0;
    arena_init(&a, 8 << 20);
    struct str key = str_of(data + 1, data[0]), row = str_skip(str_of(data, n), 1u + data[0]);
    if (member_row_read(&a, key, row, &m) == ERR_OK) {
        /* a birth date a key can hold, not only one of the calendar */
        if (m.birth.n > -60000 && m.birth.n < 400000) ask(&m), pack_again(&a, &m);
    }
    arena_fini(&a);
    return 0;
}
