/* sim_disk: a disk in memory behind struct world, with the one power a test needs and a real disk hides: the power cut. It
 * remembers every operation in order; sim_disk_cut() makes the disk a machine would find that lost power between two of them.
 *
 * What was synced is there. Of what was written and not synced, each write may be missing, whole or torn (single sectors of 512
 * bytes, or up to any byte), in any order. Names made, renamed or removed and not yet synced with their folder survive in
 * order up to some point, as in a journal. After a failed sync the writes stay visible and are lost all the same, as on Linux. */
#ifndef TESTS_LIB_SIM_DISK_H
#define TESTS_LIB_SIM_DISK_H

#include "base/world.h"

struct sim_disk;

enum sim_kind {
    SIM_OPEN,
    SIM_READ,
    SIM_WRITE,
    SIM_SYNC,
    SIM_TRUNCATE,
    SIM_RENAME,
    SIM_UNLINK,
    SIM_SYNC_FOLDER,
    SIM_MKDIR,
    SIM_LIST,
    SIM_MARK,
    SIM_KINDS
};

/* Empty, with the folder "." alone. The seed drives randomness and the clock, which steps both ways. */
struct sim_disk *sim_disk_new(uint64_t seed);
void sim_disk_free(struct sim_disk *disk);
struct world *sim_disk_world(struct sim_disk *disk);

/* Puts a mark of the test's own among the operations. */
void sim_disk_mark(struct sim_disk *disk, uint64_t mark);
/* Operations that changed something so far, marks included. */
size_t sim_disk_operations(struct sim_disk *disk);
/* Sets seen[m] for every mark m below max among the first n operations. */
void sim_disk_marks(struct sim_disk *disk, size_t n, bool *seen, size_t max);
/* The disk after the first n operations and a power cut. */
struct sim_disk *sim_disk_cut(struct sim_disk *disk, size_t n, uint64_t seed);

/* The nth operation of the kind from now on (1 is the next) fails with this errno; a write has then written nothing. */
void sim_disk_fail(struct sim_disk *disk, enum sim_kind kind, unsigned nth, int error);
/* How many operations of the kind there were. */
unsigned sim_disk_count(struct sim_disk *disk, enum sim_kind kind);
/* All files together hold at most this many bytes (beyond: ENOSPC, after a short write). */
void sim_disk_capacity(struct sim_disk *disk, uint64_t bytes);

/* A file's bytes, to look at or to damage; NULL when there is none. */
char *sim_disk_file(struct sim_disk *disk, const char *path, size_t *size);

/* A small generator for tests: the next number from a state. */
uint64_t sim_random(uint64_t *state);

#endif
