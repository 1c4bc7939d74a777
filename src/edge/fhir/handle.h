/* handle: the FHIR entrance: $submit and metadata. */
#ifndef EDGE_FHIR_HANDLE_H
#define EDGE_FHIR_HANDLE_H

#include "service/door.h"

enum http_step fhir_submit(struct door *d, struct http_exchange *x);
enum http_step fhir_metadata(struct door *d, struct http_exchange *x);
/* What stands at no path below /fhir, or was asked with another method. */
enum http_step fhir_refuse(struct http_exchange *x, enum err why);

#endif
