// Checks FHIR messages (NDJSON of {"name","resource"}) with two validators from npm and the strict look of our own:
//   node fhir_check.mjs MESSAGES DOCS PAGE [JP_CORE]
// DOCS: docs/fhir · PAGE: a page whose examples are looked at too · JP_CORE: the unpacked package, without it those checks are skipped
// Every message has to be good for all three; then good messages are broken, and at least one has to notice.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { indexStructureDefinitionBundle, validateResource } from '@medplum/core';
import Ajv from 'ajv';
import { Definitions, bundlesOfR4, schemaOfR4 } from './fhir_definitions.mjs';
import { Strict } from './fhir_strict.mjs';

const [messagesFile, docs, page, jpCore] = process.argv.slice(2);
let passed = 0, failed = 0, skipped = 0;
const result = (name, problems) => {
  if (problems.length === 0) return void passed++;
  failed++;
  console.log(`${name}: FAILED`);
  for (const p of problems.slice(0, 8)) console.log(`    ${p}`);
};

const definitions = new Definitions();
definitions.addFolder(docs);
if (jpCore) definitions.addFolder(jpCore);
const strict = new Strict(definitions, jpCore ? undefined : 'http://jpfhir.jp/');

for (const bundle of bundlesOfR4()) indexStructureDefinitionBundle(bundle);
const inOutcome = (error) => (error.outcome?.issue ?? [{ details: { text: String(error) } }])
  .filter((i) => i.severity !== 'warning').map((i) => `medplum: ${i.details?.text} ${i.expression ?? ''}`);
function medplum(resource) {
  const problems = [];
  const look = (r, profile) => { try { validateResource(r, profile ? { profile } : undefined); } catch (e) { problems.push(...inOutcome(e)); } };
  for (const r of [resource, ...(resource.contained ?? [])]) {
    look(r);
    for (const url of r.meta?.profile ?? []) if (definitions.profiles.has(url)) look(r, definitions.profiles.get(url));
  }
  return problems;
}

const schemaDocument = schemaOfR4(); // two definitions are missing in it
schemaDocument.definitions.ResourceList = schemaDocument.definitions.Resource = { type: 'object' }; // each is looked at as its own type
// The specification's form of text is [ \r\n\t\S]+. Read with Unicode's white space, as JavaScript does, it would forbid the full-width
// space that every Japanese name is written with; HL7's own validator reads \S as "not ASCII white space".
for (const d of Object.values(schemaDocument.definitions)) {
  if (d.pattern?.includes('\\t\\S')) d.pattern = d.pattern.replace('\\t\\S', '\\t\\u3000\\S');
  for (const p of Object.values(d.properties ?? {}))
    if (p.pattern?.includes('\\t\\S')) p.pattern = p.pattern.replace('\\t\\S', '\\t\\u3000\\S');
}
schemaDocument.definitions.integer64 ??= { type: 'number' };
const ajv = new Ajv({ schemaId: 'auto', allErrors: false, logger: false, meta: false, unknownFormats: 'ignore' });
ajv.addMetaSchema((await import('ajv/lib/refs/json-schema-draft-06.json', { with: { type: 'json' } })).default);
ajv.addSchema(schemaDocument, 'fhir');
const compiled = new Map();
const schema = (resource) => [resource, ...(resource.contained ?? [])].flatMap(schemaOfOne);
function schemaOfOne(resource) {
  const type = resource.resourceType;
  if (!schemaDocument.definitions[type]) return [`schema: no resource is called ${type}`];
  if (!compiled.has(type)) compiled.set(type, ajv.compile({ $ref: `fhir#/definitions/${type}` }));
  const good = compiled.get(type);
  return good(resource) ? [] : good.errors.map((e) => `schema: ${e.dataPath} ${e.message}`);
}

const all = (resource) => [...medplum(resource), ...schema(resource), ...strict.check(resource)];

// ---- every message, and what docs/fhir publishes ----
const messages = readFileSync(messagesFile, 'utf8').trim().split('\n').map((l) => JSON.parse(l));
for (const { name, resource } of messages) result(name, all(resource));
for (const file of readdirSync(docs).filter((f) => f.endsWith('.json')))
  result(`docs/fhir/${file}`, all(JSON.parse(readFileSync(join(docs, file), 'utf8'))));
const examples = [...readFileSync(page, 'utf8').matchAll(/^```json\n(.*?)^```/gms)].map((m) => JSON.parse(m[1]));
examples.forEach((e, i) => result(`${page}, example ${i + 1} (${e.resourceType})`, all(e)));
result(`${page} has a request, an answer and an outcome`, ['CoverageEligibilityRequest', 'CoverageEligibilityResponse', 'OperationOutcome']
  .filter((t) => !examples.some((e) => e.resourceType === t)).map((t) => `no ${t}`));
