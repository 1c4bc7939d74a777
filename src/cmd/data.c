/* mado data: lists that others publish (kanji variants, post codes), for comparing names and addresses. */
#include "cmd/cmd.h"
#include "edge/official/shelf.h"

#include <sodium.h>
#include <stdio.h>

static enum err import_file(const char *path, const char *folder, struct shelf *shelf, enum official_list *list,
                            struct diag *d) {
    struct buf file, kept;
    size_t rows = 0;
    buf_init(&file, OFFICIAL_FILE_MAX), buf_init(&kept, SHELF_FILE_MAX);
    enum err e = world_read_file(world_real(), path, &file, d);
    if (e == ERR_OK) e = official_list_read(buf_str(&file), list, &kept, &rows, d);
    if (e == ERR_OK) e = shelf_put(shelf, world_real(), folder, *list, buf_str(&kept), rows, d);
    buf_fini(&file), buf_fini(&kept);
    return e;
}

static void put_entry(const struct shelf *s, enum official_list l) {
    const struct official_list_info *i = official_list_info(l);
    if (s->of[l].there)
        printf("%s %s %llu 行 rows  %s / %s (%s)\n", i->code, s->of[l].version, (unsigned long long)s->of[l].rows,
               i->ja, i->en, i->licence);
}

int cmd_data(const struct cmd_args *args) {
    static const struct diag usage = {.err = ERR_USAGE, .where = "data", .detail = "import FILE | list"};
    const char *folder = cmd_value(args, "store");
    struct shelf shelf;
    struct diag d = {0};
    bool imports = args->rest_count == 2 && str_eq(str_c(args->rest[0]), S("import"));
    bool lists = args->rest_count == 1 && str_eq(str_c(args->rest[0]), S("list"));
    if (!imports && !lists) return cmd_fail(&usage);
    if (sodium_init() < 0) return cmd_fail(&(struct diag){.err = ERR_CRYPTO});
    if (shelf_read(&shelf, world_real(), folder, &d) != ERR_OK) return cmd_fail(&d);
    if (lists) {
        for (size_t l = 0; l < OFFICIAL_LISTS; l++) put_entry(&shelf, (enum official_list)l);
        return 0;
    }
    enum official_list list;
    if (import_file(args->rest[1], folder, &shelf, &list, &d) != ERR_OK) return cmd_fail(&d);
    put_entry(&shelf, list);
    return 0;
}
