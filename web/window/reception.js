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
let completing = null;      // the visit from the patients' page whose numbers are being typed
let run = '', version = 0, day = '', selected = null, centre = { state: 'unasked' }, away = false, asking = false, kept = true;

function complete(id) {
  const v = visits.get(id);
  if (!v || v.state !== 'desk') return;
  byId('question').reset(), clearFaults();
  completing = id;
  byId('name').value = v.asked_with.name || '';
  byId('birth').value = v.asked_with.birth ? v.asked_with.birth.iso : '';
  showCompleting();
  byId('insurer').focus();
}

function showCompleting() {
  const v = completing && visits.get(completing);
  if (!v || v.state !== 'desk') completing = null;
  byId('completing').hidden = !completing;
  byId('completing').textContent = completing ? (ja() ? `${v.number} 番の方の番号を入力中（Esc でやめる）` : `Entering the numbers of no. ${v.number} (Esc stops)`) : '';
}

// What stands in the form belongs to somebody else than the answer beside it.
function foreign(v) {
  const now = formText();
  if (now === '' || typed.get(v.id) === now || v.id === completing) return null;
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
  showAnswer(), showToday(), showCentre(), showCompleting();
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
  const common = { limit_consent: byId('limit_consent').checked, ...(completing && { visit: completing }) }, code = byId('code').value.trim();
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
    completing = null;
    take(body), showCompleting();
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
  selected = completing = null;
  showCompleting();
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
  if (!old && v.way !== 'typed' && v.id !== selected) fresh.add(v.id);
  if ((old ? old.state !== v.state : v.way !== 'typed') && v.state !== 'waiting') {
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
  if (changed.length || other) showToday(), showCompleting();
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
byId('answer').addEventListener('click', (event) => {
  if (event.target.closest('.remove')) remove(selected);
  if (event.target.closest('.complete')) complete(selected);
});
byId('undo').addEventListener('click', restore);
document.addEventListener('keydown', (event) => { if (event.key === 'Escape' && !event.isComposing) next(); });
for (const b of document.querySelectorAll('[data-choose]')) b.addEventListener('click', () => choose(b.dataset.choose));

let chosen = new URLSearchParams(location.search).get('language');
try { chosen ||= localStorage.getItem('language'); } catch { /* as above */ }
choose(chosen === 'en' ? 'en' : 'ja');
byId('insurer').focus();
follow();
