// A (virtual) My Number Card on a real reader, the PIN typed on the patients' page in a real browser, the answer on the reception's page: by touch
// and by keyboard, a wrong PIN, a locked card, one without PINs, one that is taken away, none at all; and the digits in no word of the window.
// usage: node kiosk_card.mjs CHROMIUM BUILD WORK PICTURES, where nobody else has a reader (tests/browser/run card sees to it)
import { chromium } from 'playwright-core';
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [browserPath, build, work, pictures] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const mado = `${build}/mado`, code = '0110113719', insurer = '06139448';
let passed = 0, failed = 0;
function claim(ok, what, saw = '') {
  if (ok) passed += 1;
  else failed += 1, console.log(`FAILED  ${what}  ${saw}`);
}

// ---- the programs ----

const run = (...words) => execFileSync(words[0], words.slice(1), { cwd: work, stdio: 'pipe' });
const started = new Set();
let heard = '';
function start(ready, program, ...words) {
  const child = spawn(program, words, { cwd: work, stdio: ['ignore', 'pipe', 'pipe'] });
  started.add(child);
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (text) => {
      said += text, heard += text;
      const found = said.match(ready);
      if (found) resolve([child, ...found.slice(1)]);
    };
    child.stdout.on('data', hear), child.stderr.on('data', hear);
    child.on('exit', () => { started.delete(child), reject(new Error(said)); });
  });
}
async function stop(child) {
  const end = new Promise((resolve) => { child.on('exit', resolve); });
  child.kill('SIGTERM');
  await end;
}
process.on('exit', () => { for (const child of started) child.kill('SIGTERM'); });
const pause = (ms) => new Promise((r) => { setTimeout(r, ms); });
async function until(what, ms = 20000) {
  for (const end = Date.now() + ms; Date.now() < end; await pause(100)) if (what()) return true;
  return false;
}

writeFileSync(`${work}/members.ndjson`, [
  { op: 'insurer', insurer, name: '青葉電機健康保険組合' },
  { insurer, symbol: '12-34', number: '1', branch: '01', start: '2020-04-01', name: '窓野　花子', kana: 'ﾏﾄﾞﾉ ﾊﾅｺ', sex: '2', birth: '1985-04-01', relation: '1' },
].map((m) => `${JSON.stringify(m)}\n`).join(''));
run(mado, 'import', '--store', 'store', '--quiet', 'members.ndjson');
run(mado, 'keys', 'init', 'keys'), run(mado, 'keys', 'institution', 'keys', code), run(mado, 'keys', 'card', 'keys', 'hanako');
run(mado, 'keys', 'trust', 'keys', 'keys/jpki/auth/ca.pem', 'keys/jpki/auth/crl.pem');
const der = execFileSync('openssl', ['x509', '-in', `${work}/keys/jpki/people/hanako/auth.pem`, '-outform', 'DER']);
writeFileSync(`${work}/cards.ndjson`, `${JSON.stringify({ act: 'register', certificate: der.toString('base64'), insurer, symbol: '12-34', number: '1' })}\n`);
run(mado, 'cards', 'register', '--store', 'store', '--keys', 'keys', 'cards.ndjson');

const lies = () => / Yes /.test(spawnText('opensc-tool', '-l'));
function spawnText(...words) {
  try { return run(...words).toString(); } catch (e) { return String(e.stdout); }
}
let card = null;
async function put(state) {
  if (card) await stop(card), await until(() => !lies());
  card = null;
  if (!state) return;
  [card] = await start(/reader/, mado, 'card', '--vpcd', '127.0.0.1:35963', '--pin', '1234', '--sign-pin', 'ABC123', '--keys', 'keys', '--state', state, '--person', 'hanako');
  await until(lies);
}
const [centre, address] = await start(/https:\/\/([0-9.:]+)/, mado, 'serve', '--store', 'store', '--keys', 'keys', '--listen', '127.0.0.1:0', '--workers', '1');
const [mainWindow, patients, here] = await start(/http:\/\/([0-9.:]+)\/kiosk[^]*http:\/\/([0-9.:]+)\/reception/, mado, 'window', '--folders', 'oqs', '--centre', `https://${address}`,
  '--keys', 'keys', '--institution', code, '--pages', '127.0.0.1:0', '--kiosk', '127.0.0.1:0', '--reader', 'any');

