/* handle: the field's own messages over HTTPS, as JSON: POST at the paths of kind.def. */
#ifndef EDGE_RECEIPT_HANDLE_H
#define EDGE_RECEIPT_HANDLE_H

#include "edge/receipt/request.h"
#include "service/door.h"

/* A question about one person. */
enum http_step receipt_single(struct door *d, struct http_exchange *x);
/* …/auth, which clients of the field call first: mutual TLS alone authorises, so the tokens say nothing and open nothing. */
enum http_step receipt_auth(struct door *d, struct http_exchange *x);

/* ---- shared by the handlers of this room ---- */

struct receipt_call {
    struct request request;
    int64_t now_us;
};
/* Who asks, the message, and that both name the same institution. False: the refusal is under way, *step is the handler's. */
MUST_USE bool receipt_begin(struct door *d, struct http_exchange *x, enum message_kind kind, enum audit_door entrance,
                            void (*write)(struct door_call *), struct door_call **out, enum http_step *step);
/* The message's own error form, with the error's HTTP status. */
void receipt_write_refusal(struct door_call *c);
/* Status and content type of a reply that is a message. */
void receipt_reply(struct http_exchange *x, int status);

#endif
