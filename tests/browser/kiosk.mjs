// The patient's page in a real browser, with a real window and a real face reader (but for its camera): every way leads to a number and to the
// reception's list, by touch and by keyboard, in three languages; what is pressed is large and of one size; it is back at its start when left
// alone; the first screen waits for nobody and does not move; axe finds nothing to object to. What a card may come to is replayed sitting by
// sitting: kiosk_card.mjs has a real one. Called by reception.mjs, which runs the window.

const PIN_STEPS = (id) => [
  { id, change: 1, with: 'card', progress: 'waiting' },
  { id, change: 2, with: 'card', progress: 'pin', tries_left: 3 },
];

export async function kiosk(browser, url, pictures, { claim, objections, reception, faceSays }) {
  const context = await browser.newContext({ viewport: { width: 1080, height: 1080 }, hasTouch: true });
  const page = await context.newPage();
  const asked = [];
  page.on('request', (r) => asked.push(`${r.method()} ${new URL(r.url()).pathname}`));
  await page.addInitScript(() => {
    window.shifts = 0;
    new PerformanceObserver((list) => { for (const e of list.getEntries()) if (!e.hadRecentInput) window.shifts += e.value; }).observe({ type: 'layout-shift', buffered: true });
  });
  const shown = () => page.locator('#screen').innerText();
  const is = (text) => page.locator('#screen', { hasText: text }).waitFor({ timeout: 10000 }).then(() => true, () => false);
  const tap = (text) => page.locator('#screen button', { hasText: text }).first().tap();
  const speak = (language) => page.locator(`[data-choose="${language}"]`).tap();
  const look = async (name) => {
    await page.screenshot({ path: `${pictures}/kiosk-${name}.png` });
    const found = await objections(page);
    claim(found.length === 0, `axe, kiosk ${name}`, found.join('; '));
    const small = await page.evaluate(() => [...document.querySelectorAll('button, input:not([type=radio]), select')].filter((b) => b.getBoundingClientRect().height < 63.9).map((b) => b.textContent || b.name));
    claim(small.length === 0, `kiosk ${name}: what is pressed is large`, small.join(', '));
    const bare = await page.evaluate(() => document.documentElement.dataset.language === 'easy' && [...document.querySelectorAll('#screen span')].filter((s) => !s.closest('option') && /[一-龯]/.test([...s.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data).join(''))).map((s) => s.textContent));
    claim(!bare || bare.length === 0, `kiosk ${name}: easy Japanese reads every character`, String(bare));
    claim(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `kiosk ${name}: nothing to scroll sideways`);
  };
  const inThree = async (name) => {
    for (const language of ['easy', 'en', 'ja']) await speak(language), await look(`${name}-${language}`);
  };
  const sameSize = () => page.evaluate(() => new Set([...document.querySelectorAll('.ways button')].map((b) => { const r = b.getBoundingClientRect(); return `${Math.round(r.width)}x${Math.round(r.height)}`; })).size === 1);
  const arrives = (text) => reception.locator('#today li:first-child', { hasText: text }).waitFor({ timeout: 10000 }).then(() => true, () => false);

  // The first screen stands before the window has said anything, and nothing moves when it does.
  await page.route('**/kiosk/ways', async (route) => { await new Promise((r) => { setTimeout(r, 800); }); await route.continue(); });
  await page.goto(url, { waitUntil: 'commit' });
  claim(await page.locator('.ways button').nth(2).waitFor({ timeout: 700 }).then(() => true, () => false), 'the first screen waits for no answer');
  await page.waitForTimeout(1200);
  await page.unroute('**/kiosk/ways');
  claim(await page.evaluate(() => window.shifts) === 0, 'and nothing moves when one comes', String(await page.evaluate(() => window.shifts)));
  await page.clock.install();
  await page.reload();
  claim((await shown()).includes('受付の方法をお選びください'), 'the kiosk begins in Japanese', await shown());
  claim(await page.locator('.ways button').count() === 3 && await sameSize(), 'card, paper and nothing are of one size');
  await look('start');
  await inThree('start');

  // A paper.
  await tap('紙がある');
  claim(await is('紙を受付の人に見せてください'), 'paper leads to the desk');
  claim(await page.evaluate(() => document.activeElement.tagName) === 'H1', 'a screen reader is taken to the new screen');
  await inThree('paper');
  await tap('受付に知らせる');
  claim(await is('受付しました') && /\d+ 番/.test(await shown()), 'a paper becomes a number', await shown());
  await inThree('received-paper');
  claim(await arrives('紙をお持ちの方'), 'and stands in the reception\'s list');
  await page.keyboard.press('Escape');
  claim(await is('受付の方法をお選びください'), 'Escape goes back');

  // Nothing: told by word of mouth, or written here.
  await tap('何も持っていない');
  claim(await sameSize() && await page.locator('.ways button').count() === 2, 'to speak and to write are of one size');
  await inThree('nothing');
  await tap('話して伝える');
  claim(await is('受付の人がお呼びします'), 'who wants to speak is received');
  claim(await arrives('何もお持ちでない方'), 'and in the list');
  await tap('はじめに戻る');
  await tap('何も持っていない');
  await tap('ここで入力する');
  await page.locator('#form-name').fill('窓口　三津');
  for (const [name, text] of [['year', '28'], ['month', '13'], ['day', '26']]) await page.locator(`[name=${name}]`).fill(text);
  await page.locator('label', { hasText: '女性' }).tap();
  await page.locator('#form-stated').fill('青葉電機。3 割でした');
  await look('form');
  await tap('受付に渡す');
  claim(await is('日付をお確かめください') && await page.locator('#form-name').inputValue() === '窓口　三津', 'a date that is none is said, and nothing typed is lost', await shown());
  await look('form-fault');
  await inThree('form');
  await page.locator('[name=month]').fill('10');
  await page.keyboard.press('Enter');
  claim(await is('受付しました'), 'by the keyboard too', await shown());
  claim(await arrives('窓口　三津'), 'the staff see the name');
  await reception.locator('#today button').first().click();
  const told = await reception.locator('#answer').innerText();
  claim(told.includes('青葉電機。3 割でした') && told.includes('昭和28年10月26日') && told.includes('本人の申し立て') && told.includes('資格申立書'), 'what was said, and what to do', told);
  await reception.screenshot({ path: `${pictures}/reception-desk.png` });
  const found = await objections(reception);
  claim(found.length === 0, 'axe, reception desk', found.join('; '));

  await reception.locator('.complete').click();
  claim(await reception.locator('#completing', { hasText: '番の方の番号を入力中' }).isVisible() && await reception.locator('#name').inputValue() === '窓口　三津', 'the staff go on with it');
  for (const [id, text] of [['insurer', '06139448'], ['symbol', '12-34'], ['number', '1'], ['birth', '1985-04-01']]) await reception.locator(`#${id}`).fill(text);
  const before = await reception.locator('#today button').count();
  await reception.locator('#number').press('Enter');
  claim(await arrives('有効 3 割') && await reception.locator('#today button').count() === before, 'and it is answered in its own row', await reception.locator('#today li:first-child').innerText());
  claim((await reception.locator('#answer').innerText()).includes('本人の申し立て') && !await reception.locator('#completing').isVisible(), 'told for what it is');
  await reception.keyboard.press('Escape');

  // Left alone.
  await tap('はじめに戻る');
  await tap('紙がある');
  await speak('en');
  await page.clock.fastForward(61000);
  claim(await is('受付の方法をお選びください'), 'left alone it is as the next patient should find it', await shown());

  // A face reader: yes, no, and the equal ways beside it.
  await tap('カードがある');
  claim(await is('顔認証') && await is('受付の人に見せる') && await sameSize(), 'a card: the ways that are there, of one size', await shown());
  await inThree('card');
  await faceSays('yes');
  await tap('顔認証');
  claim(await is('受付しました'), 'a yes is received', await shown());
  claim(await arrives('受付待ち') && (await reception.locator('#today li:first-child button').click().then(() => reception.locator('#answer').innerText())).includes('顔認証の機器が「はい」と答えました'), 'and the staff see by what');
  await tap('はじめに戻る');
  await faceSays('no');
  await tap('カードがある');
  await tap('顔認証');
  claim(await is('顔認証では確かめられませんでした'), 'a no is said', await shown());
  claim(await page.locator('.ways button').count() >= 4 && await sameSize() && (await shown()).includes('結果も料金も同じです'), 'and every other way stands beside it');
  await inThree('face-no');
  await tap('受付の人に見せる');
  claim(await is('受付の人にカードを見せてください'), 'the staff\'s eyes are one of them');
  claim(await arrives('カードの方'), 'and the staff know');
  await tap('はじめに戻る');
  await faceSays('silent');
  await tap('カードがある');
  await tap('顔認証');
  claim(await is('機器のカメラを見てください'), 'while it looks', await shown());
  await inThree('looking');
  await tap('やめる');
  claim(await is('受付の方法をお選びください'), 'one can always stop');
  await faceSays('off');
  await tap('カードがある');
  await tap('顔認証');
  claim(await is('顔認証の機器が使えません'), 'a reader that is off is no dead end', await shown());

  // The PIN pad, replayed: by touch, by keyboard, for screen readers; the digits leave the page in one message alone.
  let steps = [], pins = [];
  const sent = [];
  const ways = { card: true, face: true };
  await page.route('**/kiosk/{ways,begin,sitting*,pin,stop}', async (route) => {
    const path = new URL(route.request().url()).pathname, body = route.request().postData() || '';
    const json = (data) => route.fulfill({ status: 200, contentType: 'application/json', body: JSON.stringify(data) }).catch(() => {});
    sent.push(`${route.request().url()} ${path === '/kiosk/pin' ? '' : body}`);
    if (path === '/kiosk/ways' || path === '/kiosk/stop') return json(ways);
    if (path === '/kiosk/pin') pins.push(JSON.parse(body).pin), steps = steps.slice(1 + steps.slice(1).findIndex((s) => s.after === 'pin'));
    if (path === '/kiosk/sitting' && steps[1] && steps[1].after !== 'pin') steps.shift();
    else if (path === '/kiosk/sitting') await new Promise((r) => { setTimeout(r, 300); });
    return json({ ...steps[0], ways });
  });
  const sit = async (...more) => {
    await page.keyboard.press('Escape');
    await page.waitForTimeout(50);
    steps = [...PIN_STEPS(`${Math.random()}`), ...more.map((s, i) => ({ id: 'x', change: 3 + i, with: 'card', ...s }))];
    await tap('カードがある');
    await tap('暗証番号');
    return is('暗証番号を入力してください');
  };
  await page.keyboard.press('Escape');
  await page.waitForTimeout(100);
  claim(await sit({ after: 'pin', progress: 'pin', outcome: 'pin-wrong', tries_left: 2 }, { after: 'pin', progress: 'pin', outcome: 'pin-wrong', tries_left: 1 }, { after: 'pin', progress: 'done', outcome: 'pin-locked' }), 'the PIN is asked for', await shown());
  await inThree('pin');
  claim(await page.locator('.pad .enter').isDisabled(), 'four digits first');
  for (const digit of ['1', '9', '3']) await page.locator('.pad button', { hasText: digit }).tap();
  claim((await page.locator('#said').innerText()).includes('3 桁入力しました'), 'a screen reader hears how many', await page.locator('#said').innerText());
  await page.locator('.pad .clear').tap();
  for (const digit of ['8', '7']) await page.locator('.pad button', { hasText: digit }).tap();
  claim(!(await shown()).includes('1987') && await page.locator('#pin').getAttribute('type') === 'password', 'digits are not shown');
  await page.locator('.pad .enter').tap();
  claim(await is('暗証番号が違います') && await is('残り 2 回') && pins.at(-1) === '1987', 'a wrong PIN is said, and how often more', `${await shown()} ${pins}`);
  await inThree('pin-wrong');
  for (const key of ['6', '5', 'a', '4', 'Backspace', '4', '3']) await page.keyboard.press(key);
  await page.keyboard.press('Enter');
  claim(await is('ロックされます') && pins.at(-1) === '6543', 'by the keyboard, from anywhere', `${await shown()} ${pins}`);
  await inThree('pin-last');
  await page.locator('#pin').focus();
  await page.keyboard.type('0000');
  await page.keyboard.press('Enter');
  claim(await is('暗証番号がロックされています') && (await shown()).includes('ほかの方法'), 'a locked PIN is no dead end', await shown());
  claim(await page.locator('.ways button').count() >= 4, 'there are other ways');
  await inThree('pin-locked');
  await sit({ after: 'pin', progress: 'signing' }, { progress: 'asking' }, { progress: 'done', outcome: 'grace', number: 31 });
  await page.keyboard.type('1234');
  await page.keyboard.press('Enter');
  claim(await is('31 番') && await is('今日の受付は変わりません'), 'a card past its date is received, with what to do', await shown());
  await inThree('received-card');
  const outcomes = await page.evaluate(() => Object.keys(WORDS.outcomes).filter((o) => !o.startsWith('face') && !['answered', 'ends-soon', 'grace', 'unchecked'].includes(o)));
  for (const outcome of outcomes) {
    await page.keyboard.press('Escape');
    await page.waitForTimeout(50);
    steps = [{ id: 'y', change: 1, with: 'card', progress: 'done', outcome }];
    await tap('カードがある');
    await tap('暗証番号');
    claim(await is('ほかの方法') && await page.locator('.ways button', { hasText: '何も持っていない' }).count() === 1, `${outcome}: there is a next step`, await shown());
    claim(!/全額|10 ?割|資格がありません|無効/.test(await shown()), `${outcome}: nobody is denied`, await shown());
  }
  for (const progress of ['waiting', 'reading', 'signing', 'asking']) {
    await page.keyboard.press('Escape');
    await page.waitForTimeout(50);
    steps = [{ id: 'z', change: 1, with: 'card', progress }];
    await tap('カードがある');
    await tap('暗証番号');
    await page.waitForTimeout(100);
    await inThree(`card-${progress}`);
  }
  claim(!sent.some((s) => /1987|6543|1234/.test(s)), 'the digits are in no address and no other message', sent.filter((s) => /1987|6543|1234/.test(s)).join(' '));
  claim(await page.evaluate(() => Object.keys(localStorage).length + Object.keys(sessionStorage).length) === 0, 'the page keeps nothing');
  await page.unroute('**/kiosk/{ways,begin,sitting*,pin,stop}');

  // A window that is gone.
  await page.route('**/kiosk/*', (route) => route.abort());
  await page.keyboard.press('Escape');
  await tap('紙がある');
  await tap('受付に知らせる');
  claim(await is('受付の人に声をかけてください'), 'without the window the desk is there', await shown());
  await inThree('away');
  await page.unroute('**/kiosk/*');

  claim(asked.every((a) => /^(GET|POST) \/(kiosk|icon\.svg)/.test(a)), 'it speaks to its own window alone', asked.join(', '));
  await page.setViewportSize({ width: 390, height: 844 });
  await page.keyboard.press('Escape');
  await look('narrow');
  await tap('何も持っていない');
  await tap('ここで入力する');
  await look('narrow-form');
  await context.close();
}
