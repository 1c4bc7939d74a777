// The reception page in a real browser, against a real window and a real centre with made-up members: the right answer for each, what
// to do, what differs from the chart; an answer that comes late goes to its own row; the centre goes away and comes back; the keyboard
// alone; English; a window started anew; and axe finds nothing to object to at 1280 and at 1024 × 768.
// usage: node reception.mjs CHROMIUM BUILD WORK PICTURES
import { chromium } from 'playwright-core';
import { kiosk } from './kiosk.mjs';
import { paper, printPapers } from './paper.mjs';
import { createRequire } from 'node:module';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync, readdirSync, statSync } from 'node:fs';

const [browserPath, build, work, pictures] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const mado = `${build}/mado`, code = '0110113719';
let passed = 0, failed = 0;

function claim(ok, what, saw = '') {
  if (ok) passed += 1;
  else failed += 1, console.log(`FAILED  ${what}  ${saw}`);
}

// ---- the people: all of the day the test runs ----

const day = (shift, years = 0) => {
  const d = new Date(Date.now() + 9 * 3600e3);
  d.setUTCFullYear(d.getUTCFullYear() + years), d.setUTCDate(d.getUTCDate() + shift);
  return d.toISOString().slice(0, 10);
};
const insurer = '06139448';
const members = [
  { op: 'insurer', insurer, name: '青葉電機健康保険組合' },
  { insurer, symbol: '12-34', number: '1', branch: '01', start: '2020-04-01', name: '髙橋　みどり', kana: 'ﾀｶﾊｼ ﾐﾄﾞﾘ', sex: '2', birth: '1985-04-01', relation: '1', post: '100-0001', address: '架空県見本市窓町一丁目２番３号', card_until: day(900) },
  { insurer, symbol: '12-34', number: '2', branch: '01', start: '2020-04-01', name: '窓口　三津', kana: 'ﾏﾄﾞｸﾞﾁ ﾐﾂ', sex: '2', birth: day(-30, -72), relation: '1', card_until: day(40),
    elderly: [{ from: day(-60), until: day(200), ratio: 20 }], limit: [{ class: '02', category: 'B05', from: day(-60), until: day(200) }], diseases: [{ disease: '1', from: day(-400), self_pay: 10000 }] },
  { insurer, symbol: '12-34', number: '3', branch: '01', start: '2020-04-01', lost: day(10), loss_reason: '03', name: '満了　近子', kana: 'ﾏﾝﾘｮｳ ﾁｶｺ', sex: '2', birth: '1990-01-02', relation: '1' },
  { insurer, symbol: '12-34', number: '4', branch: '02', start: '2020-04-01', name: '双子　一', kana: 'ﾌﾀｺﾞ ﾊｼﾞﾒ', sex: '1', birth: '2015-05-05', relation: '2' },
  { insurer, symbol: '12-34', number: '4', branch: '03', start: '2020-04-01', name: '双子　二', kana: 'ﾌﾀｺﾞ ﾂｷﾞ', sex: '1', birth: '2015-05-05', relation: '2' },
  { insurer, symbol: '12-34', number: '5', branch: '01', start: '2020-04-01', lost: day(-30), loss_reason: '03', name: '転職　済子', kana: 'ﾃﾝｼｮｸ ｽﾐｺ', sex: '2', birth: '1991-02-03', relation: '1' },
  { insurer, symbol: '12-34', number: '6', branch: '01', start: '2020-04-01', name: '新規　初子', kana: 'ｼﾝｷ ﾊﾂｺ', sex: '2', birth: '1992-03-04', relation: '1' },
];
const aid = [{ insurer: '12130019', number: '7', start: '2020-07-01', name: '扶助　受子', kana: 'ﾌｼﾞｮ ｳｹｺ', sex: '2', birth: '1980-05-05', class: 'A1' }];

