/* looker: has a picture looked at by `mado look`, a process without powers (look.h). The picture travels in an unnamed file of memory, the
 * answer comes through a pipe; nobody has to wait for it. */
#ifndef EDGE_PAPER_LOOKER_H
#define EDGE_PAPER_LOOKER_H

#include "edge/paper/look.h"

#include <sys/types.h>

struct looker {
    int fd; /* readable when there is something to do; -1: not started, or ended */
    pid_t process;
    struct buf reply;
};

/* `program` is mado's own file. The picture is copied. On an error there is nothing to end. */
MUST_USE enum err looker_start(struct looker *l, const char *program, struct str picture, unsigned pages,
                               struct diag *d);
/* Takes what has come, without waiting. True when it ended: the result is there. */
bool looker_turn(struct looker *l);
/* Waits for it: the process ends by itself within LOOK_CPU_S of computing. */
void looker_wait(struct looker *l);
/* Each distinct text in the picture, a line each, borrowed from l; or why it could not be looked at. */
MUST_USE enum err looker_result(const struct looker *l, struct str *lines, struct diag *d);
/* Also while it looks: it then ends by itself. */
void looker_end(struct looker *l);

#endif
