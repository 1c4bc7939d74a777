/* shape: whether a message is made of what elements.def and extensions.def name, each in its form and number. After
 * shape_check() every element is known, has its JSON kind and is well formed, so reading on needs no such checks. */
#ifndef EDGE_FHIR_SHAPE_H
#define EDGE_FHIR_SHAPE_H

#include "base/json.h"

enum { SHAPE_PATH_MAX = 128 }; /* as long as diag.where */

/* Refuses with the FHIRPath of the first place that does not fit: ERR_UNKNOWN, ERR_NOT_SUPPORTED, ERR_EXTENSION, ERR_MISSING, ERR_CODE,
 * ERR_VALUE, ERR_DATE. The root is a CoverageEligibilityRequest or a Parameters. */
MUST_USE enum err shape_check(struct json root, struct diag *d);

#endif
