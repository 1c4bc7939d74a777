// The patient's page. It offers what works today: whoever has a paper, and whoever has nothing, is told what happens at the desk. It asks for
// nothing, sends nothing and keeps nothing, and goes back to its start by itself. Every way leads to the same answer at the same price.
'use strict';

const BACK_AFTER_S = 60; // long enough to read slowly; the next patient finds the start

// [日本語, やさしい日本語, English]; 漢字《かな》 is a reading above.
const SCREENS = {
  start: {
    title: ['受付の方法をお選びください', '今日《きょう》、何《なに》を持《も》っていますか', 'How would you like to check in?'],
    ways: [
      { to: 'paper', name: ['紙がある', '紙《かみ》があります', 'I have a paper'], more: ['資格確認書・資格情報のお知らせ', '保険《ほけん》の 紙《かみ》', 'Insurance certificate or notice'] },
      { to: 'nothing', name: ['何も持っていない', '何《なに》も ありません', 'I have nothing with me'], more: ['そのまま受付できます', 'だいじょうぶです', 'You can still check in'] },
    ],
    note: ['どの方法でも、受けられる診療も支払う割合も同じです。', 'どちらでも、お金《かね》は 同《おな》じです。', 'Treatment and price are the same either way.'],
  },
  paper: {
    title: ['紙を受付の人に見せてください', '紙《かみ》を 受付《うけつけ》の 人《ひと》に 見《み》せてください', 'Show your paper at the desk'],
    steps: [
      ['資格確認書か資格情報のお知らせを出します。', '保険《ほけん》の 紙《かみ》を 出《だ》します。', 'Take out your certificate or notice.'],
      ['受付の人が、紙の番号で資格を確かめます。', '受付《うけつけ》の 人《ひと》が 番号《ばんごう》を 見《み》ます。', 'The staff check your coverage by its numbers.'],
      ['確かめ終わったら、紙はその場でお返しします。', '紙《かみ》は すぐに 返《かえ》します。', 'You get the paper back right away.'],
    ],
    note: ['期限が切れていても、そのままお見せください。', '古《ふる》い 紙《かみ》でも、見《み》せてください。', 'Show it even if its date has passed.'],
  },
  nothing: {
    title: ['受付の人に声をかけてください', '受付《うけつけ》の 人《ひと》に 話《はな》してください', 'Please speak to the staff at the desk'],
    steps: [
      ['「何も持っていません」とお伝えください。', '「何《なに》も ありません」と 言《い》ってください。', 'Say that you have nothing with you.'],
      ['お名前・生年月日・加入している保険をおたずねします。', '名前《なまえ》、生《う》まれた日《ひ》、保険《ほけん》を 聞《き》きます。', 'They ask your name, birth date and insurance.'],
      ['わかることだけで大丈夫です。診療は受けられます。', 'わかることだけ 言《い》ってください。お医者《いしゃ》さんに 会《あ》えます。', 'What you know is enough. You will be seen.'],
    ],
    note: ['前に来たことのある方は、それもお伝えください。', '前《まえ》に 来《き》たことが あれば、言《い》ってください。', 'If you have been here before, say so.'],
  },
};
const BACK = ['はじめに戻る', 'はじめに 戻《もど》る', 'Back to the start'];
const LANGUAGES = ['ja', 'easy', 'en'];

const root = document.documentElement;
let at = 'start', timer;

function make(tag, className, ...children) {
  const e = document.createElement(tag);
  if (className) e.className = className;
  e.append(...children);
  return e;
}

// A reading stands above the characters just before it.
function words(texts) {
  const text = texts[LANGUAGES.indexOf(root.dataset.language)];
  const parts = [];
  let rest = text;
  for (let m; (m = rest.match(/^(.*?)([々一-龯]+)《(.+?)》/)); rest = rest.slice(m[0].length))
    parts.push(m[1], make('ruby', '', m[2], make('rt', '', m[3])));
  return make('span', '', ...parts, rest);
}

function title(screen) {
  const h1 = make('h1', '', words(screen.title));
  h1.tabIndex = -1;
  return h1;
}

function way({ to, name, more }) {
  const b = make('button', '', make('b', '', words(name)), words(more));
  b.type = 'button';
  b.dataset.to = to;
  return b;
}

function show(moved) {
  const screen = SCREENS[at], parts = [title(screen)];
  if (screen.ways) parts.push(make('div', 'ways', ...screen.ways.map(way)));
  if (screen.steps) parts.push(make('ol', 'steps', ...screen.steps.map((s) => make('li', '', words(s)))));
  parts.push(make('p', 'note', words(screen.note)));
  if (!screen.ways) parts.push(Object.assign(make('button', 'back', words(BACK)), { type: 'button' }));
  document.getElementById('screen').replaceChildren(...parts);
  if (moved) parts[0].focus();
}

function go(to) {
  at = to;
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
  timer = setTimeout(() => { at = 'start', choose('ja'); }, BACK_AFTER_S * 1000);
}

document.getElementById('screen').addEventListener('click', (event) => {
  const b = event.target.closest('button');
  if (b) go(b.dataset.to || 'start');
});
document.addEventListener('keydown', (event) => { if (event.key === 'Escape') go('start'); });
for (const b of document.querySelectorAll('[data-choose]')) b.addEventListener('click', () => choose(b.dataset.choose));
for (const kind of ['pointerdown', 'keydown']) document.addEventListener(kind, wait);
choose('ja');
