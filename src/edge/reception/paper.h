/* paper: a scanned paper at the reception: typed by a scanner (POST /reception/scan), or in a picture (POST /reception/picture, which gives
 * the code's text back). What a code is and whether it is good is the paper's business (edge/paper), which this room does not see: it
 * comes through reception_paper. docs/format/reception-page.md. */
#ifndef EDGE_RECEPTION_PAPER_H
#define EDGE_RECEPTION_PAPER_H

#include "base/arena.h"
#include "net/http.h"
#include "service/reception/visit.h"

enum {
    PAPER_PICTURE_WAIT_US = 30 * 1000 * 1000, /* a picture takes 0.1 s */
};

/* What a code says. Text lives in the arena. */
struct paper_said {
    bool good;                  /* an insurer known here signed it: what follows holds */
    const char *word, *ja, *en; /* valid, expired …: for a person, also when it is not good */
    struct insurer_number insurer;
    struct insured_id insured;
    struct day birth;
    struct str name;
    int64_t issued_us;
    struct str message; /* valid today: the field's message as if the centre had said it; else empty */
    struct str json;    /* the paper as the page gets it */
};

/* NULL functions: papers are not read here. On the loop's thread. */
struct reception_paper {
    /* ERR_MEMORY and ERR_IO alone. */
    enum err (*check)(void *context, struct arena *a, struct str code, struct paper_said *out, struct diag *d);
    /* Has a picture looked at. ERR_BUSY: another one is. */
    enum err (*look)(void *context, struct str picture, struct diag *d);
    /* False: it is still being looked at. Afterwards the texts found, a line each, in the arena, or the error. */
    bool (*looked)(void *context, struct arena *a, struct str *lines, enum err *result, struct diag *d);
    void (*give_up)(void *context);
    void *context;
};

/* The picture that is being looked at, and who waits. */
struct paper_picture {
    struct http_exchange *x; /* NULL: none */
    int64_t until_us;        /* steady */
};

struct pages;
enum http_step paper_scan(struct pages *p, struct http_exchange *x);
enum http_step paper_picture(struct pages *p, struct http_exchange *x);
/* Answers whoever waits for a picture, when it is due. */
void paper_turn(struct pages *p);
/* Of the body of /reception/picture. */
bool paper_is_picture(struct str content_type);

#endif
