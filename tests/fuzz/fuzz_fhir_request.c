/* Any bytes as a FHIR question: refused with an error and a place that fits its field, or accepted with everything a question needs.
 * Whatever comes of it can be written as an OperationOutcome or echoed in an answer that is JSON again. */
#include "base/json.h"
#include "base/utf8.h"
#include "edge/fhir/fhir.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_json(struct arena *a, const struct buf *b) {
    struct json v;
    invariant(buf_ok(b) && utf8_valid(buf_str(b)));
    invariant(json_read(a, buf_str(b), &v, NULL) == ERR_OK);
}

static void check_answer(struct arena *a, struct buf *b, const struct fhir_request *r) {
    struct answer answer = {.question = r->question};
    invariant(r->validation || r->benefits);
    invariant(day_is(r->question.birth) && r->question.id.number.n > 0);
    invariant(r->question.institution.n == 1311234567);
    answer.verdict = (struct verdict){.validity = VALIDITY_NONE, .ratio = RATIO_NONE};
    fhir_write_answer(b, r, &answer);
    check_json(a, b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    struct arena a;
    struct buf b;
    struct fhir_request r;
    struct diag d = {0};
    arena_init(&a, 4 << 20);
    buf_init(&b, 1 << 20);
    if (fhir_read_request(&a, str_of(data, n), (struct institution_code){1311234567}, &r, &d) == ERR_OK) {
        check_answer(&a, &b, &r);
    } else {
        invariant(d.err != ERR_OK);
        fhir_write_outcome(&b, &d);
        check_json(&a, &b);
    }
    buf_fini(&b);
    arena_fini(&a);
    return 0;
}
