// The status page in a real browser, while questions come in: what it shows agrees with /status.json, it follows, it works with the
// keyboard and in both languages, loads nothing from elsewhere, and axe finds nothing to object to at both widths.
// usage: node status.mjs CHROMIUM STATUS-URL PICTURES
import { chromium } from 'playwright-core';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const [browserPath, url, pictures] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let passed = 0, failed = 0;

function claim(ok, what, saw = '') {
  if (ok) passed += 1;
  else failed += 1, console.log(`FAILED  ${what}  ${saw}`);
}

const browser = await chromium.launch({
  executablePath: browserPath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

async function open(width, height, query = '') {
  const context = await browser.newContext({ viewport: { width, height } });
  const page = await context.newPage();
  const seen = { complaints: [], elsewhere: [] };
  page.on('console', (m) => { if (['error', 'warning'].includes(m.type())) seen.complaints.push(m.text()); });
  page.on('pageerror', (e) => seen.complaints.push(e.message));
  page.on('request', (r) => { if (!r.url().startsWith(url)) seen.elsewhere.push(r.url()); });
  await page.goto(url + query);
  await page.locator('#answers tr').first().waitFor();
  return { page, seen };
}

async function objections(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(' ')}`);
}

const shown = (page, selector) => page.locator(selector).innerText();
const appears = (locator) => locator.waitFor({ timeout: 10000 }).then(() => true, () => false);
const count = (text) => Number(text.replaceAll(',', ''));

{
  const { page, seen } = await open(1280, 900);
  const before = count(await shown(page, '#log [data-key="records"] td'));
  await page.waitForTimeout(5000);
  const now = await (await fetch(`${url}status.json`)).json();
  const after = count(await shown(page, '#log [data-key="records"] td'));
  claim(after > before, 'the page follows the log', `${before} → ${after}`);
  claim(Math.abs(after - now.log.records) < 1000, 'what it shows is what /status.json says', `${after}, ${now.log.records}`);
  claim(count(await shown(page, '#members')) === now.members, 'members');
  claim(await shown(page, '#verdict-ja') === '正常に動いています', 'it says that all is well');
  claim(count(await shown(page, '#rate')) > 1, 'questions a second', await shown(page, '#rate'));
  claim((await page.locator('#chart .curve').getAttribute('d')).split('L').length > 3, 'the chart has a curve');
  claim(count(await shown(page, '#doors [data-key="fhir"] td')) > 0, 'FHIR questions are counted');
  claim(/^[0-9.,]+ ミリ秒$/.test(await shown(page, '#durations [data-key="990"] td:last-child')), 'percentiles', await shown(page, '#durations [data-key="990"] td:last-child'));
  const found = await objections(page);
  claim(found.length === 0, 'axe, wide', found.join('; '));
  await page.screenshot({ path: `${pictures}/status-wide.png`, fullPage: true });

  // The keyboard alone: the first stop leads to the content, the languages can be reached and pressed.
  await page.keyboard.press('Tab');
  claim(await page.evaluate(() => document.activeElement.className) === 'skip', 'the first stop skips to the content');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  claim(await page.evaluate(() => document.documentElement.lang) === 'en', 'English by the keyboard');
  claim(await page.locator('[data-choose="en"]').getAttribute('aria-pressed') === 'true', 'and the button says so');
  claim(await page.locator('#verdict-en').isVisible() && !(await page.locator('#verdict-ja').isVisible()), 'one language leads');
  await page.reload();
  claim(await page.evaluate(() => document.documentElement.lang) === 'en', 'the language is remembered');
  claim(seen.complaints.length === 0, 'the browser complains of nothing', seen.complaints.join('; '));
  claim(seen.elsewhere.length === 0, 'nothing is loaded from elsewhere', seen.elsewhere.join(' '));
}
{
  const { page } = await open(390, 844, '?language=en');
  await page.waitForTimeout(3000);
  claim(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'a phone need not scroll sideways');
  const found = await objections(page);
  claim(found.length === 0, 'axe, narrow', found.join('; '));
  await page.screenshot({ path: `${pictures}/status-narrow.png`, fullPage: true });
}
{
  // A server that goes away is said, and its return is seen; a check that fails shows why.
  const { page } = await open(1280, 900);
  await page.route('**/status.json', (route) => route.abort());
  claim(await appears(page.locator('#verdict-ja', { hasText: 'サーバーとつながりません' })), 'the page says that the server is gone');
  claim(await page.locator('#health').getAttribute('data-health') === 'fail', 'a server that does not answer is said');
  await page.unroute('**/status.json');
  await page.route('**/status.json', async (route) => {
    const reply = await route.fetch();
    const json = await reply.json();
    json.health = { status: 'warn', checks: { ...json.health.checks, revocations: [{ status: 'warn', output: '失効一覧を読めません / cannot be read' }] } };
    json.refusals = [{ code: 'MDOA0002E', count: 3, ja: '証明書の医療機関コードと要求の医療機関コードが違います', en: 'another institution' }];
    await route.fulfill({ json });
  });
  claim(await appears(page.locator('#health[data-health="warn"]')), 'and that it is back, with a warning');
  claim((await shown(page, '#checks')).includes('失効一覧を読めません'), 'why is shown');
  claim(await page.locator('#refusals-table').isVisible() && !(await page.locator('#no-refusals').isVisible()), 'refusals appear');
  const found = await objections(page);
  claim(found.length === 0, 'axe, with a warning and refusals', found.join('; '));
  await page.screenshot({ path: `${pictures}/status-warning.png`, fullPage: true });
}
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
