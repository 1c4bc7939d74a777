/* The primitive types of FHIR R4 (https://hl7.org/fhir/R4/datatypes.html#primitive): whether a JSON value has the form of one. */
#ifndef EDGE_FHIR_PRIMITIVE_H
#define EDGE_FHIR_PRIMITIVE_H

#include "base/json.h"
#include "core/day.h"

/* By the type's name: "date", "dateTime", "code" … A name that is not in the table is a bug. ERR_VALUE or ERR_DATE at `where`. */
MUST_USE enum err primitive_check(const char *type, struct json v, const char *where, struct diag *d);

/* The day of a dateTime that names one; false when it names only a year or month. The time of day and zone are not looked at:
 * days are written as the asker's calendar has them. */
MUST_USE bool date_time_day(struct str s, struct day *out);

#endif
