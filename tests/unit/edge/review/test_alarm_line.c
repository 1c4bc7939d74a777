/* Lines of alarms: what is taken, what is refused and where, and any bytes. */
#include "edge/review/alarm_line.h"
#include "lib/hostile.h"
#include "lib/unit.h"

#define HEAD                                                                                                           \
    "{\"alarm\":\"0123456789abcdef\",\"rank\":1,\"probability\":0.93,\"cause\":\"twin\",\"next\":\"close-records\",\"resident\":\"R1\","
#define MEMBER "\"member\":{\"insurer\":\"06139448\",\"symbol\":\"12-34\",\"number\":\"1\",\"branch\":\"02\"},"
#define SIDES                                                                                                          \
    "\"record\":{\"name\":\"髙橋　花\",\"birth\":\"2015-05-05\"},\"registry\":{\"name\":\"高橋　咲\",\"birth\":\"2015-05-05\"}"
#define OTHER "{\"resident\":\"R2\",\"why\":\"twin\",\"registry\":{\"name\":\"高橋　花\"}}"
#define REASON                                                                                                         \
    "{\"fact\":\"name\",\"agrees\":false,\"reason\":\"CHARACTER\",\"a\":\"花\",\"b\":\"咲\",\"ja\":\"字がちがいます\",\"en\":\"another character\"}"

static const char good[] =
    HEAD MEMBER SIDES ",\"others\":[" OTHER "],\"reasons\":[" REASON "],\"ja\":\"双子\",\"en\":\"twins\"}";

static void an_alarm_is_read(void **state) {
    (void)state;
    static const uint8_t id[] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef};
    struct arena a;
    struct alarm *m = calloc(1, sizeof *m);
    arena_init(&a, ALARM_LINE_ARENA);
    assert_int_equal(alarm_line_read(&a, str_c(good), m, NULL), ERR_OK);
    assert_memory_equal(m->id, id, sizeof id);
    assert_true(m->rank == 1 && m->wrong_ppm == 930000 && m->cause == CAUSE_TWIN && m->next == NEXT_CLOSE_RECORDS);
    assert_true(m->insurer.n == 6139448 && m->member.branch == 2 && m->other_count == 1 && m->reason_count == 1);
    assert_str(m->record.name, S("髙橋　花"));
    assert_str(m->registry.birth, S("2015-05-05"));
    assert_str(m->others[0].registry.name, S("高橋　花"));
    assert_str(m->reasons[0].b, S("咲"));
    assert_str(m->ja, S("双子"));
    arena_fini(&a);
    free(m);
}

static void what_is_refused_and_where(void **state) {
    (void)state;
    static const struct {
        const char *line;
        enum err err;
        const char *where;
    } rows[] = {
        {HEAD MEMBER SIDES "}", ERR_OK, ""},
        {"", ERR_SYNTAX, NULL},
        {"[]", ERR_VALUE, "line"},
        {"{}", ERR_MISSING, "alarm"},
        {"{\"alarm\":\"0123456789ABCDEF\"}", ERR_VALUE, "alarm"},
        {"{\"alarm\":\"0123456789abcde\"}", ERR_VALUE, "alarm"},
        {"{\"alarm\":\"0123456789abcdef\"}", ERR_VALUE, "rank"},
        {"{\"alarm\":\"0123456789abcdef\",\"rank\":1,\"probability\":1.1}", ERR_VALUE, "probability"},
        {"{\"alarm\":\"0123456789abcdef\",\"rank\":1,\"probability\":1,\"cause\":\"luck\"}", ERR_CODE, "cause"},
        {"{\"alarm\":\"0123456789abcdef\",\"rank\":1,\"probability\":1,\"cause\":\"name\",\"next\":\"guess\"}",
         ERR_CODE, "next"},
        {HEAD SIDES "}", ERR_MISSING, "member."},
        {HEAD "\"member\":{\"insurer\":\"06139449\",\"number\":\"1\"}," SIDES "}", ERR_CHECK_DIGIT, "member.insurer"},
        {HEAD MEMBER "\"record\":{}}", ERR_MISSING, "registry."},
        {HEAD MEMBER "\"record\":{\"name\":7},\"registry\":{}}", ERR_VALUE, "record.name"},
        {HEAD MEMBER SIDES ",\"others\":{}}", ERR_VALUE, "others"},
        {HEAD MEMBER SIDES ",\"others\":[" OTHER ",{}]}", ERR_MISSING, "others[1].resident"},
        {HEAD MEMBER SIDES ",\"others\":[{\"resident\":\"R2\",\"why\":\"twin\"}]}", ERR_MISSING, "others[0].registry."},
        {HEAD MEMBER SIDES ",\"reasons\":[{\"fact\":\"name\",\"reason\":\"x\",\"ja\":\"x\",\"en\":\"x\"}]}", ERR_VALUE,
         "reasons[0].agrees"},
    };
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        struct arena a;
        struct alarm *m = calloc(1, sizeof *m);
        struct diag d = {0};
        arena_init(&a, ALARM_LINE_ARENA);
        row_check(alarm_line_read(&a, str_c(rows[r].line), m, &d) == rows[r].err, rows[r].line);
        if (rows[r].where && strcmp(d.where, rows[r].where)) print_error("where: %s\n", d.where);
        if (rows[r].where) row_check(strcmp(d.where, rows[r].where) == 0, rows[r].line);
        arena_fini(&a);
        free(m);
    }
}

