/* window_devices: what stands beside the patients' page of `mado window --pages`: a card reader with the centre behind it, a face reader, and the
 * receipt computer that is told of what a card came to. The settings are those of "settings.json" (window_pages.h). */
#ifndef CMD_WINDOW_DEVICES_H
#define CMD_WINDOW_DEVICES_H

#include "edge/card/card_centre.h"
#include "edge/card/card_side.h"
#include "edge/face/face_reader.h"
#include "edge/receipt/folder_answer.h"
#include "net/client.h"
#include "service/reception/kiosk.h"

#include <limits.h>

#define WINDOW_ANY_READER "any" /* --reader: whichever has a card */

struct window_devices {
    char reader[256];                        /* --reader; "": none */
    char face[FACE_SOCKET_MAX + 1];          /* --face; "": none */
    char face_keys[PATH_MAX];                /* the folder of its keys */
    char encoding[8], substitutes[PATH_MAX]; /* as for the folders' window */
    char folder[PATH_MAX];                   /* face/ of the folders */
    /* Made of them. */
    struct card_on_reader on_reader;
    struct card_post post;
    struct client *client; /* the asking's own: its thread waits */
    struct face_reader face_reader;
    struct folder_form form;
    struct substitutes substitutes_open;
};

/* "sjis" unless given. */
MUST_USE enum err window_encoding(const char *given, enum folder_encoding *out, struct diag *d);

MUST_USE enum err window_devices_open(struct window_devices *w, const struct client_settings *centre,
                                      struct institution_code institution, struct kiosk_devices *out, struct diag *d);
void window_devices_close(struct window_devices *w);

#endif
