#include "cmd/inspect_accounts.h"

#include "base/lines.h"
#include "edge/accounts/alarms.h"
#include "edge/accounts/lines.h"

#include <stdio.h>

enum { LINE_ARENA = 4 << 20, TEXT_MAX_BYTES = 64 << 10 };
#define TEXTS_MAX ((size_t)16 << 30) /* what one run may keep of names */

struct reading_lines {
    struct account_book *book;
    struct arena arena;
    bool residents;
};

static enum err take_line(struct reading_lines *r, struct str line, unsigned number, struct diag *d) {
    if (r->residents) {
        struct account_person p;
        TRY(person_line_read(&r->arena, line, &p, d));
        return account_book_person(r->book, &p, d);
    }
    struct account_registration x;
    TRY(account_line_read(&r->arena, line, &x, d));
    x.line = number;
    return account_book_registration(r->book, &x, d);
}

static enum err read_lines(struct reading_lines *r, struct lines *l, struct diag *d) {
    struct str line;
    enum err e;
    while ((e = lines_next(l, &line, d)) == ERR_OK) {
        if (str_trim(line).n == 0) continue;
        e = take_line(r, line, l->number, d);
        if (e != ERR_OK) return lines_fault(l, e, d);
    }
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err read_file(struct account_book *book, const char *path, bool residents, struct diag *d) {
    struct reading_lines r = {.book = book, .residents = residents};
    struct lines l;
    TRY(lines_open(&l, world_real(), path, ACCOUNT_LINE_MAX, d));
    arena_init(&r.arena, LINE_ARENA);
    enum err e = read_lines(&r, &l, d);
    arena_fini(&r.arena);
    lines_close(&l);
    return e;
}

static enum err run(const struct cmd_args *args, struct account_book *book, struct account_alarms *alarms,
                    struct account_result *result, struct diag *d) {
    TRY(read_file(book, cmd_value(args, "residents"), true, d));
    TRY(read_file(book, cmd_value(args, "accounts"), false, d));
    TRY(account_book_inspect(book, account_alarms_take, alarms, result, d));
    return account_alarms_finish(alarms, result, d);
}

int inspect_accounts(const struct cmd_args *args) {
    struct account_book book;
    struct account_alarms alarms;
    struct account_result result;
    struct diag d = {0};
    struct buf text;
    if (!cmd_value(args, "accounts") || !cmd_value(args, "residents"))
        return cmd_fail(
            &(struct diag){.err = ERR_USAGE, .where = "inspect", .detail = "--accounts FILE --residents FILE"});
    account_book_init(&book, TEXTS_MAX);
    enum err e = account_alarms_open(&alarms, world_real(), cmd_value(args, "out"), &d);
    if (e == ERR_OK) e = run(args, &book, &alarms, &result, &d);
    buf_init(&text, TEXT_MAX_BYTES);
    if (e == ERR_OK) account_alarms_put_text(&text, &result);
    fwrite(text.p, 1, text.n, stdout);
    buf_fini(&text);
    account_alarms_close(&alarms);
    account_book_fini(&book);
    return e == ERR_OK ? 0 : cmd_fail(&d);
}
