/* What the verbs of `mado issue` share: printing all (issue.c), and void, replace and status (issue_void.c). */
#ifndef CMD_ISSUE_H
#define CMD_ISSUE_H

#include "cmd/cmd.h"
#include "edge/paper/press.h"
#include "service/verify_desk.h"

/* The store's log, open. */
struct issue_recorder {
    struct verify_desk desk;
    struct asker asker;
    struct day on;
};
MUST_USE enum err issue_recorder_open(struct issue_recorder *r, const char *store, struct day on, struct diag *d);
/* As paper_void_settings wants it; context is the recorder. */
MUST_USE enum err issue_record(void *context, enum audit_kind kind, const uint8_t *pseudonym, uint64_t count,
                               struct diag *d);

/* EXIT_USAGE with a word said, or 0. */
int issue_read_options(const struct cmd_args *args, struct issue_settings *s, struct press_settings *look);
int issue_bad_usage(const char *option, const char *ja, const char *en);

/* The exit status. */
int issue_void(const struct cmd_args *args);
int issue_replace(const struct cmd_args *args);
int issue_status(const struct cmd_args *args);

#endif
