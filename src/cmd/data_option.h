/* --data DIR: the lists of a folder that mado data import filled. */
#ifndef CMD_DATA_OPTION_H
#define CMD_DATA_OPTION_H

#include "cmd/cmd.h"
#include "service/official.h"

/* Loads them when the option was given; *out is NULL otherwise. The book is begun in any case, to be ended by the caller. */
MUST_USE enum err data_option(const struct cmd_args *args, struct official_book *book, const struct official **out,
                              struct diag *d);

#endif
