// Asks a running server in FHIR over mutual TLS: node fhir_live.mjs URL KEYS/institutions/CODE QUESTIONS MESSAGES COUNT
// Compares with the answers expected (which follow from how the people were made), tries what is refused, and writes every reply to
// MESSAGES as NDJSON for fhir_check.mjs.
import { readFileSync, appendFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import https from 'node:https';

const [url, keys, questionsFile, out, count] = process.argv.slice(2);
const institution = basename(keys);
const agent = new https.Agent({ keepAlive: true, maxSockets: 8, ca: readFileSync(join(keys, 'ca.pem')),
  cert: readFileSync(join(keys, 'cert.pem')), key: readFileSync(join(keys, 'key.pem')) });
let passed = 0, failed = 0;
const result = (name, problem) => {
  if (!problem) return void passed++;
  failed++;
  console.log(`${name}: FAILED\n    ${problem}`);
};

function ask(method, path, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const request = https.request(url + path, { method, agent, headers: { ...(body ? { 'content-type': 'application/fhir+json' } : {}), ...headers } }, (r) => {
      let text = '';
      r.setEncoding('utf8').on('data', (d) => (text += d)).on('end', () => resolve({ status: r.statusCode, type: r.headers['content-type'], allow: r.headers.allow, text }));
    });
    request.on('error', reject).setTimeout(20000, () => request.destroy(new Error('no answer in 20 s')));
    request.end(body);
  });
}

const ID = 'http://jpfhir.jp/fhir/core/mhlw/IdSystem/';
const EXTENSION = 'http://jpfhir.jp/fhir/core/Extension/StructureDefinition/JP_Coverage_InsuredPerson';
const wide = (s) => [...s.normalize('NFKC')].map((c) => (c >= '!' && c <= '~' ? String.fromCharCode(c.charCodeAt(0) + 0xfee0) : c)).join('');
// The ways a chart may name the insured person: by extensions, by the composite identifier, by both.
function requestFor(q, n) {
  const insurer = { identifier: { system: ID + 'InsurerNumber', value: q.insurer } };
  const extension = [['Symbol', q.symbol], ['Number', q.number], ['SubNumber', q.branch]].filter(([, v]) => v)
    .map(([k, v]) => ({ url: EXTENSION + k, valueString: v }));
  const composite = { system: 'http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_memberID',
    value: `${q.insurer.padStart(8, '0')}:${wide(q.symbol ?? '')}:${wide(q.number)}:${q.branch ?? ''}` };
  return { resourceType: 'CoverageEligibilityRequest', identifier: [{ system: 'https://chart.invalid/q', value: String(n) }], status: 'active',
    contained: [
      { resourceType: 'Patient', id: 'p', birthDate: q.birth },
      { resourceType: 'Coverage', id: 'c', status: 'active', beneficiary: { reference: '#p' }, payor: [insurer],
        ...(n % 3 !== 1 ? { extension } : {}), ...(n % 3 !== 0 ? { identifier: [composite] } : {}) },
    ],
    purpose: n % 2 ? ['validation'] : ['validation', 'benefits'], patient: { reference: '#p' }, ...(q.on ? { servicedDate: q.on } : {}),
    created: '2026-11-22T09:00:00+09:00', insurer, insurance: [{ coverage: { reference: '#c' } }],
    provider: { identifier: { system: 'http://jpfhir.jp/fhir/core/IdSystem/insurance-medical-institution-no', value: institution } } };
}

function seen(r) {
  const find = (type) => (r.contained ?? []).find((c) => c.resourceType === type);
  const codes = (name) => r.extension.filter((x) => x.url.endsWith(`/StructureDefinition/${name}`)).map((x) => x.valueCoding.code);
  const copay = r.insurance?.[0].item?.find((i) => i.category.coding[0].code === 'copay');
  const validity = Number(codes('validity')[0]);
  return { validity, ratio: copay?.benefit[0].allowedUnsignedInt, insurer: find('Organization')?.identifier[0].value, newer: validity === 3,
    warnings: codes('warning'), name: find('Patient')?.name.find((n) => n.use === 'official')?.text };
}

