/* registry_file: the resident registry's file, residents.ndjson, from bytes to values (docs/format/insurer-file.md). Fields that linking does
 * not use are left alone; those it uses are checked. */
#ifndef EDGE_REGISTRY_FILE_REGISTRY_FILE_H
#define EDGE_REGISTRY_FILE_REGISTRY_FILE_H

#include "service/link/resident.h"

enum { RESIDENT_ID_MAX = 32, RESIDENT_TEXT_MAX = 800 }; /* bytes; 200 characters of an address */

struct resident_format registry_file_ndjson(void);

#endif
