#include "edge/paper/letter.h"

#include "edge/paper/pdf_file.h"

#include <cairo-pdf.h>
#include <stdlib.h>

/* A4 in points. The address stands where the window of the envelope is: 20 mm from the left, 17 mm from the top. */
#define WIDTH  595.276
#define HEIGHT 841.890
enum {
    LEFT = 64,
    RIGHT = 531,
    ADDRESS_TOP = 50,
    ADDRESS_WIDTH = 240,
    FROM_LEFT = 360,
    TITLE_TOP = 196,
    LABEL = 168,
    TEXT_MAX = 1024
};

static const struct pen_style HEADING = {22, PEN_INK, false, "H1"}, UNDER = {11, PEN_GREY, false, "P"},
                              ADDRESS = {11, PEN_INK, false, "P"}, NAME = {15, PEN_INK, false, "P"},
                              FROM = {10, PEN_INK, false, "P"}, LABEL_JA = {11, PEN_BLUE, false, "TH"},
                              LABEL_EN = {8, PEN_GREY, false, "P"}, VALUE = {15, PEN_INK, false, "TD"},
                              WORDS = {13.5, PEN_INK, false, "P"}, SMALL = {10, PEN_GREY, false, "P"};

struct letters {
    struct pdf_file file;
    struct pen ruler;
    cairo_surface_t *ruler_surface;
};

static const struct {
    const char *ja, *en;
} titles[NOTICE_COUNT] = {
    [NOTICE_CARD_ENDS] = {"マイナンバーカードの有効期限のお知らせ", "Your My Number Card ends soon"},
    [NOTICE_CARD_CERTIFICATE_ENDS] = {"電子証明書の有効期限のお知らせ",
                                      "The certificate on your My Number Card ends soon"},
    [NOTICE_PHONE_ENDS] = {"スマートフォンの電子証明書の有効期限のお知らせ", "The certificate on your phone ends soon"},
    [NOTICE_CERTIFICATE_ENDS] = {"資格確認書の有効期限のお知らせ", "Your eligibility certificate ends soon"},
};

/* ---- the parts of a page ---- */

static void put_address(struct pen *pen, const struct letter *l) {
    char room[TEXT_MAX];
    struct buf b = buf_over(room, sizeof room);
    double y = ADDRESS_TOP;
    cairo_tag_begin(pen->cr, "Sect", NULL);
    if (l->coverage->post.n) {
        buf_puts(&b, "〒");
        buf_put(&b, l->coverage->post);
        y += pen_text(pen, LEFT, y, ADDRESS_WIDTH, 0, &ADDRESS, buf_str(&b)) + 3;
    }
    if (l->coverage->address.n) y += pen_text(pen, LEFT, y, ADDRESS_WIDTH, 40, &ADDRESS, l->coverage->address) + 6;
    buf_reset(&b);
    buf_put(&b, l->coverage->name);
    buf_puts(&b, "　様");
    pen_text(pen, LEFT, y, ADDRESS_WIDTH, 44, &NAME, buf_str(&b));
    cairo_tag_end(pen->cr, "Sect");
}

static void put_from(struct pen *pen, const struct letter *l) {
    char room[TEXT_MAX];
    struct buf b = buf_over(room, sizeof room);
    double y = ADDRESS_TOP, width = RIGHT - FROM_LEFT;
    day_put_wareki(&b, l->made);
    y += pen_text(pen, FROM_LEFT, y, width, 0, &FROM, buf_str(&b)) + 6;
    y += pen_text(pen, FROM_LEFT, y, width, 40, &FROM, l->insurer_name) + 3;
    buf_reset(&b);
    buf_puts(&b, "保険者番号 ");
    insurer_number_put(&b, l->member->insurer);
    pen_text(pen, FROM_LEFT, y, width, 0, &FROM, buf_str(&b));
}

static double put_row(struct pen *pen, double y, const char *ja, const char *en, struct str value) {
    cairo_tag_begin(pen->cr, "TR", NULL);
    pen_text(pen, LEFT, y, LABEL, 0, &LABEL_JA, str_c(ja));
    pen_text(pen, LEFT, y + 15, LABEL, 0, &LABEL_EN, str_c(en));
    pen_text(pen, LEFT + LABEL, y + 2, RIGHT - LEFT - LABEL, 26, &VALUE, value);
    cairo_tag_end(pen->cr, "TR");
    pen_colour(pen, PEN_BLUE);
    pen_line(pen, LEFT, y + 32, RIGHT, y + 32, 0.5);
    return y + 40;
}

