// The status page: asks /status.json once a second, and makes "a second" and "the last minute" of what it was told before.
'use strict';

const EVERY_MS = 1000;
const KEEP = 120; // samples: the two minutes of the chart
const MINUTE = 60;
const SHARES = [[500, '50 %'], [900, '90 %'], [990, '99 %'], [999, '99.9 %']];
const DOORS = [['json', 'JSON', '受付の端末・レセコン', 'reception, receipt computers'], ['fhir', 'FHIR R4', '電子カルテ', 'charts'], ['bulk', null, '一括照会', 'bulk questions']];
const CHECKS = { store: ['資格情報', 'Store'], log: ['記録', 'Log'], revocations: ['失効一覧', 'Revocations'] };
const WORDS = { pass: ['正常', 'fine'], warn: ['注意', 'warning'], fail: ['異常', 'failing'] };
const VERDICTS = {
  pass: ['正常に動いています', 'Working normally'],
  warn: ['動いていますが、確認が必要です', 'Working, but please look'],
  fail: ['答えられない状態です', 'It cannot answer'],
  away: ['サーバーとつながりません', 'The server does not answer'],
};

const byId = (id) => document.getElementById(id);
const root = document.documentElement;
const samples = [];
let failures = 0;

const language = () => root.dataset.language;
const number = (n) => n.toLocaleString(language());

function text(id, value) {
  const e = byId(id);
  if (e.textContent !== value) e.textContent = value;
}

function make(tag, className, ...children) {
  const e = document.createElement(tag);
  if (className) e.className = className;
  e.append(...children);
  return e;
}

// Both languages stand in the page; the style shows the chosen one.
function both(ja, en) {
  return [['ja', ja], ['en', en]].map(([lang, words]) => {
    const e = make('span', 'only', words);
    e.lang = lang;
    return e;
  });
}

// Rows keep their elements, so that a reader in the middle of a table is not thrown out once a second.
function rows(id, list) {
  const body = byId(id);
  for (const { key, head, cells, share } of list) {
    let row = body.querySelector(`[data-key="${key}"]`);
    if (!row) {
      row = make('tr');
      row.dataset.key = key;
      const th = make('th', '', ...head);
      th.scope = 'row';
      row.append(th);
      for (const [className] of cells) row.append(make('td', className));
      if (share !== undefined) {
        const bar = make('span', 'bar', make('i'));
        bar.setAttribute('aria-hidden', 'true');
        th.append(bar);
      }
      body.append(row);
    }
    cells.forEach(([, value], i) => {
      const td = row.children[i + 1];
      if (td.textContent !== value) td.textContent = value;
    });
    if (share !== undefined) row.querySelector('.bar i').style.setProperty('--share', String(share));
  }
}

function milliseconds(us) {
  if (us === null) return '–';
  const ms = us / 1000;
  const digits = ms < 10 ? 2 : ms < 100 ? 1 : 0;
  return `${ms.toLocaleString(language(), { minimumFractionDigits: digits, maximumFractionDigits: digits })} ${language() === 'ja' ? 'ミリ秒' : 'ms'}`;
}

function bytes(n) {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let unit = 0;
  while (n >= 1000 && unit < units.length - 1) n /= 1000, unit += 1;
  return `${n.toLocaleString(language(), { maximumFractionDigits: unit && n < 100 ? 1 : 0 })} ${units[unit]}`;
}

function span(seconds) {
  const ja = language() === 'ja';
  const parts = [[86400, '日', 'd'], [3600, '時間', 'h'], [60, '分', 'min'], [1, '秒', 's']];
  const first = parts.findIndex(([size]) => seconds >= size);
  if (first < 0) return ja ? '0 秒' : '0 s';
  return parts.slice(first, first + 2).map(([size, j, e], i) => {
    const n = Math.floor(i ? (seconds % parts[first][0]) / size : seconds / size);
    return `${n} ${ja ? j : e}`;
  }).join(' ');
}

const total = (status) => DOORS.reduce((sum, [door]) => sum + status.questions[door], 0);

// A percentile of what was counted between two samples.
function percentile(now, before, permille) {
  const counts = new Map(now.duration_us.steps);
  for (const [bound, n] of before.duration_us.steps) counts.set(bound, (counts.get(bound) || 0) - n);
  const steps = [...counts].filter(([, n]) => n > 0).sort((a, b) => a[0] - b[0]);
  const wanted = Math.ceil(steps.reduce((sum, [, n]) => sum + n, 0) * permille / 1000);
  let seen = 0;
  for (const [bound, n] of steps) {
    seen += n;
    if (seen >= wanted) return bound;
  }
  return null;
}

function rates() {
  const list = [];
  for (let i = 1; i < samples.length; i++) {
    const seconds = (samples[i].now_us - samples[i - 1].now_us) / 1e6;
    if (seconds > 0) list.push(Math.max(0, (total(samples[i]) - total(samples[i - 1])) / seconds));
  }
  return list;
}

function nice(top) {
  if (top <= 5) return 5;
  const ten = 10 ** Math.floor(Math.log10(top));
  return [1, 2, 2.5, 5, 10].map((n) => n * ten).find((n) => n >= top);
}

const svg = (tag, attributes) => {
  const e = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) e.setAttribute(name, value);
  return e;
};

