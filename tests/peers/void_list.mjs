// usage: node void_list.mjs STATUS.jws JWKS.json OTHER-JWKS.json CRL.json RID: an insurer's list of void papers is accepted by jose with that
// insurer's published key and by no other, holds the paper, and says the same as the standard's own unsigned form.
import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { compactVerify, createLocalJWKSet } from 'jose';

const [status, jwks, other, crl] = [2, 3, 4, 5].map((i) => readFileSync(process.argv[i], 'utf8').trim());
let passed = 0, failed = 0;
const claim = (name, ok) => { if (ok) passed++; else { failed++; console.log(`FAILED: ${name}`); } };
const check = async (token, keys) => JSON.parse(inflateRawSync((await compactVerify(token, createLocalJWKSet(JSON.parse(keys)), { algorithms: ['ES256'] })).payload));
const refused = (token, keys) => check(token, keys).then(() => false, () => true);

const list = await check(status, jwks), standard = JSON.parse(crl);
claim('the list is for the published key', list.kid === JSON.parse(jwks).keys[0].kid);
claim('it holds the void paper', list.method === 'rid' && list.rids.includes(process.argv[6]));
claim('it ends after it begins, within a week', list.exp > list.iat && list.exp - list.iat <= 7 * 86400);
claim("the standard's form says the same", ['kid', 'method', 'ctr'].every((k) => standard[k] === list[k]) && standard.rids.join() === list.rids.join());
claim('the key set says that there is one', JSON.parse(jwks).keys[0].crlVersion === list.ctr);
claim("another insurer's key does not do", await refused(status, other));
for (let i = 0; i < status.length - 1; i += 5)
    if (status[i] !== '.') claim(`changed at ${i}`, await refused(status.slice(0, i) + (status[i] === 'A' ? 'B' : 'A') + status.slice(i + 1), jwks));
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
