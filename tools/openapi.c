/* Makes docs/api/openapi.json (OpenAPI 3.1):
 *   openapi PARTS >OUT
 * Paths are the rows of src/cmd/routes.def, each with what PARTS/HANDLER.json says of its body and replies. Schemas of requests in FHIR come
 * from src/edge/fhir/elements.def, those of the field's results from src/edge/receipt/message.def, the rest from PARTS/document.json. */
#include "base/buf.h"
#include "base/world.h"
#include "edge/fhir/systems.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>

enum { PART_MAX = 1 << 20 };

static _Noreturn void stop(const char *what, const char *why) {
    fprintf(stderr, "openapi: %s: %s\n", what, why);
    exit(1);
}

static cJSON *part(const char *folder, const char *name, bool needed) {
    char path[512];
    struct buf b;
    struct diag d = {0};
    snprintf(path, sizeof path, "%s/%s.json", folder, name);
    buf_init(&b, PART_MAX);
    enum err e = world_read_file(world_real(), path, &b, &d);
    if (e == ERR_NOT_FOUND && !needed) return buf_fini(&b), cJSON_CreateObject();
    if (e != ERR_OK) stop(path, err_info(e)->en);
    cJSON *v = cJSON_ParseWithLength(b.p, b.n);
    if (v == NULL) stop(path, "is not JSON");
    buf_fini(&b);
    return v;
}

static cJSON *json(const char *text) {
    cJSON *v = cJSON_Parse(text);
    if (v == NULL) stop(text, "is not JSON");
    return v;
}

static cJSON *reference(const char *prefix, const char *name) {
    char text[128];
    snprintf(text, sizeof text, "#/components/schemas/%s.%s", prefix, name);
    cJSON *v = cJSON_CreateObject();
    cJSON_AddStringToObject(v, "$ref", text);
    return v;
}

/* ---- the field's results: message.def ---- */

static const struct {
    const char *group, *name, *form;
} fields[] = {
#define HEADER(name, form, value)  {"MessageHeader", #name, #form},
#define RESULT(name, form, value)  {"ResultOfQualificationConfirmation", #name, #form},
#define ELDERLY(name, form, value) {"ElderlyRecipientCertificateInfo", #name, #form},
#define LIMIT(name, form, value)   {"LimitApplicationCertificateRelatedInfo", #name, #form},
#define DISEASE(name, form, value) {"SpecificDiseasesCertificateInfo", #name, #form},
#define TICKET(name, form, value)  {"MedicalTicketInfo", #name, #form},
#include "edge/receipt/message.def"
};

static cJSON *form_schema(const char *form) {
    static const struct {
        const char *form, *schema;
    } forms[] = {
        {"TEXT", "{\"type\":\"string\"}"},
        {"DAY", "{\"type\":\"string\",\"pattern\":\"^[0-9]{8}$\",\"description\":\"yyyyMMdd\"}"},
        {"TIME", "{\"type\":\"string\",\"pattern\":\"^[0-9]{14}$\",\"description\":\"yyyyMMddHHmmss, Japan\"}"},
        {"CODE1", "{\"type\":\"string\",\"pattern\":\"^[0-9]$\"}"},
        {"CODE2", "{\"type\":\"string\",\"pattern\":\"^[0-9]{2}$\"}"},
        {"CLASS", "{\"type\":\"string\",\"pattern\":\"^(0[1-7]|A1)$\"}"},
        {"RATIO", "{\"type\":\"string\",\"pattern\":\"^[0-9]{3}$\",\"description\":\"percent\"}"},
        {"YEN", "{\"type\":\"string\",\"pattern\":\"^[0-9]+$\",\"description\":\"yen\"}"},
        {"MONTH", "{\"type\":\"string\",\"pattern\":\"^[0-9]{6}$\",\"description\":\"yyyyMM\"}"},
        {"INSURER",
         "{\"type\":\"string\",\"pattern\":\"^[ 0-9]{8}$\",\"description\":\"8 wide, spaces before 6 digits\"}"},
        {"INSTITUTION", "{\"type\":\"string\",\"pattern\":\"^[0-9]{10}$\"}"},
        {"BRANCH", "{\"type\":\"string\",\"pattern\":\"^[0-9]{2}$\"}"},
        {"POST", "{\"type\":\"string\"}"},
    };
    for (size_t i = 0; i < ARRAY_LEN(forms); i++)
        if (strcmp(forms[i].form, form) == 0) return json(forms[i].schema);
    stop(form, "message.def has a form that tools/openapi.c does not know");
}

static void add_field_schemas(cJSON *schemas) {
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        char name[64];
        snprintf(name, sizeof name, "oqs.%s", fields[i].group);
        cJSON *s = cJSON_GetObjectItem(schemas, name);
        if (s == NULL) {
            s = cJSON_AddObjectToObject(schemas, name);
            cJSON_AddStringToObject(s, "type", "object");
            cJSON_AddObjectToObject(s, "properties");
        }
        cJSON_AddItemToObject(cJSON_GetObjectItem(s, "properties"), fields[i].name, form_schema(fields[i].form));
    }
}

