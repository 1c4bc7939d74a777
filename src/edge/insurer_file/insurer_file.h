/* insurer_file: an insurer's file from bytes to values, as NDJSON or CSV (docs/format/insurer-file.md). Checks every field and
 * what fields of one line promise each other; what a line means beside other lines is service/import's. */
#ifndef EDGE_INSURER_FILE_INSURER_FILE_H
#define EDGE_INSURER_FILE_INSURER_FILE_H

#include "service/insurer_line.h"

enum { INSURER_LINE_BYTES_MAX = 64 * 1024 }; /* every text and list at its limit fits */

/* One JSON object. */
struct insurer_file_format insurer_file_ndjson(void);

/* CSV with the header line given (UTF-8, or CP932); ERR_UNKNOWN with the column's name. */
struct csv_header;
MUST_USE enum err csv_header_new(struct csv_header **out, struct str header_line, bool cp932, struct diag *d);
void csv_header_free(struct csv_header *h);
struct insurer_file_format insurer_file_csv(struct csv_header *h);

#endif
