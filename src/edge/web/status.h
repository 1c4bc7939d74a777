/* status: the figures for programs: GET /metrics in Prometheus' text form (version 0.0.4), GET /status.json for the status page.
 * No person is in either: only counts. */
#ifndef EDGE_WEB_STATUS_H
#define EDGE_WEB_STATUS_H

#include "service/door.h"

enum http_step web_metrics(struct door *d, struct http_exchange *x);
enum http_step web_status(struct door *d, struct http_exchange *x);

#endif
