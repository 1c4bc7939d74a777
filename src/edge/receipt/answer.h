/* answer: the messages an institution receives, written once for both carriers. Values stand in a stable order, header values before
 * units; what is absent is left out. Elements: message.def; notes: note.def; the table for vendors: docs/format/oqs-messages.md.
 *
 * Nothing here allocates beyond the buf: an answer of about 1 KB as JSON costs well under a microsecond. */
#ifndef EDGE_RECEIPT_ANSWER_H
#define EDGE_RECEIPT_ANSWER_H

#include "edge/receipt/request.h"
#include "edge/receipt/writer.h"
#include "service/verify.h"

enum { REFERENCE_CARD = 1, REFERENCE_NUMBERS = 2 };                 /* OQSCD002 */
enum { SEGMENT_DONE = 1, SEGMENT_WORKING = 2, SEGMENT_FAILED = 9 }; /* OQSCD003 */
enum { NOTE_CHARACTERS = 60 }; /* receivers keep no more of an ErrorMessage; notes stay within it too */

struct header {
    int64_t executed_us; /* UTC */
    struct day on;       /* QualificationConfirmationDate */
    struct institution_code institution;
    struct str file_identifier;
    unsigned reference, segment; /* 0: left out */
    struct str error_code, error_message;
};

/* The header every response to r has, before a segment is set. `on` is the day in Japan when the question named none. */
struct header header_for(const struct request *r, int64_t now_us);

/* A whole response to a single question. a->question and r->units[0] are the same question. */
void answer_write(struct writer *w, const struct request *r, const struct answer *a);
/* Where the message wants it and this server can, a->attestation becomes the answer to `u`, signed; otherwise nothing happens, and an answer
 * without it is an answer all the same. Before the answer is written. Of a bulk message the signed copy has no more than its unit. */
void answer_attest(struct verify_desk *desk, const struct request *r, const struct unit *u, struct answer *a,
                   struct arena *arena);
/* A whole error response: SegmentOfResult 9, ErrorCode "MDO…E", ErrorMessage in Japanese with the place, within NOTE_CHARACTERS;
 * MessageBody with ProcessingResultStatus 2, the same code, and the message in Japanese and English. */
void answer_write_error(struct writer *w, const struct request *r, int64_t now_us, const struct diag *d);

/* Bulk: 01res. */
void answer_write_reception(struct writer *w, const struct request *r, int64_t now_us, struct str reception_number,
                            int64_t received_us);
/* Bulk: 02res while working (SegmentOfResult 2). */
void answer_write_working(struct writer *w, const struct request *r, int64_t now_us);
/* Bulk: one BulkConfirmUnit, into a buf of units kept by the job (one writer for all units of a job, from writer_of). */
void answer_write_unit(struct writer *units, const struct unit *u, const struct answer *a);
void answer_write_unit_error(struct writer *units, const struct unit *u, const struct diag *d);
/* Bulk: 02res with its units, as those two functions wrote them for the same carrier. */
struct bulk_counts {
    size_t processed, normal, errors;
};
void answer_write_bulk(struct writer *w, const struct request *r, int64_t now_us, struct bulk_counts n,
                       struct str units);

/* 照会番号登録: the single response, and the units of the bulk one. */
void answer_write_registered(struct writer *w, const struct request *r, int64_t now_us);
void answer_write_registration_unit(struct writer *units, const struct registration *g,
                                    const struct diag *d /* NULL: registered */);

/* "MDOF0010E" for an error. */
void error_code_put(struct buf *out, enum err e);
/* "MDOW0003W" for a warning; and back: WARNING_COUNT when it is none. */
struct str note_code(enum warning w);
enum warning note_warning(struct str code);
/* Japanese with the place, cut to whole characters within `characters`. */
void error_message_put(struct buf *out, const struct diag *d, size_t characters);

#endif
