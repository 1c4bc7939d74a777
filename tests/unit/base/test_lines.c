/* Lines of a file: every way in which one can end, in memory that does not grow. */
#include "base/buf.h"
#include "base/lines.h"
#include "lib/failing_world.h"
#include "lib/scratch.h"
#include "lib/short_memory.h"
#include "lib/unit.h"

#include <errno.h>

struct file {
    struct scratch scratch;
    char path[SCRATCH_PATH_MAX];
};

static void begin(struct file *f, struct str text) {
    scratch_make(&f->scratch);
    scratch_path(&f->scratch, "text", f->path);
    scratch_write(&f->scratch, "text", text);
}

/* The lines with | between, and what ended it. */
static enum err read_all(struct world *w, const char *path, size_t max, struct buf *out, struct diag *d) {
    struct lines l;
    struct str line;
    enum err e = lines_open(&l, w, path, max, d);
    if (e != ERR_OK) return e;
    while ((e = lines_next(&l, &line, d)) == ERR_OK) buf_put(out, line), buf_putc(out, '|');
    lines_close(&l);
    return e;
}

static void every_end_of_a_line(void **state) {
    (void)state;
    static const struct {
        const char *what, *text, *lines;
        enum err end;
    } rows[] = {
        {"nothing", "", "", ERR_NOT_FOUND},
        {"one", "a\n", "a|", ERR_NOT_FOUND},
        {"without its end", "a\nb", "a|b|", ERR_NOT_FOUND},
        {"Windows", "a\r\nb\r\n", "a|b|", ERR_NOT_FOUND},
        {"empty lines", "\n\na\n", "||a|", ERR_NOT_FOUND},
        {"as long as the limit", "12345\nb\n", "12345|b|", ERR_NOT_FOUND},
        {"longer", "b\n123456\n", "b|", ERR_LIMIT},
        {"longer at the end", "b\n123456", "b|", ERR_LIMIT},
    };
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        struct file f;
        char room[256];
        struct buf out = buf_over(room, sizeof room);
        struct diag d = {0};
        begin(&f, str_c(rows[r].text));
        row_check(read_all(world_real(), f.path, 5, &out, &d) == rows[r].end, rows[r].what);
        row_check(str_eq(buf_str(&out), str_c(rows[r].lines)), rows[r].what);
        if (rows[r].end == ERR_LIMIT) row_check(d.line == 2 && str_starts(str_c(d.where), S("/")), rows[r].what);
        scratch_remove(&f.scratch);
    }
}

static void a_long_file_passes_through_a_small_room(void **state) {
    (void)state;
    struct file f;
    struct buf text, out;
    buf_init(&text, 4 << 20), buf_init(&out, 4 << 20);
    for (unsigned i = 0; i < 200 * 1000; i++) buf_uint(&text, i * 7919 % 1000003), buf_putc(&text, '\n');
    begin(&f, buf_str(&text));
    assert_int_equal(read_all(world_real(), f.path, 16, &out, NULL), ERR_NOT_FOUND);
    for (size_t i = 0; i < text.n; i++) text.p[i] = text.p[i] == '\n' ? '|' : text.p[i];
    assert_str(buf_str(&out), buf_str(&text));
    buf_fini(&text), buf_fini(&out);
    scratch_remove(&f.scratch);
}

static void what_fails_is_said(void **state) {
    (void)state;
    struct file f;
    char room[256];
    struct diag d = {0};
    struct failing_world failing;
    begin(&f, S("a\nb\n"));
    struct buf out = buf_over(room, sizeof room);
    assert_int_equal(read_all(world_real(), "/nowhere/at/all", 5, &out, &d), ERR_NOT_FOUND);
    assert_string_equal(d.where, "/nowhere/at/all");
    short_memory_from(1);
    assert_int_equal(read_all(world_real(), f.path, 5, &out, &d), ERR_MEMORY);
    assert_true(short_memory_hit());
    for (size_t nth = 1; nth <= 2; nth++) /* opening, reading */
        assert_int_equal(read_all(failing_world(&failing, nth, EIO), f.path, 5, &out, &d), ERR_IO);
    scratch_remove(&f.scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_end_of_a_line),
        cmocka_unit_test(a_long_file_passes_through_a_small_room),
        cmocka_unit_test(what_fails_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
