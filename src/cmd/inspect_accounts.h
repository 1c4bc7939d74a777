/* mado inspect --accounts FILE --residents FILE --out DIR. */
#ifndef CMD_INSPECT_ACCOUNTS_H
#define CMD_INSPECT_ACCOUNTS_H

#include "cmd/cmd.h"

int inspect_accounts(const struct cmd_args *args);

#endif
