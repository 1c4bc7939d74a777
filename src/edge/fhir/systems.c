#include "edge/fhir/systems.h"

#define SYSTEM(name, url, oid) {{url, sizeof(url) - 1}, {oid, sizeof(oid) - 1}},
static const struct {
    struct str url, oid;
} table[] = {
    {{"", 0}, {"", 0}},
#include "edge/fhir/systems.def"
};
#undef SYSTEM

enum fhir_system fhir_system_of(struct str uri, bool *oid) {
    *oid = false;
    for (size_t i = 1; i < ARRAY_LEN(table); i++) {
        if (str_eq(uri, table[i].url)) return (enum fhir_system)i;
        if (table[i].oid.n == 0 || !str_eq(uri, table[i].oid)) continue;
        *oid = true;
        return (enum fhir_system)i;
    }
    return FHIR_SYSTEM_NONE;
}

const char *fhir_system_url(enum fhir_system s) {
    invariant((unsigned)s < ARRAY_LEN(table));
    return table[s].url.p;
}
