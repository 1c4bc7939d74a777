#include "service/line_result.h"

enum { REASON_MAX = 512 };

static void put_why(struct buf *b, const struct diag *why) {
    char reason[REASON_MAX];
    struct buf r = buf_over(reason, sizeof reason);
    struct diag words = {.err = why->err};
    memcpy(words.detail, why->detail, sizeof words.detail);
    diag_put(&words, &r);
    buf_puts(b, ",\"code\":\"");
    buf_puts(b, err_info(why->err)->code);
    buf_putc(b, '"');
    if (why->where[0]) buf_puts(b, ",\"field\":"), buf_json(b, str_c(why->where));
    buf_puts(b, ",\"reason\":");
    buf_json(b, buf_str(&r));
}

void line_result_put(struct buf *b, uint64_t line, enum line_status status, const struct diag *why) {
    static const char *const names[] = {"accepted", "refused", "unchanged"};
    buf_puts(b, "{\"line\":");
    buf_uint(b, line);
    buf_puts(b, ",\"status\":\"");
    buf_puts(b, names[status]);
    buf_putc(b, '"');
    if (status == LINE_REFUSED) put_why(b, why);
    buf_puts(b, "}\n");
}
