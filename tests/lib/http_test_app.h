/* An app that answers in every way the face of HTTP allows, for tests of the adapters. It is the app of the test module.
 *   /now          what arrived, as JSON (path, query, entrance, serial, verified, the body's length)
 *   /echo         the body back
 *   /later        the same as /now, after a thread has had it (a batch a turn)
 *   /slow?N       the same, N milliseconds later
 *   /big?N        N bytes
 *   /later-big?N  N bytes, from the thread
 *   /headers      an ETag, and a header whose value tries to break the line
 * A peer on the list of revoked certificates (CONFIG/run/keys/revoked) is refused everywhere.
 *   /turns        how many batches were handed over, and the biggest */
#ifndef LIB_HTTP_TEST_APP_H
#define LIB_HTTP_TEST_APP_H

#include "net/http.h"

#endif
