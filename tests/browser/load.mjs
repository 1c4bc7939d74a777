// Asks the questions of a synthetic town over mutual TLS, as a reception (JSON) and a chart (FHIR) would, until it is ended.
// usage: node load.mjs HOST:PORT KEYS CODE QUESTIONS.ndjson [A SECOND]
import { readFileSync } from 'node:fs';
import https from 'node:https';

const [address, keys, code, file, wanted = '200'] = process.argv.slice(2);
const [host, port] = address.split(':');
const folder = `${keys}/institutions/${code}`;
const agent = new https.Agent({
  keepAlive: true, maxSockets: 16, ca: readFileSync(`${keys}/ca.pem`), cert: readFileSync(`${folder}/cert.pem`), key: readFileSync(`${folder}/key.pem`),
});
const questions = readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line).question);

function json(q) {
  const info = { InsurerNumber: q.insurer, InsuredCardSymbol: q.symbol, InsuredIdentificationNumber: q.number, InsuredBranchNumber: q.branch,
    Birthdate: q.birth.replaceAll('-', ''), LimitApplicationCertificateRelatedConsFlg: '0' };
  return ['/MSA01030/ILI01030SV01/search', 'application/json', { XmlMsg: {
    MessageHeader: { MedicalInstitutionCode: code, ArbitraryFileIdentifier: 'load', ...(q.on && { QualificationConfirmationDate: q.on.replaceAll('-', '') }) },
    MessageBody: { QualificationConfirmSearchInfo: info } } }];
}

function fhir(q) {
  const jp = 'http://jpfhir.jp/fhir/core/Extension/StructureDefinition/JP_Coverage_InsuredPerson';
  const says = (name, value) => (value ? [{ url: jp + name, valueString: value }] : []);
  return ['/fhir/R4/CoverageEligibilityRequest/$submit', 'application/fhir+json', {
    resourceType: 'CoverageEligibilityRequest', status: 'active', purpose: ['validation', 'benefits'],
    contained: [
      { resourceType: 'Patient', id: 'p', birthDate: q.birth },
      { resourceType: 'Coverage', id: 'c', status: 'active', extension: [...says('Symbol', q.symbol), ...says('Number', q.number), ...says('SubNumber', q.branch)],
        beneficiary: { reference: '#p' }, payor: [{ reference: '#i' }] },
      { resourceType: 'Organization', id: 'i', identifier: [{ system: 'http://jpfhir.jp/fhir/core/mhlw/IdSystem/InsurerNumber', value: q.insurer }] }],
    patient: { reference: '#p' }, ...(q.on && { servicedDate: q.on }), created: new Date().toISOString(),
    provider: { identifier: { system: 'http://jpfhir.jp/fhir/core/IdSystem/insurance-medical-institution-no', value: code } },
    insurer: { reference: '#i' }, insurance: [{ focal: true, coverage: { reference: '#c' } }] }];
}

const statuses = {};
let asked = 0;
function ask() {
  const q = questions[asked++ % questions.length];
  const [path, type, message] = asked % 4 === 0 ? fhir(q) : json(q);
  const r = https.request({ host, port, agent, path, method: 'POST', headers: { 'Content-Type': type } }, (reply) => {
    statuses[reply.statusCode] = (statuses[reply.statusCode] || 0) + 1;
    reply.resume();
  });
  r.on('error', (e) => { statuses[e.code] = (statuses[e.code] || 0) + 1; });
  r.end(JSON.stringify(message));
}

const began = Date.now();
setInterval(() => {
  const seconds = (Date.now() - began) / 1000;
  const due = Number(wanted) * (seconds + 6 * Math.sin(seconds / 8)); // busier, then quieter
  while (asked < due) ask();
}, 20);
process.on('SIGTERM', () => { console.log(JSON.stringify(statuses)); process.exit(0); });
