// A patient's own statement. The window of the folders takes it in, with a line or without; this page asks for its answer until it is there.
'use strict';

const byId = (id) => document.getElementById(id);
const form = byId('statement');
const PAUSE_MS = 300;

function show(message) {
  const body = message.XmlMsg.MessageBody, claim = body.ClaimInfo;
  if (!claim) return fault(body.ProcessingResultMessage);
  const rows = [['受付番号 / number', body.StatementNumber], ['請求の保険者番号 / insurer in the claim', claim.InsurerNumber],
    ['記号 / symbol', claim.InsuredCardSymbol], ['番号 / number', claim.InsuredIdentificationNumber], ['摘要欄 / remarks', claim.Remarks]];
  const percent = Number(body.InsuredPartialContributionRatio);
  byId('share').textContent = `窓口の負担 ${percent / 10} 割 / ${percent} %`;
  byId('note').textContent = body.ProcessingResultMessage;
  byId('claim').replaceChildren(...rows.filter((r) => r[1]).flatMap(([name, value]) => {
    const dt = document.createElement('dt'), dd = document.createElement('dd');
    dt.textContent = name, dd.textContent = value;
    return [dt, dd];
  }));
  byId('answer').hidden = false;
  byId('answer').scrollIntoView();
}

function fault(text, name) {
  byId('fault').textContent = text;
  for (const e of form.elements) e.removeAttribute('aria-invalid');
  if (!name || !form.elements[name]) return;
  form.elements[name].setAttribute('aria-invalid', 'true');
  form.elements[name].focus();
}

async function answer(id) {
  for (;;) {
    const reply = await fetch(`/reception/statement/answer?${id}`, { cache: 'no-store' });
    if (reply.status === 200) return show(await reply.json());
    if (reply.status !== 202) throw new Error(String(reply.status));
    await new Promise((go) => setTimeout(go, PAUSE_MS));
  }
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const said = {};
  for (const e of form.elements) if (e.name && e.type !== 'checkbox' && e.value.trim()) said[e.name] = e.value.trim();
  if (byId('StatementConfirmFlag').checked) said.StatementConfirmFlag = '1';
  fault('');
  try {
    const reply = await fetch('/reception/statement/take', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ StatementInfo: said }) });
    const told = await reply.json();
    if (!told.id) return fault(`${told.error.ja} / ${told.error.en}`, (told.error.detail || '').split('/').pop());
    await answer(told.id);
  } catch {
    fault('窓のプログラムが答えません / The window does not answer');
  }
});

byId('print').addEventListener('click', () => window.print());
byId('another').addEventListener('click', () => { form.reset(); byId('answer').hidden = true; form.elements.NameKana.focus(); });
