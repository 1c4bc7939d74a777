/* desk: the messages whose answer needs writing or takes long, at both ends of the line: a worker of the door relays them as they
 * came, the desk's process reads them, registers, takes jobs in, answers their questions in slices, and hands results out. */
#ifndef EDGE_RECEIPT_DESK_H
#define EDGE_RECEIPT_DESK_H

#include "edge/receipt/request.h"
#include "service/desk_line.h"
#include "service/door.h"
#include "service/jobs.h"

/* ---- in a worker: the handlers of the seven paths ---- */

enum http_step receipt_bulk(struct door *d, struct http_exchange *x);
enum http_step receipt_bulk_result(struct door *d, struct http_exchange *x);
enum http_step receipt_register(struct door *d, struct http_exchange *x);
enum http_step receipt_statement(struct door *d, struct http_exchange *x);
enum http_step receipt_disaster(struct door *d, struct http_exchange *x);
enum http_step receipt_register_bulk(struct door *d, struct http_exchange *x);
enum http_step receipt_register_bulk_result(struct door *d, struct http_exchange *x);

/* ---- in the desk's process ---- */

struct receipt_desk;
/* `store` is the folder of --store. */
MUST_USE enum err receipt_desk_new(struct receipt_desk **out, struct verify_desk *v, struct str store, struct diag *d);
void receipt_desk_free(struct receipt_desk *r);
/* What desk_line_serve() calls. */
struct desk_handler receipt_desk_handler(struct receipt_desk *r);

/* ---- desk_person.c: the messages about a person without a number ---- */

struct person_desk {
    struct verify_desk *v;
    struct store *people; /* the index; NULL: not opened yet, or none */
    struct arena *arena;  /* of one message */
    struct asker asker;
    int64_t now_us;
    struct request request; /* for a refusal, as far as it was read */
    struct buf *reply;
};
/* A provisional statement: taken in once, looked for as often as it is sent: as long as nobody is found it waits, and so does the window. */
MUST_USE enum err person_take_statement(struct person_desk *p, struct tree *t, struct str body, struct diag *d);
/* A question of disaster mode: only where and while it is open, in the log with its way, and a notice to the person before the answer leaves. */
MUST_USE enum err person_ask_disaster(struct person_desk *p, struct tree *t, struct diag *d);

enum { RECEIPT_SLICE = 512 }; /* questions between two looks at the line: about 3 ms */

#endif
