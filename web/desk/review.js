'use strict';
// The page of those who decide. The token lives in this page's memory alone: a reload signs out, and nothing is left in the browser.
const $ = (id) => document.getElementById(id);
const DECISIONS = ['right', 'unlink', 'ask-person', 'ask-insurer'];
const DECISION_WORDS = { right: ['正しい', 'Right'], unlink: ['誤り。ひも付けを解く', 'Wrong: unlink'], 'ask-person': ['本人に確かめる', 'Ask the person'], 'ask-insurer': ['保険者に確かめる', 'Ask the insurer'] };
let token = '', rows = [], at = -1, shown = null, chosen = '', fits = 0, counts = null;

function choose(which) {
  document.documentElement.lang = document.documentElement.dataset.language = which;
  for (const b of document.querySelectorAll('[data-choose]')) b.setAttribute('aria-pressed', String(b.dataset.choose === which));
  try { localStorage.setItem('language', which); } catch { /* a browser that keeps nothing */ }
  if (counts) filters(), list();
  if (shown) show(shown);
}

// ---- asking the program ----

async function ask(path, body) {
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  if (body) headers['Content-Type'] = 'application/json';
  let reply;
  try { reply = await fetch(path, { method: body ? 'POST' : 'GET', headers, body: body && JSON.stringify(body), cache: 'no-store' }); } catch { throw { text: say(WORDS.away) }; }
  const text = await reply.text();
  if (reply.ok) return reply.headers.get('Content-Type').includes('ndjson') ? text.trim().split('\n').map((l) => JSON.parse(l)) : JSON.parse(text);
  if (reply.status === 401) leave(say(WORDS.signed_out));
  let error = {};
  try { error = JSON.parse(text).error; } catch { /* said below */ }
  throw { status: reply.status, code: error.code, text: word(error.ja ? error : { ja: String(reply.status), en: String(reply.status) }) };
}

function tell(text) { $('said').textContent = text; }

// ---- in and out ----

function leave(why = '') {
  token = '', rows = [], shown = null, counts = null, at = -1;
  $('room').hidden = $('who').hidden = $('keys').hidden = true, $('door').hidden = false;
  $('alarm').replaceChildren(), $('list').replaceChildren();
  $('sign-in-fault').textContent = why;
  $('reviewer').focus();
}

$('sign-in').addEventListener('submit', async (event) => {
  event.preventDefault();
  const passphrase = $('passphrase').value;
  $('passphrase').value = '', $('sign-in-fault').textContent = '';
  try {
    const me = await ask('/review/sign-in', { name: $('reviewer').value, passphrase });
    token = me.token, $('name').textContent = me.name;
    $('door').hidden = true, $('room').hidden = $('who').hidden = $('keys').hidden = false;
    await load();
    move(0);
  } catch (e) {
    $('sign-in-fault').textContent = say(WORDS.fault[e.code] || e.text), $('passphrase').focus();
  }
});
$('sign-out').addEventListener('click', async () => { await ask('/review/sign-out', {}).catch(() => {}); leave(); });

// ---- the list ----

let asked = 0;
async function load(from = 0) {
  const mine = ++asked; // an answer that a later question has overtaken is dropped
  const q = new URLSearchParams({ state: $('by-state').value || 'todo', cause: $('by-cause').value, insurer: $('by-insurer').value, from });
  const got = await ask(`/review/list?${q}`);
  if (mine !== asked) return;
  rows = from ? rows.concat(got.alarms) : got.alarms, fits = got.fits, counts = got;
  filters(), list();
}

