/* card_watch: keeps what is known of revocations fresh, ahead of the questions: CRLs are fetched by the operator's table (card_sources.h), and
 * the OCSP responder is asked about a certificate when the window shows it, while the PIN is still being typed. A question never waits for
 * either: it takes what is known by then, and "not checked" is an answer of its own. A responder that hangs is left alone for a while.
 *
 * What a responder said is kept in memory, by the certificate's pseudonym, as a state and for minutes; its words name the serial number and are
 * wiped. One thread (the desk's); fetching has its own (net/fetch.h). */
#ifndef SERVICE_CARD_WATCH_H
#define SERVICE_CARD_WATCH_H

#include "base/world.h"
#include "state/trust/card_trust.h"

enum {
    CARD_WATCH_KEPT = 4096,       /* certificates remembered: those of the last minutes of a busy centre */
    CARD_WATCH_GOOD_S = 300,      /* how long "good" is good: a visit, and the next counter */
    CARD_WATCH_BAD_S = 3600,      /* revoked: it does not become good again; asked anew all the same */
    CARD_WATCH_DOUBT_S = 30,      /* unknown, stale */
    CARD_WATCH_FAILURES = 3,      /* in a row; then the responder is left alone … */
    CARD_WATCH_PAUSE_S = 30,      /* … so long */
    CARD_WATCH_AT_ONCE = 64,      /* questions to responders under way */
    CARD_WATCH_CRL_S = 3600,      /* between two fetches of one CRL */
    CARD_WATCH_CRL_AGAIN_S = 60,  /* after one that failed */
    CARD_WATCH_CRLS_AT_ONCE = 16, /* of 1,900: all in some minutes */
    CARD_WATCH_CRL_MS = 60000,
};

struct card_watch;
/* `sources` is the table's path: read when it is there, and again when it changes. `t` is borrowed. */
MUST_USE enum err card_watch_open(struct card_watch **out, struct world *w, struct card_trust *t, const char *sources,
                                  struct diag *d);
void card_watch_close(struct card_watch *w);
/* About once a second. */
void card_watch_tick(struct card_watch *w);
/* Asks the responder about a certificate, if the table says so and nothing fresh is known. Never waits. */
void card_watch_ask(struct card_watch *w, const uint8_t pseudonym[16], struct str certificate);
/* What a responder has said of it by now; NOT_CHECKED when nothing. */
enum revocation_state card_watch_state(struct card_watch *w, const uint8_t pseudonym[16]);

/* For the operator: what the last look at the table found wrong, and how fetching goes. */
struct card_watch_figures {
    unsigned asked, answered, failed, crls_taken, crls_failed;
    bool table_broken, paused;
};
struct card_watch_figures card_watch_figures(const struct card_watch *w);

#endif
