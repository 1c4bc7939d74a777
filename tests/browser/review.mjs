// The review page in a real browser, against a real program, a store of made-up members and alarms of made-up links: two reviewers, each in a browser of their own,
// undo a link; one person cannot; the keyboard alone; what differs is marked; a program killed in between forgets nothing; and axe finds nothing to object to.
// usage: node review.mjs CHROMIUM BUILD WORK PICTURES
import { chromium } from 'playwright-core';
import { createRequire } from 'node:module';
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync, existsSync } from 'node:fs';

const [browserPath, build, work, pictures] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const mado = `${build}/mado`;
let passed = 0, failed = 0;
function claim(ok, what, saw = '') {
  if (ok) passed += 1;
  else failed += 1, console.log(`FAILED  ${what}  ${saw}`);
}

// ---- members, and alarms about their links ----

const insurer = '06139448', symbol = '12-34';
const member = (number, branch, name, kana, sex, birth, address) => ({ insurer, symbol, number, branch, start: '2020-04-01', name, kana, sex, birth, relation: '1', post: '198-0036', address });
const members = [
  member('1', '02', '髙橋　花', 'タカハシ　ハナ', '2', '2015-05-05', '青梅市河辺町１－２－３'),
  member('2', '01', '斎藤　一郎', 'サイトウ　イチロウ', '1', '1960-01-02', '架空県見本市窓町一丁目２番３号'),
  member('3', '01', '見本　正', 'ミホン　タダシ', '1', '1985-04-01', '架空県見本市窓町一丁目２番３号'),
  member('4', '01', '渡邉　●子', 'ワタナベ　シヨウコ', '2', '1950-10-11', '架空県見本市窓町三丁目１番１号'),
];
const side = ({ name, kana, sex, birth, post, address }) => ({ name, kana, sex, birth, post, address });
const alarm = (id, rank, probability, cause, m, next, registry, more) => ({ alarm: id.padStart(16, '0'), rank, probability, cause, member: { insurer, symbol, number: m.number, branch: m.branch }, resident: `R00000000${rank}`, record: side(m), registry: { ...side(m), ...registry }, next, ja: `警告${rank}`, en: `alarm ${rank}`, ...more });
const twin = { name: '高橋　花', kana: 'ﾀｶﾊｼ ﾊﾅ', sex: '2', birth: '2015-05-05', post: '198-0036', address: '東京都青梅市河辺町1丁目2番3号' };
const alarms = [
  alarm('a1', 1, 0.97, 'twin', members[0], 'close-records', { name: '高橋　咲', kana: 'ﾀｶﾊｼ ｻｷ', address: twin.address }, {
    ja: '同じ日に生まれた双子の番号が入っているとみられます', en: "the number seems to be the twin's", others: [{ resident: 'R000000102', why: 'twin', registry: twin }],
    reasons: [{ fact: 'name', agrees: false, reason: 'GIVEN_DIFFERS', a: '花', b: '咲', ja: '名がちがいます', en: 'the given names differ' }, { fact: 'birth', agrees: true, reason: 'SAME_DAY', a: '', b: '', ja: '同じ日です', en: 'the same day' }] }),
  alarm('a2', 2, 0.62, 'namesake', members[1], 'ask-person', { name: '斉藤　一郎', kana: 'ｻｲﾄｳ ｲﾁﾛｳ', post: '530-0001', address: '大阪府大阪市北区梅田３－２－１' }),
  alarm('a3', 3, 0.11, 'name', members[2], 'ask-insurer', { kana: 'ﾐﾎﾝ ﾏｻｼ' }),
  alarm('a4', 4, 0.04, 'name', members[3], 'ask-insurer', { name: '渡辺　祥子', kana: 'ﾜﾀﾅﾍﾞ ｼｮｳｺ' }),
];
const lines = (list) => list.map((m) => `${JSON.stringify(m)}\n`).join('');
const run = (...words) => execFileSync(mado, words, { cwd: work, stdio: 'pipe' }).toString();
writeFileSync(`${work}/members.ndjson`, lines(members));
writeFileSync(`${work}/alarms.ndjson`, lines(alarms));
run('import', '--store', 'store', '--quiet', 'members.ndjson');
const passphrases = Object.fromEntries(['sato', 'tanaka', 'suzuki'].map((n) => [n, run('keys', 'reviewer', 'keys', n).trim().split('\n').pop()]));
const check = () => { const a = JSON.parse(run('check', '--store', 'store', '--insurer', insurer, '--symbol', symbol, '--number', '1', '--branch', '02', '--birth', '2015-05-05', '--json')); delete a.event; return JSON.stringify(a); };
const before = check();

