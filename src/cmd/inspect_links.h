/* inspect_links: `mado inspect --residents FILE --links FILE --out DIR`, the inspection of links (総点検). */
#ifndef CMD_INSPECT_LINKS_H
#define CMD_INSPECT_LINKS_H

#include "cmd/cmd.h"

/* The exit status of the command. */
int inspect_links(const struct cmd_args *args);

#endif
