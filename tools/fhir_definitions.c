/* Writes what Mado adds to FHIR as R4 resources, one file each, from the tables the program itself is made of:
 *   fhir_definitions DIR     StructureDefinition-*.json, CodeSystem-*.json, OperationDefinition-submit.json
 * make fhir-docs puts them into docs/fhir/. */
#include "base/buf.h"
#include "base/err.h"
#include "core/codes.h"
#include "core/verdict.h"
#include "edge/fhir/systems.h"

#include <stdio.h>
#include <stdlib.h>

enum { FILE_MAX = 1 << 20 };

static void save(const char *folder, const char *type, const char *id, const struct buf *b) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s-%s.json", folder, type, id);
    FILE *f = fopen(path, "w");
    bool good = f && buf_ok(b) && fwrite(b->p, 1, b->n, f) == b->n;
    if (f && fclose(f) != 0) good = false;
    if (good) return;
    perror(path);
    exit(1);
}

/* "limit-consent" as LimitConsent: a name of R4 has no dashes. */
static void put_name(struct buf *b, const char *id) {
    bool up = true;
    buf_putc(b, '"');
    for (; *id; id++) {
        if (*id != '-') buf_putc(b, up && *id >= 'a' && *id <= 'z' ? (char)(*id - 32) : *id);
        up = *id == '-';
    }
    buf_putc(b, '"');
}

static void open_resource(struct buf *b, const char *type, const char *id, const char *ja, const char *en) {
    buf_printf(
        b, "{\n  \"resourceType\": \"%s\",\n  \"id\": \"%s\",\n  \"url\": \"" MADO_FHIR "/%s/%s\",\n  \"name\": ", type,
        id, type, id);
    put_name(b, id);
    buf_puts(b, ",\n  \"title\": ");
    buf_json(b, str_c(ja));
    buf_puts(b, ",\n  \"status\": \"active\",\n  \"description\": ");
    buf_json(b, str_c(en));
}

static void write_extension(const char *folder, const char *url, const char *on, const char *of, const char *ja,
                            const char *en) {
    const char *id = strrchr(url, '/') + 1;
    struct buf b;
    if (!str_starts(str_c(url), S(MADO_EXTENSION))) return;
    buf_init(&b, FILE_MAX);
    open_resource(&b, "StructureDefinition", id, ja, en);
    buf_printf(
        &b,
        ",\n  \"fhirVersion\": \"4.0.1\",\n  \"kind\": \"complex-type\",\n  \"abstract\": false,\n"
        "  \"context\": [{\"type\": \"element\", \"expression\": \"%s\"}],\n  \"type\": \"Extension\",\n"
        "  \"baseDefinition\": \"http://hl7.org/fhir/StructureDefinition/Extension\",\n  \"derivation\": \"constraint\",\n",
        on);
    buf_puts(&b,
             "  \"differential\": {\"element\": [\n    {\"id\": \"Extension\", \"path\": \"Extension\", \"short\": ");
    buf_json(&b, str_c(ja));
    buf_puts(&b, ", \"definition\": ");
    buf_json(&b, str_c(en));
    buf_printf(
        &b,
        "},\n    {\"id\": \"Extension.extension\", \"path\": \"Extension.extension\", \"max\": \"0\"},\n"
        "    {\"id\": \"Extension.url\", \"path\": \"Extension.url\", \"fixedUri\": \"%s\"},\n"
        "    {\"id\": \"Extension.value[x]\", \"path\": \"Extension.value[x]\", \"min\": 1, \"type\": [{\"code\": \"%s\"}]}\n  ]}\n}\n",
        url, of);
    save(folder, "StructureDefinition", id, &b);
    buf_fini(&b);
}

static void put_concept(struct buf *b, unsigned *count, const char *code, const char *ja, const char *en) {
    buf_puts(b, (*count)++ ? ",\n    {\"code\": " : "\n    {\"code\": ");
    buf_json(b, str_c(code));
    buf_puts(b, ", \"display\": ");
    buf_json(b, str_c(ja));
    buf_puts(b, ", \"designation\": [{\"language\": \"en\", \"value\": ");
    buf_json(b, str_c(en));
    buf_puts(b, "}]}");
}

static void open_system(struct buf *b, const char *name, const char *ja, const char *en) {
    buf_init(b, FILE_MAX);
    open_resource(b, "CodeSystem", name, ja, en);
    buf_puts(b, ",\n  \"caseSensitive\": true,\n  \"content\": \"complete\",\n  \"concept\": [");
}

static void close_system(const char *folder, const char *name, struct buf *b, unsigned count) {
    buf_printf(b, "\n  ],\n  \"count\": %u\n}\n", count);
    save(folder, "CodeSystem", name, b);
    buf_fini(b);
}

