/* window_pages: what `mado window --pages` runs, in two processes that meet in a private folder: the parent writes the settings there
 * (window_serve.c), the app inside nginx's worker reads them (window_pages.c). */
#ifndef CMD_WINDOW_PAGES_H
#define CMD_WINDOW_PAGES_H

#include "base/err.h"

#include <limits.h>

/* "settings.json" in the folder: {"centre":…,"ca":…,"certificate":…,"key":…,"institution":…,"address":…,"program":…,"kiosk":…,"forget":…,"reader":…,
 * "face":…,"face_keys":…,"encoding":…,"substitutes":…}, all text.
 * Paths of keys are those of the institution alone; what is optional is "" when it was not asked for. */
enum { WINDOW_SETTINGS_MAX = 32 << 10, WINDOW_KEY_FILE_MAX = 64 << 10 };
#define WINDOW_MEMORY   ".mado"       /* below --folders: what the folders' window was told */
#define WINDOW_RUN      ".mado/pages" /* and all of the pages', what they were told included */
#define WINDOW_SETTINGS "settings.json"
#define WINDOW_VISITS   "today"
#define WINDOW_FACE     "../../face"  /* of --folders: results that nobody asked for */
#define WINDOW_ASIDE    "face-reader" /* its failures */
#define WINDOW_LOG      "ledger"      /* where `mado ledger --store` looks */

enum { WINDOW_CONNECT_MS = 2000, WINDOW_ANSWER_MS = 8 * 1000 }; /* the field's own clients wait ten seconds */

/* DIR/institutions/CODE/FILE, or DIR/FILE. ERR_NOT_FOUND. In window.c. */
MUST_USE enum err window_key_file(char out[PATH_MAX], const char *keys, const char *code, const char *file,
                                  struct diag *d);

struct cmd_args;
/* Supervises both: the folders' window and nginx with the pages. The exit status. In window_serve.c. */
int window_serve(const struct cmd_args *args);

#endif
