/* Any bytes as what a window or the operator sends about cards (first byte: which): refused with a place, or within its limits. */
#include "edge/card/card_centre.h"
#include "edge/receipt/card.h"
#include "edge/terminal/card.h"
#include "service/card_register.h"
#include "state/trust/card_sources.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void message(struct arena *a, struct str s, bool is_question) {
    struct card_message m;
    if (card_message_read(a, s, is_question, &m, NULL) != ERR_OK) return;
    invariant(m.question.visit.n > 0 && m.question.visit.n <= CARD_VISIT_MAX);
    invariant(m.question.challenge.n <= CARD_CHALLENGE_BYTES && m.question.certificate.n <= CARD_CERTIFICATE_MAX);
    invariant(m.question.certificate.n > 0 || !is_question);
}

static void line(struct arena *a, struct str s) {
    struct card_line l;
    if (card_line_read(a, s, &l, NULL) != ERR_OK) return;
    invariant((l.act == CARD_ACT_REGISTER) == (l.certificate.n > 0));
}

static void found(struct str s) {
    struct card_found f;
    struct buf b;
    if (!card_found_read(s, &f)) return;
    buf_init(&b, 1 << 16);
    card_outcome_put(&b, &f);
    buf_fini(&b);
}

static void reply(struct arena *a, struct str s) {
    struct buf b;
    buf_init(&b, 1 << 20);
    invariant(card_verdict_info(card_centre_outcome(200, s)) != NULL);
    card_put_reply(&b, a, s);
    buf_fini(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    struct arena a;
    struct card_question q;
    struct card_sources sources;
    if (n == 0) return 0;
    struct str s = str_of(data + 1, n - 1);
    arena_init(&a, 4 << 20);
    switch (data[0] % 8) {
    case 0: message(&a, s, true); break;
    case 1: message(&a, s, false); break;
    case 2: line(&a, s); break;
    case 3: found(s); break;
    case 4: reply(&a, s); break;
    case 6: (void)!card_sources_read(&a, s, &sources, NULL); break;
    default: (void)!card_question_read(s, &q); break;
    }
    arena_fini(&a);
    return 0;
}
