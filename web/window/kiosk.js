// The patient's page: card, paper or nothing, of equal size. It sends what the patient chose and typed to the window on this machine alone, keeps
// nothing, shows nothing of a person's coverage, and goes back to its start by itself. The first screen stands before anything is asked for.
'use strict';

const BACK_AFTER_S = 60; // long enough to read slowly; the next patient finds the start
const PATIENCE_MS = 15000;
const LANGUAGES = ['ja', 'easy', 'en'];
const ERAS = [['S', '昭和'], ['H', '平成'], ['R', '令和'], ['T', '大正'], ['M', '明治'], ['', '西暦']];

const root = document.documentElement;
const byId = (id) => document.getElementById(id);
let at = 'start', detail = {}, timer;
let ways = { card: false, face: false }; // what stands beside the page; until it is known, the desk

function make(tag, className, ...children) {
  const e = document.createElement(tag);
  if (className) e.className = className;
  e.append(...children.filter((c) => c !== null && c !== undefined));
  return e;
}

const say = (texts, value) => texts[LANGUAGES.indexOf(root.dataset.language)].replace('{}', value);
const plain = (texts, value) => say(texts, value).replace(/《.+?》/g, '');

// A reading stands above the characters just before it.
function words(texts, value) {
  const parts = [];
  let rest = say(texts, value);
  for (let m; (m = rest.match(/^(.*?)([々一-龯]+)《(.+?)》/)); rest = rest.slice(m[0].length))
    parts.push(m[1], make('ruby', '', m[2], make('rt', '', m[3])));
  return make('span', '', ...parts, rest);
}

function title(texts, value) {
  const h1 = make('h1', '', words(texts, value));
  h1.tabIndex = -1;
  return h1;
}

function press(className, texts, act) {
  const b = make('button', className, words(texts));
  b.type = 'button';
  b.addEventListener('click', act);
  return b;
}

function choice(texts, more, act) {
  const b = make('button', '', make('b', '', words(texts)), words(more));
  b.type = 'button';
  b.addEventListener('click', act);
  return b;
}

const choices = (...list) => make('div', `ways ways-${list.length}`, ...list);
const note = (texts) => (texts ? make('p', 'note', words(texts)) : null);
const steps = (list) => make('ol', 'steps', ...list.map((s) => make('li', '', words(s))));
const back = () => press('back plain', WORDS.common.back, () => go('start'));
const announce = (text) => { byId('said').textContent = text; };

// ---- to the window ----

async function send(path, body) {
  const reply = await fetch(path, {
    method: 'POST', cache: 'no-store', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body), signal: AbortSignal.timeout(PATIENCE_MS), keepalive: true,
  });
  const said = await reply.json();
  if (!reply.ok) throw Object.assign(new Error(said.error.code), said.error);
  return said;
}

async function learnWays() {
  try {
    const reply = await fetch('/kiosk/ways', { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MS) });
    if (reply.ok) ways = await reply.json();
  } catch { /* the desk is there */ }
}

async function receive(way, more = {}) {
  try {
    const { number } = await send('/kiosk/receive', { way, ...more });
    go('received', { number, way: way === 'card' ? 'staff' : way });
  } catch (e) {
    if (e.detail === 'birth') return go('form', { ...detail, fault: true });
    go('away');
  }
}

// ---- the screens ----

const SCREENS = {
  start: () => [
    title(WORDS.start.title),
    choices(
      choice(WORDS.start.card, WORDS.start.card_more, chooseCard),
      choice(WORDS.start.paper, WORDS.start.paper_more, () => go('paper')),
      choice(WORDS.start.nothing, WORDS.start.nothing_more, () => go('nothing'))),
    note(WORDS.start.note)],
  card: () => [
    title(WORDS.card.title),
    choices(...cardWays()),
    note(WORDS.card.note), back()],
  paper: () => [
    title(WORDS.paper.title), steps(WORDS.paper.steps), note(WORDS.paper.note),
    press('back', WORDS.paper.go, () => receive('paper')), back()],
  nothing: () => [
    title(WORDS.nothing.title),
    choices(
      choice(WORDS.nothing.speak, WORDS.nothing.speak_more, () => receive('nothing')),
      choice(WORDS.nothing.write, WORDS.nothing.write_more, () => go('form'))),
    note(WORDS.nothing.note), back()],
  form: () => [title(WORDS.form.title), form(), back()],
  received: ({ number, way, outcome }) => [
    title(WORDS.received.title),
    make('p', 'number', words(WORDS.received.number, number)),
    make('p', 'next', words(WORDS.received[way])),
    outcome && WORDS.outcomes[outcome].next ? note(WORDS.outcomes[outcome].next) : null,
    back()],
  trouble: ({ outcome, again }) => [
    title(WORDS.outcomes[outcome].title),
    WORDS.outcomes[outcome].next ? make('p', 'next', words(WORDS.outcomes[outcome].next)) : null,
    make('h2', '', words(WORDS.common.others)),
    choices(...otherWays(outcome, again)),
    back()],
  away: () => [title(WORDS.common.away_title), make('p', 'next', words(WORDS.common.away)), back()],
};

