/* FHIR R4 with JP Core, for the eligibility question: bytes to values and values to bytes. No I/O, no clock, and no decision about
 * anyone's coverage. The whole of what may be asked and what is answered, with an example: docs/format/fhir.md.
 *
 *   POST /fhir/R4/CoverageEligibilityRequest/$submit   fhir_negotiate(), fhir_read_request() … fhir_write_answer()
 *   GET  /fhir/R4/metadata                             fhir_negotiate(), fhir_write_capability()
 *   anything refused                                   fhir_write_outcome(), with err_info(d->err)->http as the status */
#ifndef EDGE_FHIR_FHIR_H
#define EDGE_FHIR_FHIR_H

#include "base/arena.h"
#include "service/verify.h"

/* What every reply of this room is; a request may also say application/json. */
#define FHIR_CONTENT_TYPE "application/fhir+json; charset=utf-8"

enum {
    FHIR_REQUEST_MAX = 256 << 10, /* bytes; a chart's Patient with every address and a narrative is under 20 KB */
    FHIR_CONTAINED_MAX = 8 /* patient, coverage, insurer, provider, and room for an organization each of them names */
};

/* A question as it was asked. Strings live in the arena. */
struct fhir_request {
    struct question question;  /* `on` DAY_NONE when no day was named */
    bool validation, benefits; /* the purposes named; at least one */
    /* The request's own business identifier, echoed so that the answer finds its question; both empty when it had none. */
    struct str identifier_system, identifier_value;
};

/* Reads a CoverageEligibilityRequest, or a Parameters with one under the name "resource". An element, parameter or extension that is
 * not in elements.def or extensions.def is refused, never ignored; d->where is then its FHIRPath. `certificate` is the institution of
 * the client certificate: a provider that says otherwise is ERR_INSTITUTION, and question.institution is the certificate's (with 0,
 * which is the operator, the provider's). */
MUST_USE enum err fhir_read_request(struct arena *a, struct str body, struct institution_code certificate,
                                    struct fhir_request *out, struct diag *d);

/* A CoverageEligibilityResponse with contained Patient, Coverage and Organization (JP Core). With validity 4 and 5 nothing of a person. */
void fhir_write_answer(struct buf *out, const struct fhir_request *r, const struct answer *a);

/* An OperationOutcome with one issue. */
void fhir_write_outcome(struct buf *out, const struct diag *d);

/* A CapabilityStatement. `base` is the address clients use ("https://…/fhir/R4"), or empty when the server does not know it. */
void fhir_write_capability(struct buf *out, struct str base);

/* Whether this room can read the body and write what is wanted: ERR_MEDIA_TYPE, ERR_NOT_ACCEPTABLE, or ERR_UNKNOWN for a parameter of
 * the address other than _format. Headers are as sent, empty when absent; content_type is looked at only with a body. */
MUST_USE enum err fhir_negotiate(struct str query, struct str accept, struct str content_type, bool with_body,
                                 struct diag *d);

#endif
