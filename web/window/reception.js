// The reception page. It asks the window on this machine and shows what comes back. A visit has an id, and an answer belongs to the visit
// that has it: what arrives late changes that visit's row alone. Nothing but the person at the keyboard chooses whose answer is shown.
'use strict';

const FIELDS = ['insurer', 'symbol', 'number', 'branch', 'birth', 'chart', 'name'];
const PAUSE_MS = 1000;      // after the window did not answer
const PATIENCE_MS = 20000;  // it answers within ten seconds
const UNDO_MS = 20000;      // a removed visit can be put back (RECEPTION_UNDO_S)

const visits = new Map();   // by id
const typed = new Map();    // what stood in the form when a visit was asked for, by id
const fresh = new Set();    // ids of answers nobody has looked at
const gone = new Map();     // versions of removed visits, by id: late news must not bring them back
let run = '', version = 0, day = '', selected = null, centre = { state: 'unasked' }, away = false, asking = false, kept = true;

const byId = (id) => document.getElementById(id);
const root = document.documentElement;
const ja = () => root.dataset.language === 'ja';
const say = (pair) => pair[ja() ? 0 : 1];
const code = (c) => (c ? (ja() ? c.ja : c.en) || c.code : '');

function make(tag, className, ...children) {
  const e = document.createElement(tag);
  if (className) e.className = className;
  e.append(...children.filter((c) => c !== null && c !== undefined));
  return e;
}

function icon(path) {
  const holder = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const circle = document.createElementNS('http://www.w3.org/2000/svg', 'circle');
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  holder.setAttribute('viewBox', '0 0 48 48'), holder.setAttribute('aria-hidden', 'true');
  circle.setAttribute('cx', 24), circle.setAttribute('cy', 24), circle.setAttribute('r', 22);
  line.setAttribute('d', path);
  holder.append(circle, line);
  return holder;
}
const ICONS = {
  good: 'M13 25l8 8 14-17', mind: 'M24 12v15M24 33v3', silent: 'M14 24h1M24 24h1M34 24h1', waiting: 'M14 24h1M24 24h1M34 24h1',
  stop: 'M13 24h22', refused: 'M13 24h22',
};

// ---- words of one visit ----

const paper = (v) => (v.answer && v.answer.paper) || null; // what its signed 2D code says; the centre has not answered yet
const remembered = (v) => v.state === 'silent' && v.answer && !paper(v); // told before the centre fell silent; never a denial
const tone = (v) => (v.answer ? WORDS.validity[v.answer.validity.code].tone : v.state);
const share = (percent) => (ja() ? (percent === 0 ? '0 割' : `${percent / 10} 割`) : `${percent} %`);
const time = (iso) => iso.slice(11, 16);
const date = (d) => (ja() ? d.ja : d.iso);

function title(v) {
  if (v.answer) return code(v.answer.validity);
  return say(WORDS[v.state].title);
}

function who(v) {
  if (v.answer && v.answer.name) return v.answer.name;
  if (v.asked_with.name) return v.asked_with.name;
  return v.asked_with.chart ? `${ja() ? '患者番号' : 'No.'} ${v.asked_with.chart}` : `${v.asked_with.symbol} ${v.asked_with.number}`.trim();
}

function mark(v) {
  if (v.state === 'waiting' && !v.answer) return ja() ? '確認中' : 'checking';
  if (v.state === 'silent' && !v.answer) return ja() ? '応答なし' : 'no reply';
  if (v.state === 'refused') return ja() ? '見直し' : 'look again';
  const known = WORDS.validity[v.answer.validity.code], word = known.mark ? say(known.mark) : code(v.answer.validity);
  const text = v.answer.ratio !== undefined ? `${word} ${share(v.answer.ratio)}` : word;
  if (paper(v)) return text + say(WORDS.paper.mark);
  return remembered(v) ? text + say(WORDS.remembered.mark) : text;
}

// ---- the answer ----

function pair(term, value, broad) {
  if (!value) return null;
  return make('div', broad ? 'broad' : '', make('dt', '', term), make('dd', '', value));
}

function twoDates(d) {
  if (!d) return null;
  return make('span', '', date(d), make('small', '', ja() ? d.iso : d.ja));
}

function button(className, text, key) {
  const b = make('button', className, text, key ? ' ' : null, key ? make('kbd', '', key) : null);
  b.type = 'button';
  return b;
}

