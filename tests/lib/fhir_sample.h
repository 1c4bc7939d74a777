/* A good question in FHIR, to be asked, bent and broken; and answers of every kind, made by hand. All people in them are invented. */
#ifndef TESTS_LIB_FHIR_SAMPLE_H
#define TESTS_LIB_FHIR_SAMPLE_H

#include "edge/fhir/fhir.h"

/* Asks for insurer 06139448 (check digit holds), symbol あいう, number １８７, branch 05, born 1980-04-01, on 2026-11-22, by 1311234567. */
extern const char fhir_sample_request[];

/* The sample with the first `find` replaced; into the arena. A bug when `find` does not stand in it. */
struct str fhir_sample_with(struct arena *a, const char *find, const char *replacement);

/* The n-th made answer, n from 0 on, and the request it answers; false after the last. Everything lives in the arena. */
enum { FHIR_ANSWERS = 288 };
bool fhir_sample_answer(struct arena *a, unsigned n, struct fhir_request *r, struct answer *out);

#endif
