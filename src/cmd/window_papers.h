/* window_papers: papers at the window: the thread that keeps the centre's list of keys and void papers (window_papers.c, in the folders'
 * process), and the reception page's reading of papers with it (window_scan.c, in the pages' process). Both meet in FOLDERS/.mado/papers. */
#ifndef CMD_WINDOW_PAPERS_H
#define CMD_WINDOW_PAPERS_H

#include "edge/paper/looker.h"
#include "edge/reception/paper.h"
#include "net/client.h"
#include "state/trust/issuers.h"

#include <limits.h>
#include <sys/stat.h>

#define WINDOW_PAPERS       ".mado/papers" /* below --folders; a folder of issuers.h */
#define WINDOW_PAPERS_STAMP "stamp"        /* replaced whenever a key changed */
enum {
    WINDOW_PAPERS_EVERY_S = 30 * 60, /* a list is current for 24 hours: four dozen chances to get the next one */
    WINDOW_PAPERS_AGAIN_S = 60,
    WINDOW_PICTURE_PAGES = 4
};

struct window_papers;
/* Fetches at once, then every WINDOW_PAPERS_EVERY_S, after a failure WINDOW_PAPERS_AGAIN_S later. */
MUST_USE enum err window_papers_start(struct window_papers **out, const struct client_settings *centre,
                                      const char *folders, struct diag *d);
void window_papers_stop(struct window_papers *p);

/* What the page reads papers with; not moved. */
struct window_scan {
    char folder[PATH_MAX], program[PATH_MAX];
    struct issuers *issuers;
    struct timespec stamp;
    struct looker looker;
    bool looking;
};
/* `papers`: the folder; `program`: mado's own file. */
MUST_USE enum err window_scan_open(struct window_scan *s, const char *papers, const char *program,
                                   struct reception_paper *out, struct diag *d);
void window_scan_close(struct window_scan *s);

#endif
