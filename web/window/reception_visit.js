// One visit in words: its row, its headline, what to do, what differs. reception.js has the list, the form and the news.
'use strict';

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
  desk: 'M24 12v15M24 33v3', stop: 'M13 24h22', refused: 'M13 24h22',
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
  if (v.state === 'desk') return say(WORDS.desk.title[v.way]);
  return say(WORDS[v.state].title);
}

function who(v) {
  if (v.answer && v.answer.name) return v.answer.name;
  if (v.asked_with.name) return v.asked_with.name;
  if (v.state === 'desk') return say(WORDS.desk.who[v.way]);
  return v.asked_with.chart ? `${ja() ? '患者番号' : 'No.'} ${v.asked_with.chart}` : `${v.asked_with.symbol} ${v.asked_with.number}`.trim();
}

function mark(v) {
  if (v.state === 'waiting' && !v.answer) return ja() ? '確認中' : 'checking';
  if (v.state === 'silent' && !v.answer) return ja() ? '応答なし' : 'no reply';
  if (v.state === 'desk') return say(WORDS.desk.mark);
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
    v.proof && v.proof.code !== 'number' ? make('span', '', code(v.proof)) : null,
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
  if (!v.proof || v.proof.code !== 'paper' || !v.said || v.state === 'refused') return null;
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

// From the patients' page, without numbers: what they said, and what to do.
function desk(v) {
  const q = v.asked_with;
  const sex = q.sex && (ja() ? { 1: '男', 2: '女' } : { 1: 'male', 2: 'female' })[q.sex];
  const said = [pair(ja() ? '氏名' : 'Name', q.name), pair(ja() ? '生年月日' : 'Born', twoDates(q.birth)), pair(ja() ? '性別' : 'Sex', sex),
    pair(ja() ? '住所' : 'Address', q.address, true), pair(ja() ? '保険について' : 'Insurance, as stated', q.stated, true)].filter(Boolean);
  const list = [...WORDS.desk.do[v.proof && v.proof.code === 'face' ? 'face' : v.way], WORDS.desk.always];
  return [todo(list.map((words) => make('li', '', say(words)))),
    button('complete', ja() ? `${v.number} 番の方の番号を入れる` : `Enter the numbers of no. ${v.number}`),
    said.length ? make('section', 'part', make('h3', '', ja() ? '本人が入力したこと' : 'As the patient entered it'), make('dl', '', ...said)) : null];
}

const BODIES = { answered, silent, refused, desk, waiting: (v) => (paper(v) ? [fromPaper(v), ...answered(v)] : [make('p', 'calm', say(WORDS.waiting.calm))]) };
