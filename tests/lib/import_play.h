/* A store in a scratch folder, loaded by the real importer with a real vault process: the test program itself, started again.
 * main() of such a test begins with `if (import_play_vault(argc, argv)) return 0;`. */
#ifndef TESTS_LIB_IMPORT_PLAY_H
#define TESTS_LIB_IMPORT_PLAY_H

#include "lib/scratch.h"
#include "service/import.h"

struct import_play {
    struct scratch scratch; /* store/ below it */
    char store[SCRATCH_PATH_MAX];
    struct import_progress progress;
    struct diag diag;
    /* What the importer is given; 0 and NULL: defaults. */
    struct world *world;
    uint64_t memory_bytes;
    unsigned threads;
};

bool import_play_vault(int argc, char **argv);
void import_play_begin(struct import_play *p);
void import_play_end(struct import_play *p);
/* Writes the bytes to the file `name` and imports it (as CSV when the name says so). */
MUST_USE enum err import_play_load(struct import_play *p, const char *name, struct str bytes);
MUST_USE enum err import_play_again(struct import_play *p, const char *name);
/* The results in short, one word a line: "A", "U", or the code and field of a refusal: "F0010:insurer". Every line is there once
 * and in order, or this is a bug. Valid until the next call. */
const char *import_play_results(const struct import_play *p, const char *name);

#endif
