/* Lines of truth.ndjson and links.ndjson: any bytes are taken or refused, and what was taken is counted once. A line that begins with a space is a link. */
#include "service/quality/quality.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    struct quality q;
    struct quality_count c;
    struct buf out;
    struct str rest = str_of(bytes, size);
    quality_init(&q, world_real());
    while (rest.n) {
        struct str line = str_cut(&rest, '\n');
        struct diag d = {0};
        enum err e = str_starts(line, S(" ")) ? quality_link_line(&q, line, &d) : quality_truth_line(&q, line, &d);
        invariant(e == d.err);
    }
    quality_count(&q, &c);
    buf_init(&out, 1 << 20);
    quality_put(&c, &out);
    invariant(buf_ok(&out) && c.group[QUALITY_ALL].members == q.members && c.group[QUALITY_ALL].wrong <= q.members);
    buf_fini(&out);
    quality_fini(&q);
    return 0;
}