// ---- the browser ----

const browser = await chromium.launch({
  executablePath: browserPath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const reception = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
await reception.goto(`http://${here}/reception`);
const page = await (await browser.newContext({ viewport: { width: 1080, height: 1080 }, hasTouch: true })).newPage();
await page.goto(`http://${patients}/kiosk`);
const shown = () => page.locator('#screen').innerText();
const is = (text, timeout = 20000) => page.locator('#screen', { hasText: text }).waitFor({ timeout }).then(() => true, () => false);
const tap = (text) => page.locator('#screen button', { hasText: text }).first().tap();
const look = async (name) => {
  await page.screenshot({ path: `${pictures}/card-${name}.png` });
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  claim(violations.length === 0, `axe, ${name}`, violations.map((v) => v.id).join(' '));
};
async function begin() {
  await page.keyboard.press('Escape');
  await tap('カードがある');
  await tap('暗証番号');
}
const touch = async (pin) => {
  for (const digit of pin) await page.locator('.pad button', { hasText: digit }).tap();
  await page.locator('.pad .enter').tap();
};

// The page asks first, the card comes then; a wrong PIN, the right one, and the reception has it.
await page.waitForTimeout(500);
await begin();
claim(await is('カードを置いてください'), 'the page asks for the card', await shown());
await look('waiting');
await put('ok');
claim(await is('暗証番号を入力してください'), 'and sees it', await shown());
await look('pin');
await touch('8642');
claim(await is('暗証番号が違います') && await is('残り 2 回'), 'a wrong PIN, and how many tries are left', await shown());
await look('wrong');
await touch('1234');
claim(await is('受付しました') && (await shown()).includes('1 番'), 'the right one', await shown());
await look('received');
const row = reception.locator('#today li:first-child', { hasText: '窓野　花子' });
claim(await row.waitFor({ timeout: 10000 }).then(() => true, () => false), 'the reception has the patient');
await row.locator('button').click();
const answer = await reception.locator('#answer').innerText();
claim(answer.includes('有効') && answer.includes('3 割') && answer.includes('マイナンバーカードと暗証番号'), 'with validity, share and by what', answer);
await reception.screenshot({ path: `${pictures}/card-reception.png` });
claim(/OQSsiquc01res_face_/.test(run('ls', 'oqs/face').toString()), 'and so does the receipt computer');

// By the keyboard, from anywhere on the page, once more: tries are set back by a success.
await begin();
claim(await is('暗証番号を入力してください'), 'the card still lies there', await shown());
await page.keyboard.type('1234');
await page.keyboard.press('Enter');
claim(await is('受付しました') && (await shown()).includes('2 番'), 'by the keyboard', await shown());

// What does not go on leads somewhere.
for (const [state, words] of [['locked', '暗証番号がロックされています'], ['pinless', '暗証番号のないカードです']]) {
  await put(state);
  await begin();
  if (state === 'pinless') claim(await is('ほかの方法'), 'a card without PINs', await shown());
  else claim(await is(words), words, await shown());
  claim((await shown()).includes('受付の人に見せる') && (await shown()).includes('何も持っていない'), `${state}: the other ways are there`, await shown());
  await look(state);
}
await tap('受付の人に見せる');
claim(await is('受付の人にカードを見せてください'), 'the staff\'s eyes are one of them', await shown());
await put('revoked');
await begin();
await is('暗証番号を入力してください');
await touch('1234');
claim(await is('このカードは今、使えません'), 'a revoked card', await shown());
await put('slow');
await begin();
await is('暗証番号を入力してください');
await touch('1234');
claim(await is('確認しています'), 'a slow card is waited for', await shown());
await put(null);
claim(await is(/カードが離れました|カードを読めませんでした/) && (await shown()).includes('もう一度'), 'taken away in the middle: it is said, and may be tried again', await shown());
await look('gone');

claim(!/8642/.test(heard), 'the digits are in no word of the programs');
claim(spawnText('grep', '-rlE', '8642', 'oqs', 'store') === '', 'and in no file');
await browser.close();
await put(null);
await stop(mainWindow);
await stop(centre);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
