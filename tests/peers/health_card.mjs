// usage: node health_card.mjs SHC.txt JWKS.json OTHER-JWKS.json: a health card as text is accepted by jose with the insurer's published
// key and by no other, and is refused with any part of it changed.
import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { compactVerify, createLocalJWKSet, calculateJwkThumbprint } from 'jose';

const [text, jwks, other] = [2, 3, 4].map((i) => readFileSync(process.argv[i], 'utf8').trim());
let passed = 0, failed = 0;
const claim = (name, ok) => { if (ok) passed++; else { failed++; console.log(`FAILED: ${name}`); } };
const jws = text.replace(/^shc:\//, '').match(/\d\d/g).map((d) => String.fromCharCode(Number(d) + 45)).join('');
const check = async (token, keys) => {
    const { payload, protectedHeader } = await compactVerify(token, createLocalJWKSet(JSON.parse(keys)), { algorithms: ['ES256'] });
    if (protectedHeader.zip !== 'DEF') throw new Error('zip');
    return JSON.parse(inflateRawSync(payload));
};
const refused = async (token, keys) => check(token, keys).then(() => false, () => true);

const card = await check(jws, jwks);
const [patient, coverage] = card.vc.credentialSubject.fhirBundle.entry.map((e) => e.resource);
claim('the code begins with shc:/ and digits alone follow', /^shc:\/\d+$/.test(text));
claim('the type is a health card', card.vc.type.includes('https://smarthealth.cards#health-card'));
claim('the name is as the registry writes it', patient.name[0].text === '髙﨑　花子');
claim('the number', coverage.identifier.some((i) => i.value === '4260'));
claim('nbf stands before exp', card.nbf < card.exp);
claim('the key is named by its thumbprint', await calculateJwkThumbprint(JSON.parse(jwks).keys[0]) === JSON.parse(jwks).keys[0].kid);
claim("another insurer's key does not do", await refused(jws, other));
for (let i = 0; i < jws.length; i += 7) {
    const c = jws[i] === 'A' ? 'B' : 'A';
    // The last character of 64 bytes holds two bits that count for nothing.
    if (jws[i] !== '.' && i !== jws.length - 1) claim(`changed at ${i}`, await refused(jws.slice(0, i) + c + jws.slice(i + 1), jwks));
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
