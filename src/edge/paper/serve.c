#include "edge/paper/serve.h"

void paper_insurers_put(struct buf *out, const struct paper_lists_entry *entries, size_t count, uint32_t after) {
    size_t start = out->n, i = 0;
    bool first = true;
    while (i < count && entries[i].insurer.n <= after) i++;
    buf_puts(out, "{\"insurers\":[");
    for (; i < count && out->n - start < PAPER_PART_BYTES; i++) {
        buf_puts(out, first ? "{\"insurer\":\"" : ",{\"insurer\":\"");
        first = false;
        insurer_number_put(out, entries[i].insurer);
        buf_puts(out, "\",\"jwks\":");
        buf_put(out, entries[i].jwks);
        if (!str_empty(entries[i].status)) {
            buf_puts(out, ",\"status\":");
            buf_json(out, entries[i].status);
        }
        buf_putc(out, '}');
    }
    buf_puts(out, i < count ? "],\"more\":true}\n" : "],\"more\":false}\n");
}

/* "after=06139448", or nothing. */
static bool read_after(struct str query, uint32_t *after) {
    struct insurer_number insurer;
    *after = 0;
    if (str_empty(query)) return true;
    if (!str_starts(query, S("after=")) || insurer_number_parse(str_skip(query, 6), &insurer) != ERR_OK) return false;
    *after = insurer.n;
    return true;
}

static enum http_step refuse(struct http_exchange *x, enum err e, const char *where) {
    http_reply_error(x, e, str_c(where));
    return HTTP_NOW;
}

/* About no person, so not in the log; but for institutions alone, as everything behind this door. */
enum http_step paper_insurers(struct door *d, struct http_exchange *x) {
    struct asker asker;
    struct diag diag = {0};
    uint32_t after;
    size_t count;
    enum err e = door_asker(d, x, DOOR_JSON, &asker, &diag);
    if (e != ERR_OK) return refuse(x, e, "");
    if (!read_after(x->request.query, &after)) return refuse(x, ERR_VALUE, "after");
    if (d->papers == NULL) return refuse(x, ERR_UNAVAILABLE, "");
    const struct paper_lists_entry *entries = paper_lists_now(d->papers, &count);
    x->reply.status = 200;
    x->reply.content_type = S("application/json; charset=utf-8");
    paper_insurers_put(&x->reply.body, entries, count, after);
    return buf_ok(&x->reply.body) ? HTTP_NOW : refuse(x, ERR_MEMORY, "");
}