const codings = messages.filter((m) => m.name.startsWith('answer')).flatMap((m) => ownCodings(m.resource));
result('codes of Mado are in its CodeSystems', codings.filter((c) => !known(c)).map((c) => `${c.system} has no ${c.code}`));
result('the answers use the CodeSystems of docs/fhir', codings.length > 1000 ? [] : [`only ${codings.length} codings`]);

function ownCodings(node) {
  if (Array.isArray(node)) return node.flatMap(ownCodings);
  if (typeof node !== 'object' || node === null) return [];
  const here = typeof node.system === 'string' && node.system.startsWith('https://mado.invalid/') && node.code ? [node] : [];
  return [...here, ...Object.values(node).flatMap(ownCodings)];
}
function known(coding) {
  return definitions.codeSystems.get(coding.system)?.concept.some((c) => c.code === coding.code);
}

// ---- that the validators bite ----
const drop = (path) => [`without ${path}`, (r) => edit(r, path, (o, k) => (Array.isArray(o) ? o.splice(k, 1) : delete o[k]))];
const set = (path, value) => [`with ${path} = ${JSON.stringify(value)}`, (r) => edit(r, path, (o, k) => (o[k] = value))];
function edit(r, path, change) {
  const keys = path.split('.');
  const last = keys.pop();
  change(keys.reduce((o, k) => o[k], r), last);
}
const broken = [
  ...['status', 'purpose', 'patient', 'created', 'request', 'outcome', 'insurer', 'insurance.0.coverage', 'insurance.0.item.0.benefit.0.type',
    'contained.0', 'contained.1.status', 'contained.1.beneficiary', 'contained.1.payor', 'contained.1.costToBeneficiary.0.valueQuantity',
    'contained.1.class.0.type', 'contained.1.class.0.value', 'extension.0.url', 'extension.0.valueCoding'].map(drop),
  set('outcome', 'maybe'), set('status', 'alive'), set('purpose', ['fun']), set('purpose', []), set('purpose', 'validation'), set('created', 'yesterday'),
  set('servicedDate', '2026-13-01'), set('colour', 'red'), set('insurance.0.inforce', 'yes'), set('insurance.0.item.0.benefit.0.allowedUnsignedInt', -1),
  set('insurance.0.item.0.benefit.0.allowedUnsignedInt', 'thirty'), set('contained.0.gender', 'f'), set('contained.0.birthDate', '1.4.1980'),
  set('contained.0.id', 'nobody'), set('contained.1.payor', { reference: '#insurer' }), set('contained.1.extension.0.valueString', 7),
  set('contained.1.period', { start: '2026-02-01', end: '2026-01-01' }), set('extension.0.url', 'https://mado.invalid/fhir/StructureDefinition/nothing'),
  set('extension.0.valueCoding.code', '9'), set('insurance.0.item.0.category', 'copay'), set('patient.reference', '#nobody'), set('contained.2.name', ''),
];
const brokenJp = [
  drop('contained.0.identifier'), drop('contained.0.identifier.0.value'), set('contained.0.name.0.extension.0.valueCode', 'XYZ'),
  [ 'with a second representation of a name', (r) => r.contained[0].name[0].extension.push({ ...r.contained[0].name[0].extension[0] }) ],
  [ 'with a symbol that is a code', (r) => { const e = r.contained[1].extension[0]; delete e.valueString; e.valueCode = 'x'; } ],
  [ 'with an institution number without its value kind', (r) => { r.contained[2].extension = [
    { url: 'http://jpfhir.jp/fhir/core/Extension/StructureDefinition/JP_Organization_PrefectureNo', valueString: '13' }]; } ],
];
const good = messages.find((m) => m.name === 'answer 0').resource;
const bite = ([name, change]) => {
  const copy = structuredClone(good);
  change(copy);
  if (JSON.stringify(copy) === JSON.stringify(good)) return result(`an answer ${name} is noticed`, ['the change changed nothing']);
  result(`an answer ${name} is noticed`, all(copy).length ? [] : ['nobody noticed']);
};
broken.forEach(bite);
if (jpCore) brokenJp.forEach(bite);
else {
  skipped += 1;
  console.log('JP Core: skipped, MADO_DATA names no folder with fhir/jp-core.r4-1.1.2-url.tgz');
}
result('an outcome without severity is noticed', (() => {
  const copy = structuredClone(messages.find((m) => m.name.startsWith('outcome')).resource);
  delete copy.issue[0].severity;
  return all(copy).length ? [] : ['nobody noticed'];
})());
for (const u of strict.unresolved) console.log(`not looked at: ${u}`);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed ? 1 : 0);
