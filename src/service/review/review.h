/* review: alarms about links and what people decided about them. The alarms are a file; the decisions are a log of their own, in the form of the ledger
 * (docs/format/decisions.md), checked whole and replayed at each start. What stands in it is all there is: an alarm that was decided stays decided under
 * its id, whatever file of alarms comes next.
 *
 * Always holds: nobody is shown an alarm, and no decision counts, before both logs have it: the store's, where the person will see who looked,
 * and the decisions'. Records are closed as soon as one reviewer believes a link wrong or an alarm says that it is contradicted; answers about eligibility never
 * change here. A link that was undone gets its list of accesses and its notices, after a crash too (unlink.h).
 *
 * One thread's, the loop's. */
#ifndef SERVICE_REVIEW_REVIEW_H
#define SERVICE_REVIEW_REVIEW_H

#include "base/arena.h"
#include "rules/review/review.h"
#include "service/review/alarm.h"
#include "service/review/side_work.h"
#include "service/verify_desk.h"

enum {
    REVIEW_ALARMS_MAX = 1 << 20,    /* of one file: ten alarms for each true error of a nation are a tenth of that */
    REVIEW_ENTRIES_MAX = 16 * 1024, /* events of one alarm that are kept at hand; all are in the log */
};

struct review_entry { /* what happened to one alarm, oldest first */
    struct review_entry *next;
    enum review_kind kind;
    enum review_decision decision;
    int64_t at_us;
    uint32_t count;
    char reviewer[REVIEWER_NAME_MAX + 1]; /* "": the program */
    struct str reason;                    /* behind the entry */
};

struct review_about {
    int64_t at_us;
    uint8_t pseudonym[REVIEW_PSEUDONYM_BYTES];
    struct insurer_number insurer;
    struct str member, resident; /* behind it */
};

struct review_alarm {
    uint8_t id[ALARM_ID_BYTES];
    /* As the file says; `bytes` 0: it is not in this file. */
    off_t at;
    uint32_t bytes, rank, wrong_ppm;
    enum alarm_cause cause;
    enum alarm_next next;
    struct insurer_number insurer;
    /* As the log says. */
    struct review_case state;
    bool pending;      /* something about it is on its way into the logs */
    bool listed;       /* the accesses under a link that was undone */
    uint32_t accesses; /* how many */
    enum err list_err; /* why they could not be listed; tried again at the next start */
    struct review_entry *first, *last;
    size_t entry_count;
    struct review_about *about; /* of the last decision: whom it was about. NULL: none yet */
};

/* Reads one line of the file of alarms: edge/review/alarm_line.h. */
typedef enum err review_read_alarm(struct arena *a, struct str line, struct alarm *out, struct diag *d);

struct review_settings {
    struct world *world;
    const char *store, *alarms, *decisions; /* folder, file, folder (made when missing) */
    size_t line_max;                        /* bytes of an alarm's line */
    review_read_alarm *read;
    uint64_t segment_bytes; /* of both logs; 0: LEDGER_SEGMENT_SMALL */
    void (*wake)(void *context);
    void *context;
};

struct review;

/* ERR_CORRUPT with the place when a log is damaged, or a line of alarms with its number; ERR_DUPLICATE for an alarm that stands twice; ERR_LOCKED when
 * another process has these decisions. Closes the records that an alarm says are contradicted, and lists what a crash left unlisted. */
MUST_USE enum err review_open(struct review **out, const struct review_settings *s, struct diag *d);
void review_close(struct review *r);
/* For turn and woken of http_app. */
void review_turn(struct review *r);
void review_woken(struct review *r);
/* For programs without a loop: works until nothing is owed. */
void review_settle(struct review *r);

/* The alarms of the file in its order. */
size_t review_count(const struct review *r);
struct review_alarm *review_at(const struct review *r, size_t i);
/* NULL when neither the file nor the log knows it. */
struct review_alarm *review_find(const struct review *r, const uint8_t id[ALARM_ID_BYTES]);
/* The alarm's line. ERR_NOT_FOUND when it is not in this file. */
MUST_USE enum err review_read(const struct review *r, const struct review_alarm *a, struct arena *arena,
                              struct alarm *out, struct diag *d);
struct side_work *review_side_work(struct review *r);
/* DECISIONS/unlinked/ID.ndjson; false when it does not fit. */
MUST_USE bool review_list_path(const struct review *r, const uint8_t id[ALARM_ID_BYTES], char *out, size_t size);

/* One thing to be recorded; the caller's, stays where it is until done. */
struct review_order {
    enum review_kind kind;      /* SIGNED_IN, SIGN_IN_REFUSED, SEEN or DECIDED */
    struct review_alarm *alarm; /* of SEEN and DECIDED */
    const struct alarm *detail; /* likewise, as read: whom it is about */
    enum review_decision decision;
    struct str reviewer, reason;
    void (*done)(struct review_order *o);
    void *context;
    enum err err; /* set before done */
    /* the service's own */
    struct review *review;
    struct review_event events[2];
    char member[REVIEW_MEMBER_MAX];
    size_t event_count, at;
    bool audited;
    struct ledger_ticket ticket;
};
/* `done` is called once it is durable in both logs, or at once with an error: of review_may(), or ERR_BUSY while another decision about this alarm is on its
 * way. */
void review_record(struct review *r, struct review_order *o);

#endif
