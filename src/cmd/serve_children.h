/* The processes that `mado serve` and `mado window --pages` keep: started so that they die with it, spoken to by signals, watched until the end.
 * When one ends that should not, all end: half a service would answer half of the questions wrong. */
#ifndef CMD_SERVE_CHILDREN_H
#define CMD_SERVE_CHILDREN_H

#include "base/buf.h"
#include "base/err.h"

#include <sys/types.h>

enum { CHILDREN_MAX = 4, CHILD_FDS_MAX = 4, CHILD_LINE_MAX = 8192 };

struct child {
    const char *name;
    const char *program;
    const char *const *arguments;   /* argv, NULL at the end */
    const char *const *environment; /* added to ours, NULL at the end */
    int fds[CHILD_FDS_MAX];         /* handed down under their own numbers */
    size_t fd_count;
    int quit_signal;   /* "finish what you owe": nginx's is SIGQUIT */
    int reload_signal; /* 0: none */
    /* While it runs. */
    pid_t pid; /* 0: not running */
    int log_fd;
    struct buf line; /* of its log, unfinished */
};

/* Starts it; its standard output and error come back as log lines. */
MUST_USE enum err child_start(struct child *c, struct diag *d);
/* Copies what it wrote to the log, a line at a time: lines that are JSON already as they are, nginx's own as an event
 * without the client's address and request. False when it has closed its end. */
bool child_log(struct child *c);
/* Runs a program to its end and takes what it wrote (at most out->limit); its exit status, or -1. */
int child_run(const struct child *c, struct buf *out);

struct supervision {
    const char *name; /* "mado serve", for what is said to a person */
    struct child *children;
    size_t count;
    int ready_fd;                                      /* of the door: "ready N PID", "failed N PID why" */
    unsigned expected;                                 /* ready lines before all is open */
    enum err (*reload)(void *context, struct diag *d); /* writes settings anew and tests them */
    void (*opened)(void *context);                     /* all is ready for the first time */
    void *context;
};
/* Starts all and stays until told to end: SIGTERM or SIGINT (twice: hurry), SIGHUP reloads. The exit status. */
int supervise(const struct supervision *s);

#endif
