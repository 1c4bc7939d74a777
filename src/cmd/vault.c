#include "state/vault/vault.h"
#include "cmd/cmd.h"

#include <limits.h>
#include <stdio.h>

/* Started by those who need it, with the socket at descriptor 3; not for people. */
int cmd_vault(const struct cmd_args *args) {
    char folder[PATH_MAX];
    struct diag d = {0};
    struct vault_room *room = NULL;
    if (snprintf(folder, sizeof folder, "%s/vault", cmd_value(args, "store")) >= (int)sizeof folder)
        return cmd_fail(&(struct diag){.err = ERR_LIMIT, .where = "path"});
    enum err e =
        cmd_flag(args, "cards") ? vault_room_open_cards(&room, folder, &d) : vault_room_open(&room, folder, &d);
    if (e != ERR_OK) vault_room_refuse(3, e);
    else e = vault_room_serve(room, 3, &d);
    if (room) vault_room_close(room);
    return e == ERR_OK ? 0 : cmd_fail(&d);
}
