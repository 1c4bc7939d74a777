#include "edge/fhir/fhir.h"

enum { RANGES_MAX = 32 }; /* of an Accept header; browsers send about ten */

static bool is_json(struct str type) {
    return str_eq_ascii_case(type, S("application/fhir+json")) || str_eq_ascii_case(type, S("application/json"));
}

/* A parameter of a media type that this room can agree with: any charset called utf-8, fhirVersion 4.0. */
static bool agreeable(struct str parameters) {
    while (!str_empty(parameters)) {
        struct str value = str_trim(str_cut(&parameters, ';'));
        struct str name = str_trim(str_cut(&value, '='));
        value = str_trim(value);
        if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"') value = str_of(value.p + 1, value.n - 2);
        if (str_eq_ascii_case(name, S("charset")) && !str_eq_ascii_case(value, S("utf-8"))) return false;
        if (str_eq_ascii_case(name, S("fhirVersion")) && !str_eq(value, S("4.0")) && !str_eq(value, S("4.0.1")))
            return false;
    }
    return true;
}

static bool refused_by_quality(struct str parameters) {
    while (!str_empty(parameters)) {
        struct str value = str_trim(str_cut(&parameters, ';'));
        struct str name = str_trim(str_cut(&value, '='));
        if (!str_eq_ascii_case(name, S("q"))) continue;
        value = str_trim(value);
        for (size_t i = 0; i < value.n; i++)
            if (value.p[i] != '0' && value.p[i] != '.') return false;
        return true;
    }
    return false;
}

static bool acceptable(struct str accept) {
    if (str_empty(str_trim(accept))) return true;
    for (unsigned i = 0; i < RANGES_MAX && !str_empty(accept); i++) {
        struct str range = str_cut(&accept, ',');
        struct str type = str_trim(str_cut(&range, ';'));
        bool any = str_eq(type, S("*/*")) || str_eq_ascii_case(type, S("application/*"));
        if ((any || is_json(type)) && agreeable(range) && !refused_by_quality(range)) return true;
    }
    return false;
}

/* A '+' in an address is a space, and %2B a '+': all three are met. */
static bool is_json_format(struct str s) {
    static const char *const names[] = {"json",
                                        "application/json",
                                        "application/fhir+json",
                                        "application/fhir%2bjson",
                                        "application/fhir json",
                                        "application%2ffhir%2bjson",
                                        "application%2fjson",
                                        "application%2ffhir+json"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (str_eq_ascii_case(s, str_c(names[i]))) return true;
    return false;
}

enum err fhir_negotiate(struct str query, struct str accept, struct str content_type, bool with_body, struct diag *d) {
    bool format = false;
    while (!str_empty(query)) {
        struct str value = str_cut(&query, '&');
        struct str name = str_cut(&value, '=');
        if (!str_eq(name, S("_format")))
            return diag_set(d, ERR_UNKNOWN, "http.query", "the only parameter of the address is _format");
        if (format) return diag_set(d, ERR_DUPLICATE, "http._format", NULL);
        if (!is_json_format(value))
            return diag_set(d, ERR_NOT_ACCEPTABLE, "http._format", "there is JSON only: application/fhir+json");
        format = true; /* wins over Accept, as R4 has it */
    }
    if (!format && !acceptable(accept))
        return diag_set(d, ERR_NOT_ACCEPTABLE, "http.Accept", "there is JSON only: application/fhir+json");
    if (!with_body) return ERR_OK;
    struct str type = str_trim(str_cut(&content_type, ';'));
    if (is_json(type) && agreeable(content_type)) return ERR_OK;
    return diag_set(d, ERR_MEDIA_TYPE, "http.Content-Type",
                    "the body has to be application/fhir+json of FHIR R4, in UTF-8");
}
