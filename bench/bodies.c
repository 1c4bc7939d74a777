/* Questions as a chart system sends them, one JSON message a line, about members drawn evenly from a store.
 * usage: bodies STORE COUNT INSTITUTION */
#include "bench/lib/figures.h"
#include "bench/lib/sample.h"
#include "core/insured_id.h"

#include <stdio.h>

static void put_body(struct buf *b, const struct question *q, const char *institution, size_t i) {
    struct civil c = day_civil(q->birth);
    buf_reset(b);
    buf_printf(b, "{\"XmlMsg\":{\"MessageHeader\":{\"MedicalInstitutionCode\":\"%s\",", institution);
    buf_printf(b, "\"ArbitraryFileIdentifier\":\"f-%08zu\"},", i);
    buf_puts(b, "\"MessageBody\":{\"QualificationConfirmSearchInfo\":{\"InsurerNumber\":\"");
    insurer_number_put_padded(b, q->insurer);
    buf_puts(b, "\",");
    if (q->id.symbol.n) {
        buf_puts(b, "\"InsuredCardSymbol\":");
        buf_json(b, q->id.symbol);
        buf_puts(b, ",");
    }
    buf_puts(b, "\"InsuredIdentificationNumber\":");
    buf_json(b, q->id.number);
    if (q->id.branch != BRANCH_NONE) {
        buf_puts(b, ",\"InsuredBranchNumber\":\"");
        branch_put(b, q->id.branch);
        buf_puts(b, "\"");
    }
    buf_printf(b, ",\"Birthdate\":\"%04d%02d%02d\",", c.year, c.month, c.day);
    buf_printf(b, "\"LimitApplicationCertificateRelatedConsFlg\":\"1\",\"ArbitraryIdentifier\":\"%zu_3\"}}}}\n", i);
}

int main(int argc, char **argv) {
    struct sample s;
    struct buf b;
    if (argc != 4) return fprintf(stderr, "usage: bodies STORE COUNT INSTITUTION\n"), 2;
    sample_draw(&s, argv[1], read_number(argv[2], 10000000, "COUNT"));
    buf_init(&b, 4096);
    for (size_t i = 0; i < s.count; i++) {
        put_body(&b, &s.questions[i], argv[3], i);
        must(buf_ok(&b) && fwrite(b.p, 1, b.n, stdout) == b.n, "write");
    }
    buf_fini(&b);
    sample_fini(&s);
    return fflush(stdout) == 0 ? 0 : 1;
}
