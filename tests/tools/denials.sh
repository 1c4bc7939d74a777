# tools/denials: who may make a denial.
mkdir -p d/state/trust d/rules/share d/edge
echo 'struct signed_denial { int on; };' >d/state/trust/attestation.c
echo 'struct share s = (struct share){percent, why};' >d/rules/share/share.c
claim 0 'one maker' 'denials: a tree in order' "$top/tools/denials" d
echo 'struct signed_denial { int on; };' >d/edge/x.c
claim 1 'd/edge/x.c:1' 'denials: a second maker is found' "$top/tools/denials" d
echo 'return (const struct signed_denial *)p;' >d/edge/x.c
claim 1 'd/edge/x.c:1' 'denials: a cast is found' "$top/tools/denials" d
echo 'struct share s = (struct share){100, SHARE_TOLD};' >d/edge/x.c
claim 1 'd/edge/x.c:1' 'denials: a share made elsewhere is found' "$top/tools/denials" d
echo 's.made_by_share_decide = 100;' >d/edge/x.c
claim 1 'd/edge/x.c:1' 'denials: a share changed elsewhere is found' "$top/tools/denials" d
rm d/edge/x.c d/state/trust/attestation.c && touch d/state/trust/attestation.c
claim 1 'where is' 'denials: no maker at all is said' "$top/tools/denials" d
