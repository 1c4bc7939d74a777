/* kiosk: the patients' page's side of the window. docs/format/kiosk-page.md.
 *
 *   GET  /kiosk/ways                     which devices stand beside the page now
 *   POST /kiosk/begin {"with":"card"}    a sitting with the card reader, or with "face"
 *   GET  /kiosk/sitting?id=I&change=N    how far it is; waits up to PAGES_WAIT_MS for a change
 *   POST /kiosk/pin {"id":…,"pin":…}     wiped from the request when this returns; in no reply, log or file
 *   POST /kiosk/stop {"id":…}            given up
 *   POST /kiosk/receive {"way":…}        a visit without a device, for the staff; its number
 *
 * Nothing of a person comes back by this page: others may see the screen. */
#ifndef EDGE_RECEPTION_KIOSK_H
#define EDGE_RECEPTION_KIOSK_H

#include "net/http.h"
#include "service/reception/kiosk.h"

enum { KIOSK_PAGES_WAITING_MAX = 4, KIOSK_WAIT_MS = 10 * 1000, KIOSK_BODY_MAX = 8 << 10 };

struct kiosk_page {
    struct kiosk kiosk;
    struct {
        struct http_exchange *x; /* NULL: free */
        unsigned change;
        int64_t until_us; /* steady */
    } waiting[KIOSK_PAGES_WAITING_MAX];
};

enum http_step kiosk_ways(struct kiosk_page *p, struct http_exchange *x);
enum http_step kiosk_begin_sitting(struct kiosk_page *p, struct http_exchange *x);
enum http_step kiosk_give_sitting(struct kiosk_page *p, struct http_exchange *x);
enum http_step kiosk_take_pin(struct kiosk_page *p, struct http_exchange *x);
enum http_step kiosk_stop_sitting(struct kiosk_page *p, struct http_exchange *x);
enum http_step kiosk_take_visit(struct kiosk_page *p, struct http_exchange *x);
/* Brings what is due, answers who waits. */
void kiosk_page_turn(struct kiosk_page *p);

/* {"way":"nothing","name":…,"birth":…,"sex":"1","address":…,"stated":…}: all but way may be missing or empty. Fills an empty visit: with name and
 * birth date it is the patient's own statement. ERR_UNKNOWN, ERR_MISSING, ERR_VALUE, ERR_DATE, ERR_LIMIT; d->where the member. */
MUST_USE enum err kiosk_visit_read(struct arena *a, struct str body, struct visit *v, struct diag *d);

#endif
