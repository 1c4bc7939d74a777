/* jobs: bulk messages between being taken in and being handed out, in the desk's store. A job belongs to the institution that
 * submitted it; for any other it does not exist. Its text is what was asked, then what was answered, and is gone as soon as it
 * was handed out; the job itself stays a day, so that a replayed reception number is told from an unknown one.
 * Only the desk's process calls this. */
#ifndef SERVICE_JOBS_H
#define SERVICE_JOBS_H

#include "base/arena.h"
#include "base/world.h"
#include "core/audit_event.h"
#include "state/store/store.h"

enum {
    RECEPTION_MAX = 32,    /* bytes of a reception number: time of taking in, and digits nobody can guess */
    JOBS_WAITING_MAX = 64, /* of one institution, not yet handed out */
    JOB_DAYS = 1,          /* as long as the field keeps a result */
    JOB_TEXT_MAX = 64 << 20,
};

enum job_state { JOB_WAITING = 1, JOB_ANSWERED = 2, JOB_HANDED_OUT = 3 };

struct job {
    struct institution_code institution;
    char reception[RECEPTION_MAX + 1];
    enum job_state state;
    unsigned kind; /* the edge's own */
    int64_t submitted_us;
    struct day on;                      /* the day it asks about */
    uint32_t processed, normal, errors; /* when answered */
    uint8_t id[AUDIT_ID_BYTES];         /* joins the log's records of this job */
};

/* Takes a job in with a new reception number and id: durable when it returns. ERR_BUSY when too many wait. */
MUST_USE enum err job_submit(struct store *s, struct world *w, struct job *job, struct str asked, struct diag *d);
/* ERR_NOT_FOUND also for a job of another institution. */
MUST_USE enum err job_find(struct store *s, struct institution_code institution, struct str reception, struct job *out,
                           struct diag *d);
/* The oldest that waits, with its text; ERR_NOT_FOUND when none does. */
MUST_USE enum err job_next(struct store *s, struct job *out, struct buf *asked, struct diag *d);
/* From waiting to answered. */
MUST_USE enum err job_answer(struct store *s, const struct job *job, struct str answered, struct diag *d);
/* Takes the answer out: ERR_PENDING while it waits, ERR_HANDED_OUT when it was before. */
MUST_USE enum err job_hand_out(struct store *s, struct job *job, struct buf *answered, struct diag *d);
/* Forgets jobs older than JOB_DAYS. */
MUST_USE enum err jobs_sweep(struct store *s, int64_t now_us, struct diag *d);

#endif