function draw(list) {
  const width = 800, height = 220;
  const top = nice(Math.max(...list, 1));
  const x = (i) => (width * (KEEP - list.length + i) / (KEEP - 1)).toFixed(1);
  const y = (n) => (height - (height - 6) * n / top).toFixed(1);
  const children = [0.5, 1].map((part) => svg('line', { class: 'grid', x1: 0, x2: width, y1: y(top * part), y2: y(top * part) }));
  if (list.length > 1) {
    const points = list.map((n, i) => `${x(i)} ${y(n)}`).join('L');
    children.unshift(svg('path', { class: 'area', d: `M${x(0)} ${height}L${points}L${x(list.length - 1)} ${height}Z` }));
    children.push(svg('path', { class: 'curve', d: `M${points}` }));
  }
  byId('chart').replaceChildren(...children);
  text('peak', language() === 'ja' ? `上の線 ${number(top)} 件 / 秒` : `upper line ${number(top)} a second`);
}

function verdict(health) {
  byId('health').dataset.health = health === 'away' ? 'fail' : health;
  text('verdict-ja', VERDICTS[health][0]);
  text('verdict-en', VERDICTS[health][1]);
}

function checks(health) {
  const items = Object.entries(health.checks).map(([name, [{ status, output }]]) => {
    const [ja, en] = CHECKS[name] || [name, name];
    const [wordJa, wordEn] = WORDS[status];
    const [whyJa, whyEn] = output ? output.split(' / ') : ['', ''];
    return make('li', status, ...both(`${ja}：`, `${en}: `), make('b', '', ...both(wordJa, wordEn)),
      ...(output ? both(`（${whyJa}）`, ` (${whyEn})`) : []));
  });
  const list = byId('checks'), fresh = make('ul', '', ...items);
  if (list.innerHTML !== fresh.innerHTML) list.replaceChildren(...items);
}

function show(now) {
  const perSecond = rates();
  const recent = perSecond.slice(-3);
  const rate = recent.length ? recent.reduce((a, b) => a + b, 0) / recent.length : 0;
  const minuteAgo = samples[Math.max(0, samples.length - 1 - MINUTE)];
  const answered = now.answers.reduce((sum, a) => sum + a.count, 0);
  const asked = total(now);
  const share = (n, of) => (of ? (100 * n / of).toFixed(2) : 0);

  verdict(now.health.status);
  checks(now.health);
  text('members', number(now.members));
  text('uptime', span(Math.max(0, (now.now_us - now.started_us) / 1e6)));
  text('workers', number(now.workers));
  text('owed', number(now.owed));
  text('rate', rate.toLocaleString(language(), { maximumFractionDigits: rate < 10 ? 1 : 0 }));
  draw(perSecond);
  rows('answers', now.answers.map((a) => ({
    key: a.code, head: [make('code', '', a.code), ' ', ...both(a.ja, a.en)], cells: [['number', number(a.count)]], share: share(a.count, answered),
  })));
  rows('durations', SHARES.map(([permille, name]) => ({
    key: permille, head: [name], cells: [
      ['number', milliseconds(percentile(now, minuteAgo, permille))],
      ['number', milliseconds(answered ? now.duration_us[`p${permille === 999 ? 999 : permille / 10}`] : null)]],
  })));
  rows('doors', DOORS.map(([door, name, ja, en]) => ({
    key: door, head: name ? [`${name} `, ...both(`（${ja}）`, `(${en})`)] : both(ja, en), cells: [['number', number(now.questions[door])]], share: share(now.questions[door], asked),
  })));
  rows('log', [
    ['records', '保存した記録', 'Records saved', number(now.log.records)],
    ['bytes', '書いた量', 'Written', bytes(now.log.bytes)],
    ['commits', '保存の回数', 'Times saved', number(now.log.commits)],
    ['waiting', '保存を待つ記録', 'Waiting to be saved', number(now.log.waiting)],
  ].map(([key, ja, en, value]) => ({ key, head: both(ja, en), cells: [['number', value]] })));
  byId('no-refusals').hidden = now.refusals.length > 0;
  byId('refusals-table').hidden = now.refusals.length === 0;
  rows('refusals', now.refusals.map((r) => ({ key: r.code, head: both(r.ja, r.en), cells: [['', r.code], ['number', number(r.count)]] })));
  text('version', `Mado ${now.version}`);
}

async function look() {
  try {
    const reply = await fetch('/status.json', { cache: 'no-store', signal: AbortSignal.timeout(5000) });
    if (!reply.ok) throw new Error(String(reply.status));
    const now = await reply.json();
    // Counts that went back belong to a server started anew.
    if (samples.length && now.started_us !== samples[samples.length - 1].started_us) samples.length = 0;
    samples.push(now);
    if (samples.length > KEEP + 1) samples.shift();
    failures = 0;
    show(now);
  } catch {
    failures += 1;
    if (failures > 1) verdict('away');
  }
  setTimeout(look, EVERY_MS);
}

function choose(lang) {
  root.dataset.language = lang;
  root.lang = lang;
  for (const b of document.querySelectorAll('[data-choose]')) b.setAttribute('aria-pressed', String(b.dataset.choose === lang));
  try { localStorage.setItem('language', lang); } catch { /* a browser that keeps nothing */ }
  if (samples.length) show(samples[samples.length - 1]);
}

for (const b of document.querySelectorAll('[data-choose]')) b.addEventListener('click', () => choose(b.dataset.choose));
const wished = new URLSearchParams(location.search).get('language');
let remembered = null;
try { remembered = localStorage.getItem('language'); } catch { /* the same */ }
if (['ja', 'en'].includes(wished || remembered)) choose(wished || remembered);
look();
