/* paper_queue: what was printed, read back from the print queues below OUT, and the records of papers that were made void. The one list of
 * papers: a paper is in it when a closed queue or a record names it, and it is void when a record stands under its id.
 *
 *   OUT/INSURER/KIND-DAY/000001.ndjson   queues (issue.h)
 *   OUT/INSURER/void/PAPER.json          PAPER is void since then, why, and, in the same file, the paper that replaces it
 *   OUT/INSURER/void/PAPER.pdf           that paper, to be printed
 *
 * A record is written whole or not at all, so a paper and the one that replaces it are never both valid, nor both gone.
 * The form: docs/format/paper.md. */
#ifndef SERVICE_PAPER_QUEUE_H
#define SERVICE_PAPER_QUEUE_H

#include "base/arena.h"
#include "base/world.h"
#include "service/issue.h"

#define REASON(name, word, ja, en) VOID_##name,
enum void_reason {
#include "service/void_reason.def"
    VOID_REASON_COUNT
};
#undef REASON
struct void_reason_info {
    const char *word, *ja, *en;
};
const struct void_reason_info *void_reason_info(enum void_reason r);
MUST_USE bool void_reason_parse(struct str word, enum void_reason *out);

/* Text lives as long as the arena it was read into. */
struct queued_paper {
    struct str id;
    enum paper_kind kind;
    struct insurer_number insurer;
    struct insured_id insured;
    struct day birth; /* DAY_NONE: of a queue from before it was written there */
    struct day from, until;
};

struct void_record {
    struct queued_paper paper;
    enum void_reason reason;
    int64_t at_us; /* when it was made void */
    bool replaced;
    struct queued_paper replacement;
};

enum { VOID_RECORD_MAX = 8 << 10, PAPER_QUEUE_ARENA_MAX = 64 << 10 };

/* "symbol":…,"number":…, and so on to "until": of a queue's line and of a record. */
void queued_paper_put(struct buf *b, const struct queued_paper *p);
void void_record_put(struct buf *b, const struct void_record *r);
/* ERR_CORRUPT for anything else. */
MUST_USE enum err void_record_read(struct arena *a, struct str text, struct insurer_number insurer,
                                   struct void_record *out, struct diag *d);

/* The paper of that id, in any queue or record; only_insurer 0: of any insurer. ERR_NOT_FOUND. */
MUST_USE enum err paper_queue_find(struct world *w, const char *out, uint32_t only_insurer, struct str id,
                                   struct arena *a, struct queued_paper *found, struct diag *d);
/* Its record; ERR_NOT_FOUND when it is not void. */
MUST_USE enum err paper_queue_void(struct world *w, const char *out, struct insurer_number insurer, struct str id,
                                   struct arena *a, struct void_record *found, struct diag *d);
/* "OUT/INSURER/void" and what follows it. ERR_LIMIT. */
MUST_USE enum err paper_void_path(char *path, size_t size, const char *out, struct insurer_number insurer,
                                  const char *name, struct diag *d);

#endif