function askedFor(v) {
  const q = v.asked_with;
  const numbers = [q.insurer, q.symbol, q.number].filter(Boolean).join(' ・ ') + (q.branch ? ` (${q.branch})` : '');
  return make('p', 'asked-for',
    make('b', '', ja() ? `${v.number} 番` : `no. ${v.number}`),
    make('span', '', ja() ? `${time(v.asked)} 受付` : `asked ${time(v.asked)}`),
    q.chart ? make('span', '', `${ja() ? '患者番号' : 'Patient no.'} ${q.chart}`) : null,
    make('span', '', numbers), q.birth ? make('span', '', date(q.birth)) : null,
    v.proof.code === 'number' ? null : make('span', '', code(v.proof)),
    button('remove', ja() ? '一覧から消す' : 'Remove from the list', 'Del'));
}

function headline(v) {
  const box = make('div', `headline ${tone(v)}`);
  const h2 = make('h2', '', icon(ICONS[tone(v)]), make('span', '', title(v)));
  h2.id = 'answer-title';
  box.append(h2);
  if (v.answer && v.answer.ratio !== undefined)
    box.append(make('p', 'share', make('span', '', ja() ? '負担割合' : "Patient's share"), make('b', '', share(v.answer.ratio))));
  return box;
}

function person(v) {
  const a = v.answer;
  if (!a.name) return null;
  return make('div', 'person',
    make('p', 'kana', a.kana || ''),
    make('p', 'name', a.name),
    a.other_name ? make('p', 'more', make('span', '', `${ja() ? '通称' : 'Name in use'} ${a.other_name} ${a.other_kana || ''}`)) : null,
    make('p', 'more', make('span', '', `${ja() ? '生年月日' : 'Born'} ${date(a.birth)}`), make('span', '', code(a.sex)), make('span', '', code(a.relation))));
}

function todo(items) {
  return make('section', 'todo', make('h3', '', ja() ? '窓口ですること' : 'At the window'), make('ul', '', ...items));
}

function warning(w) {
  const known = WORDS.warnings[w.code];
  const text = ja() || !known ? w.ja : known.en;
  return make('li', 'warning', make('b', '', text), known ? say(known.do) : '');
}

function differences(v) {
  const list = v.answer.differences || [];
  if (!list.length) return null;
  const rows = list.map((d) => make('tr', d.grade,
    Object.assign(make('th', '', say(WORDS.fields[d.field])), { scope: 'row' }),
    make('td', '', d.chart || '–'), make('td', '', d.registered || '–'), make('td', '', say(WORDS.grades[d.grade]))));
  const heads = (ja() ? ['項目', 'カルテ（入力）', '登録', ''] : ['Field', 'Chart (typed)', 'Registered', '']).map((h) =>
    (h ? Object.assign(make('th', '', h), { scope: 'col' }) : make('td')));
  return make('section', 'part differences', make('h3', '', ja() ? 'カルテとの違い' : 'Differences from the chart'),
    make('table', '', make('thead', '', make('tr', '', ...heads)), make('tbody', '', ...rows)));
}

function certificate(c) {
  const words = [];
  if (c.ratio !== undefined) words.push(share(c.ratio));
  for (const part of [c.category, c.class, c.disease, c.type, c.treatment]) if (part) words.push(code(part));
  if (c.month) words.push(`${c.month.slice(0, 4)}-${c.month.slice(4)}`);
  if (c.self_pay_yen !== undefined) words.push(ja() ? `自己負担 月 ${c.self_pay_yen.toLocaleString()} 円` : `${c.self_pay_yen.toLocaleString()} yen a month`);
  if (c.contact) words.push(c.contact);
  const span = c.from || c.until ? `${c.from ? date(c.from) : ''} ${ja() ? '〜' : '–'} ${c.until ? date(c.until) : ''}` : '';
  return make('div', '', make('dt', '', say(WORDS.certificates[c.kind])), make('dd', '', words.join(ja() ? '、' : ', '), span ? make('small', '', span) : ''));
}

function certificates(a) {
  if (!a.certificates || !a.certificates.length) return null;
  return make('section', 'part', make('h3', '', ja() ? '証' : 'Certificates'), make('dl', '', ...a.certificates.map(certificate)));
}

