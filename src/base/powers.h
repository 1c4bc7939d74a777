/* powers: what a process gives up before it looks at a stranger's bytes with a large library: after it, code that a hostile file took over
 * can compute, write to the descriptors that are open, and end; nothing else. */
#ifndef BASE_POWERS_H
#define BASE_POWERS_H

#include "base/err.h"

struct powers_limits {
    uint64_t memory_bytes; /* of address space, in all: what is mapped already counts */
    unsigned cpu_seconds;  /* then SIGKILL */
};

/* From here on this process has memory, its open descriptors (read, write, seek), the clock and randomness. Opening files, starting
 * programs, processes or threads, sockets, signals to others: EPERM. There is no way
 * back. Everything it needs must be open and loaded. ERR_IO when the system cannot do that: then do not look. */
MUST_USE enum err powers_keep_computing(const struct powers_limits *l, struct diag *d);

#endif
