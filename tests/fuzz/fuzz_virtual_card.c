/* Any bytes from the virtual reader: the card answers each message in the promised form, and never gives its signature certificate to
 * someone without its password, nor more tries than there are. */
#include "edge/card/vpcd.h"
#include "lib/sample_card.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Certificates of one profile share shorter runs of bytes, but not so long ones; the signature at the end is each one's own. */
enum { MESSAGES_MAX = 64, TAIL = 32, OWN = 200 };

static struct sample_card s;
static void tidy_up(void) { sample_card_free(&s); }

static void check(const struct buf *out, bool command, bool knew_password) {
    invariant(buf_ok(out));
    if (!command) return;
    struct str framed = buf_str(out), reply;
    struct apdu_answer a;
    invariant(vpcd_take(&framed, &reply) && framed.n == 0 && apdu_answer_read(reply, &a));
    invariant(a.data.n == 0 || a.status == 0x9000);
    if (knew_password) return;
    struct str certificate = buf_str(&s.der[JPKI_SIGN]), tail = str_skip(certificate, certificate.n - TAIL);
    invariant(str_find(a.data, tail) == a.data.n);
    if (a.data.n >= OWN) invariant(str_find(certificate, a.data) == certificate.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    struct str bytes = str_of(data, n), message;
    if (s.keys.key[JPKI_AUTH] == NULL) {
        sample_card_make(&s);
        invariant(atexit(tidy_up) == 0);
    }
    sample_card_renew(&s);
    for (size_t i = 0; i < MESSAGES_MAX && vpcd_take(&bytes, &message); i++) {
        char room[VPCD_HEADER + APDU_ANSWER_MAX];
        struct buf out = buf_over(room, sizeof room);
        bool command = vpcd_answer(&s.card, message, &out);
        check(&out, command, s.card.verified[PIN_SIGN]);
        invariant(s.card.tries[PIN_AUTH] <= pin_rows[PIN_AUTH].tries);
        invariant(s.card.tries[PIN_SIGN] <= pin_rows[PIN_SIGN].tries);
    }
    return 0;
}
