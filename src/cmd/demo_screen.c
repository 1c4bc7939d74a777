#include "base/utf8.h"
#include "cmd/demo.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utf8proc.h>

enum { WIDTH_MIN = 60, WIDTH_MAX = 110, WIDTH_PLAIN = 80, INDENT = 2, JA = 30, BAR = 28, TIME = 8, LINE_LIMIT = 4096 };

#define DIM    "\033[2m"
#define BOLD   "\033[1m"
#define BLUE   "\033[34m"
#define GREEN  "\033[32m"
#define NORMAL "\033[0m"

void screen_open(struct screen *s) {
    struct winsize w = {0};
    const char *term = getenv("TERM"), *no_colour = getenv("NO_COLOR");
    s->terminal = isatty(STDOUT_FILENO) && term && strcmp(term, "dumb") != 0;
    s->width = WIDTH_PLAIN;
    if (s->terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col) s->width = w.ws_col;
    if (s->width > WIDTH_MAX) s->width = WIDTH_MAX;
    if (s->width < WIDTH_MIN) s->width = WIDTH_MIN;
    if (no_colour && *no_colour) s->terminal = false;
}

/* Columns that a text takes: a kanji two, a mark none. */
static unsigned columns(struct str s) {
    unsigned n = 0;
    while (s.n) {
        uint32_t c = utf8_next(&s);
        if (c == UTF8_BAD) break;
        int w = utf8proc_charwidth((utf8proc_int32_t)c);
        n += w > 0 ? (unsigned)w : 0;
    }
    return n;
}

/* As much of it as fits. */
static struct str fit(struct str s, unsigned width) {
    struct str rest = s;
    size_t good = 0;
    while (rest.n) {
        struct str before = rest;
        if (utf8_next(&rest) == UTF8_BAD) break;
        if (columns(str_head(s, s.n - rest.n)) > width) return str_head(s, s.n - before.n);
        good = s.n - rest.n;
    }
    return str_head(s, good);
}

/* At least so wide. */
static void put_padded(struct buf *b, struct str s, unsigned width) {
    buf_put(b, s);
    for (unsigned n = columns(s); n < width; n++) buf_putc(b, ' ');
}

static void style(const struct screen *s, struct buf *b, const char *code) {
    if (s->terminal) buf_puts(b, code);
}

static void spaces(struct buf *b, unsigned n) {
    while (n--) buf_putc(b, ' ');
}

static void print(struct buf *b) {
    fwrite(b->p, 1, b->n, stdout);
    fflush(stdout);
    buf_fini(b);
}

static struct buf line_of(void) {
    struct buf b;
    buf_init(&b, LINE_LIMIT);
    return b;
}

const char *grouped(uint64_t n, char room[GROUPED_MAX]) {
    char *at = room + GROUPED_MAX - 1;
    *at = 0;
    for (unsigned digits = 0; n || digits == 0; n /= 10, digits++) {
        if (digits && digits % 3 == 0) *--at = ',';
        *--at = (char)('0' + n % 10);
    }
    return at;
}

void screen_title(const struct screen *s, const char *folder) {
    struct buf b = line_of();
    buf_putc(&b, '\n');
    spaces(&b, INDENT), style(s, &b, BOLD BLUE);
    buf_puts(&b, "窓 Mado"), style(s, &b, NORMAL);
    buf_puts(&b, "  オンライン資格確認のデモ"), style(s, &b, DIM);
    buf_puts(&b, "  eligibility verification, a demonstration"), style(s, &b, NORMAL);
    buf_puts(&b, "\n\n");
    spaces(&b, INDENT);
    buf_puts(&b, "出てくる人はみな架空です。"), style(s, &b, DIM);
    buf_puts(&b, "Everyone in it is made up.\n"), spaces(&b, INDENT);
    buf_puts(&b, folder);
    buf_puts(&b, "  (終わると消えます / gone at the end)"), style(s, &b, NORMAL);
    buf_puts(&b, "\n\n");
    print(&b);
}

