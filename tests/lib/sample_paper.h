/* Papers' codes made at test time: an insurer with a key in a scratch folder, and whatever it is made to sign. */
#ifndef TESTS_LIB_SAMPLE_PAPER_H
#define TESTS_LIB_SAMPLE_PAPER_H

#include "base/buf.h"
#include "lib/scratch.h"
#include "state/trust/issuers.h"

#define SAMPLE_PAPER_RID "AAAAAAAAAAAAAAAAAAAAAA"
/* 06139448; its folder of keys is the scratch folder itself. */
extern const struct insurer_number sample_insurer;

/* The payload of a certificate from 2026-11-25 to 2031-11-24, as another program could write it. */
struct str sample_paper_payload(void);
void sample_insurer_make(const struct scratch *s, struct insurer_number insurer);
/* Appends the payload as a JWS of that insurer's; as "shc:/…" digits. */
void sample_jws(const struct scratch *s, struct insurer_number insurer, struct str payload, struct buf *out);
void sample_code(const struct scratch *s, struct insurer_number insurer, struct str payload, struct buf *out);

#endif
