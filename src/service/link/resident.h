/* resident: one record of the resident registry, as linking needs it (docs/format/insurer-file.md, residents.ndjson). */
#ifndef SERVICE_LINK_RESIDENT_H
#define SERVICE_LINK_RESIDENT_H

#include "base/arena.h"
#include "core/digits.h"
#include "rules/identity/person.h"

struct resident {
    struct str id, household; /* the registry's own; household may be missing */
    struct person person;
    bool has_mynumber;
    struct mynumber mynumber; /* for the vault alone */
};

/* What a carrier provides; `read` may be called from several threads at once. Texts in *out live as long as the arena and the line. On
 * an error d->where is the field. */
struct resident_format {
    enum err (*read)(struct arena *a, struct str line, struct resident *out, struct diag *d);
};

#endif
