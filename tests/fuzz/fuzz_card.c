/* Any transcript as a card: a session with it ends, and gives a signature only at its last step. */
#include "edge/card/card.h"
#include "edge/card/reader_replay.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Answers alone, whatever is asked: the card's side of the line, where a fuzzer gets further than with whole transcripts. */
struct answers {
    struct str rest;
    unsigned asked;
};

static enum err answer(void *line, struct str command, struct buf *out, struct diag *d) {
    struct answers *a = line;
    invariant(command.n >= 4 && a->asked++ < 4096);
    if (str_empty(a->rest)) return diag_set(d, ERR_UNAVAILABLE, "card", NULL);
    size_t size = (unsigned char)a->rest.p[0] + 1u;
    struct str body = str_head(str_skip(a->rest, 1), size);
    a->rest = str_skip(a->rest, 1 + size);
    buf_put(out, body);
    return ERR_OK;
}

static void leave(void *line) { (void)line; }

static void session(struct reader r) {
    struct card_proof p;
    card_proof_init(&p);
    enum err e = card_prove(&r, S("1234"), S("challenge"), &p, NULL);
    if (p.signature.n) invariant(p.step == CARD_STEP_SIGN);
    if (e == ERR_OK && p.result.outcome == CARD_DONE) invariant(p.signature.n && p.certificate.n <= CARD_FILE_MAX);
    card_proof_fini(&p);
    reader_leave(&r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    static const struct reader_kind kind = {answer, leave};
    struct replay replay;
    struct answers answers = {.rest = str_of(data, n)};
    session(replay_open(&replay, str_of(data, n)));
    session((struct reader){&kind, &answers});
    return 0;
}
