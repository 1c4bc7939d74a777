/* mado demo, what its files share: the screen it draws on, the programs it starts (this one again, by its other commands), the
 * people it asks about and the three ways it asks. */
#ifndef CMD_DEMO_H
#define CMD_DEMO_H

#include "base/buf.h"
#include "base/err.h"
#include "core/digits.h"

#include <limits.h>
#include <signal.h>
#include <sys/types.h>

#define DEMO_INSTITUTION "0110113719"

/* ---- demo_screen.c: Japanese first, English second; plain when it is no terminal ---- */

struct screen {
    bool terminal; /* colours, and lines that are drawn again */
    unsigned width;
};
void screen_open(struct screen *s);
void screen_title(const struct screen *s, const char *folder);
void screen_heading(const struct screen *s, const char *ja, const char *en);
/* A line that says what is being done, drawn again until screen_done(). permille > 1000: it is not known how far it is. */
void screen_busy(const struct screen *s, const char *ja, unsigned permille);
void screen_done(const struct screen *s, const char *ja, const char *en, int64_t us);
/* Cells beside each other; widths in columns of the terminal, the last has what is left. The first `dim` of them are dim. */
void screen_row(const struct screen *s, const struct str *cells, const unsigned *widths, size_t count, size_t dim);
void screen_gap(void);
void screen_note(const struct screen *s, const char *ja, const char *en);
/* A line to paste, kept whole. */
void screen_paste(const struct screen *s, const char *line);
void screen_live(const struct screen *s, const char *text);
void screen_live_end(const struct screen *s);

/* 100,000. */
enum { GROUPED_MAX = 32 };
const char *grouped(uint64_t n, char room[GROUPED_MAX]);

/* ---- demo_child.c ---- */

struct demo_child {
    pid_t pid; /* 0: not running */
    char log[PATH_MAX];
    int terminal_fd; /* the child's standard error as a terminal, to read its progress from; -1 */
};
/* Runs `mado arguments…` (NULL at the end) in `folder`, output to folder/logs/NAME. It dies with us, also on kill -9. */
MUST_USE enum err demo_child_start(struct demo_child *c, const char *folder, const char *name,
                                   const char *const *arguments, bool with_terminal, struct diag *d);
/* Waits; meanwhile `look` (may be NULL) is called some ten times a second. ERR_UNAVAILABLE with what it wrote last when it failed;
 * ERR_BUSY when we were told to stop: the child is ended then. */
MUST_USE enum err demo_child_wait(struct demo_child *c, void (*look)(void *context), void *context, struct diag *d);
/* Asks it to end, insists after a while. */
void demo_child_end(struct demo_child *c);
/* Whether it has ended by itself. */
bool demo_child_ended(struct demo_child *c);
/* What it has written so far. */
void demo_child_said(const struct demo_child *c, struct buf *out);
/* Told to stop by Ctrl-C, SIGTERM or a lost terminal. */
bool demo_stopped(void);
void demo_listen_for_stop(void);
/* Sleeps; shorter when told to stop. */
void demo_pause_ms(unsigned ms);

/* ---- demo_people.c: whom to ask about ---- */

struct demo_person {
    char kind[40], insurer[16], symbol[64], number[64], branch[8], birth[16], on[16], name[128];
    unsigned validity, ratio; /* as the maker of the people expects; ratio 255: none */
};
enum { DEMO_CASES = 5, DEMO_STREAM = 400 };
struct demo_people {
    struct demo_person cases[DEMO_CASES];
    struct demo_person stream[DEMO_STREAM];
    size_t stream_count;
};
extern const struct demo_case {
    const char *ja, *en, *kind; /* kind: "" any */
    unsigned validity;
    bool not_in_sjis; /* with a name that Shift_JIS cannot hold */
} demo_cases[DEMO_CASES];
/* From the town's questions.ndjson. ERR_NOT_FOUND when a case has nobody. */
MUST_USE enum err demo_people_read(struct demo_people *p, const char *path, struct diag *d);

/* ---- demo_ask.c: one question, three ways ---- */

enum demo_way { DEMO_FOLDER, DEMO_JSON, DEMO_FHIR, DEMO_WAYS };
struct demo_answer {
    unsigned validity, ratio; /* 0: no answer; 255: none */
    char name[128], insurer_name[128], substituted[160];
    int64_t us;
};
struct demo_line; /* a connection over mutual TLS */
MUST_USE enum err demo_line_open(struct demo_line **out, const char *folder, const char *centre, struct diag *d);
void demo_line_close(struct demo_line *l);
void demo_put_question(struct buf *out, enum demo_way way, const struct demo_person *p);
MUST_USE enum err demo_ask(struct demo_line *l, enum demo_way way, const struct demo_person *p, struct demo_answer *out,
                           struct diag *d);
/* Through the window's folders: writes the request in Shift_JIS, waits for the answer. `nth` names the file. */
MUST_USE enum err demo_ask_folder(const char *folder, const struct demo_person *p, unsigned nth,
                                  struct demo_answer *out, struct diag *d);

/* ---- demo_folder.c ---- */

/* Where all of it stands. A process of its own removes it when we are gone, also after kill -9. */
struct demo_folder {
    char path[PATH_MAX]; /* from the root; "" before it is made */
    pid_t remover;
    int alive_fd; /* open while we live */
};
/* In TMPDIR or /tmp, with logs/ in it. ERR_DISK_FULL when there is too little room for so many people. */
MUST_USE enum err demo_folder_make(struct demo_folder *f, uint64_t people, struct diag *d);
/* Returns when it is gone. Nothing may run in it any more. */
void demo_folder_remove(struct demo_folder *f);

/* ---- demo_show.c: what is seen once all runs ---- */

struct demo {
    struct screen screen;
    struct demo_folder folder;
    char program[PATH_MAX];
    char centre[64], status[64]; /* "https://127.0.0.1:41234", "http://127.0.0.1:41235/" */
    struct demo_child serve, window;
    struct demo_people people;
    struct demo_line *line;
    bool stays;
};
MUST_USE enum err demo_show(struct demo *m, struct diag *d);
/* Asks now and then until told to stop, so that the status page has something to show. */
MUST_USE enum err demo_stay(struct demo *m, struct diag *d);

#endif
