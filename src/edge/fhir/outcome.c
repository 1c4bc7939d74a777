#include "edge/fhir/systems.h"
#include "edge/fhir/writing.h"

/* Only what looks like a FHIRPath, or "http." and the name of a parameter or header, is one. */
static bool is_expression(struct str s) {
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool good =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("._-[]", c));
        if (!good) return false;
    }
    return s.n > 0;
}

static void put_diagnostics(struct buf *out, const struct diag *d, const struct err_info *info) {
    char text[sizeof d->detail + 256];
    struct buf b;
    buf_init(&b, sizeof text);
    buf_puts(&b, info->en);
    if (d->detail[0]) {
        buf_puts(&b, ": ");
        buf_puts(&b, d->detail);
    }
    if (d->line) buf_printf(&b, " (line %u, column %u)", d->line, d->column);
    buf_json(out, buf_ok(&b) ? buf_str(&b) : str_c(info->en));
    buf_fini(&b);
}

void fhir_write_outcome(struct buf *out, const struct diag *d) {
    const struct err_info *info = err_info(d->err);
    struct str where = str_c(d->where);
    PUT(out, "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"");
    buf_put(out, info->http < 400 ? S("information") : S("error"));
    PUT(out, "\",\"code\":\"");
    buf_puts(out, info->fhir_issue);
    PUT(out, "\",\"details\":{\"coding\":[{\"system\":\"" MADO_CODESYSTEM "error\",\"code\":\"MDO");
    buf_puts(out, info->code);
    PUT(out, "E\"}],\"text\":");
    buf_json(out, str_c(info->ja));
    PUT(out, "},\"diagnostics\":");
    put_diagnostics(out, d, info);
    if (is_expression(where)) {
        PUT(out, ",\"expression\":[");
        buf_json(out, where);
        buf_putc(out, ']');
    }
    PUT(out, "}]}\n");
}
