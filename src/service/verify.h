/* verify: the main job. Answers one eligibility question: gathers the facts, has rules/eligibility decide, and records the answer
 * in the log. done() is called when the record is durable, and never before: nothing is answered that the log has not taken.
 *
 * Life of a call: fill the upper part, verify_start(); then ledger_flush() once for all calls of a turn; done() comes from
 * ledger_collect() (or at once, with an error). The call and its arena stay where they are until then. */
#ifndef SERVICE_VERIFY_H
#define SERVICE_VERIFY_H

#include "base/arena.h"
#include "base/world.h"
#include "core/audit_event.h"
#include "core/verdict.h"
#include "rules/eligibility/eligibility.h"
#include "service/ways_facts.h"
#include "state/ledger/ledger.h"
#include "state/store/store.h"

/* What answering needs; opened once a process (service/verify_desk.c). */
struct verify_desk {
    struct world *world;
    const char *folder; /* of the store, borrowed from the settings; NULL in memory */
    struct store *coverage;
    struct store *desk; /* NULL: no institution's own patient numbers are known */
    struct store *ways; /* NULL: of nobody it is known how they can prove being insured */
    struct ledger *ledger;
    struct attestation_key *attestor; /* signs answers (service/attest.h); NULL: this server has no such key */
    struct figures *figures; /* where questions of bulk jobs are counted; NULL: nowhere (service/door.c has its own) */
    uint8_t unmatched_key[32]; /* for the keyed hash of a question that matched nobody */
    uint8_t random[2048];      /* drawn in one go: event ids must not cost a system call each */
    size_t random_left;
    size_t owed; /* calls started and not done */
};

struct asker {
    enum audit_door door;
    enum audit_purpose purpose;
    struct institution_code institution; /* 0: the operator */
    uint32_t user;
};

struct answer {
    struct question question;
    struct verdict verdict;
    struct str insurer_name;     /* of verdict.member's insurer; its number when it has no name */
    struct str reference_number; /* 照会番号 the asking institution gave this member; empty: none */
    int64_t answered_us;         /* UTC; the time in the log */
    struct str attestation;      /* service/attest.h; empty: not asked for, or none could be made */
    uint8_t event_id[AUDIT_ID_BYTES];
};

struct verify_call {
    /* in */
    struct question question; /* `on` DAY_NONE: today in Japan. Strings borrowed until done */
    struct str
        reference_number; /* not empty: instead of insurer, id and birth, what the institution registered this month */
    struct asker asker;
    enum audit_kind kind;           /* AUDIT_QUESTION or AUDIT_BULK_QUESTION */
    uint8_t job_id[AUDIT_ID_BYTES]; /* of the bulk job; zeros: the event gets an id of its own */
    enum proof proof;               /* how it was proven who it is about; NONE: by number, or by reference_number */
    enum card_verdict card;         /* of a question by card */
    struct arena *arena;            /* everything in the answer lives there */
    /* and decided, done and context below */
    /* out, in done(), with err below */
    struct diag diag;
    struct answer answer;
    /* the service's own */
    struct verify_desk *desk;
    struct store_read read;
    struct store_find finds[2];
    struct eligibility_facts facts;
    struct ways_facts ways;
    struct str key; /* of the question, in the arena */
    /* Last, side by side: all that is looked at when the log has the record, long after the rest has left the processor's caches. */
    struct ledger_ticket ticket;
    enum err err; /* out: ERR_OK: `answer` holds */
    /* in: may be NULL: called once the answer is settled and its record on the way to the disk, so that it can be put into words while
     * all it needs is at hand. Nothing may leave before done(), which may yet bring an error. */
    void (*decided)(struct verify_call *c);
    void (*done)(struct verify_call *c); /* in */
    void *context;                       /* in */
};

void verify_start(struct verify_desk *desk, struct verify_call *c);
/* For programs without a loop: works the store and the log until every call that was started is done. */
void verify_settle(struct verify_desk *desk);

/* Records an attempt that was refused before it became a question (a foreign institution's code, a message that does not parse)
 * when it names an institution. Best effort by design: the refusal is answered even when the log is full; `done` may be NULL,
 * else it is called when durable, with t->context. The ticket is the caller's. */
void verify_refused(struct verify_desk *desk, const struct asker *asker, enum err why, struct ledger_ticket *t);

/* Appends an event of another kind; the asker and a new id are filled in (an id that is set already is kept). */
MUST_USE enum err verify_record(struct verify_desk *desk, const struct asker *asker, struct ledger_ticket *t,
                                struct audit_event *e);
/* For programs without a loop: an event of the operator's about `count` people on a day, durable when it returns ERR_OK. */
MUST_USE enum err verify_record_now(struct verify_desk *desk, const struct asker *asker, enum audit_kind kind,
                                    struct day on, uint64_t count, struct diag *d);
/* The same about one member, known by the pseudonym in its row; NULL: about none. */
MUST_USE enum err verify_record_about_now(struct verify_desk *desk, const struct asker *asker, enum audit_kind kind,
                                          struct day on, const uint8_t *pseudonym, uint64_t count, struct diag *d);

#endif
