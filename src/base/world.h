/* world: the three things outside that a test must be able to hold in its hand: the clock, randomness and the disk.
 * Whoever needs one is given a `struct world *`; nobody calls time(), getrandom() or write() for state directly. */
#ifndef BASE_WORLD_H
#define BASE_WORLD_H

#include "base/err.h"

#include <sys/types.h>

struct world {
    /* Microseconds since 1970-01-01T00:00:00Z. May step backwards: state must not rely on its order. */
    int64_t (*now_us)(struct world *w);
    /* Microseconds of a clock that only goes forward; its zero means nothing. */
    int64_t (*steady_us)(struct world *w);
    /* Fills with bytes nobody can guess. Never fails (a system without randomness is not one to run on). */
    void (*random)(struct world *w, void *bytes, size_t n);
    /* The disk, with the results and errno of the system calls. A simulated one may drop, tear or refuse. */
    int (*open)(struct world *w, const char *path, int flags, mode_t mode);
    ssize_t (*pread)(struct world *w, int fd, void *to, size_t n, off_t at);
    ssize_t (*pwrite)(struct world *w, int fd, const void *from, size_t n, off_t at);
    int (*fdatasync)(struct world *w, int fd);
    int (*ftruncate)(struct world *w, int fd, off_t size);
    int (*rename)(struct world *w, const char *from, const char *to);
    int (*unlink)(struct world *w, const char *path);
    /* Makes a new or renamed name in this folder durable. */
    int (*sync_folder)(struct world *w, const char *folder);
    int (*close)(struct world *w, int fd);
    int (*mkdir)(struct world *w, const char *path, mode_t mode);
    /* flock(LOCK_EX | LOCK_NB): -1 with EWOULDBLOCK when another open file has it; closing lets go. */
    int (*lock)(struct world *w, int fd);
    /* Calls `each` with every name in the folder but . and .. in no order, until it returns false. */
    int (*list)(struct world *w, const char *folder, bool (*each)(void *ctx, const char *name), void *ctx);
    void *context; /* of a simulated world */
};

/* The real one. */
struct world *world_real(void);

/* All n bytes or an error; a short write is carried on, EINTR is tried again. */
MUST_USE enum err world_write_all(struct world *w, int fd, struct str bytes, off_t at, struct diag *d);
/* Writes beside, syncs, renames over `path` and syncs the folder: afterwards the whole file is there or the old one. */
MUST_USE enum err world_replace_file(struct world *w, const char *path, struct str bytes, mode_t mode, struct diag *d);
/* The same without waiting for the disk: a power cut may leave an empty or torn file under that name. Hundreds of times faster. */
MUST_USE enum err world_replace_file_soon(struct world *w, const char *path, struct str bytes, mode_t mode,
                                          struct diag *d);

struct buf;
/* A whole file of at most out->limit bytes. ERR_NOT_FOUND when there is none, ERR_LIMIT when it is larger. */
MUST_USE enum err world_read_file(struct world *w, const char *path, struct buf *out, struct diag *d);
/* Whether the file system that holds this open file has (next to) no room left: a write that was cut short tells no reason. */
bool world_disk_full(int fd);
/* mkdir -p with mode 0700 for what is new. */
MUST_USE enum err world_make_folder(const char *path, struct diag *d);

#endif
