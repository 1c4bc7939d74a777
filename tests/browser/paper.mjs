// Papers at the reception page: a scanner types into whatever field has the keyboard; a picture and a PDF are chosen; with the centre gone the
// answer is there at once and says that it is from paper; a void paper says so and denies nobody; what is no paper is said at its field.
// Called by reception.mjs, which runs the window and the centre.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';

// Before the centre starts: an insurer's keys, everyone's papers, one of them void.
export function printPapers(run, work, insurer) {
  run('keys', 'insurer', 'keys', insurer);
  // Out of a store of their own: the centre's members are as they were, with no certificate on its way.
  run('import', '--store', 'paper-store', '--quiet', 'members.ndjson');
  run('issue', 'certificates', '--store', 'paper-store', '--keys', 'keys', '--out', 'print', '--insurer', insurer, '--per-file', '1');
  const folder = `${work}/print/${insurer}`;
  const day = readdirSync(folder).find((name) => name.startsWith('certificates-'));
  const papers = readdirSync(`${folder}/${day}`).filter((name) => name.endsWith('.ndjson')).map((name) => ({
    ...JSON.parse(readFileSync(`${folder}/${day}/${name}`, 'utf8').split('\n')[0]), pdf: `${folder}/${day}/${name.replace('ndjson', 'pdf')}` })).filter((p) => p.paper);
  run('issue', 'void', '--store', 'paper-store', '--keys', 'keys', '--out', 'print', '--paper', papers.find((p) => p.number === '3').paper, '--reason', 'stolen');
  return (number) => papers.find((p) => p.number === number);
}

export async function paper(open, of, { work, url, claim, answer, appears, shown, look, stopCentre, startCentre }) {
  const kept = `${work}/oqs/.mado/papers/insurers/06139448/status.jws`;
  const page = await open(1280, 800);
  for (let tries = 0; !existsSync(kept) && tries < 100; tries += 1) await page.waitForTimeout(100);
  claim(existsSync(kept), 'keys and lists for papers are kept by the window');
  const codeOf = (pdf) => page.evaluate(async (bytes) => {
    const body = new Blob([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], { type: 'application/pdf' });
    return (await (await fetch('/reception/picture', { method: 'POST', headers: { 'Content-Type': 'application/pdf' }, body })).json()).code;
  }, readFileSync(pdf).toString('base64'));
  const codes = { good: await codeOf(of('1').pdf), void: await codeOf(of('3').pdf) };
  claim(/^shc:\/\d{500,}$/.test(codes.good), 'a PDF gives its code');
  await stopCentre();

  // A scanner types fast, wherever the keyboard is, and ends with Enter.
  await page.locator('#chart').fill('1001');
  await page.locator('#insurer').focus();
  await page.keyboard.type(codes.good);
  claim(await page.locator('#insurer').inputValue() === '' && await page.locator('#code').inputValue() === codes.good, 'what a scanner types into another field moves to its own');
  await page.keyboard.press('Enter');
  claim(await answer(page, '髙橋　みどり'), 'a scanned paper is answered with no centre', await shown(page, '#answer'));
  claim((await shown(page, '.headline h2')).trim() === '有効' && (await shown(page, '.share b')) === '3 割', 'validity and share', await shown(page, '#answer'));
  claim((await shown(page, '.from-memory')).includes('の二次元コードによります') && (await shown(page, '.from-memory')).includes('電子署名を確かめました'), 'it says that it is from paper', await shown(page, '#answer'));
  claim((await shown(page, '#answer')).includes('患者番号 1001') && (await shown(page, '#answer')).includes('青葉電機健康保険組合'), "with the chart's number and the insurer");
  claim((await page.locator('#today button').first().innerText()).includes('（紙）'), 'and in the list', await page.locator('#today button').first().innerText());
  claim(await page.locator('#code').inputValue() === '', 'the field is empty for the next one');
  await page.waitForTimeout(3000); // the centre is found silent meanwhile: nothing changes
  claim((await shown(page, '.headline h2')).trim() === '有効' && (await shown(page, '.from-memory')).includes('の二次元コードによります'), 'a silent centre takes nothing away', await shown(page, '#answer'));
  await look(page, 'paper');

  // A picture: what a camera makes, here a JPEG of the page; the browser makes a PNG of it.
  await page.keyboard.press('Escape');
  try {
    execFileSync('pdftoppm', ['-r', '150', '-jpeg', '-singlefile', of('2').pdf, `${work}/photo`]);
    await page.locator('#picture').setInputFiles(`${work}/photo.jpg`);
    claim(await answer(page, '窓口　三津'), 'a picture of a paper is answered', await shown(page, '#form-fault') + await shown(page, '#code-fault'));
    claim((await shown(page, '.share b')) === '2 割', 'with the share of the elderly certificate');
  } catch (e) { console.log(`no picture was made: ${e.message}`); }
  await page.keyboard.press('Escape');
  await page.locator('#picture').setInputFiles(of('1').pdf);
  claim(await answer(page, '髙橋　みどり'), 'a PDF too');

  // Not good: said at the field, nobody in the list. Void: who it is, and nobody is denied.
  const before = await page.locator('#today button').count();
  await page.keyboard.press('Escape');
  await page.locator('#code').fill(`${codes.good.slice(0, -4)}2020`);
  await page.keyboard.press('Enter');
  claim(await appears(page.locator('#code-fault', { hasText: '電子署名が合いません' })), 'a changed code is said at its field', await shown(page, '#code-fault'));
  claim(await page.locator('#today button').count() === before, 'and nobody is in the list for it');
  await look(page, 'paper-changed');
  await page.keyboard.press('Escape');
  await page.locator('#picture').setInputFiles({ name: 'cat.png', mimeType: 'image/png', buffer: Buffer.from('not a picture') });
  claim(await appears(page.locator('#code-fault', { hasText: 'この写真は読めません' })), 'what is no picture is said', await shown(page, '#code-fault'));
  await page.keyboard.press('Escape');
  await page.locator('#code').fill(codes.void);
  await page.keyboard.press('Enter');
  claim(await answer(page, '保険者がこの紙を無効にしました') && await answer(page, '資格がないという意味ではありません'), 'a void paper says so, and denies nobody', await shown(page, '#answer'));
  await look(page, 'paper-void');
  await page.locator('[data-choose="en"]').click();
  claim(await answer(page, 'the insurer has voided this paper'), 'in English too', await shown(page, '#answer'));
  await page.locator('[data-choose="ja"]').click();

  // The line is back: the centre's answer takes the paper's place.
  await startCentre();
  await page.locator('#today button', { hasText: '満了' }).first().click();
  claim(await appears(page.locator('#answer .headline', { hasText: '有効' }), 40000), 'the centre answers for whom the paper could not', await shown(page, '#answer'));
  await page.locator('#today button', { hasText: '窓口' }).first().click();
  claim(await appears(page.locator('#answer', { hasText: '高齢受給者証' }), 40000) && !(await shown(page, '#answer')).includes('の二次元コードによります'), "the centre's answer takes the paper's place", await shown(page, '#answer'));
  await page.context().close();
}