function options(select, first, list) {
  const value = select.value || first[0][0];
  select.replaceChildren(...first.map(([v, text]) => el('option', { value: v }, text)), ...list.map((o) => el('option', { value: o.code }, `${word(o)} (${o.n})`)));
  select.value = value;
}
function filters() {
  options($('by-state'), [['todo', say(WORDS.todo)], ['any', say(WORDS.all)]], counts.states);
  options($('by-cause'), [['', say(WORDS.all)]], counts.causes);
}
function list() {
  $('list').replaceChildren(...rows.map((a) => listRow(a, shown && shown.alarm === a.alarm, open)));
  $('count').textContent = `${fits} / ${counts.all}`;
  $('nothing').hidden = rows.length > 0, $('more-line').hidden = rows.length >= fits;
}
const buttons = () => [...$('list').querySelectorAll('button')];
function move(to) {
  const all = buttons();
  if (!all.length) return;
  at = Math.max(0, Math.min(to, all.length - 1));
  all[at].focus();
}
for (const id of ['by-state', 'by-cause']) $(id).addEventListener('change', () => load().catch((e) => tell(e.text)));
// While typing, not on leaving the field: a list drawn anew under a pressed mouse button would swallow the click.
$('by-insurer').addEventListener('input', () => { if (/^(\d{6}|\d{8})?$/.test($('by-insurer').value)) load().catch((e) => tell(e.text)); });
$('more').addEventListener('click', () => load(rows.length).then(() => move(at + 1)));

// ---- one alarm ----

async function open(alarm) {
  at = rows.findIndex((a) => a.alarm === alarm);
  try {
    shown = await ask(`/review/alarm?id=${alarm}`), chosen = '';
    show(shown), list();
    $('alarm').scrollTop = 0, $('alarm').focus();
    if (matchMedia('(max-width: 60rem)').matches) $('alarm').scrollIntoView();
  } catch (e) { tell(e.text); }
}

function standing(a) {
  if (a.settled) return say(WORDS.settled);
  if (a.state.code === 'proposed') return say(a.may.unlink ? WORDS.yours : WORDS.second);
  if (a.state.code === 'split') return say(a.may.unlink ? WORDS.yours : WORDS.third);
  return say(WORDS.two);
}

// What the others said, where the next one decides.
function judgements(a) {
  if (a.state.code !== 'proposed' && a.state.code !== 'split') return '';
  const said = a.history.filter((h) => h.decision).slice(a.state.code === 'split' ? -2 : -1);
  return el('ul', { cls: 'history' }, said.map((h) => el('li', {}, el('b', {}, h.by), `: ${word(h.decision)}`, h.reason ? el('blockquote', {}, h.reason) : '')));
}

function decisions(a) {
  const buttons_ = DECISIONS.map((d, i) => el('button', { type: 'button', cls: `decision ${d}`, 'data-decision': d, 'aria-pressed': String(chosen === d), disabled: Boolean(a.may[d]), on: { click: () => pick(d) } },
    el('kbd', {}, i + 1), ' ', say(DECISION_WORDS[d])));
  const form = el('form', { id: 'decide', autocomplete: 'off' }, el('h3', {}, say(WORDS.decide)), el('p', { cls: 'standing' }, standing(a)), judgements(a), el('p', { cls: 'choices' }, buttons_),
    el('p', { cls: 'field' }, el('label', { for: 'reason' }, say(WORDS.reason)), el('input', { id: 'reason', name: 'reason', maxlength: 390, 'aria-describedby': 'decide-fault' })),
    el('p', { cls: 'fault', id: 'decide-fault', role: 'alert' }),
    el('p', { cls: 'actions' }, el('button', { type: 'submit', cls: 'main', id: 'confirm', disabled: !chosen }, say(WORDS.confirm), ' ', el('kbd', {}, 'Enter')), el('small', {}, say(WORDS.choose))));
  form.addEventListener('submit', decide);
  return a.settled && a.may.unlink ? el('p', { cls: 'standing box' }, standing(a)) : form;
}

function access(a) {
  if (a.state.code !== 'unlinked') return '';
  const box = el('section', { cls: 'box' }, el('h3', {}, say(WORDS.accesses)), a.listed ? el('p', {}, el('b', {}, `${a.accesses} ${say(WORDS.times)}`), ' · ', say(WORDS.notices)) : el('p', {}, a.list_error || say(WORDS.listing)));
  if (a.listed) box.append(el('p', {}, el('button', { type: 'button', id: 'show-list', on: { click: async () => { box.append(accessList(await ask(`/review/unlinked?id=${a.alarm}`))); $('show-list').remove(); } } }, say(WORDS.show_list))));
  else setTimeout(() => { if (shown && shown.alarm === a.alarm) open(a.alarm); }, 1000);
  return box;
}