static void write_table(const char *folder, enum code_table table, const char *name, const char *en) {
    struct buf b;
    size_t rows;
    unsigned count = 0;
    const struct code *row = code_rows(&rows);
    open_system(&b, name, en, en);
    for (size_t i = 0; i < rows; i++)
        if (row[i].table == table) put_concept(&b, &count, row[i].value, row[i].ja, row[i].en);
    close_system(folder, name, &b, count);
}

static void write_own(const char *folder, const char *name, const char *ja, const char *en) {
    static const struct {
        const char *system, *code, *ja, *en;
    } rows[] = {
#define OQS(table, name, en)
#define OWN(name, ja, en)
#define ROW(system, code, ja, en) {system, code, ja, en},
#define WARNINGS(name, en)
#define ERRORS(name, en)
#include "edge/fhir/code_systems.def"
#undef OQS
#undef OWN
#undef ROW
#undef WARNINGS
#undef ERRORS
    };
    struct buf b;
    unsigned count = 0;
    open_system(&b, name, ja, en);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (strcmp(rows[i].system, name) == 0) put_concept(&b, &count, rows[i].code, rows[i].ja, rows[i].en);
    close_system(folder, name, &b, count);
}

static void write_warnings(const char *folder, const char *name, const char *en) {
    struct buf b;
    unsigned count = 0;
    open_system(&b, name, "窓口への注意", en);
    for (unsigned w = 0; w < WARNING_COUNT; w++)
        put_concept(&b, &count, warning_info(w)->code, warning_info(w)->ja, warning_info(w)->en);
    close_system(folder, name, &b, count);
}

static void write_errors(const char *folder, const char *name, const char *en) {
    struct buf b;
    unsigned count = 0;
    open_system(&b, name, "要求を受け付けない理由", en);
    for (unsigned e = 1; e < ERR_COUNT; e++) {
        char code[16];
        snprintf(code, sizeof code, "MDO%sE", err_info(e)->code);
        put_concept(&b, &count, code, err_info(e)->ja, err_info(e)->en);
    }
    close_system(folder, name, &b, count);
}

static void write_operation(const char *folder) {
    struct buf b;
    buf_init(&b, FILE_MAX);
    open_resource(&b, "OperationDefinition", "submit", "資格確認",
                  "One eligibility question, answered at once. docs/format/fhir.md says what may be asked.");
    buf_puts(
        &b,
        ",\n  \"kind\": \"operation\",\n  \"affectsState\": false,\n  \"code\": \"submit\",\n"
        "  \"base\": \"http://hl7.org/fhir/OperationDefinition/CoverageEligibilityRequest-submit\",\n"
        "  \"resource\": [\"CoverageEligibilityRequest\"],\n  \"system\": false,\n  \"type\": true,\n  \"instance\": false,\n"
        "  \"parameter\": [\n"
        "    {\"name\": \"resource\", \"use\": \"in\", \"min\": 1, \"max\": \"1\", \"type\": \"CoverageEligibilityRequest\",\n"
        "     \"documentation\": \"With the patient and the coverage contained. Purposes validation and benefits.\"},\n"
        "    {\"name\": \"return\", \"use\": \"out\", \"min\": 1, \"max\": \"1\", \"type\": \"CoverageEligibilityResponse\",\n"
        "     \"documentation\": \"With JP_Patient, JP_Coverage and JP_Organization contained, unless nobody or several matched.\"}\n"
        "  ]\n}\n");
    save(folder, "OperationDefinition", "submit", &b);
    buf_fini(&b);
}

static const char *unquoted(const char *on, char *room,
                            size_t size) { /* a dotted context stands in quotes in the table */
    size_t n = strlen(on);
    snprintf(room, size, "%s", on[0] == '"' ? on + 1 : on);
    if (on[0] == '"') room[n - 2] = 0;
    return room;
}

int main(int argc, char **argv) {
    if (argc != 2) return fprintf(stderr, "usage: fhir_definitions DIR\n"), 2;
    const char *folder = argv[1];
    char on_text[128];
#define EXTENSION(url, on, of, ways, ja, en)                                                                           \
    write_extension(folder, url, unquoted(#on, on_text, sizeof on_text), #of, ja, en);
#include "edge/fhir/extensions.def"
#undef EXTENSION
#define OQS(table, name, en) write_table(folder, CODES_##table, name, en);
#define OWN(name, ja, en)    write_own(folder, name, ja, en);
#define ROW(system, code, ja, en)
#define WARNINGS(name, en) write_warnings(folder, name, en);
#define ERRORS(name, en)   write_errors(folder, name, en);
#include "edge/fhir/code_systems.def"
    write_operation(folder);
    return 0;
}
