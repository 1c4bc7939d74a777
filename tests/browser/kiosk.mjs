// The patient's page in a real browser: every way leads somewhere and back, by touch and by keyboard, in three languages; what is pressed
// is large; it is back at its start when left alone; axe finds nothing to object to. Called by reception.mjs, which runs the window.

export async function kiosk(browser, url, pictures, { claim, objections }) {
  const context = await browser.newContext({ viewport: { width: 1080, height: 1080 }, hasTouch: true });
  const page = await context.newPage();
  const asked = [];
  page.on('request', (r) => asked.push(`${r.method()} ${new URL(r.url()).pathname}`));
  await page.clock.install();
  await page.goto(url);
  const shown = () => page.locator('#screen').innerText();
  const look = async (name) => {
    await page.screenshot({ path: `${pictures}/kiosk-${name}.png` });
    const found = await objections(page);
    claim(found.length === 0, `axe, kiosk ${name}`, found.join('; '));
    const small = await page.evaluate(() => [...document.querySelectorAll('button')].filter((b) => b.getBoundingClientRect().height < 64).length);
    claim(small === 0, `kiosk ${name}: what is pressed is large`);
  };
  claim((await shown()).includes('受付の方法をお選びください'), 'the kiosk begins in Japanese', await shown());
  claim(await page.locator('.ways button').count() === 2, 'it offers what works: paper, and nothing');
  await look('start');
  await page.locator('.ways button', { hasText: '紙がある' }).tap();
  claim((await shown()).includes('紙を受付の人に見せてください'), 'paper leads to the desk');
  claim(await page.evaluate(() => document.activeElement.tagName) === 'H1', 'a screen reader is taken to the new screen');
  await look('paper');
  await page.locator('[data-choose="easy"]').tap();
  claim(await page.locator('#screen ruby').count() > 5 && await page.evaluate(() => [...document.querySelectorAll('#screen span')].every((s) => !/[一-龯]/.test([...s.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data).join('')))), 'easy Japanese reads every character');
  await look('paper-easy');
  await page.locator('.back').tap();
  claim((await shown()).includes('持'), 'and back to the start');
  await look('start-easy');
  await page.locator('[data-choose="en"]').tap();
  await page.locator('.ways button', { hasText: 'I have nothing' }).focus();
  await page.keyboard.press('Enter');
  claim((await shown()).includes('Please speak to the staff') && await page.evaluate(() => document.documentElement.lang) === 'en', 'English, by the keyboard', await shown());
  await look('nothing-english');
  await page.keyboard.press('Escape');
  claim((await shown()).includes('How would you like to check in?'), 'Escape goes back');
  await page.locator('.ways button').first().tap();
  await page.clock.fastForward(61000);
  claim((await shown()).includes('受付の方法をお選びください'), 'left alone it is as the next patient should find it', await shown());
  claim(asked.every((a) => /^GET \/(kiosk|icon\.svg)/.test(a)), 'it asks for nothing and sends nothing', asked.join(', '));
  await page.setViewportSize({ width: 390, height: 844 });
  claim(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing to scroll sideways on a phone');
  await look('narrow');
  await context.close();
}
