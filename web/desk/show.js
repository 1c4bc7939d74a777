'use strict';
// Turns what the program sends into the page. No text is ever parsed as HTML; marks come from the program.
const language = () => document.documentElement.dataset.language;
const say = (pair) => (Array.isArray(pair) ? pair[language() === 'en' ? 1 : 0] : pair);
const word = (w) => (language() === 'en' ? w.en : w.ja);

function el(tag, attributes, ...children) {
  const e = document.createElement(tag);
  for (const [k, v] of Object.entries(attributes || {})) {
    if (v === undefined || v === false || v === null) continue;
    if (k === 'on') for (const [event, f] of Object.entries(v)) e.addEventListener(event, f);
    else e.setAttribute(k === 'cls' ? 'class' : k, v === true ? '' : v);
  }
  for (const c of children.flat()) if (c !== undefined && c !== null && c !== '') e.append(c);
  return e;
}
const percent = (ppm) => `${Math.floor(ppm / 10000)}.${Math.floor(ppm / 1000) % 10} %`;
const when = (at) => `${at.slice(0, 10)} ${at.slice(11, 16)}`;
const codePoints = (text) => [...text].map((c) => `U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}`).join(' ');

// A piece that differs: a character three times as large with its code point; a part of an address underlined.
function piece(p, fact, title) {
  if (!p.mark) return document.createTextNode(p.t);
  const large = (fact === 'name' || fact === 'kana') && p.mark !== 'LEFT_OUT';
  const hard = !['REGISTER', 'COMPATIBILITY', 'SMALL', 'SAME_SOUND', 'DICTIONARY', 'SELECTOR'].includes(p.mark) && p.mark !== 'LEFT_OUT';
  const m = el('mark', { cls: `${large ? 'large' : ''} ${hard ? 'hard' : 'soft'}`, 'data-mark': p.mark, title: title(p.mark) }, el('span', {}, p.t));
  if (large && fact === 'name') m.append(el('small', {}, codePoints(p.t)));
  return m;
}

function factRow(f, head) {
  const names = Object.fromEntries(f.why.map((w) => [w.reason, word(w)]));
  const title = (mark) => names[mark] || mark;
  const side = (pieces) => (pieces.length ? pieces.map((p) => piece(p, f.fact, title)) : [el('span', { cls: 'note' }, say(WORDS.none))]);
  const why = f.why.filter((w) => w.reason !== 'ALL').map((w) => el('li', { cls: w.agrees ? 'agrees' : 'differs' }, word(w)));
  return el('tr', { cls: `level-${f.level}` }, el('th', { scope: 'row' }, head), el('td', { cls: `side ${f.fact}` }, side(f.a)), el('td', { cls: `side ${f.fact}` }, side(f.b)),
    el('td', {}, el('span', { cls: `level ${f.level}` }, word(f)), why.length ? el('ul', { cls: 'why' }, why) : ''));
}

function plainRow(pair, head, show = (x) => x) {
  if (!pair[0] && !pair[1]) return '';
  const same = pair[0] === pair[1];
  const half = !pair[0] || !pair[1];
  const side = (s) => el('td', { cls: 'side' }, s ? show(s) : el('span', { cls: 'note' }, say(WORDS.none)));
  return el('tr', { cls: same ? 'level-same' : 'level-different' }, el('th', { scope: 'row' }, head), side(pair[0]), side(pair[1]),
    el('td', {}, el('span', { cls: `level ${same ? 'same' : half ? 'unknown' : 'different'}` }, same ? say(WORDS.same) : half ? '–' : say(WORDS.differs))));
}

function comparison(of, left, right, caption) {
  const sex = (s) => say(WORDS.sexes[s] || s);
  return el('table', { cls: 'sides' }, caption ? el('caption', {}, caption) : '',
    el('thead', {}, el('tr', {}, el('td'), el('th', { scope: 'col' }, left), el('th', { scope: 'col' }, right), el('td'))),
    el('tbody', {}, factRow(of.facts[0], say(WORDS.name)), plainRow(of.other_name, say(WORDS.other_name)), plainRow(of.former_name, say(WORDS.former_name)),
      factRow(of.facts[1], say(WORDS.kana)), factRow(of.facts[2], say(WORDS.birth)), plainRow(of.sex, say(WORDS.sex), sex),
      factRow(of.facts[3], say(WORDS.address)), plainRow(of.post, say(WORDS.post))));
}

const badge = (code, text) => el('span', { cls: `badge ${code}` }, text);

function listRow(a, current, open) {
  return el('li', {}, el('button', { type: 'button', 'data-alarm': a.alarm, 'aria-current': current ? 'true' : false, on: { click: () => open(a.alarm) } },
    el('span', { cls: 'rank' }, a.rank), el('span', { cls: 'what' }, el('b', {}, word(a.cause)), el('small', {}, `${say(WORDS.insurer)} ${a.insurer}`)),
    el('span', { cls: 'chance' }, percent(a.wrong_ppm), el('small', {}, say(WORDS.wrong))),
    el('span', { cls: 'marks' }, badge(a.state.code, word(a.state)), a.waits_for_you ? badge('you', say(WORDS.waits)) : '')));
}

function history(a) {
  return el('ol', { cls: 'history' }, a.history.map((h) => el('li', {}, el('time', { datetime: h.at }, when(h.at)), ' ',
    el('b', {}, h.by || say(WORDS.program)), ' ', word(h.what), h.decision ? el('span', {}, ' → ', el('b', {}, word(h.decision))) : '', h.count !== undefined ? ` (${h.count})` : '',
    h.reason ? el('blockquote', {}, h.reason) : '')));
}

function accessList(lines) {
  const rows = lines.slice(1);
  if (!rows.length) return el('p', { cls: 'note' }, say(WORDS.nobody_looked));
  return el('ol', { cls: 'history' }, rows.map((r) => el('li', {}, el('time', { datetime: r.at }, when(r.at)), ' ', el('b', {}, r.institution || say(WORDS.operator)), ' ', word(r.what), ` (${r.door})`)));
}
