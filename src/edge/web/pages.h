/* pages: the files of web/ that a browser receives, built into the program. No page loads anything from elsewhere: the header
 * Content-Security-Policy says so. */
#ifndef EDGE_WEB_PAGES_H
#define EDGE_WEB_PAGES_H

#include "service/door.h"

/* GET of one of them, by its path. */
enum http_step web_page(struct door *d, struct http_exchange *x);

#endif