function details(v) {
  const a = v.answer, q = v.asked_with;
  if (!a.name) return null;
  const number = [a.symbol, a.number].filter(Boolean).join(' ・ ') + (a.branch ? `（${a.branch}）` : '');
  const items = [
    pair(ja() ? '保険者' : 'Insurer', make('span', '', a.insurer_name || '', make('small', '', q.insurer))),
    pair(ja() ? '記号・番号（枝番）' : 'Symbol, number (branch)', number),
    pair(ja() ? '区分' : 'Class', code(a.card_class)),
    pair(ja() ? '資格取得日' : 'Covered from', twoDates(a.from)),
    pair(ja() ? '資格喪失日' : 'Covered until before', a.lost && make('span', '', twoDates(a.lost), a.lost_why ? ` ${code(a.lost_why)}` : '')),
    pair(ja() ? '資格確認書等の有効期限' : 'Certificate until', twoDates(a.card_until)),
    pair(ja() ? '世帯主・被保険者' : 'Head of household', a.head),
    pair(ja() ? '福祉事務所' : 'Welfare office', a.welfare_office),
    pair(ja() ? '住所' : 'Address', [a.post && `〒${a.post}`, a.address].filter(Boolean).join(' '), true),
  ];
  return make('section', 'part', make('h3', '', paper(v) ? (ja() ? '紙の内容' : 'On the paper') : ja() ? '登録の内容' : 'As registered'), make('dl', '', ...items));
}

function answered(v) {
  const valid = WORDS.validity[v.answer.validity.code];
  return [person(v), todo([make('li', '', say(valid.do)), ...v.answer.warnings.map(warning)]), differences(v), certificates(v.answer), details(v)];
}

const dayAndTime = (iso) => (ja() ? `${Number(iso.slice(5, 7))}月${Number(iso.slice(8, 10))}日 ${time(iso)}` : `${iso.slice(0, 10)} ${time(iso)}`);

function age(days) {
  if (days <= 0) return ja() ? '今日' : 'today';
  return ja() ? `${days} 日前` : days === 1 ? 'yesterday' : `${days} days ago`;
}

function fromMemory(v) {
  const said = WORDS.remembered.note;
  return make('p', 'from-memory', make('b', '', ja() ? `${dayAndTime(v.told)} の確認によります（${age(v.told_days)}）。` : `As confirmed on ${dayAndTime(v.told)} (${age(v.told_days)}). `), say(said));
}

// A code that holds: from when until when it does, and how far "not void" is known.
function fromPaper(v) {
  const { from, until, list, kind } = paper(v), words = WORDS.paper;
  return make('p', 'from-memory', make('b', '', ja() ? `${words.kinds[kind][0]}の二次元コードによります（${from} から ${until} まで有効）。` : `By the 2D code of ${words.kinds[kind][1]} (valid ${from} to ${until}). `),
    say(words.note), kind === 'notice' ? ` ${say(words.notice)}` : '', list.state === 'current' ? '' : make('b', '', `※ ${ja() ? list.ja : list.en}`));
}

// A paper that does not count any more: why, in the words the window has for it, Japanese before English.
function spentPaper(v) {
  if (v.proof.code !== 'paper' || !v.said || v.state === 'refused') return null;
  return make('p', 'from-memory', make('b', '', `${v.said.split(' / ')[ja() ? 0 : 1]}${ja() ? '。' : '. '}`), say(WORDS.paper.spent));
}

function silent(v) {
  if (paper(v)) return [fromPaper(v), ...answered(v)];
  if (v.answer) return [fromMemory(v), ...answered(v)];
  const certificate = v.why && v.why.code === 'MDOA0001E';
  const list = certificate ? [WORDS.silent.certificate, ...WORDS.silent.do] : WORDS.silent.do;
  return [make('p', 'calm', say(WORDS.silent.calm)), todo(list.map((words) => make('li', '', say(words))))];
}

function refused(v) {
  const said = v.said || (v.why ? (ja() ? v.why.ja : v.why.en) : '');
  return [make('p', 'calm', say(WORDS.refused.calm)), todo([make('li', '', say(WORDS.refused.do)), said ? make('li', 'warning', said) : null])];
}

const changed = (v) => (v.changed ? make('p', 'from-memory', make('b', '', say(WORDS.remembered.changed))) : null);

const BODIES = { answered, silent, refused, waiting: (v) => (paper(v) ? [fromPaper(v), ...answered(v)] : [make('p', 'calm', say(WORDS.waiting.calm))]) };