static void as_many_as_the_limit_and_no_more(void **state) {
    (void)state;
    for (int over = 0; over < 2; over++) {
        struct buf b;
        struct arena a;
        struct alarm *m = calloc(1, sizeof *m);
        struct diag d = {0};
        buf_init(&b, 1 << 20), arena_init(&a, ALARM_LINE_ARENA);
        buf_puts(&b, HEAD MEMBER SIDES ",\"others\":[");
        for (int i = 0; i < ALARM_OTHERS_MAX + over; i++) buf_puts(&b, i ? "," OTHER : OTHER);
        buf_puts(&b, "]}");
        assert_int_equal(alarm_line_read(&a, buf_str(&b), m, &d), over ? ERR_LIMIT : ERR_OK);
        buf_fini(&b), arena_fini(&a), free(m);
    }
}

static void a_text_is_as_long_as_the_limit_and_no_longer(void **state) {
    (void)state;
    for (size_t over = 0; over < 2; over++) {
        struct buf b;
        struct arena a;
        struct alarm *m = calloc(1, sizeof *m);
        struct diag d = {0};
        buf_init(&b, 1 << 20), arena_init(&a, ALARM_LINE_ARENA);
        buf_puts(&b, HEAD MEMBER "\"record\":{\"address\":\"");
        for (size_t i = 0; i < ALARM_TEXT_MAX + over; i++) buf_putc(&b, 'x');
        buf_puts(&b, "\"},\"registry\":{}}");
        assert_int_equal(alarm_line_read(&a, buf_str(&b), m, &d), over ? ERR_LIMIT : ERR_OK);
        if (over) assert_string_equal(d.where, "record.address");
        buf_fini(&b), arena_fini(&a), free(m);
    }
}

struct fed {
    struct arena a;
    struct alarm m;
};

static void feed(void *context, struct str line) {
    struct fed *f = context;
    struct diag d = {0};
    arena_reset(&f->a);
    enum err e = alarm_line_read(&f->a, line, &f->m, &d);
    assert_int_equal(e, d.err);
    if (e == ERR_OK) assert_true(f->m.wrong_ppm <= ALARM_CERTAIN && f->m.cause < ALARM_CAUSES && f->m.resident.n);
}

static void every_truncation_and_every_flipped_bit(void **state) {
    (void)state;
    struct fed *f = calloc(1, sizeof *f);
    arena_init(&f->a, ALARM_LINE_ARENA);
    assert_true(hostile_all(str_c(good), feed, f) > 3000);
    arena_fini(&f->a);
    free(f);
}

static void an_id_and_a_member_in_words(void **state) {
    (void)state;
    uint8_t id[ALARM_ID_BYTES];
    char room[64];
    struct buf b = buf_over(room, sizeof room);
    const struct insured_id member = {S("12"), S("1"), 2}, none = {S(""), S("7"), BRANCH_NONE};
    assert_true(alarm_id_parse(S("00ff000000000010"), id));
    alarm_id_put(&b, id), buf_putc(&b, ' ');
    alarm_member_put(&b, (struct insurer_number){6139448}, &member), buf_putc(&b, ' ');
    alarm_member_put(&b, (struct insurer_number){130112}, &none);
    assert_str(buf_str(&b), S("00ff000000000010 06139448/12/1/02 130112//7/"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_alarm_is_read),
        cmocka_unit_test(what_is_refused_and_where),
        cmocka_unit_test(as_many_as_the_limit_and_no_more),
        cmocka_unit_test(a_text_is_as_long_as_the_limit_and_no_longer),
        cmocka_unit_test(every_truncation_and_every_flipped_bit),
        cmocka_unit_test(an_id_and_a_member_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
