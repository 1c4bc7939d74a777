/* mado check --card: the terminal's side of a question by card (service/card_asking.h), with the store itself or a centre behind it. */
#ifndef CMD_CHECK_CARD_H
#define CMD_CHECK_CARD_H

#include "cmd/cmd.h"

/* The exit status: 0 with an answer, EXIT_NO_ANSWER when the card brought none. */
enum { EXIT_NO_ANSWER = 4 };
int check_by_card(const struct cmd_args *args);

#endif
