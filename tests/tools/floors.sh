# tools/floors over the real floors file and one made-up include at a time.

# include FROM LINE: a tree with one file FROM (below src/) that holds LINE.
include() {
    rm -rf src
    mkdir -p "src/$(dirname "$1")"
    printf '/* a comment */\n%s\n' "$2" >"src/$1"
}
while IFS='|' read -r code word from line claim; do
    include "$from" "$line"
    claim "$code" "$word" "floors: $claim" "$top/tools/floors" "$top/src/FLOORS" src
done <<'ROWS'
0|1 files|base/a.c|#include "base/str.h"|a file sees its own room
0|1 files|cmd/a.c|#include "edge/fhir/fhir.h"|a lower floor is seen
0|1 files|edge/fhir/a.c|#include "state/store/store.h"|two floors down is seen
0|1 files|edge/fhir/a.c|#include <stdio.h>|the system's headers are nobody's room
1|src/base/a.c:2|base/a.c|#include "core/date.h"|a higher floor is refused, with the line
1|reaches up|service/a.c|#include "edge/receipt/receipt.h"|a service does not see the edge
1|neighbours|core/a.c|#include "net/http.h"|core does not know HTTP
1|neighbours|net/nginx/a.c|#include "core/date.h"|the HTTP server does not learn what an insurer is
1|neighbours|rules/eligibility/a.c|#include "state/store/store.h"|what decides cannot fetch
1|neighbours|state/ledger/a.c|#include "state/store/store.h"|the ledger does not stand on the store
1|neighbours|edge/fhir/a.c|#include "edge/receipt/receipt.h"|two edges do not see each other
1|neighbours|edge/fhir/a.c|  #  include "edge/receipt/receipt.h"|spaces hide nothing
1|never|rules/eligibility/a.c|#include "base/world.h"|a rule has no clock
1|never|rules/eligibility/a.c|#include <time.h>|not the system's clock either
1|never|state/store/a.c|#include "base/log.h"|only the edge logs
1|no room|cmd/a.c|#include "date.h"|a header is named from src/
1|no room|cmd/a.c|#include "attic/date.h"|an unknown room is refused
1|in no room|attic/a.c|#include <stdio.h>|a file stands in a room
1|neighbours|edge/fhir/table.def|#include "edge/receipt/receipt.h"|tables are files too
ROWS

printf '0 base\nbasement below\n' >FLOORS
claim 2 'FLOORS:2' 'floors: a floors file with a wrong line is refused' "$top/tools/floors" FLOORS src
: >FLOORS
claim 2 'no floors' 'floors: an empty floors file is refused' "$top/tools/floors" FLOORS src
