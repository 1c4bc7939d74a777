/* apps: what nginx's workers can run, by the name that its settings say (net/door_config.h): the centre's door, the pages of an
 * institution's window, and the page of those who decide about links. */
#ifndef CMD_APPS_H
#define CMD_APPS_H

#include "net/http.h"

extern const struct http_app app_centre; /* door.c */
extern const struct http_app app_window; /* window_pages.c */
extern const struct http_app app_review; /* review_pages.c */

#endif