/* ---- requests in FHIR: elements.def ---- */

static cJSON *primitive(const char *type) {
    static const struct {
        const char *type, *schema;
    } types[] = {
        {"string", "{\"type\":\"string\",\"minLength\":1}"},
        {"code", "{\"type\":\"string\",\"pattern\":\"^[^\\\\s]+(\\\\s[^\\\\s]+)*$\"}"},
        {"uri", "{\"type\":\"string\",\"pattern\":\"^\\\\S+$\"}"},
        {"id", "{\"type\":\"string\",\"pattern\":\"^[A-Za-z0-9.-]{1,64}$\"}"},
        {"date", "{\"type\":\"string\",\"pattern\":\"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$\"}"},
        {"dateTime", "{\"type\":\"string\",\"pattern\":\"^[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T.+)?)?)?$\"}"},
        {"instant", "{\"type\":\"string\",\"pattern\":\"^[0-9]{4}-[0-9]{2}-[0-9]{2}T.+$\"}"},
        {"xhtml", "{\"type\":\"string\",\"pattern\":\"^<div\"}"},
        {"boolean", "{\"type\":\"boolean\"}"},
        {"positiveInt", "{\"type\":\"integer\",\"minimum\":1,\"maximum\":2147483647}"},
    };
    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (strcmp(types[i].type, type) == 0) return json(types[i].schema);
    return NULL;
}

/* The codes in front of the bar; NULL when any will do. */
static cJSON *allowed_codes(const char *allowed) {
    struct str all = str_c(allowed), rest = str_cut(&all, '|');
    cJSON *list = NULL;
    while (!str_empty(rest)) {
        char code[64];
        struct str s = str_cut(&rest, ' ');
        if (s.n == 0 || !str_to_c(s, code, sizeof code)) continue;
        if (list == NULL) list = cJSON_CreateArray();
        cJSON_AddItemToArray(list, cJSON_CreateString(code));
    }
    return list;
}

static cJSON *resources(const char *element) {
    return strcmp(element, "contained") == 0
               ? json("{\"anyOf\":[{\"$ref\":\"#/components/schemas/fhir.Patient\"},{\"$ref\":\"#/components/schemas/"
                      "fhir.Coverage\"},{\"$ref\":\"#/components/schemas/fhir.Organization\"}]}")
               : json("{\"$ref\":\"#/components/schemas/fhir.CoverageEligibilityRequest\"}");
}

static void add_element(cJSON *schema, bool must, const char *name, const char *of, bool list, const char *allowed) {
    cJSON *v = strcmp(of, "Resource") == 0 ? resources(name) : primitive(of);
    cJSON *codes = allowed_codes(allowed);
    if (v == NULL) v = reference("fhir", of);
    if (codes && cJSON_IsString(cJSON_GetObjectItem(v, "type")) && strcmp(of, "boolean") != 0)
        cJSON_AddItemToObject(v, "enum", codes);
    else if (codes) cJSON_AddItemToObject(v, "const", cJSON_CreateTrue()), cJSON_Delete(codes);
    if (list) {
        cJSON *many = json("{\"type\":\"array\",\"minItems\":1}");
        cJSON_AddItemToObject(many, "items", v);
        v = many;
    }
    cJSON_AddItemToObject(cJSON_GetObjectItem(schema, "properties"), name, v);
    if (!must) return;
    cJSON *required = cJSON_GetObjectItem(schema, "required");
    if (required == NULL) required = cJSON_AddArrayToObject(schema, "required");
    cJSON_AddItemToArray(required, cJSON_CreateString(name));
}

enum base { ELEMENT, RESOURCE, DOMAIN };
enum { ONE, LIST };

static cJSON *open_type(cJSON *schemas, const char *type, enum base base) {
    char name[64];
    snprintf(name, sizeof name, "fhir.%s", type);
    cJSON *s = cJSON_AddObjectToObject(schemas, name);
    cJSON_AddStringToObject(s, "type", "object");
    cJSON_AddBoolToObject(s, "additionalProperties", false);
    cJSON_AddNumberToObject(s, "minProperties", 1);
    cJSON *properties = cJSON_AddObjectToObject(s, "properties");
    if (base != ELEMENT) {
        cJSON *constant = cJSON_AddObjectToObject(properties, "resourceType");
        cJSON_AddStringToObject(constant, "const", type);
        cJSON_AddItemToArray(cJSON_AddArrayToObject(s, "required"), cJSON_CreateString("resourceType"));
        add_element(s, false, "meta", "Meta", false, "");
        add_element(s, false, "language", "code", false, "");
    }
    add_element(s, false, "id", base == ELEMENT ? "string" : "id", false, "");
    if (base == DOMAIN) add_element(s, false, "text", "Narrative", false, "");
    if (base != RESOURCE) add_element(s, false, "extension", "Extension", true, "");
    return s;
}

