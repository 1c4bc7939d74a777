// usage: node foreign_card.mjs DIR OUT: an insurer whose keys, paper and list of void papers were made by other software (jose): public keys
// and list in DIR/insurers/06139448, its paper as shc:/… in OUT.
import { mkdirSync, writeFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { CompactSign, calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';

const [dir, out] = process.argv.slice(2);
const { publicKey, privateKey } = await generateKeyPair('ES256');
const jwk = await exportJWK(publicKey);
const kid = await calculateJwkThumbprint(jwk);
const sign = (payload) => new CompactSign(deflateRawSync(Buffer.from(JSON.stringify(payload))))
    .setProtectedHeader({ kid, zip: 'DEF', alg: 'ES256', typ: 'JWT' }).sign(privateKey);
const system = 'http://jpfhir.jp/fhir/core/mhlw/IdSystem/';
const card = await sign({
    vc: {
        credentialSubject: {
            fhirBundle: {
                resourceType: 'Bundle', type: 'collection', entry: [
                    { resource: { resourceType: 'Coverage', status: 'active', beneficiary: { reference: 'resource:1' }, period: { start: '2024-04-01', end: '2027-03-31' },
                        type: { coding: [{ code: 'certificate' }] }, identifier: [{ system: `${system}InsuredPersonNumber`, value: '77' }],
                        payor: [{ display: '他所健康保険組合', identifier: { system: `${system}InsurerNumber`, value: '06139448' } }],
                        costToBeneficiary: [{ valueQuantity: { unit: '%', value: 20 } }] } },
                    { resource: { resourceType: 'Patient', birthDate: '1955-05-05', gender: 'male', name: [{ text: '他所　一郎' }] } },
                ],
            }, fhirVersion: '4.0.1',
        }, rid: 'made-elsewhere', type: ['https://smarthealth.cards#health-card'],
    }, exp: 1806500000, nbf: 1795532400, iss: 'https://elsewhere.invalid/insurers/06139448',
});
const list = await sign({ iss: 'https://elsewhere.invalid/insurers/06139448', iat: 1795532400, exp: 4102444800, kid, method: 'rid', ctr: 1, rids: [process.argv[4] ?? 'another'] });
mkdirSync(`${dir}/insurers/06139448`, { recursive: true });
writeFileSync(`${dir}/insurers/06139448/jwks.json`, JSON.stringify({ keys: [{ ...jwk, kid, use: 'sig', alg: 'ES256' }] }));
writeFileSync(`${dir}/insurers/06139448/status.jws`, list);
writeFileSync(out, `shc:/${[...card].map((c) => String(c.charCodeAt(0) - 45).padStart(2, '0')).join('')}`);
