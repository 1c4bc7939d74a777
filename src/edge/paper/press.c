#include "edge/paper/health_card.h"
#include "edge/paper/pdf_file.h"

#include <cairo-pdf.h>
#include <stdlib.h>

struct press {
    struct press_settings s;
    struct insurer_key *key;
    struct pdf_file file; /* open while a file is made */
    struct pen ruler; /* measures while no file is open, so that a font's absence is known before anything is drawn */
    cairo_surface_t *ruler_surface;
    struct buf jws, digits;
    struct qr_code code;
};

static const struct {
    double width, height;
    void (*draw)(struct pen *pen, const struct paper *p, const struct qr_code *code);
} sizes[] = {[PAPER_A4] = {595.276, 841.890, page_a4}, [PAPER_CARD] = {242.646, 153.014, page_card}};

static void press_abandon(void *context) { pdf_abandon(&((struct press *)context)->file); }

static enum err press_insurer(void *context, struct insurer_number insurer, struct diag *d) {
    struct press *p = context;
    insurer_key_close(p->key);
    p->key = NULL;
    return insurer_key_open(&p->key, p->s.world, p->s.keys, insurer, d);
}

static enum err press_begin(void *context, struct buf *pdf, struct diag *d) {
    struct press *p = context;
    return pdf_begin(&p->file, pdf, sizes[p->s.size].width, sizes[p->s.size].height, d);
}

static enum err check_fonts(struct press *p, const struct paper *paper, struct diag *d) {
    struct field fields[FIELDS_MAX];
    size_t n = paper_fields(paper, fields);
    for (size_t i = 0; i < n; i++)
        if (!pen_can(&p->ruler, str_c(fields[i].value)))
            return diag_set(d, ERR_NOT_SUPPORTED, fields[i].en,
                            "%s: この文字のある書体がありません / no font here has a character of it", fields[i].ja);
    return ERR_OK;
}

static enum err press_add(void *context, const struct paper *paper, struct diag *d) {
    struct press *p = context;
    TRY(check_fonts(p, paper, d));
    buf_reset(&p->jws);
    buf_reset(&p->digits);
    enum err e = health_card_put_jws(&p->jws, paper, p->s.issuer, p->key, d);
    if (e == ERR_OK) health_card_put_digits(&p->digits, buf_str(&p->jws));
    if (e == ERR_OK) e = qr_code_make(&p->code, buf_str(&p->digits), d);
    if (e == ERR_LIMIT)
        return diag_set(d, ERR_NOT_SUPPORTED, "code", "二次元コードに入りきりません / too long for a 2D code");
    if (e != ERR_OK) return e;
    cairo_pdf_surface_set_metadata(p->file.surface, CAIRO_PDF_METADATA_TITLE, paper_title_ja(paper->kind));
    sizes[p->s.size].draw(&p->file.pen, paper, &p->code);
    return pdf_page(&p->file, d);
}

static enum err press_end(void *context, struct diag *d) { return pdf_end(&((struct press *)context)->file, d); }

static bool open_ruler(struct press *p) {
    p->ruler_surface = cairo_recording_surface_create(CAIRO_CONTENT_COLOR, NULL);
    return pen_open(&p->ruler, p->ruler_surface);
}

enum err press_open(struct press **out, const struct press_settings *s, struct issue_press *face, struct diag *d) {
    struct press *p = calloc(1, sizeof *p);
    if (p == NULL) return diag_set(d, ERR_MEMORY, "press", NULL);
    p->s = *s;
    buf_init(&p->jws, HEALTH_CARD_JWS_MAX);
    buf_init(&p->digits, 2 * HEALTH_CARD_JWS_MAX);
    *face = (struct issue_press){p, press_insurer, press_begin, press_add, press_end, press_abandon};
    *out = p;
    enum err e = open_ruler(p) ? ERR_OK : diag_set(d, ERR_MEMORY, "press", NULL);
    if (e == ERR_OK && !pen_can(&p->ruler, S("資格確認書")))
        e = diag_set(d, ERR_NOT_FOUND, "fonts-ipaexfont-gothic",
                     "日本語の書体がありません / there is no Japanese font on this machine");
    if (e != ERR_OK) press_close(p);
    return e;
}

void press_close(struct press *p) {
    press_abandon(p);
    pen_close(&p->ruler);
    cairo_surface_destroy(p->ruler_surface);
    pango_cairo_font_map_set_default(NULL); /* lets go of the fonts */
    insurer_key_close(p->key);
    buf_fini(&p->jws);
    buf_fini(&p->digits);
    free(p);
}