static void add_request_schemas(cJSON *schemas) {
    cJSON *type = NULL;
#define TYPE(name, base)              type = open_type(schemas, #name, base);
#define MUST(name, of, many, allowed) add_element(type, true, #name, #of, many == LIST, allowed);
#define MAY(name, of, many, allowed)  add_element(type, false, #name, #of, many == LIST, allowed);
#define NOT(name, why)
#define END(type)
#include "edge/fhir/elements.def"
    cJSON *urls = cJSON_CreateArray();
#define EXTENSION(url, on, of, ways, ja, en)                                                                           \
    if (ways[0] == 'R') cJSON_AddItemToArray(urls, cJSON_CreateString(url));
#include "edge/fhir/extensions.def"
    cJSON *extension = json(
        "{\"type\":\"object\",\"required\":[\"url\"],\"minProperties\":2,\"maxProperties\":3,\"properties\":{\"url\":{}}}");
    cJSON_AddItemToObject(cJSON_GetObjectItem(cJSON_GetObjectItem(extension, "properties"), "url"), "enum", urls);
    cJSON_AddItemToObject(schemas, "fhir.Extension", extension);
}

/* ---- paths: routes.def ---- */

static void lower_case(char *s) {
    for (; *s; s++)
        if (*s >= 'A' && *s <= 'Z') *s = (char)(*s + 32);
}

/* The handler's name; with a number when it serves several paths. */
static void add_id(const cJSON *paths, cJSON *operation, const char *handler) {
    unsigned others = 0;
    char id[96];
    for (const cJSON *item = paths->child; item; item = item->next)
        for (const cJSON *o = item->child; o; o = o->next) {
            const cJSON *name = cJSON_GetObjectItem(o, "x-handler");
            others += name && strcmp(name->valuestring, handler) == 0;
        }
    snprintf(id, sizeof id, others ? "%s_%u" : "%s", handler, others + 1);
    cJSON_AddStringToObject(operation, "operationId", id);
    cJSON_AddStringToObject(operation, "x-handler", handler);
}

static void add_route(cJSON *paths, const char *folder, const char *entrance, const char *method, const char *path,
                      const char *handler, const char *tag, const char *ja, const char *en) {
    char verb[16];
    snprintf(verb, sizeof verb, "%s", method);
    lower_case(verb);
    cJSON *item = cJSON_GetObjectItemCaseSensitive(paths, path);
    if (item == NULL) item = cJSON_AddObjectToObject(paths, path);
    if (cJSON_GetObjectItem(item, verb)) return; /* the same at the other entrance */
    cJSON *operation = cJSON_AddObjectToObject(item, verb);
    add_id(paths, operation, handler);
    cJSON_AddStringToObject(operation, "x-entrance", entrance);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(operation, "tags"), cJSON_CreateString(tag));
    cJSON_AddStringToObject(operation, "summary", en);
    cJSON_AddStringToObject(operation, "description", ja);
    if (strcmp(entrance, "status") == 0) {
        cJSON_AddItemToObject(
            operation, "servers",
            json("[{\"url\":\"http://127.0.0.1:8080\",\"description\":\"--status: this machine only\"}]"));
        cJSON_AddArrayToObject(operation, "security");
    }
    cJSON *more = part(folder, handler, false);
    while (more->child) {
        cJSON *member = cJSON_DetachItemViaPointer(more, more->child);
        cJSON_AddItemToObject(operation, member->string, member);
    }
    cJSON_Delete(more);
    if (cJSON_GetObjectItem(operation, "responses") == NULL)
        cJSON_AddItemToObject(operation, "responses",
                              json("{\"default\":{\"description\":\"see the documentation\"}}"));
}

int main(int argc, char **argv) {
    if (argc != 2) return fprintf(stderr, "usage: openapi PARTS >OUT\n"), 2;
    cJSON *document = part(argv[1], "document", true);
    cJSON *schemas = cJSON_GetObjectItem(cJSON_GetObjectItem(document, "components"), "schemas");
    if (!cJSON_IsObject(schemas)) stop("document.json", "has no components.schemas");
    cJSON *paths = cJSON_CreateObject();
    cJSON_AddItemToObject(document, "paths", paths);
#define ROUTE(entrance, method, path, handler, tag, ja, en)                                                            \
    add_route(paths, argv[1], entrance, method, path, #handler, tag, ja, en);
#include "cmd/routes.def"
    add_field_schemas(schemas);
    add_request_schemas(schemas);
    char *text = cJSON_Print(document);
    if (text == NULL || puts(text) < 0 || fflush(stdout) != 0) stop("standard output", "cannot be written");
    free(text);
    cJSON_Delete(document);
    return 0;
}
