#include "cmd/inspect_accounts.h"

#include "edge/accounts/alarms.h"
#include "edge/accounts/lines.h"

#include <stdio.h>
#include <stdlib.h>

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

static enum err read_lines(struct reading_lines *r, FILE *f, struct diag *d) {
    char *line = NULL;
    size_t room = 0;
    unsigned number = 0;
    enum err e = ERR_OK;
    for (ssize_t n; e == ERR_OK && (n = getline(&line, &room, f)) >= 0;) {
        struct str s = str_trim(str_of(line, (size_t)n));
        number++;
        if (s.n == 0) continue;
        e = take_line(r, s, number, d);
        if (e != ERR_OK && d->line == 0) d->line = number;
    }
    free(line);
    return e == ERR_OK && ferror(f) ? diag_errno(d, "read") : e;
}

static enum err read_file(struct account_book *book, const char *path, bool residents, struct diag *d) {
    struct reading_lines r = {.book = book, .residents = residents};
    FILE *f = fopen(path, "re");
    if (f == NULL) return diag_errno(d, path);
    arena_init(&r.arena, LINE_ARENA);
    enum err e = read_lines(&r, f, d);
    if (e != ERR_OK) fprintf(stderr, "%s:\n", path);
    arena_fini(&r.arena);
    fclose(f);
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