const run = (...words) => execFileSync(mado, words, { cwd: work, stdio: 'pipe' });
const lines = (list) => list.map((m) => `${JSON.stringify(m)}\n`).join('');
writeFileSync(`${work}/members.ndjson`, lines(members));
writeFileSync(`${work}/aid.ndjson`, lines(aid));
run('import', '--store', 'store', '--quiet', 'members.ndjson', 'aid.ndjson');
run('keys', 'init', 'keys');
run('keys', 'institution', 'keys', code);
mkdirSync(`${work}/keys/institutions/${code}/face`);
execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', `${work}/reader.key`]);
execFileSync('openssl', ['pkey', '-in', `${work}/reader.key`, '-pubout', '-out', `${work}/keys/institutions/${code}/face/reader-1.pem`]);
const papers = printPapers(run, work, insurer);

// ---- the programs ----

const started = new Set();
const start = (ready, ...words) => startProgram(mado, ready, ...words);
function startProgram(program, ready, ...words) {
  const child = spawn(program, words, { cwd: work, stdio: ['ignore', 'pipe', 'pipe'] });
  started.add(child);
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (text) => {
      said += text;
      const found = said.match(ready);
      if (found) resolve([child, ...found.slice(1)]);
    };
    child.stdout.on('data', hear), child.stderr.on('data', hear);
    child.on('exit', () => { started.delete(child), reject(new Error(said)); });
  });
}
const ended = (child) => new Promise((resolve) => { child.on('exit', resolve); });
async function stop(child, signal = 'SIGTERM') {
  const end = ended(child);
  child.kill(signal);
  await end;
}
process.on('exit', () => { for (const child of started) child.kill('SIGTERM'); });

const serve = (listen) => start(/https:\/\/([0-9.:]+)/, 'serve', '--store', 'store', '--keys', 'keys', '--listen', listen, '--workers', '1');
const openWindow = (pages) => start(/http:\/\/([0-9.:]+)\/kiosk[^]*http:\/\/([0-9.:]+)\/reception/, 'window', '--folders', 'oqs', '--centre', `https://${address}`, '--keys', 'keys', '--institution', code, '--pages', pages, '--kiosk', patients, '--face', `${work}/reader.sock`);
let patients = '127.0.0.1:0';
let [centre, address] = await serve('127.0.0.1:0');
let [mainWindow, patientsAt, here] = await openWindow('127.0.0.1:0');
patients = patientsAt;
const url = `http://${here}/reception`;

// ---- the browser ----

