/* request: what an institution asks in one message, read from the tree whatever carried it. Every element's form is checked here
 * once; what follows trusts the types. Elements, widths and codes: docs/format/oqs-messages.md. */
#ifndef EDGE_RECEIPT_REQUEST_H
#define EDGE_RECEIPT_REQUEST_H

#include "core/verdict.h"
#include "edge/receipt/tree.h"

/* The messages by the file names' prefix and step. kind.def */
enum message_kind {
#define KIND(name, prefix, path, ja) MESSAGE_##name,
#include "edge/receipt/kind.def"
#undef KIND
    MESSAGE_KINDS
};
struct message_kind_info {
    struct str name, request, response; /* "OQSsiquc01", "OQSsiquc01req", "OQSsiquc01res" */
    const char *path;                   /* at the centre */
    const char *ja;
};
const struct message_kind_info *message_kind_info(enum message_kind k);

enum {
    BULK_UNITS_MAX = 10000,     /* one bulk question; the field's own limit is not known */
    IDENTIFIER_CHARACTERS = 64, /* ArbitraryIdentifier, ArbitraryFileIdentifier: given back as they came */
    REFERENCE_CHARACTERS = 50,  /* 照会番号 */
    RECEPTION_CHARACTERS = 64   /* 受付番号: the centre's own */
};

/* One QualificationConfirmSearchInfo. */
struct unit {
    struct question question;    /* `on` and institution from the header; holds when err is ERR_OK */
    struct str reference_number; /* not empty: asked by 照会番号 instead of insurer, id and birth */
    struct str identifier;       /* ArbitraryIdentifier */
    const struct tree *as_sent;  /* QualificationConfirmSearchInfo, for the echo */
    enum err err;                /* of this unit alone, in a bulk message */
    struct diag diag;
};

/* One ReferenceNumberRegistrationInfo. */
struct registration {
    struct str reference_number, identifier;
    struct insurer_number insurer;
    struct insured_id id;
    const struct tree *as_sent;
    enum err err;
    struct diag diag;
};

struct request {
    enum message_kind kind;
    struct institution_code institution;
    struct day on;              /* QualificationConfirmationDate, or DAY_NONE: today */
    struct str file_identifier; /* ArbitraryFileIdentifier */
    bool attest;        /* AttestationFlag "1": a signed copy of each answer is wanted (docs/format/attestation.md) */
    struct unit *units; /* MESSAGE_SINGLE: one; MESSAGE_BULK: 1 … BULK_UNITS_MAX, each with its own err */
    size_t unit_count;
    struct registration *registrations; /* MESSAGE_REGISTER: one; MESSAGE_REGISTER_BULK: likewise */
    size_t registration_count;
    struct str reception_number; /* the …02 messages */
    bool by_card;                /* not read: OQSCD002 of the answer */
};

/* Fills *out (everything in the arena or borrowed from the tree). A fault in the header, or in a message that holds only one unit,
 * is this function's error, naming the element and its line; in that case what could be read of the header is in *out all the
 * same, for the error answer. In a bulk message a fault in a unit is the unit's.
 * ERR_MISSING, ERR_VALUE, ERR_CHECK_DIGIT, ERR_DATE, ERR_CODE, ERR_LIMIT, ERR_MEMORY. */
MUST_USE enum err request_read(struct arena *a, const struct tree *message, enum message_kind kind, struct request *out,
                               struct diag *d);

/* One element of a result read back (ours or another producer's): the older names that programs in the field still write are
 * known by the new one ("PharmacistsInfoAvailableTime" also finds "PharmaceuticalInfoAcquisitionTime"). "" when absent. */
struct str result_text(const struct tree *result, struct str name);

#endif