// What stands in the form belongs to somebody else than the answer beside it.
function foreign(v) {
  const now = formText();
  if (now === '' || typed.get(v.id) === now) return null;
  return make('p', 'foreign', ja() ? `入力中の方の答えではありません。下は ${v.number} 番（${who(v)}）の答えです。` : `Not the person being typed: this is no. ${v.number} (${who(v)}).`);
}

function start() {
  const h2 = make('h2', '', ja() ? '番号と生年月日を入れて Enter を押してください' : 'Type numbers and birth date, then press Enter');
  h2.id = 'answer-title';
  return make('div', 'start', h2, make('p', '', ja() ? '全角・半角、先頭の 0、ハイフンの違いは気にしなくてかまいません。枝番は空欄でもかまいません。' : 'Width, leading zeros and kinds of dashes do not matter; an unknown branch may stay empty.'),
    make('p', '', ja() ? 'Esc で次の患者に移ります。' : 'Esc starts the next patient.'));
}

function showAnswer() {
  const box = byId('answer'), v = visits.get(selected);
  const top = box.scrollTop;
  if (!v) box.replaceChildren(start());
  else box.replaceChildren(...[foreign(v), askedFor(v), changed(v), headline(v), spentPaper(v), ...BODIES[v.state](v)].filter(Boolean));
  box.scrollTop = top;
}

// ---- today's patients ----

function row(v) {
  const b = make('button', fresh.has(v.id) ? 'fresh' : '',
    make('span', 'n', String(v.number)),
    make('span', 'who', who(v), make('small', '', time(v.asked))),
    make('span', `mark ${tone(v)}`, mark(v)));
  b.type = 'button';
  b.dataset.id = v.id;
  if (v.id === selected) b.setAttribute('aria-current', 'true');
  if (fresh.has(v.id)) b.lastChild.append(make('span', 'unseen', ja() ? '（新しい答え）' : ' (new answer)'));
  return make('li', '', b);
}

function showToday() {
  const list = byId('today'), focused = document.activeElement && document.activeElement.dataset.id;
  const all = [...visits.values()].sort((a, b) => b.number - a.number);
  list.replaceChildren(...all.map(row));
  byId('nobody').hidden = all.length > 0;
  byId('today-count').textContent = all.length ? (ja() ? `${all.length} 人` : String(all.length)) : '';
  if (focused) list.querySelector(`[data-id="${focused}"]`)?.focus({ preventScroll: true });
}

function showCentre() {
  const state = away ? 'away' : centre.state;
  byId('centre').dataset.state = state;
  const text = say(WORDS.centre[state]) + (kept || away ? '' : ja() ? '・一覧を保存できません（ディスク）' : ' · the list cannot be saved (disk)');
  if (byId('centre-text').textContent !== text) byId('centre-text').textContent = text;
}

function show() {
  showAnswer(), showToday(), showCentre();
}

function select(id) {
  selected = id;
  fresh.delete(id);
  byId('answer').scrollTop = 0;
  showAnswer(), showToday();
}

const announce = (text) => { byId('said').textContent = text; };

// ---- the form ----

const formText = () => FIELDS.map((f) => byId(f).value.trim()).join('\n').trim();

function clearFaults() {
  byId('form-fault').textContent = '';
  for (const f of ['code', ...FIELDS]) byId(f).removeAttribute('aria-invalid'), byId(`${f}-fault`).textContent = '';
}

function fault(error) {
  const field = ['code', ...FIELDS].includes(error.detail) ? error.detail : null;
  const text = ja() ? error.ja : error.en;
  if (!field) return void (byId('form-fault').textContent = text);
  byId(field).setAttribute('aria-invalid', 'true');
  byId(`${field}-fault`).textContent = text;
  byId(field).focus();
}

// What is typed, or what a scanner typed: then who it is stands in the code.
function question() {
  const common = { limit_consent: byId('limit_consent').checked }, code = byId('code').value.trim();
  if (code) return ['/reception/scan', { ...common, code, chart: byId('chart').value, name: byId('name').value }];
  const typing = { ...common, staff_check: byId('staff_check').checked };
  for (const f of FIELDS) typing[f] = byId(f).value;
  return ['/reception/ask', typing];
}