const browser = await chromium.launch({
  executablePath: browserPath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const complaints = [], elsewhere = [];
async function open(width, height, query = '') {
  const context = await browser.newContext({ viewport: { width, height } });
  const page = await context.newPage();
  page.on('console', (m) => { if (['error', 'warning'].includes(m.type()) && !/Failed to load resource/.test(m.text())) complaints.push(m.text()); });
  page.on('pageerror', (e) => complaints.push(e.message));
  page.on('request', (r) => { if (!r.url().startsWith(`http://${here}/`)) elsewhere.push(r.url()); });
  await page.goto(url + query);
  await page.locator('#institution', { hasText: code }).waitFor();
  return page;
}
async function objections(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(' ')}`);
}
async function look(page, name) {
  await page.screenshot({ path: `${pictures}/reception-${name}.png` });
  const found = await objections(page);
  claim(found.length === 0, `axe, ${name}`, found.join('; '));
}
const shown = (page, selector) => page.locator(selector).first().innerText();
const appears = (locator, timeout = 10000) => locator.first().waitFor({ timeout }).then(() => true, () => false);
const focusIn = (page, id) => page.evaluate((i) => document.activeElement.id === i, id);
const answer = (page, text) => appears(page.locator('#answer', { hasText: text }));

async function type(page, fields) {
  for (const [id, text] of Object.entries(fields)) await page.locator(`#${id}`).fill(text);
}
async function ask(page, fields) {
  await page.keyboard.press('Escape');
  await type(page, { insurer, symbol: '12-34', ...fields });
  await page.keyboard.press('Enter');
}

const page = await open(1280, 800);
claim(await focusIn(page, 'insurer'), 'the first field has the focus');
await look(page, 'start');

// The keyboard alone: fields in their order, Enter asks, the answer has the focus, Escape starts the next patient.
for (const text of ['０６１３９４４８', '１２－３４', '001', '', 'S60.4.1', '1001', '高橋 みどり']) {
  if (text) await page.keyboard.type(text);
  await page.keyboard.press('Tab');
}
await page.keyboard.press('Enter');
claim(await answer(page, '髙橋　みどり'), 'a question typed in full width and in the Japanese era is answered');
claim(await focusIn(page, 'answer'), 'the focus is in the answer');
claim((await shown(page, '.headline h2')).trim() === '有効', 'validity', await shown(page, '.headline h2'));
claim((await shown(page, '.share b')) === '3 割', 'share', await shown(page, '.share b'));
claim((await shown(page, '.todo')).includes('表示の負担割合で会計します'), 'what to do');
const differences = await shown(page, '.differences');
claim(/氏名\s+高橋 みどり\s+髙橋　みどり\s+違います/.test(differences), 'a variant in the name is a difference', differences);
claim(/枝番\s+–\s+01\s+カルテにありません/.test(differences) && /記号\s+１２－３４\s+12-34\s+書き方の違い/.test(differences), 'branch and symbol too', differences);
claim((await shown(page, '#answer')).includes('青葉電機健康保険組合'), 'the insurer');
claim((await shown(page, '#answer')).includes('昭和60年4月1日'), 'the birth date in the era');
await look(page, 'valid');
await page.keyboard.press('Escape');
claim(await focusIn(page, 'insurer') && (await page.locator('#number').inputValue()) === '', 'Escape empties the form');
claim(!(await shown(page, '#answer')).includes('髙橋'), 'and the screen');

// Everything there may be about one person.
await page.locator('#limit_consent').check();
await type(page, { insurer, symbol: '12-34', number: '2', branch: '01', birth: members[2].birth.replaceAll('-', '') });
await page.keyboard.press('Enter');
claim(await answer(page, '窓口　三津'), 'an elderly person with certificates');
claim((await shown(page, '.share b')) === '2 割', 'the share of the elderly certificate');
const everything = await shown(page, '#answer');
for (const words of ['高齢受給者証', '限度額適用認定証', '特定疾病療養受療証', '自己負担 月 10,000 円', '三か月以内に切れます', '更新を知らせます'])
  claim(everything.includes(words), `shows ${words}`, everything);
await look(page, 'everything');

const answers = [
  [{ number: '3', branch: '01', birth: '1990-01-02' }, ['有効', 'まもなく資格を喪失します', '新しい保険が決まったら']],
  [{ number: '4', birth: 'H27.5.5' }, ['複数該当', '枝番を入れてもう一度']],
  [{ number: '4', branch: '03', birth: 'H27.5.5' }, ['双子　二']],
  [{ number: '5', branch: '01', birth: '平成3年2月3日' }, ['無効', '全額負担という意味ではありません', '転職　済子']],
  [{ number: '99', birth: '1990-01-02' }, ['該当資格なし', '入力の誤り']],
  [{ insurer: '12130019', symbol: '', number: '7', birth: '1980-05-05' }, ['医療券', '福祉事務所']],
];
for (const [fields, words] of answers) {
  await ask(page, fields);
  for (const text of words) claim(await answer(page, text), `${JSON.stringify(fields)}: ${text}`, await shown(page, '#answer'));
}
await look(page, 'no-ticket');

// A typing error is said where it is, nothing is asked.
const before = await page.locator('#today button').count();
await ask(page, { insurer: '06139449', number: '1', birth: '1985-04-01' });
claim(await appears(page.locator('#insurer-fault', { hasText: '検証番号が合いません' })), 'a wrong check digit is said at its field');
claim(await focusIn(page, 'insurer'), 'which has the focus');
await ask(page, { number: '1', birth: 'S70.1.1' });
claim(await appears(page.locator('#birth-fault', { hasText: '日付' })), 'a day outside the era too');
await look(page, 'fault');
claim(await page.locator('#today button').count() === before, 'and nobody was added to the day');

// The list: by the keyboard; an answer that is not of the person being typed says so.
await page.keyboard.press('Escape');
await page.locator('#today button').first().focus();
await page.keyboard.press('ArrowDown');
await page.keyboard.press('Enter');
claim(await focusIn(page, 'answer') && (await shown(page, '#answer')).includes('該当資格なし'), 'the list is walked by arrows');
await page.locator('#number').fill('123');
claim(await appears(page.locator('.foreign', { hasText: '入力中の方の答えではありません' })), 'an answer beside another person\'s question says so');
await look(page, 'other');

// A late answer: the window has it already, the page does not. It goes to its row; the screen and the hands stay where they are.
await page.route('**/reception/visits*', async (route) => { await new Promise((r) => { setTimeout(r, 1500); }); await route.continue().catch(() => {}); });
await page.waitForTimeout(300);
await ask(page, { number: '1', branch: '01', birth: '1985-04-01', chart: '2002' });
claim(await answer(page, '確かめています'), 'a question is shown while it is asked');
await page.keyboard.press('Escape');
await page.keyboard.type('0613');
claim(await appears(page.locator('#today li:first-child .fresh', { hasText: '髙橋' })), 'a late answer is marked in its row');
claim(!(await shown(page, '#answer')).includes('髙橋') && await focusIn(page, 'insurer'), 'the screen never swaps under the hand');
claim((await page.locator('#insurer').inputValue()) === '0613', 'what was being typed stays');
await look(page, 'late');
await page.unroute('**/reception/visits*');
await page.locator('#today button').first().click();
claim(await answer(page, '髙橋　みどり') && await page.locator('#today .fresh').count() === 0, 'it is shown when asked for');

// The centre goes away, and comes back.
await stop(centre);
await ask(page, { number: '6', branch: '01', birth: '1992-03-04', chart: '3003' });
claim(await answer(page, 'センターが応答しません'), 'a centre that does not answer is said of whom nothing is known');
const calm = await shown(page, '#answer');
claim(calm.includes('資格がないという意味ではありません') && calm.includes('くりかえし尋ねます') && calm.includes('資格申立書'), 'calmly, with what may be done', calm);
claim(!/10 ?割|全額/.test(calm), 'and never that somebody pays all', calm);
claim(await appears(page.locator('#centre', { hasText: '応答なし' })), 'the head of the page says it too');
await look(page, 'silent');
await ask(page, { number: '5', branch: '01', birth: '1991-02-03', chart: '3005' });
claim(await answer(page, 'センターが応答しません'), 'a denial is not remembered');
claim(!/無効|資格なし/.test(await shown(page, '#answer')), 'nothing of it is shown', await shown(page, '#answer'));
await ask(page, { number: '1', branch: '01', birth: '1985-04-01', chart: '3004' });
claim(await answer(page, 'の確認によります（今日）'), 'whoever was confirmed is answered from memory, with its age', await shown(page, '#answer'));
claim((await shown(page, '.headline h2')).trim() === '有効' && (await shown(page, '.share b')) === '3 割', 'at the same share');
claim((await shown(page, '#today li:first-child')).includes('有効 3 割（控え）'), 'and so in the list', await shown(page, '#today li:first-child'));
await look(page, 'remembered');
await page.keyboard.press('Escape');
await page.keyboard.type('12');
[centre] = await serve(address);
claim(await appears(page.locator('#today li:nth-child(3) .fresh', { hasText: '新規' }), 40000), 'asked again by itself');
claim(await appears(page.locator('#today li:first-child .fresh', { hasText: '髙橋' }), 5000), 'and all that waited, at once');
claim(!(await shown(page, '#today li:first-child')).includes('控え'), 'what was remembered gives way to the answer');
claim((await page.locator('#insurer').inputValue()) === '12' && await focusIn(page, 'insurer'), 'under nobody\'s hand');
claim(await appears(page.locator('#centre', { hasText: 'つながっています' })), 'the centre is back');

// A mistyped patient: off the list and back, by keyboard and by hand.
await page.keyboard.press('Escape');
const listed = await page.locator('#today button').count();
await page.locator('#today button').first().click();
await page.keyboard.press('Delete');
claim(await appears(page.locator('#undo-bar', { hasText: '一覧から消しました' })) && await focusIn(page, 'undo'), 'Delete takes a patient off the list and offers to undo it');
claim(await page.locator('#today button').count() === listed - 1 && !(await shown(page, '#answer')).includes('髙橋'), 'neither list nor screen shows the patient');
await look(page, 'removed');
await page.keyboard.press('Enter');
claim(await appears(page.locator('#today button').nth(listed - 1)) && await answer(page, '髙橋　みどり'), 'and Enter puts it back');
await page.locator('.remove').click();
claim(await appears(page.locator('#undo-bar:visible')) && await page.locator('#today button').count() === listed - 1, 'the button does the same');
await page.locator('#undo').click();
claim(await answer(page, '髙橋　みどり'), 'and back');

// The staff's eyes are a way of its own.
await page.keyboard.press('Escape');
await type(page, { insurer, symbol: '12-34', number: '1', branch: '01', birth: '1985-04-01' });
await page.locator('#staff_check').check();
await page.locator('#number').press('Enter');
claim(await answer(page, '目視確認') && (await shown(page, '.share b')) === '3 割', 'a check by the staff\'s eyes is said, and the answer is the same');

// The day's list is on the disk, for its owner alone, and a window started anew has it.
const folder = `${work}/oqs/.mado/pages/today`;
const files = readdirSync(folder);
const count = await page.locator('#today button').count();
claim(files.length === count && files.every((f) => (statSync(`${folder}/${f}`).mode & 0o777) === 0o600), 'a private file for each patient', `${files.length}, ${count}`);
await stop(mainWindow, 'SIGKILL');
claim(await appears(page.locator('#centre[data-state="away"]')), 'a window that is gone is said');
await look(page, 'away');
for (let tries = 0; ; tries += 1) { // its children end with it, within moments
  try { [mainWindow] = await openWindow(here); break; } catch (e) { if (tries > 40) throw e; await page.waitForTimeout(100); }
}
claim(await appears(page.locator('#centre:not([data-state="away"])')), 'and its return seen');
await page.reload();
claim(await appears(page.locator('#today li').nth(count - 1)), 'with the whole day', `${await page.locator('#today li').count()} of ${count}`);
await page.locator('#today button', { hasText: '窓口' }).click();
claim(await answer(page, '限度額適用認定証'), 'answers and all');

// English, and the small screen of a reception.
await page.locator('[data-choose="en"]').click();
claim(await answer(page, "Patient's share") && (await shown(page, '.headline h2')).trim() === 'valid', 'English', await shown(page, '#answer'));
claim((await shown(page, '.todo')).includes('Tell about the renewal'), 'English says what to do');
await page.reload();
claim(await page.evaluate(() => document.documentElement.lang) === 'en', 'the language is remembered');
const small = await open(1024, 768, '?language=en');
await small.locator('#today button', { hasText: '窓口' }).click();
claim(await answer(small, 'Limit certificate'), 'a second page shows the same day');
claim(await small.evaluate(() => document.documentElement.scrollWidth <= innerWidth), '1024 wide: nothing to scroll sideways');
await look(small, 'small-english');
const japanese = await open(1024, 768, '?language=ja');
await japanese.locator('#today button', { hasText: '髙橋' }).last().click();
claim(await answer(japanese, '髙橋　みどり'), 'and in Japanese');
claim(await japanese.evaluate(() => document.querySelector('.actions').getBoundingClientRect().bottom <= innerHeight), 'the whole form is on a small screen');
await look(japanese, 'small');
const phone = await open(390, 844, '?language=ja');
claim(await phone.evaluate(() => document.documentElement.scrollWidth <= innerWidth), '390 wide: nothing to scroll sideways');
await look(phone, 'narrow');

await paper(open, papers, { work, url, claim, answer, appears, shown, look,
  stopCentre: () => stop(centre), startCentre: async () => { [centre] = await serve(address); } });
// A face reader says what the test tells it to: started anew with each word.
let reader;
async function faceSays(word) {
  if (reader) await stop(reader);
  reader = null;
  if (word !== 'off') [reader] = await startProgram(`${build}/tools/face_reader_example`, /ready/, `${work}/reader.sock`, `${work}/reader.key`, 'reader-1', word);
}
await kiosk(browser, `http://${patients}/kiosk`, pictures, { claim, objections, reception: japanese, faceSays });
await faceSays('off');

claim(complaints.length === 0, 'the browser complains of nothing', complaints.join('; '));
claim(elsewhere.length === 0, 'nothing is loaded from elsewhere', elsewhere.join(' '));
await browser.close();
await stop(mainWindow);
await stop(centre);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