// ---- the program ----

let program, here;
function start() {
  program = spawn(mado, ['review', '--alarms', 'alarms.ndjson', '--decisions', 'decisions', '--store', 'store', '--keys', 'keys', '--pages', here || '127.0.0.1:0'], { cwd: work, stdio: ['ignore', 'pipe', 'pipe'] });
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (text) => {
      said += text;
      const found = said.match(/http:\/\/([0-9.:]+)\/review/);
      if (found) here = found[1], resolve();
    };
    program.stdout.on('data', hear), program.stderr.on('data', hear);
    program.on('exit', () => reject(new Error(said)));
  });
}
const end = (signal) => new Promise((resolve) => { program.removeAllListeners('exit'), program.on('exit', resolve), program.kill(signal); });
async function again(signal) {
  await end(signal);
  for (let tries = 0; ; tries += 1) { // its children end with it, within moments
    try { await start(); return; } catch (e) { if (tries > 40) throw e; await new Promise((r) => { setTimeout(r, 100); }); }
  }
}
process.on('exit', () => program.kill('SIGTERM'));
await start();

// ---- the browser ----

const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
const complaints = [], elsewhere = [];
async function open(width = 1280, height = 900, query = '') {
  const context = await browser.newContext({ viewport: { width, height } });
  const page = await context.newPage();
  page.on('console', (m) => { if (['error', 'warning'].includes(m.type()) && !/Failed to load resource/.test(m.text())) complaints.push(m.text()); });
  page.on('pageerror', (e) => complaints.push(e.message));
  page.on('request', (r) => { if (!r.url().startsWith(`http://${here}/`)) elsewhere.push(r.url()); });
  await page.goto(`http://${here}/review${query}`);
  return page;
}
async function look(page, name) {
  const size = page.viewportSize(), tall = await page.evaluate(() => Math.max(document.documentElement.scrollHeight, ...['alarm'].map((i) => document.getElementById(i).scrollHeight + 80)));
  await page.setViewportSize({ width: size.width, height: Math.max(size.height, tall) });
  await page.screenshot({ path: `${pictures}/review-${name}.png`, fullPage: true });
  await page.setViewportSize(size);
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  claim(violations.length === 0, `axe, ${name}`, violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(' ')}`).join('; '));
}
const text = (page, selector) => page.locator(selector).first().innerText();
const appears = (locator, timeout = 10000) => locator.first().waitFor({ timeout }).then(() => true, () => false);
const count = (page, selector) => page.locator(selector).count();
async function signIn(page, name, passphrase = passphrases[name]) {
  await page.locator('#reviewer').fill(name);
  await page.locator('#passphrase').fill(passphrase);
  await page.keyboard.press('Enter');
  await page.locator('#list button, #sign-in-fault:not(:empty)').first().waitFor();
}
const row = (page, n) => page.locator(`[data-alarm="${`a${n}`.padStart(16, '0')}"]`);
async function show(page, n) {
  await row(page, n).click();
  await page.locator(`#alarm h2:text("${n}. ")`).waitFor();
}

const sato = await open();
await look(sato, 'sign-in');
claim(await sato.evaluate(() => document.activeElement.id === 'reviewer'), 'the name has the focus');
await signIn(sato, 'sato', 'wrong-words');
claim((await text(sato, '#sign-in-fault')).includes('名前か合い言葉がちがいます'), 'a wrong passphrase is said');
claim(await count(sato, '#list button') === 0, 'and shows nothing');
await signIn(sato, 'sato');
claim(await count(sato, '#list button') === 4, 'the list has every alarm', await count(sato, '#list button'));
claim(!/高橋|髙橋|斎藤|見本/.test(await text(sato, '#room')), 'and nobody\'s name');
claim((await text(sato, '#list li:first-child')).includes('97.0 %'), 'with its probability');
claim(await sato.evaluate(() => document.cookie === '' && !JSON.stringify({ ...localStorage, ...sessionStorage }).match(/[0-9a-f]{64}/)), 'no token is left in the browser');
await look(sato, 'list');