async function ask(event) {
  event.preventDefault();
  if (asking) return; // the first Enter is on its way
  asking = true;
  clearFaults();
  const [path, asked] = question();
  const text = formText();
  try {
    const reply = await fetch(path, {
      method: 'POST', cache: 'no-store', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(asked), signal: AbortSignal.timeout(PATIENCE_MS),
    });
    byId('code').value = '';
    const body = await reply.json();
    if (!reply.ok) return fault(body.error);
    typed.set(body.id, text);
    take(body);
    // Typed on while it was under way: then the next patient is at the window already.
    if (formText() === text) select(body.id), byId('answer').focus();
    else showToday();
  } catch {
    fault({ ja: 'この計算機の窓（mado window）が応答しません。もう一度 Enter を押してください。', en: 'The window on this machine (mado window) does not answer. Press Enter again.' });
  } finally {
    asking = false;
  }
}

// Papers' codes come in pictures too. Whatever a camera makes, the browser makes a smaller grey PNG of it; a PDF goes as it is.
async function toPng(file, side) {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  const canvas = make('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale)), canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const pen = canvas.getContext('2d');
  pen.filter = 'grayscale(1)';
  pen.fillStyle = '#fff', pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => { canvas.toBlob(resolve, 'image/png'); });
}

const PICTURE_SIDES = [2000, 1400], PICTURE_BYTES = 7.5e6; // what the window takes; a paper held up to a camera is read at either
const pictureFault = (words) => fault({ ja: words[0], en: words[1], detail: 'code' });

async function readPicture(file) {
  let body = file;
  if (file.type !== 'application/pdf') {
    for (const side of PICTURE_SIDES) {
      body = await toPng(file, side);
      if (body.size <= PICTURE_BYTES) break;
    }
  }
  const reply = await fetch('/reception/picture', { method: 'POST', cache: 'no-store', headers: { 'Content-Type': body.type }, body, signal: AbortSignal.timeout(2 * PATIENCE_MS) });
  const said = await reply.json();
  if (reply.ok) return said.code;
  const known = { MDOB0002E: WORDS.paper.none, MDOB0006E: WORDS.paper.several, MDOF0014E: WORDS.paper.picture, MDOF0001E: WORDS.paper.picture }[said.error.code];
  pictureFault(known || [said.error.ja, said.error.en]);
  return null;
}

async function choosePicture() {
  const [file] = byId('picture').files, box = byId('choose');
  byId('picture').value = '';
  if (!file || box.getAttribute('aria-busy') === 'true') return;
  clearFaults();
  box.setAttribute('aria-busy', 'true');
  try {
    const code = await readPicture(file);
    if (code) byId('code').value = code, byId('question').requestSubmit();
  } catch {
    pictureFault(WORDS.paper.picture);
  } finally {
    box.removeAttribute('aria-busy');
  }
}

// A scanner types wherever the keyboard is: what begins as a code moves to its own field, and the rest follows.
function moveCode(event) {
  const field = event.target;
  if (field.id === 'code' || event.isComposing || !/^(shc:|ｓｈｃ：)/i.test(field.value)) return;
  byId('code').value = field.value;
  field.value = '';
  byId('code').focus();
}

function next() {
  byId('question').reset();
  clearFaults();
  selected = null;
  show();
  byId('undo-bar').hidden = true, clearTimeout(undoTimer);
  byId('insurer').focus();
}

// ---- off the list, and back ----

