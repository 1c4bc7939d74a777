#include "edge/paper/look.h"

#include "edge/paper/press_inside.h"
#include "lib/hostile.h"
#include "lib/unit.h"

#include <cairo-pdf.h>
#include <zlib.h>

#define DIGITS "56762909524320603460292437404460312229595326546034602925407728043360287028647167452228"

enum { SIDE = 420 };

static cairo_status_t keep(void *context, const unsigned char *bytes, unsigned n) {
    buf_put(context, str_of(bytes, n));
    return CAIRO_STATUS_SUCCESS;
}

static void draw(cairo_t *cr, double x, double y, double size) {
    static struct qr_code code;
    struct pen pen = {.cr = cr};
    assert_int_equal(qr_code_make(&code, S(DIGITS), NULL), ERR_OK);
    pen_qr_code(&pen, x, y, size, &code);
}

static void png(struct buf *out, double turned, bool transparent) {
    cairo_surface_t *s = cairo_image_surface_create(transparent ? CAIRO_FORMAT_ARGB32 : CAIRO_FORMAT_RGB24, SIDE, SIDE);
    cairo_t *cr = cairo_create(s);
    if (!transparent) cairo_set_source_rgb(cr, 1, 1, 1), cairo_paint(cr);
    cairo_translate(cr, SIDE / 2.0, SIDE / 2.0), cairo_rotate(cr, turned);
    draw(cr, -130, -130, 260);
    cairo_destroy(cr);
    assert_int_equal(cairo_surface_write_to_png_stream(s, keep, out), CAIRO_STATUS_SUCCESS);
    cairo_surface_destroy(s);
}

static void pdf(struct buf *out, unsigned pages) {
    cairo_surface_t *s = cairo_pdf_surface_create_for_stream(keep, out, 300, 300);
    cairo_t *cr = cairo_create(s);
    for (unsigned i = 0; i < pages; i++) {
        if (i + 1 == pages) draw(cr, 50, 50, 200);
        cairo_show_page(cr);
    }
    cairo_destroy(cr);
    cairo_surface_destroy(s);
}

static void a_code_is_read_upright_turned_and_on_nothing(void **state) {
    (void)state;
    static const double turns[] = {0, 0.05, 1.5707, 3.0};
    struct buf file, lines;
    buf_init(&file, 1 << 20);
    buf_init(&lines, 1 << 16);
    for (size_t i = 0; i < 2 * ARRAY_LEN(turns); i++) {
        buf_reset(&file), buf_reset(&lines);
        png(&file, turns[i / 2], i % 2);
        assert_int_equal(look_at(buf_str(&file), 1, &lines, NULL), ERR_OK);
        assert_str(buf_str(&lines), S("shc:/" DIGITS "\n"));
    }
    buf_fini(&lines);
    buf_fini(&file);
}

static void a_pdf_is_read_page_by_page_as_far_as_asked(void **state) {
    (void)state;
    struct buf file, lines;
    if (look_prepare(true, NULL) != ERR_OK) skip();
    buf_init(&file, 1 << 20);
    buf_init(&lines, 1 << 16);
    pdf(&file, 3);
    assert_int_equal(look_at(buf_str(&file), 3, &lines, NULL), ERR_OK);
    assert_str(buf_str(&lines), S("shc:/" DIGITS "\n"));
    buf_reset(&lines);
    assert_int_equal(look_at(buf_str(&file), 2, &lines, NULL), ERR_OK);
    assert_int_equal(lines.n, 0);
    buf_fini(&lines);
    buf_fini(&file);
}

/* ---- what is refused ---- */

static void put_big(struct buf *b, uint32_t v) {
    for (int shift = 24; shift >= 0; shift -= 8) buf_putc(b, (char)(v >> shift & 255));
}