// The keyboard alone.
await sato.keyboard.press('j'), await sato.keyboard.press('j'), await sato.keyboard.press('k'), await sato.keyboard.press('k');
claim(await sato.evaluate(() => document.activeElement.dataset.alarm === '00000000000000a1'), 'j and k walk the list');
await sato.keyboard.press('Enter');
claim(await appears(sato.locator('#alarm h2', { hasText: '双子の取り違え' })), 'Enter opens');
const records = await text(sato, '.records');
claim(records.includes('診療情報は閉じています') && records.includes('資格確認はそのまま'), 'a contradiction has closed the records, and eligibility is open', records);
const marks = await sato.locator('#alarm > table.sides .side.name mark').allInnerTexts();
claim(JSON.stringify(marks.map((m) => m.replace(/\s+/g, ' '))) === JSON.stringify(['髙 U+9AD9', '花 U+82B1', '高 U+9AD8', '咲 U+54B2']), 'what differs is marked, with code points', JSON.stringify(marks));
claim(await sato.evaluate(() => { const size = (e) => parseFloat(getComputedStyle(e).fontSize); const m = document.querySelector('.side.name mark.large > span'); return size(m) >= 2.4 * size(m.closest('td')); }), 'large');
claim((await text(sato, '#alarm > table.sides .side.name mark')).startsWith('髙') && await sato.locator('mark[data-mark="REGISTER"]').first().getAttribute('title') === '戸籍の扱いで同じ字の異体です', 'and why');
claim((await text(sato, '.others')).includes('R000000102'), 'the twin stands beside');
await look(sato, 'alarm');

// One person cannot undo a link.
await sato.keyboard.press('2');
await sato.keyboard.press('Enter');
claim((await text(sato, '#decide-fault')).includes('解除には理由が要ります'), 'unlinking needs a reason');
await sato.locator('#reason').fill('双子の妹の番号。名は「花」で住民の R000000102 と合う');
await sato.keyboard.press('Enter');
claim(await appears(sato.locator('.heading .badge', { hasText: '解除の提案' })), 'a first reviewer proposes');
claim(await sato.locator('.decision.unlink').isDisabled(), 'and cannot concur');
await look(sato, 'proposed');

// A second one, in a browser of her own; she sees the reason, and decides alone.
const tanaka = await open();
await signIn(tanaka, 'tanaka');
claim((await text(tanaka, '#list li:first-child')).includes('あなたを待っています'), 'the second reviewer is waited for');
await show(tanaka, 1);
claim((await text(tanaka, '.history')).includes('双子の妹の番号'), 'and sees the first one\'s reason');
claim(await count(tanaka, '.decision[aria-pressed="true"]') === 0, 'nothing is chosen for her');
await look(tanaka, 'second');
await tanaka.keyboard.press('2');
await tanaka.locator('#reason').fill('同じ意見。カナと名が合わない');
await tanaka.keyboard.press('Enter');
claim(await appears(tanaka.locator('.heading .badge.unlinked')), 'two undo it');
claim(await appears(tanaka.locator('#show-list')), 'who looked is listed');
await tanaka.locator('#show-list').click();
claim(await appears(tanaka.locator('section.box .history li', { hasText: '資格確認' })), 'with the eligibility question that was asked');
await look(tanaka, 'unlinked');
claim(existsSync(`${work}/decisions/notices/00000000000000a1.ndjson`), 'notices are queued');
claim(check() === before, 'eligibility answers as before', check());

// Sato's page is old now: what she decides there does not count.
await sato.keyboard.press('1');
claim(!(await sato.locator('#confirm').isDisabled()), 'the old page still offers it');
await sato.locator('#confirm').click();
claim(await appears(sato.locator('.heading .badge.unlinked')), 'and is shown how things stand');

