/* The smaller rows: insurers, spans joined by a confirmed link, institutions' own patient numbers, cards registered for insurance use. */
#ifndef STATE_STORE_ROWS_H
#define STATE_STORE_ROWS_H

#include "base/err.h"
#include "base/scan.h"
#include "core/coverage.h"
#include "state/store/store_key.h"

/* INSURER: the name. */
void insurer_row_put(struct buf *out, struct str name);
MUST_USE bool insurer_row_read(struct str value, struct str *name);

/* LINK: link id ‖ member key → the member's spans, [start, lost). */
enum { LINK_ID_BYTES = 16 };
void link_span_put(struct buf *out, struct day start, struct day lost);
MUST_USE bool link_span_read(struct scan *s, struct day *start, struct day *lost);

/* REFERENCE: institution ‖ number → when it was registered and for whom; REFERENCE_OF: institution ‖ member key → number. */
enum { REFERENCE_KEY_MAX = 8 + STORE_MEMBER_KEY_MAX };
void reference_key_put(struct buf *out, struct institution_code institution, struct str number_or_member_key);
void reference_row_put(struct buf *out, int64_t at_us, struct str member_key);
MUST_USE bool reference_row_read(struct str value, int64_t *at_us, struct str *member_key);

/* CARD: one registration of one certificate for one member. It stays when it was ended, and a new one gets a row of its own. */
enum { CARD_NAME_BYTES = 16, CARD_KEY_MAX = CARD_NAME_BYTES + STORE_MEMBER_KEY_MAX + 8 };
enum card_holder { HOLDER_CARD = 1, HOLDER_PHONE = 2 };
struct card_registration {
    uint8_t certificate[CARD_NAME_BYTES]; /* the vault's pseudonym of it */
    struct str member_key;
    int64_t at_us, ended_us; /* ended 0: in force */
    struct day until;        /* last day of the certificate */
    enum card_holder holder;
};
void card_key_put(struct buf *out, const struct card_registration *c); /* of CARD */
void card_of_key_put(struct buf *out,
                     const struct card_registration *c); /* of CARD_OF, whose value is card_row_put()'s too */
void card_row_put(struct buf *out, const struct card_registration *c);
/* member_key is borrowed from the key. */
MUST_USE bool card_row_read(struct str key, struct str value, struct card_registration *out);
/* From a key of CARD_OF to the one of CARD. */
MUST_USE bool card_of_key_read(struct str key, struct card_registration *out);

#endif
