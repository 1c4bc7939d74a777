/* queue_file: the numbered files of a queue (FOLDER/000001.ndjson, beside it 000001.pdf), for people to print or send. */
#ifndef SERVICE_QUEUE_FILE_H
#define SERVICE_QUEUE_FILE_H

#include "base/world.h"
#include "service/outbox.h"

enum { QUEUE_FILES_MAX = 999999 };

/* The highest number in the folder, which must be there; 0 when it is empty. */
MUST_USE enum err queue_highest(struct world *w, const char *folder, uint32_t *file, struct diag *d);
/* The path of a queue's file as a run in another working folder will find it. ERR_LIMIT. */
MUST_USE enum err queue_path(const char *folder, uint32_t file, char out[OUTBOX_PATH_MAX], struct diag *d);

#endif
