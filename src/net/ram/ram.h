/* ram: drives an http_app without a socket, for tests and fuzzing. What the real door does around a handler is done here too:
 * one turn after the handlers, woken after http_wake(), done from the loop's thread only.
 *
 * The thread that calls these functions is the loop's thread. */
#ifndef NET_RAM_RAM_H
#define NET_RAM_RAM_H

#include "net/http.h"

enum { RAM_WAIT_MS = 10 * 1000 }; /* an answer that takes longer is a fault of the app */

struct ram;

/* Starts the app as worker 0. */
MUST_USE enum err ram_open(struct ram **out, const struct http_app *app, struct str config, struct diag *d);
/* Stops the app. Exchanges still given out are freed; answers still owed are dropped, as at a hurried end. */
void ram_close(struct ram *r);

/* A question on its way. The request is copied; fill it with S("POST"), a path, a body, a peer. */
struct ram_call;
/* Hands the request to the app, without a turn: several calls before ram_turn() are one batch. */
struct ram_call *ram_send(struct ram *r, const struct http_request *request);
/* The end of a turn of the loop. */
void ram_turn(struct ram *r);
/* Whether the answer is complete. */
bool ram_answered(const struct ram_call *c);
/* Turns the loop until it is; NULL after RAM_WAIT_MS. The reply lives until ram_forget(). */
const struct http_reply *ram_wait(struct ram *r, struct ram_call *c);
/* The client goes away, answered or not: the app's exchange lives on until it is done. */
void ram_forget(struct ram *r, struct ram_call *c);
size_t ram_owed(const struct ram *r);

/* ram_send and ram_wait in one. */
const struct http_reply *ram_ask(struct ram *r, const struct http_request *request, struct ram_call **call);

#endif