function cardWays() {
  return [
    ways.card ? choice(WORDS.card.pin, WORDS.card.pin_more, () => begin('card')) : null,
    ways.face ? choice(WORDS.card.face, WORDS.card.face_more, () => begin('face')) : null,
    choice(WORDS.card.staff, WORDS.card.staff_more, () => receive('card')),
  ].filter(Boolean);
}

// After a trouble all that is left is offered, in the order of the start: nothing is a dead end.
function otherWays(outcome, again) {
  const face = outcome.startsWith('face');
  return [
    again ? choice(WORDS.common.again, face ? WORDS.card.face : WORDS.card.pin, () => begin(face ? 'face' : 'card')) : null,
    ways.card && face ? choice(WORDS.card.pin, WORDS.card.pin_more, () => begin('card')) : null,
    ways.face && !face ? choice(WORDS.card.face, WORDS.card.face_more, () => begin('face')) : null,
    choice(WORDS.card.staff, WORDS.card.staff_more, () => receive('card')),
    choice(WORDS.start.paper, WORDS.start.paper_more, () => go('paper')),
    choice(WORDS.start.nothing, WORDS.start.nothing_more, () => go('nothing')),
  ].filter(Boolean);
}

function chooseCard() {
  if (ways.card || ways.face) go('card');
  else receive('card');
}

// ---- the form of who has nothing ----

function field(name, control, ...more) {
  const label = make('label', '', words(WORDS.form[name]));
  control.id = `form-${name}`;
  control.name = name;
  label.htmlFor = control.id;
  return make('p', 'field', label, control, ...more);
}

function input(value, mode) {
  const e = make('input');
  e.autocomplete = 'off', e.value = value || '';
  if (mode) e.inputMode = mode, e.maxLength = 4;
  return e;
}

function part(name, control) {
  control.name = name;
  control.setAttribute('aria-label', plain(WORDS.form[name]));
  return make('span', 'part', control, name === 'era' ? null : words(WORDS.form[name]));
}

function birthField() {
  const era = make('select', '', ...ERAS.map(([value, text]) => Object.assign(make('option', '', text), { value })));
  era.value = detail.era === undefined ? 'S' : detail.era;
  const box = make('fieldset', 'field birth', make('legend', '', words(WORDS.form.birth)), part('era', era),
    ...['year', 'month', 'day'].map((n) => part(n, input(detail[n], 'numeric'))));
  if (detail.fault) box.append(Object.assign(make('span', 'fault', words(WORDS.form.date)), { role: 'alert' }));
  return box;
}

function sexField() {
  const one = ([value, texts]) => {
    const radio = Object.assign(make('input'), { type: 'radio', name: 'sex', value, id: `sex-${value || 0}`, checked: (detail.sex || '') === value });
    return make('span', 'radio', radio, Object.assign(make('label', '', words(texts)), { htmlFor: radio.id }));
  };
  return make('fieldset', 'field', make('legend', '', words(WORDS.form.sex)),
    ...[['1', WORDS.form.man], ['2', WORDS.form.woman], ['', WORDS.form.unsaid]].map(one));
}

// "S60.4.1" or "1985-04-01"; "" when all of it is empty.
function birthText({ era, year, month, day }) {
  if (![year, month, day].some(Boolean)) return '';
  const two = (s) => s.padStart(2, '0');
  return era ? `${era}${year}.${month}.${day}` : `${year}-${two(month)}-${two(day)}`;
}

function form() {
  const f = make('form', '', field('name', input(detail.name)), birthField(), sexField(),
    field('address', input(detail.address)), field('stated', input(detail.stated)), Object.assign(make('button', 'back', words(WORDS.form.go)), { type: 'submit' }));
  f.autocomplete = 'off', f.noValidate = true;
  f.addEventListener('submit', (event) => {
    event.preventDefault();
    const typed = Object.fromEntries(new FormData(f));
    detail = { ...typed };
    receive('nothing', { name: typed.name, birth: birthText(typed), sex: typed.sex || '', address: typed.address, stated: typed.stated });
  });
  f.addEventListener('input', () => { detail = { ...Object.fromEntries(new FormData(f)), fault: detail.fault }; });
  return f;
}

// ---- moving ----

function show(moved) {
  const parts = SCREENS[at](detail).filter(Boolean);
  byId('screen').replaceChildren(...parts);
  byId('screen').dataset.at = at;
  if (moved) parts[0].focus(), scrollTo(0, 0);
}

function go(to, more = {}) {
  if (to !== 'sitting') endSitting();
  if (to === 'start') learnWays();
  at = to, detail = more;
  show(true);
}

function choose(language) {
  root.dataset.language = language;
  root.lang = language === 'en' ? 'en' : 'ja';
  for (const b of document.querySelectorAll('[data-choose]')) b.setAttribute('aria-pressed', String(b.dataset.choose === language));
  show(false);
}

// Left alone, the page is as the next patient should find it.
function wait() {
  clearTimeout(timer);
  timer = setTimeout(() => { go('start'), choose('ja'); }, BACK_AFTER_S * 1000);
}

document.addEventListener('keydown', (event) => { if (event.key === 'Escape') go('start'); });
for (const b of document.querySelectorAll('[data-choose]')) b.addEventListener('click', () => choose(b.dataset.choose));
for (const kind of ['pointerdown', 'keydown']) document.addEventListener(kind, wait);
document.addEventListener('DOMContentLoaded', () => { choose('ja'), learnWays(); });