async function send(path, body) {
  const reply = await fetch(path, {
    method: 'POST', cache: 'no-store', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body), signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const said = await reply.json();
  if (!reply.ok) throw Object.assign(new Error(said.error.code), said.error);
  return said;
}

let undoTimer;
function offerUndo(v) {
  clearTimeout(undoTimer);
  byId('undo-text').textContent = ja() ? `${v.number} 番（${who(v)}）を一覧から消しました。` : `No. ${v.number} (${who(v)}) was removed from the list.`;
  byId('undo').dataset.id = v.id;
  byId('undo-bar').hidden = false;
  byId('undo').focus();
  undoTimer = setTimeout(closeUndo, UNDO_MS);
}

function closeUndo() {
  clearTimeout(undoTimer);
  const had = byId('undo-bar').contains(document.activeElement);
  byId('undo-bar').hidden = true;
  if (had) byId('insurer').focus();
}

async function remove(id) {
  const v = visits.get(id);
  if (!v) return;
  try {
    take(await send('/reception/remove', { id }));
    show(), offerUndo(v);
  } catch (e) { announce((ja() ? e.ja : e.en) || ''); }
}

async function restore() {
  const { id } = byId('undo').dataset;
  try {
    const v = await send('/reception/restore', { id });
    gone.delete(id), take(v);
    byId('undo-bar').hidden = true, clearTimeout(undoTimer);
    select(id), byId('answer').focus();
  } catch (e) { closeUndo(), announce((ja() ? e.ja : e.en) || ''); }
}

// ---- news from the window ----

// True when it changed.
function take(v) {
  const old = visits.get(v.id);
  if ((old && old.version >= v.version) || gone.get(v.id) >= v.version) return false;
  if (v.state === 'removed') {
    gone.set(v.id, v.version);
    if (v.id === selected) selected = null;
    return visits.delete(v.id);
  }
  gone.delete(v.id);
  visits.set(v.id, v);
  if (old && old.state !== v.state && v.state !== 'waiting') {
    if (v.id !== selected && v.state === 'answered') fresh.add(v.id);
    announce(`${v.number}${ja() ? ' 番 ' : ' '}${who(v)}: ${title(v)}${v.answer && v.answer.ratio !== undefined ? ` ${share(v.answer.ratio)}` : ''}`);
  }
  return true;
}

function forget() {
  visits.clear(), typed.clear(), fresh.clear(), gone.clear();
  selected = null;
}

function news(body) {
  const other = body.run !== run || body.day !== day;
  if (body.day !== day) forget(); // the day is over, and its list with it
  else if (other) visits.clear(), gone.clear(); // a window started anew counts its changes anew; ids stay
  if (other) ({ run, day } = body);
  version = body.version;
  byId('institution').textContent = body.institution;
  const changed = body.visits.filter(take).map((v) => v.id);
  const before = JSON.stringify([centre.state, kept]);
  ({ centre, kept } = body);
  if (changed.includes(selected) || other || (selected && !visits.has(selected))) showAnswer();
  if (changed.length || other) showToday();
  if (away || other || before !== JSON.stringify([centre.state, kept])) away = false, showCentre();
}

async function follow() {
  for (;;) {
    try {
      const reply = await fetch(`/reception/visits?since=${version}&run=${run}`, { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MS) });
      if (!reply.ok) throw new Error(String(reply.status));
      news(await reply.json());
    } catch {
      away = true, showCentre();
      await new Promise((r) => { setTimeout(r, PAUSE_MS); });
    }
  }
}

// ---- hands ----

function choose(lang) {
  root.dataset.language = lang;
  root.lang = lang;
  for (const b of document.querySelectorAll('[data-choose]')) b.setAttribute('aria-pressed', String(b.dataset.choose === lang));
  try { localStorage.setItem('language', lang); } catch { /* a browser that keeps nothing */ }
  show();
}

function move(event) {
  const buttons = [...byId('today').querySelectorAll('button')];
  const at = buttons.indexOf(document.activeElement);
  const to = buttons[at + (event.key === 'ArrowDown' ? 1 : -1)];
  if (at < 0 || !to) return;
  event.preventDefault();
  to.focus();
}

byId('question').addEventListener('submit', ask);
byId('question').addEventListener('input', moveCode);
byId('question').addEventListener('input', showAnswer);
byId('choose').addEventListener('click', () => byId('picture').click());
byId('picture').addEventListener('change', choosePicture);
byId('next').addEventListener('click', next);
byId('today').addEventListener('click', (event) => {
  const b = event.target.closest('button');
  if (b) select(b.dataset.id), byId('answer').focus();
});
byId('today').addEventListener('keydown', (event) => { if (event.key === 'ArrowDown' || event.key === 'ArrowUp') move(event); });
byId('today').addEventListener('keydown', (event) => {
  const b = event.target.closest('button');
  if (event.key === 'Delete' && b) remove(b.dataset.id);
});
byId('answer').addEventListener('keydown', (event) => { if (event.key === 'Delete' && selected) remove(selected); });
byId('answer').addEventListener('click', (event) => { if (event.target.closest('.remove')) remove(selected); });
byId('undo').addEventListener('click', restore);
document.addEventListener('keydown', (event) => { if (event.key === 'Escape' && !event.isComposing) next(); });
for (const b of document.querySelectorAll('[data-choose]')) b.addEventListener('click', () => choose(b.dataset.choose));

let chosen = new URLSearchParams(location.search).get('language');
try { chosen ||= localStorage.getItem('language'); } catch { /* as above */ }
choose(chosen === 'en' ? 'en' : 'ja');
byId('insurer').focus();
follow();