static void png_head(struct buf *b, uint32_t width, uint32_t height) {
    size_t start = b->n + 12;
    buf_put(b, str_of("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16));
    put_big(b, width), put_big(b, height);
    buf_put(b, str_of("\x08\0\0\0\0", 5));
    put_big(b, (uint32_t)crc32(0, (const Bytef *)b->p + start, (uInt)(b->n - start)));
}

static void a_picture_that_says_it_is_huge_is_refused_before_it_is_unpacked(void **state) {
    (void)state;
    static const uint32_t sizes[][2] = {
        {100000, 100000}, {16001, 1}, {1, 16001}, {15000, 15000}, {0xffffffff, 0xffffffff}};
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        char room[64];
        struct buf b = buf_over(room, sizeof room);
        struct grey g;
        png_head(&b, sizes[i][0], sizes[i][1]);
        assert_int_equal(look_png(buf_str(&b), &g, NULL), ERR_LIMIT);
    }
}

struct file_row {
    const char *why;
    struct str file;
    enum err want;
};
static const struct file_row files[] = {
    {"nothing", {"", 0}, ERR_NOT_SUPPORTED},
    {"a JPEG", {"\xff\xd8\xff\xe0", 4}, ERR_NOT_SUPPORTED},
    {"a PNG's first bytes", {"\x89PNG\r\n\x1a\n", 8}, ERR_SYNTAX},
};

static void another_kind_of_file_is_refused(void **state) {
    (void)state;
    struct buf lines;
    struct diag d;
    buf_init(&lines, 4096);
    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        row_check(look_at(files[i].file, 1, &lines, &d) == files[i].want && d.err == files[i].want, files[i].why);
    buf_fini(&lines);
}

static void feed_picture(void *context, struct str input) {
    struct grey g = {0};
    struct diag d = {0};
    size_t *read = context;
    enum err e = look_png(input, &g, &d);
    assert_true(e == ERR_OK ? g.width <= LOOK_SIDE_MAX && g.pixels : d.err == e && g.pixels == NULL);
    *read += e == ERR_OK;
    grey_fini(&g);
}

static void every_truncation_of_a_picture_comes_back(void **state) {
    (void)state;
    struct buf file;
    size_t read = 0;
    buf_init(&file, 1 << 20);
    cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_A8, 9, 7);
    assert_int_equal(cairo_surface_write_to_png_stream(s, keep, &file), CAIRO_STATUS_SUCCESS);
    cairo_surface_destroy(s);
    hostile_truncations(buf_str(&file), feed_picture, &read);
    hostile_bit_flips(buf_str(&file), feed_picture, &read);
    buf_fini(&file);
}

/* ---- the message ---- */

static void a_result_comes_back_as_it_was_said(void **state) {
    (void)state;
    struct diag said = {.detail = "more than 32 MB"}, d;
    struct str lines;
    struct buf b;
    buf_init(&b, 4096);
    look_put_reply(&b, ERR_OK, NULL, S("one\ntwo\n"));
    assert_int_equal(look_reply_read(buf_str(&b), &lines, &d), ERR_OK);
    assert_str(lines, S("one\ntwo\n"));
    buf_reset(&b);
    look_put_reply(&b, ERR_LIMIT, &said, S(""));
    assert_int_equal(look_reply_read(buf_str(&b), &lines, &d), ERR_LIMIT);
    assert_string_equal(d.detail, said.detail);
    buf_fini(&b);
}

static void a_child_that_died_or_lies_is_an_error(void **state) {
    (void)state;
    static const char *const replies[] = {"",          "O",          "OK",   "OK\nhalf a line",
                                          "E0 fine\n", "E99999 x\n", "Ex\n", "shc:/1\n"};
    struct str lines;
    for (size_t i = 0; i < ARRAY_LEN(replies); i++)
        row_check((look_reply_read(str_c(replies[i]), &lines, NULL) == ERR_CORRUPT) == (i != 2), replies[i]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_is_read_upright_turned_and_on_nothing),
        cmocka_unit_test(a_pdf_is_read_page_by_page_as_far_as_asked),
        cmocka_unit_test(a_picture_that_says_it_is_huge_is_refused_before_it_is_unpacked),
        cmocka_unit_test(another_kind_of_file_is_refused),
        cmocka_unit_test(every_truncation_of_a_picture_comes_back),
        cmocka_unit_test(a_result_comes_back_as_it_was_said),
        cmocka_unit_test(a_child_that_died_or_lies_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
