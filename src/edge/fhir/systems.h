/* Identifier systems by name, and the addresses that appear in messages. */
#ifndef EDGE_FHIR_SYSTEMS_H
#define EDGE_FHIR_SYSTEMS_H

#include "base/str.h"

/* Names of what Mado adds to FHIR. They are names, not addresses to visit: the project owns no domain, and .invalid (RFC 2606) can
 * never become someone else's. */
#define MADO_FHIR       "https://mado.invalid/fhir"
#define MADO_EXTENSION  MADO_FHIR "/StructureDefinition/"
#define MADO_CODESYSTEM MADO_FHIR "/CodeSystem/"

#define JP_PROFILE          "http://jpfhir.jp/fhir/core/StructureDefinition/"
#define JP_EXTENSION        "http://jpfhir.jp/fhir/core/Extension/StructureDefinition/"
#define NAME_REPRESENTATION "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation"
#define ABSENT_REASON       "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
#define TERMINOLOGY         "http://terminology.hl7.org/CodeSystem/"
/* A hospital's own patient number: "1" and the 10 digits of the institution follow. JP Core has no URL form of it. */
#define PATIENT_NUMBER_OID "urn:oid:1.2.392.100495.20.3.51.1"

#define SYSTEM(name, url, oid) FHIR_SYSTEM_##name,
enum fhir_system {
    FHIR_SYSTEM_NONE, /* not one of the table */
#include "edge/fhir/systems.def"
};
#undef SYSTEM

/* Which system an identifier names; *oid says that it used the older form. */
enum fhir_system fhir_system_of(struct str uri, bool *oid);
const char *fhir_system_url(enum fhir_system s);

#endif
