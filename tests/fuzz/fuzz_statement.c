/* Any bytes as the message of a provisional statement: refused with an error, or what was read keeps what its type promises. */
#include "edge/receipt/statement.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    struct arena a;
    struct tree *t;
    struct statement_message m;
    struct buf b;
    struct diag d = {0};
    arena_init(&a, 8 << 20);
    buf_init(&b, 1 << 20);
    if (tree_read_json(&a, str_of(data, n), &t, &d) == ERR_OK &&
        statement_read(&a, t, (struct day){20605}, &m, &d) == ERR_OK) {
        struct writer w = writer_of(&b, CARRIER_JSON);
        const struct share_facts f = {.birth = m.said.birth, .on = m.said.on, .stated = lower_share_of(m.said.ratio)};
        struct share s = share_decide(&f);
        invariant(m.said.kana.n && day_until(m.said.birth, m.said.on) && share_percent(s) <= 30);
        invariant(m.number.n == 0 || m.number.n == STATEMENT_ID);
        statement_write_taken(&w, &m, 0, s);
        invariant(buf_ok(&b) && tree_read_json(&a, buf_str(&b), &t, &d) == ERR_OK);
    }
    buf_fini(&b);
    arena_fini(&a);
    return 0;
}
