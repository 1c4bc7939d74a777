/* signed_denial: a statement, signed by the centre, that a person pays all on a certain day: the coverage is known not to reach it, or the
 * insurer has registered that everything is paid first and refunded (特別療養費). It is declared here and defined in one file alone, with the
 * check of its signature (state/trust/attestation.c): nothing else can make one, so whoever holds a pointer to one has had the
 * signature checked. Whoever needs a share of 100 % must bring it (rules/share). */
#ifndef CORE_SIGNED_DENIAL_H
#define CORE_SIGNED_DENIAL_H

struct signed_denial;

#endif
