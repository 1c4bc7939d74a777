/* The command line: one table (commands.def) makes the parser, `mado help` and the completeness test. Every command has a
 * function cmd_NAME() in src/cmd/NAME.c that wires the rooms together and returns the exit status. */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include "base/err.h"

enum { CMD_OPTIONS_MAX = 24, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_SOME_REFUSED = 3 };

struct cmd_args {
    struct {
        const char *name, *value;
    } given[CMD_OPTIONS_MAX]; /* a flag's value is "" */
    size_t given_count;
    const char *const *rest; /* what stands outside options, borrowed from argv */
    size_t rest_count;
};

/* NULL when the option was not given. */
const char *cmd_value(const struct cmd_args *a, const char *name);
static inline bool cmd_flag(const struct cmd_args *a, const char *name) { return cmd_value(a, name) != NULL; }
/* A whole number of at most max, or `otherwise` when not given. Prints the fault and returns false on anything else. */
MUST_USE bool cmd_number(const struct cmd_args *a, const char *name, uint64_t max, uint64_t otherwise, uint64_t *out);

/* Prints the error for a person on standard error and returns EXIT_FAILED or, for ERR_USAGE, EXIT_USAGE. */
int cmd_fail(const struct diag *d);

#define COMMAND(name, hidden, rest, ja, en) int cmd_##name(const struct cmd_args *args);
#define OPTION(command, name, value, required, ja, en)
#include "cmd/commands.def"
#undef COMMAND
#undef OPTION

#endif
