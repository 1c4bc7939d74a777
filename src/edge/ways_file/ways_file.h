/* ways_file: a list of members' ways of proving, as NDJSON: one object a line (docs/format/ways-file.md). Every field is checked, and what
 * fields promise each other: a registered way says since when and until when, another one since when it is what it is. */
#ifndef EDGE_WAYS_FILE_WAYS_FILE_H
#define EDGE_WAYS_FILE_WAYS_FILE_H

#include "service/ways_line.h"

ways_line_read ways_file_read;

#endif