static double put_day_row(struct pen *pen, double y, const char *ja, const char *en, struct day day) {
    char room[TEXT_MAX];
    struct buf b = buf_over(room, sizeof room);
    day_put_wareki(&b, day);
    buf_puts(&b, "（");
    day_put_iso(&b, day);
    buf_puts(&b, "）");
    return put_row(pen, y, ja, en, buf_str(&b));
}

static double put_member_row(struct pen *pen, double y, const struct letter *l) {
    char room[TEXT_MAX];
    struct buf b = buf_over(room, sizeof room);
    const struct insured_id *id = &l->member->id;
    buf_put(&b, id->symbol);
    if (id->symbol.n) buf_puts(&b, "・");
    buf_put(&b, id->number);
    if (id->branch != BRANCH_NONE) buf_puts(&b, "（枝番 "), branch_put(&b, id->branch), buf_puts(&b, "）");
    return put_row(pen, y, "記号・番号", "Symbol and number", buf_str(&b));
}

static void put_page(struct pen *pen, const struct letter *l) {
    const struct notice_info *words = notice_info(l->kind);
    double y = TITLE_TOP;
    put_address(pen, l);
    put_from(pen, l);
    cairo_tag_begin(pen->cr, "Sect", NULL);
    y += pen_text(pen, LEFT, y, RIGHT - LEFT, 34, &HEADING, str_c(titles[l->kind].ja)) + 4;
    y += pen_text(pen, LEFT, y, RIGHT - LEFT, 0, &UNDER, str_c(titles[l->kind].en)) + 18;
    cairo_tag_begin(pen->cr, "Table", NULL);
    y = put_day_row(pen, y, "有効期限", "Last day", l->ends);
    if (day_before(l->ends, l->usable_until))
        y = put_day_row(pen, y, "資格の確認に使える最後の日", "Usable at hospitals until", l->usable_until);
    y = put_member_row(pen, y, l);
    cairo_tag_end(pen->cr, "Table");
    y += 14;
    y += pen_text(pen, LEFT, y, RIGHT - LEFT, 220, &WORDS, str_c(words->ja)) + 16;
    pen_text(pen, LEFT, y, RIGHT - LEFT, 160, &SMALL, str_c(words->en));
    cairo_tag_end(pen->cr, "Sect");
}

/* ---- the press ---- */

static enum err begin(void *context, struct buf *pdf, struct diag *d) {
    return pdf_begin(&((struct letters *)context)->file, pdf, WIDTH, HEIGHT, d);
}

static enum err add(void *context, const struct letter *l, struct diag *d) {
    struct letters *x = context;
    const struct coverage *c = l->coverage;
    const struct str texts[] = {
        c->name, c->post, c->address, l->insurer_name, l->member->id.symbol, l->member->id.number};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (!pen_can(&x->ruler, texts[i]))
            return diag_set(d, ERR_NOT_SUPPORTED, "letter",
                            "この文字のある書体がありません / no font here has a character of it");
    cairo_pdf_surface_set_metadata(x->file.surface, CAIRO_PDF_METADATA_TITLE, titles[l->kind].ja);
    put_page(&x->file.pen, l);
    return pdf_page(&x->file, d);
}

static enum err end(void *context, struct diag *d) { return pdf_end(&((struct letters *)context)->file, d); }
static void abandon(void *context) { pdf_abandon(&((struct letters *)context)->file); }

enum err letters_open(struct letters **out, struct letter_press *face, struct diag *d) {
    struct letters *l = calloc(1, sizeof *l);
    if (l == NULL) return diag_set(d, ERR_MEMORY, "letters", NULL);
    l->ruler_surface = cairo_recording_surface_create(CAIRO_CONTENT_COLOR, NULL);
    enum err e = pen_open(&l->ruler, l->ruler_surface) ? ERR_OK : diag_set(d, ERR_MEMORY, "letters", NULL);
    if (e == ERR_OK && !pen_can(&l->ruler, S("有効期限")))
        e = diag_set(d, ERR_NOT_FOUND, "fonts-ipaexfont-gothic",
                     "日本語の書体がありません / there is no Japanese font on this machine");
    *face = (struct letter_press){l, begin, add, end, abandon};
    if (e == ERR_OK) *out = l;
    else letters_close(l);
    return e;
}

void letters_close(struct letters *l) {
    pdf_abandon(&l->file);
    pen_close(&l->ruler);
    cairo_surface_destroy(l->ruler_surface);
    pango_cairo_font_map_set_default(NULL); /* lets go of the fonts */
    free(l);
}
