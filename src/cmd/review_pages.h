/* review_pages: what `mado review` runs, in two processes that meet in a private folder: the parent writes the settings there (review.c), the app inside
 * nginx's worker reads them (review_pages.c). */
#ifndef CMD_REVIEW_PAGES_H
#define CMD_REVIEW_PAGES_H

/* "settings.json" in the folder: {"alarms":…,"decisions":…,"store":…,"keys":…,"address":…}, whole paths. */
enum { REVIEW_SETTINGS_MAX = 32 << 10 };
#define REVIEW_SETTINGS "settings.json"

#endif