const SUBMIT = '/fhir/R4/CoverageEligibilityRequest/$submit';
const questions = readFileSync(questionsFile, 'utf8').trim().split('\n').map((l) => JSON.parse(l));
const step = Math.max(1, Math.floor(questions.length / Number(count)));
const picked = questions.filter((_, i) => i % step === 0).slice(0, Number(count));
const kinds = new Set();
const same = (e) => JSON.stringify([e.validity, e.ratio, e.insurer, e.newer, e.warnings, e.name]);
await Promise.all(picked.map(async ({ question, expect, kind }, n) => {
  const reply = await ask('POST', SUBMIT, JSON.stringify(requestFor(question, n)));
  const r = JSON.parse(reply.text);
  appendFileSync(out, JSON.stringify({ name: `live answer ${n}`, resource: r }) + '\n');
  kinds.add(expect.validity);
  const name = `question ${n} (${kind})`;
  if (reply.status !== 200) return result(name, `${reply.status} ${reply.text}`);
  const got = seen(r);
  result(name, same(expect) === same(got) && r.request.identifier.value === String(n) ? null : `${same(got)}, expected ${same(expect)}`);
}));
result('the questions are of many kinds', kinds.size >= 4 ? null : `only validities ${[...kinds]}`);

const good = () => requestFor(picked[0].question, 0);
const text = (change) => { const r = good(); change(r); return JSON.stringify(r); };
const other = institution === '1311234567' ? '2711234567' : '1311234567';
const refusals = [
  ['an element nobody knows', 400, 'structure', 'POST', SUBMIT, text((r) => (r.colour = 'red'))],
  ['a parameter in the address', 400, 'structure', 'POST', SUBMIT + '?patient=1', text(() => {})],
  ['_format=xml', 406, 'not-supported', 'POST', SUBMIT + '?_format=xml', text(() => {})],
  ['Accept of XML alone', 406, 'not-supported', 'POST', SUBMIT, text(() => {}), { accept: 'application/fhir+xml' }],
  ['a body of XML', 415, 'not-supported', 'POST', SUBMIT, '<x/>', { 'content-type': 'application/fhir+xml' }],
  ['a body that is no JSON', 400, 'structure', 'POST', SUBMIT, '{"resourceType":'],
  ['another institution', 403, 'forbidden', 'POST', SUBMIT, text((r) => (r.provider.identifier.value = other))],
  ['purpose discovery', 422, 'not-supported', 'POST', SUBMIT, text((r) => (r.purpose = ['discovery']))],
  ['a wrong check digit', 400, 'value', 'POST', SUBMIT, text((r) => (r.insurer = r.contained[1].payor[0] = { identifier: { system: ID + 'InsurerNumber', value: '06139449' } }))],
  ['another method', 405, 'not-supported', 'GET', SUBMIT],
  ['a resource that is not there', 404, 'not-found', 'GET', '/fhir/R4/Patient/1'],
  ['a search', 404, 'not-found', 'GET', '/fhir/R4/Coverage?patient=1'],
  ['metadata as XML', 406, 'not-supported', 'GET', '/fhir/R4/metadata?_format=xml'],
];
for (const [name, status, code, method, path, body, headers] of refusals) {
  const reply = await ask(method, path, body, headers);
  let r = {};
  try { r = JSON.parse(reply.text); } catch { /* no JSON at all: said below */ }
  const good = reply.status === status && r.resourceType === 'OperationOutcome' && r.issue[0].code === code && reply.type?.startsWith('application/fhir+json');
  if (good) appendFileSync(out, JSON.stringify({ name: `live outcome: ${name}`, resource: r }) + '\n');
  result(`refused: ${name}`, good ? null : `${reply.status} ${reply.type} ${reply.text.slice(0, 200)}`);
}
result('405 says which method is allowed', (await ask('GET', SUBMIT)).allow === 'POST' ? null : 'no Allow: POST');
const metadata = await ask('GET', '/fhir/R4/metadata');
result('metadata', metadata.status === 200 ? null : `${metadata.status}`);
appendFileSync(out, JSON.stringify({ name: 'live capability', resource: JSON.parse(metadata.text) }) + '\n');
agent.destroy();
console.log(`${passed} passed, ${failed} failed, 0 skipped`);
process.exit(failed ? 1 : 0);
