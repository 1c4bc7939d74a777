/* Writes FHIR messages of every kind as NDJSON for the validators of fhir.sh: one {"name","resource"} a line. Made by the same
 * functions the server calls, without the server. */
#include "lib/fhir_sample.h"

#include <stdio.h>

enum { MESSAGE_MAX = 1 << 20 };

static void line(const char *kind, unsigned n, struct buf *b) {
    invariant(buf_ok(b));
    while (b->n && b->p[b->n - 1] == '\n') b->n--;
    printf("{\"name\":\"%s %u\",\"resource\":%.*s}\n", kind, n, (int)b->n, b->p);
    buf_reset(b);
}

static void answers(struct arena *a, struct buf *b) {
    struct fhir_request r;
    struct answer answer;
    for (unsigned n = 0; fhir_sample_answer(a, n, &r, &answer); n++, arena_reset(a)) {
        fhir_write_answer(b, &r, &answer);
        line("answer", n, b);
    }
}

static void outcomes(struct buf *b) {
    for (unsigned e = 1; e < ERR_COUNT; e++) {
        struct diag d;
        const char *where = e % 2 ? "CoverageEligibilityRequest.contained[0].birthDate" : "";
        (void)!diag_set(&d, (enum err)e, where, e % 3 ? "some \"detail\"" : NULL);
        if (e % 5 == 0) d.line = 3, d.column = 7;
        fhir_write_outcome(b, &d);
        line("outcome", e, b);
    }
}

static void request(struct buf *b) { /* the tests' own question has to be valid too, without its line ends */
    for (const char *p = fhir_sample_request; *p; p++)
        if (*p != '\n') buf_putc(b, *p);
    line("request", 0, b);
}

int main(void) {
    struct arena a;
    struct buf b;
    arena_init(&a, MESSAGE_MAX);
    buf_init(&b, MESSAGE_MAX);
    answers(&a, &b);
    outcomes(&b);
    fhir_write_capability(&b, S("https://centre.example:8443/fhir/R4"));
    line("capability", 0, &b);
    fhir_write_capability(&b, S(""));
    line("capability", 1, &b);
    request(&b);
    buf_fini(&b);
    arena_fini(&a);
    return 0;
}