function show(a) {
  const reason = $('reason') && $('reason').value;
  const heading = el('div', { cls: 'heading' }, el('h2', {}, `${a.rank}. ${word(a.cause)}`), el('p', { cls: 'chance' }, percent(a.wrong_ppm), ' ', el('small', {}, say(WORDS.wrong))), badge(a.state.code, word(a.state)));
  const standing_ = el('p', { cls: `records ${a.closed ? 'closed' : ''}` }, el('b', {}, say(a.closed ? WORDS.records_closed : WORDS.records_open)), ' · ', say(WORDS.eligibility));
  const keys = el('p', { cls: 'ids' }, `${say(WORDS.insurer)} ${a.insurer} · ${say(WORDS.member)} ${[a.symbol, a.number, a.branch].filter(Boolean).join(' / ')} · ${say(WORDS.resident)} ${a.resident} · ${say(WORDS.next)}: ${word(a.next)}`);
  const others = el('section', { cls: 'others' }, el('h3', {}, say(WORDS.others)), a.others.length ? '' : el('p', { cls: 'note' }, say(WORDS.no_others)),
    a.others.map((o) => comparison(o, say(WORDS.record), o.resident, `${o.resident}: ${word(o.why)} — ${say(WORDS.against)}`)));
  const reasons = a.reasons.length ? el('section', {}, el('h3', {}, say(WORDS.reasons)), el('ul', { cls: 'why' }, a.reasons.map((r) => el('li', { cls: r.agrees ? 'agrees' : 'differs' }, r.a || r.b ? `${r.a} | ${r.b}: ` : '', word(r))))) : '';
  $('alarm').replaceChildren(heading, standing_, el('p', { cls: 'saying' }, word(a)), keys, comparison(a, say(WORDS.record), say(WORDS.registry)), decisions(a), access(a), others, reasons,
    el('section', {}, el('h3', {}, say(WORDS.history)), history(a)));
  if ($('reason') && reason) $('reason').value = reason;
}

function pick(d) {
  if (!shown || shown.may[d]) return;
  chosen = d;
  for (const b of document.querySelectorAll('.decision')) b.setAttribute('aria-pressed', String(b.dataset.decision === d));
  $('confirm').disabled = false;
  $('decide-fault').textContent = '';
  $('reason').focus();
}

async function decide(event) {
  event.preventDefault();
  const reason = $('reason').value.trim();
  if (!chosen) return;
  if (chosen === 'unlink' && !reason) { $('decide-fault').textContent = say(WORDS.reason_needed), $('reason').focus(); return; }
  $('confirm').disabled = true;
  try {
    shown = await ask('/review/decide', { alarm: shown.alarm, decision: chosen, reason });
    chosen = '', $('reason').value = '';
    show(shown);
    tell(say(WORDS.recorded));
    await load();
    $('alarm').focus();
  } catch (e) {
    if (!token) return;
    const told = e.status === 409 ? say(WORDS.changed) : e.status === 403 ? say(WORDS.not_allowed) : e.text;
    if (e.status === 409) { const alarm = shown.alarm; await open(alarm), await load(); }
    tell(told);
    if ($('decide-fault')) $('decide-fault').textContent = told;
    if ($('confirm')) $('confirm').disabled = !chosen;
  }
}

// ---- the keyboard ----

document.addEventListener('keydown', (event) => {
  if (!token || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const typing = ['INPUT', 'SELECT', 'TEXTAREA'].includes(event.target.tagName);
  if (event.key === 'Escape') { chosen = '', move(at < 0 ? 0 : at); if (shown) show(shown); return; }
  if (typing) return;
  const steps = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };
  const arrows = event.key.startsWith('Arrow') && !event.target.closest('#list');
  if (event.key in steps && !arrows) { event.preventDefault(); move(at + steps[event.key]); return; }
  const d = DECISIONS[Number(event.key) - 1];
  if (d && shown) { event.preventDefault(); pick(d); }
});

for (const b of document.querySelectorAll('[data-choose]')) b.addEventListener('click', () => choose(b.dataset.choose));
let language_ = new URLSearchParams(location.search).get('language');
try { language_ = language_ || localStorage.getItem('language'); } catch { /* none kept */ }
choose(language_ === 'en' ? 'en' : 'ja');
$('reviewer').focus();
