/* kiosk: what one patient does at the patients' page with a device: puts a card on the reader and types the PIN, or looks into a face reader.
 * One sitting at a time; it has an id, which becomes the visit's, so that nobody sees or goes on with another's. What always holds:
 * - A yes of a face reader, a no, and every visit is in the window's own log before it is shown.
 * - A face reader's yes opens what a PIN, the staff's eyes or a statement open, and nothing else: a visit in the reception's list.
 * - Ten failures and the face reader steps aside (stand_aside.h); no other way ever does.
 * The devices work on threads of their own; all functions here belong to the loop's thread. */
#ifndef SERVICE_RECEPTION_KIOSK_H
#define SERVICE_RECEPTION_KIOSK_H

#include "core/face_answer.h"
#include "service/card_asking.h"
#include "service/reception/reception.h"
#include "service/reception/stand_aside.h"

enum {
    KIOSK_WAITING_MAX =
        50, /* visits from the page that the staff have not seen to: a child's thumb must not fill the day */
};

/* What stands beside the page; a function that is NULL: there is none. */
struct kiosk_devices {
    struct card_side card; /* take NULL: no card reader */
    struct card_centre centre;
    /* On a thread of its own; waits. `certificate` of the card on the reader, "" without one. */
    enum err (*face)(void *context, const char *visit, struct str certificate, enum face_answer *out, struct diag *d);
    void *face_context;
    /* A card was answered, and is a visit: for whoever else is to know. May be NULL. */
    void (*answered)(void *context, const char *id, struct str reply);
    void *answered_context;
};

enum kiosk_kind { KIOSK_NOTHING, KIOSK_CARD, KIOSK_FACE };

/* What came of a sitting with a face reader. */
enum kiosk_face { KIOSK_FACE_LOOKING, KIOSK_FACE_YES, KIOSK_FACE_NO, KIOSK_FACE_GIVEN_UP, KIOSK_FACE_OFF };

struct kiosk_sitting {
    char id[VISIT_ID + 1];
    enum kiosk_kind kind;
    struct card_standing card; /* KIOSK_CARD */
    enum kiosk_face face;      /* KIOSK_FACE */
    unsigned number;           /* of the visit it became; 0: none (yet) */
    enum err err;              /* it could not be kept, or not be begun */
    unsigned change;           /* grows with every change */
};

struct kiosk {
    struct reception *reception;
    struct kiosk_devices devices;
    struct stand_aside aside;
    struct kiosk_sitting sitting;
    enum kiosk_kind next; /* begun while another had to end: starts when it has */
    struct card_asking *asking;
    struct kiosk_looking *looking; /* at a face */
};

/* `aside`: path of the face reader's count. The reception and what the devices need stay the caller's, and live longer. */
MUST_USE enum err kiosk_open(struct kiosk *k, struct reception *r, const struct kiosk_devices *devices,
                             const char *aside, struct diag *d);
/* Waits for the devices. */
void kiosk_close(struct kiosk *k);

bool kiosk_has_card(const struct kiosk *k);
/* There is one, and it does not stand aside. */
bool kiosk_has_face(const struct kiosk *k);

/* A new sitting; the one before is given up. ERR_NOT_FOUND: there is no such device now. */
MUST_USE enum err kiosk_begin(struct kiosk *k, enum kiosk_kind kind, struct diag *d);
/* ERR_NOT_FOUND: another sitting, or none; ERR_CONFLICT: no PIN is asked for now. */
MUST_USE enum err kiosk_pin(struct kiosk *k, struct str id, struct str pin, struct diag *d);
/* Gives the sitting up, when it is that one. */
void kiosk_stop(struct kiosk *k, struct str id);
/* What the devices brought. True when the sitting changed. */
bool kiosk_turn(struct kiosk *k);

/* A visit without a device: handed to the staff. It is the reception's when this returns ERR_OK. ERR_BUSY: too many wait. */
MUST_USE enum err kiosk_receive(struct kiosk *k, struct visit *v, struct diag *d);

#endif
