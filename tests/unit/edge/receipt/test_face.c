/* What a terminal asked by itself, where the receipt computer finds it. */
#include "edge/receipt/face.h"

#include "lib/kiosk_play.h"
#include "lib/scratch.h"
#include "lib/unit.h"

static struct scratch scratch;
static char folder[SCRATCH_PATH_MAX];
static const struct folder_form form = {.encoding = FOLDER_UTF8};

static int begin(void **state) {
    (void)state;
    scratch_make(&scratch);
    return world_make_folder(scratch_path(&scratch, "face", folder), NULL) == ERR_OK ? 0 : -1;
}

static int end(void **state) {
    (void)state;
    scratch_remove(&scratch);
    return 0;
}

struct found {
    size_t count;
    char name[256];
};

static bool note(void *context, const char *name) {
    struct found *f = context;
    f->count++;
    snprintf(f->name, sizeof f->name, "%s", name);
    return true;
}

static struct found files(void) {
    struct found f = {0};
    assert_int_equal(world_real()->list(world_real(), folder, note, &f), 0);
    return f;
}

static void the_message_in_a_reply_to_a_card_is_put_there(void **state) {
    (void)state;
    static const char *const ends[] = {"", "\n", " \n"};
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        char path[SCRATCH_PATH_MAX], name[300], id[] = "card0";
        struct buf reply, file;
        id[4] = (char)('0' + i);
        buf_init(&reply, 8192), buf_init(&file, 1 << 20);
        put_card_reply(&reply, "card-pin"), buf_puts(&reply, ends[i]);
        assert_int_equal(face_put_reply(world_real(), folder, str_c(id), buf_str(&reply), &form, NULL), ERR_OK);
        struct found f = files();
        assert_int_equal(f.count, i + 1);
        snprintf(name, sizeof name, "face/%s", f.name);
        if (str_find(str_c(f.name), str_c(id)) < strlen(f.name)) {
            assert_int_equal(world_read_file(world_real(), scratch_path(&scratch, name, path), &file, NULL), ERR_OK);
            assert_true(str_find(buf_str(&file), S("<QualificationValidity>1</QualificationValidity>")) < file.n);
            assert_true(str_find(buf_str(&file), S("card-pin")) == file.n); /* nothing of what stands around it */
        }
        buf_fini(&reply), buf_fini(&file);
    }
}

static void what_holds_no_message_leaves_nothing(void **state) {
    (void)state;
    static const char *const replies[] = {
        "",
        "{",
        "{}",
        "{\"message\":}",
        "{\"message\":1}",
        "{\"message\":{\"XmlMsg\":{}}",
        "{\"says\":\"\\\"message\\\":{}\"}",
        "{\"message\":{\"XmlMsg\":{}},\"more\":1}",
    };
    for (size_t i = 0; i < ARRAY_LEN(replies); i++) {
        row_check(face_put_reply(world_real(), folder, S("a"), str_c(replies[i]), &form, NULL) != ERR_OK, replies[i]);
        row_check(files().count == 0, replies[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_message_in_a_reply_to_a_card_is_put_there, begin, end),
        cmocka_unit_test_setup_teardown(what_holds_no_message_leaves_nothing, begin, end),
    };
    return cmocka_run_group_tests_name("face", tests, NULL, NULL);
}