void screen_heading(const struct screen *s, const char *ja, const char *en) {
    struct buf b = line_of();
    unsigned used = INDENT + columns(str_c(ja)) + 2 + columns(str_c(en)) + 2;
    buf_putc(&b, '\n'), spaces(&b, INDENT), style(s, &b, BOLD BLUE);
    buf_puts(&b, ja), style(s, &b, NORMAL DIM);
    buf_printf(&b, "  %s  ", en);
    for (unsigned n = used; s->terminal && n < s->width - INDENT; n++) buf_puts(&b, "─");
    style(s, &b, NORMAL), buf_puts(&b, "\n\n");
    print(&b);
}

void screen_busy(const struct screen *s, const char *ja, unsigned permille) {
    struct buf b = line_of();
    if (!s->terminal) return;
    buf_puts(&b, "\r\033[K"), spaces(&b, INDENT), style(s, &b, BLUE), buf_puts(&b, "… "), style(s, &b, NORMAL);
    put_padded(&b, str_c(ja), JA);
    if (permille <= 1000) {
        style(s, &b, BLUE);
        for (unsigned i = 0; i < BAR; i++) buf_puts(&b, i < permille * BAR / 1000 ? "█" : "░");
        style(s, &b, NORMAL);
        buf_printf(&b, " %3u %%", permille / 10);
    }
    print(&b);
}

void screen_done(const struct screen *s, const char *ja, const char *en, int64_t us) {
    struct buf b = line_of();
    char time[24];
    snprintf(time, sizeof time, "%lld.%02lld s", (long long)(us / 1000000), (long long)(us / 10000 % 100));
    unsigned english = s->width - INDENT - 2 - JA - TIME - INDENT;
    if (s->terminal) buf_puts(&b, "\r\033[K");
    spaces(&b, INDENT), style(s, &b, GREEN), buf_puts(&b, "✔ "), style(s, &b, NORMAL);
    put_padded(&b, str_c(ja), JA), style(s, &b, DIM);
    put_padded(&b, fit(str_c(en), english - 1), english);
    buf_printf(&b, "%8s\n", time), style(s, &b, NORMAL);
    print(&b);
}

void screen_row(const struct screen *s, const struct str *cells, const unsigned *widths, size_t count, size_t dim) {
    struct buf b = line_of();
    unsigned used = INDENT;
    spaces(&b, INDENT);
    for (size_t i = 0; i < count; i++) {
        unsigned width = i + 1 < count ? widths[i] : s->width - used;
        if (i < dim) style(s, &b, DIM);
        put_padded(&b, fit(cells[i], width - 1), i + 1 < count ? width : 0);
        if (i < dim) style(s, &b, NORMAL);
        used += width;
    }
    buf_putc(&b, '\n');
    print(&b);
}

void screen_gap(void) { putchar('\n'); }

void screen_note(const struct screen *s, const char *ja, const char *en) {
    struct buf b = line_of();
    spaces(&b, INDENT), buf_puts(&b, ja);
    bool fits = INDENT + columns(str_c(ja)) + 2 + columns(str_c(en)) <= s->width;
    if (fits) buf_puts(&b, "  ");
    else buf_putc(&b, '\n'), spaces(&b, INDENT);
    style(s, &b, DIM), buf_puts(&b, en), style(s, &b, NORMAL), buf_putc(&b, '\n');
    print(&b);
}

void screen_paste(const struct screen *s, const char *line) {
    struct buf b = line_of();
    spaces(&b, 2 * INDENT), style(s, &b, BLUE), buf_puts(&b, line), style(s, &b, NORMAL), buf_putc(&b, '\n');
    print(&b);
}

void screen_live(const struct screen *s, const char *text) {
    struct buf b = line_of();
    if (!s->terminal) return;
    buf_puts(&b, "\r\033[K"), spaces(&b, INDENT), style(s, &b, GREEN), buf_puts(&b, "● "), style(s, &b, NORMAL);
    buf_put(&b, fit(str_c(text), s->width - 2 * INDENT - 2));
    print(&b);
}

void screen_live_end(const struct screen *s) {
    if (s->terminal) fputs("\r\033[K", stdout), fflush(stdout);
}
