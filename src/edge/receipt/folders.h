/* folders: the receipt computer's folders, as the field has them.
 *
 *   req/    the receipt computer puts "<prefix>req_<any>.xml" here
 *   res/    the answer appears as "<prefix>res_<any>.xml" (or .zip): whole, by renaming, never half
 *   face/   results of terminals (face.h): "OQSsiquc01res_face_<id>_<yyyyMMddHHmmss>.xml"
 *   trash/  requests that are no messages; kept, never deleted
 *   .mado/  ours: what was answered but not yet delivered, what is remembered (known.h), and the lock that keeps a second window out
 *
 * A request leaves req/ only after its answer stands in res/. What happens when the window is killed between any two steps: the answer
 * is first kept durably in .mado/, then put into res/, then the request goes, then the kept answer goes. At the next start a kept
 * answer whose request is still there is delivered again, byte for byte, and nothing is asked a second time. Names that are not
 * ours are left alone: other programs share these folders. No file name is ever logged: it may hold a patient's number. */
#ifndef EDGE_RECEIPT_FOLDERS_H
#define EDGE_RECEIPT_FOLDERS_H

#include "base/world.h"
#include "edge/receipt/folder_answer.h"

enum {
    FOLDERS_POLL_MS = 500,         /* readers and writers of the field look at least once a second */
    FOLDERS_UNREADABLE_MS = 3000,  /* so long may someone still be writing a request */
    FOLDERS_REQUEST_MAX = 8 << 20, /* a bulk question of 10,000 people is about 5 MB */
    FOLDERS_REQUESTS_MAX = 1024,   /* looked at in one turn; the others wait for the next */
    FOLDERS_NAME_MAX = 200,
    FOLDERS_STAY_MINUTES = 1440,  /* ResponseFileStayTime as the field sets it */
    FOLDERS_GIVE_UP_S = 8,        /* a receipt computer waits about ten seconds; an answer after that reaches nobody */
    FOLDERS_GIVE_UP_BULK_S = 600, /* nobody stands at the window for a bulk job */
    FOLDERS_AGAIN_MS = 1000,      /* between two attempts to reach a silent centre */
    FOLDERS_CLEAN_MS = 60 * 1000,
    FOLDERS_FORGET_MS = 60 * 60 * 1000,
    FOLDERS_STATEMENTS_MS = 60 * 1000 /* between two rounds through the statements that wait */
};

struct folders_settings {
    const char *folder;
    struct world *world;
    struct folder_form form;
    struct centre centre;
    unsigned stay_minutes, give_up_s; /* 0: the ones above */
};

struct folders;

/* Makes the folders that are missing, takes the lock, delivers what was kept. ERR_LOCKED: another window has them. */
MUST_USE enum err folders_open(struct folders **out, const struct folders_settings *s, struct diag *d);
void folders_close(struct folders *f);

/* One look: answers what is there (single questions first), clears results nobody fetched. Faults are logged, nothing is lost by
 * them. Returns how many requests were answered. */
size_t folders_turn(struct folders *f);
/* Readable when something new is in req/ (inotify); -1 when there is no inotify here. After it became readable: folders_noticed(). */
int folders_fd(const struct folders *f);
void folders_noticed(struct folders *f);

/* The kind and response name ("OQSsiquc01res_x", without its ending) of a request's file name; false when it is not one of ours. */
bool folders_request_name(const char *file, enum message_kind *kind, char response[FOLDERS_NAME_MAX + 1]);

#endif