// Killed in between; nothing is forgotten, and everybody signs in anew.
await show(tanaka, 2);
claim(await count(tanaka, 'mark[data-mark="DICTIONARY"]') === 2, '斎 and 斉 are marked for what they are');
await tanaka.keyboard.press('3');
await tanaka.locator('#reason').fill('');
await tanaka.keyboard.press('Enter');
claim(await appears(tanaka.locator('.heading .badge', { hasText: '本人に確認中' })), 'the person is asked');
await again('SIGKILL');
await row(tanaka, 3).click();
claim(await appears(tanaka.locator('#sign-in-fault', { hasText: 'サインインし直して' })), 'a start anew signs out');
await signIn(tanaka, 'tanaka');
claim(await count(tanaka, '#list button') === 3, 'what is settled is gone from the list', await count(tanaka, '#list button'));
claim((await text(tanaka, '#list li:first-child')).includes('本人に確認中'), 'what was asked is remembered');
await tanaka.locator('#by-state').selectOption('unlinked');
claim(await appears(row(tanaka, 1)), 'and what was undone is found');
await tanaka.locator('#by-state').selectOption('todo');
await tanaka.locator('#by-cause').selectOption('name');
async function rows(page, n) {
  for (let tries = 0; tries < 100 && await count(page, '#list button') !== n; tries += 1) await page.waitForTimeout(50);
  return await count(page, '#list button') === n;
}
claim(await rows(tanaka, 2) && await appears(row(tanaka, 3)), 'by cause', await text(tanaka, '.left'));
await tanaka.locator('#by-insurer').fill('01080019');
claim(await appears(tanaka.locator('#nothing')), 'by insurer');
await tanaka.locator('#by-insurer').fill(''), await tanaka.locator('#by-cause').selectOption('');
await rows(tanaka, 3);

// Lost characters and small kana.
await show(tanaka, 4);
claim((await tanaka.locator('mark[data-mark="LOST"]').allInnerTexts()).join(' ').includes('●'), 'a lost character is marked');
claim(await count(tanaka, 'mark[data-mark="SMALL"]') === 2, 'a small kana too');
await look(tanaka, 'lost');

// English, small, signed out.
await tanaka.locator('[data-choose="en"]').click();
claim(await appears(tanaka.locator('#alarm', { hasText: "The insurer's record" })), 'English');
await look(tanaka, 'english');
const small = await open(390, 844, '?language=en');
await signIn(small, 'suzuki');
await show(small, 3);
claim(await small.evaluate(() => document.documentElement.scrollWidth <= innerWidth), '390 wide: nothing to scroll sideways', await small.evaluate(() => document.documentElement.scrollWidth));
await look(small, 'narrow');
await small.locator('#sign-out').click();
claim(await appears(small.locator('#reviewer')) && !(await text(small, 'body')).includes('見本'), 'signing out empties the page');

// The report of all that: one file, opened from the disk.
run('report', '--alarms', 'alarms.ndjson', '--decisions', 'decisions', '--out', 'report', '--on', '2026-11-25');
const paper = await (await browser.newContext({ viewport: { width: 1100, height: 900 } })).newPage();
await paper.goto(`file://${work}/report/report.html`);
claim((await text(paper, '.figures')).replace(/\s+/g, ' ').startsWith('4 警告'), 'the report counts the alarms', await text(paper, '.figures'));
await paper.screenshot({ path: `${pictures}/review-report.png`, fullPage: true });
const source = await paper.content();
claim(!source.includes('<script') && !/髙橋|見本|斎藤/.test(source), 'has no script, and nobody\'s name');
const { violations } = await (async () => { await paper.evaluate(axe); return paper.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] })); })();
claim(violations.length === 0, 'axe, report', violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(' ')}`).join('; '));

// A long list: what is opened far down is seen from its beginning, and the list stays where it was.
await end('SIGTERM');
writeFileSync(`${work}/alarms.ndjson`, lines(Array.from({ length: 450 }, (_, i) => alarm((0x1000 + i).toString(16), i + 1, 0.5, 'name', members[2], 'ask-insurer', { kana: 'ﾐﾎﾝ ﾏｻｼ' }))));
await start();
const long = await open();
await signIn(long, 'suzuki');
claim(await count(long, '#list button') === 200, 'a page of the list', await count(long, '#list button'));
await long.locator('#more').click();
claim(await rows(long, 400), 'and the next');
await long.locator('#list button').nth(350).click();
await long.locator('#decide').waitFor();
claim(await long.evaluate(() => { const h = document.querySelector('#alarm h2').getBoundingClientRect(); const r = document.querySelector('#list button[aria-current]').getBoundingClientRect(); return h.top >= 0 && h.bottom <= innerHeight && r.top >= 0 && r.bottom <= innerHeight; }), 'what is opened far down is seen, and its row too');
await long.screenshot({ path: `${pictures}/review-long.png` });

claim(complaints.length === 0, 'the browser complains of nothing', complaints.join('; '));
claim(elsewhere.length === 0, 'nothing is loaded from elsewhere', elsewhere.join(' '));
await browser.close();
await end('SIGTERM');
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
