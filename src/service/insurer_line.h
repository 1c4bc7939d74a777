/* insurer_line: one line of an insurer's file as values, whoever carried it (docs/format/insurer-file.md). */
#ifndef SERVICE_INSURER_LINE_H
#define SERVICE_INSURER_LINE_H

#include "base/arena.h"
#include "base/err.h"
#include "core/coverage.h"

enum insurer_op { LINE_PUT, LINE_WITHDRAW, LINE_INSURER };

struct insurer_line {
    enum insurer_op op;
    struct insurer_number insurer;
    struct insured_id id;
    struct day birth;
    struct coverage period;  /* with LINE_WITHDRAW only `start` */
    struct str insurer_name; /* with LINE_INSURER */
    bool has_mynumber;
    struct mynumber mynumber; /* for the vault alone; forgotten as soon as it was handed over */
};

/* What a carrier (NDJSON, CSV) provides. `read` may be called from several threads at once. */
struct insurer_file_format {
    void *context;
    bool header; /* the first line is one and gets no result */
    /* Texts in *out live as long as the arena. On an error d->where is the field. */
    enum err (*read)(void *context, struct arena *a, struct str line, struct insurer_line *out, struct diag *d);
};

#endif
