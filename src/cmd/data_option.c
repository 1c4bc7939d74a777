#include "cmd/data_option.h"

#include "edge/official/shelf.h"

enum err data_option(const struct cmd_args *args, struct official_book *book, const struct official **out,
                     struct diag *d) {
    const char *folder = cmd_value(args, "data");
    official_book_init(book);
    *out = NULL;
    if (folder == NULL) return ERR_OK;
    TRY(shelf_load(world_real(), folder, book, d));
    *out = &book->view;
    return ERR_OK;
}
