// The patient's page with a card or a face reader: a sitting of this patient alone, how far it is, the PIN pad, and what came of it. The digits go
// to the window on this machine and are forgotten; they are in no address, no storage and no message of this page but that one.
'use strict';

const PIN_DIGITS = 4;
let sitting = null; // as the window told it last
let pin = '';
let following = 0;  // which sitting's news count

const isMine = (mine) => mine === following;

async function begin(kind) {
  endSitting();
  const mine = following;
  go('sitting');
  try {
    const told = await send('/kiosk/begin', { with: kind });
    if (!isMine(mine)) return void send('/kiosk/stop', { id: told.id }).catch(() => {}); // the patient went on meanwhile
    news(told);
    follow(mine);
  } catch (e) {
    if (!isMine(mine)) return;
    if (kind === 'face') ways.face = false;
    go(e.code === 'MDOB0002E' ? 'card' : 'away');
  }
}

function endSitting() {
  following += 1;
  pin = '';
  if (sitting && sitting.progress !== 'done') send('/kiosk/stop', { id: sitting.id }).catch(() => {});
  sitting = null;
}

async function follow(mine) {
  while (isMine(mine) && sitting && sitting.progress !== 'done') {
    try {
      const reply = await fetch(`/kiosk/sitting?id=${sitting.id}&change=${sitting.change}`, { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MS) });
      if (!isMine(mine)) return;
      if (!reply.ok) throw new Error(String(reply.status));
      const told = await reply.json();
      if (isMine(mine)) news(told);
    } catch {
      if (isMine(mine)) sitting = null, go('away');
      return;
    }
  }
}

function news(told) {
  const before = sitting;
  sitting = told;
  ways = told.ways;
  if (told.fault) return go('away');
  if (told.progress === 'done') return finish();
  if (before && before.progress === told.progress && before.outcome === told.outcome && before.tries_left === told.tries_left) return;
  pin = '';
  wait();
  show(true);
}

function finish() {
  const { number, outcome } = sitting;
  if (number) return go('received', { number, way: sitting.with, outcome });
  if (!outcome) return;
  go('trouble', { outcome, again: Boolean(WORDS.outcomes[outcome].again) && (sitting.with === 'face' ? ways.face : ways.card) });
}

// ---- the screen of a sitting ----

const stopButton = () => press('back plain', WORDS.common.stop, () => go('start'));

SCREENS.sitting = () => {
  const progress = sitting ? sitting.progress : 'waiting';
  if (progress === 'pin') return pinScreen();
  const still = progress === 'reading' || progress === 'signing';
  return [title(WORDS.progress[progress] || WORDS.progress.signing), make('div', `picture ${progress}`), still ? note(WORDS.progress.still) : null, stopButton()];
};

function pinScreen() {
  const trouble = sitting.outcome ? make('p', 'fault', words(WORDS.outcomes[sitting.outcome].title)) : null;
  const left = sitting.tries_left;
  const tries = left === 1 ? make('p', 'tries', words(WORDS.pad.last)) : left && trouble ? make('p', 'tries', words(WORDS.pad.left, left)) : null;
  return [title(WORDS.progress.pin), trouble, tries, dots(), pad(), note(WORDS.progress.small), stopButton()];
}

// What is typed is shown as dots; the field is there for keyboards and screen readers, and takes digits alone.
function dots() {
  const input = Object.assign(make('input', 'pin'), { type: 'password', id: 'pin', autocomplete: 'off', inputMode: 'none', maxLength: PIN_DIGITS });
  input.value = pin;
  input.setAttribute('aria-label', plain(WORDS.pad.label));
  input.addEventListener('input', () => { put(input.value.normalize('NFKC')); });
  input.addEventListener('keydown', (event) => { if (event.key === 'Enter') enter(); });
  return input;
}

function put(text) {
  pin = text.replace(/[^0-9]/g, '').slice(0, PIN_DIGITS);
  const input = byId('pin');
  if (input.value !== pin) input.value = pin;
  const go4 = document.querySelector('.pad .enter');
  go4.disabled = pin.length !== PIN_DIGITS;
  announce(plain(WORDS.pad.typed, String(pin.length)));
}

function pad() {
  const key = (digit) => {
    const b = make('button', '', digit);
    b.type = 'button';
    b.addEventListener('click', () => put(pin + digit));
    return b;
  };
  const clear = press('clear', WORDS.pad.clear, () => put(pin.slice(0, -1)));
  const done = press('enter', WORDS.pad.enter, enter);
  done.disabled = pin.length !== PIN_DIGITS;
  return make('div', 'pad', ...['1', '2', '3', '4', '5', '6', '7', '8', '9'].map(key), clear, key('0'), done);
}

async function enter() {
  if (pin.length !== PIN_DIGITS || !sitting) return;
  const typed = pin, mine = following;
  pin = '';
  byId('pin').value = '';
  for (const b of document.querySelectorAll('.pad button')) b.disabled = true;
  try {
    const told = await send('/kiosk/pin', { id: sitting.id, pin: typed });
    if (isMine(mine) && sitting && told.change > sitting.change) news(told);
  } catch {
    if (isMine(mine)) go('away');
  }
}

// Digits may be typed wherever the focus is.
document.addEventListener('keydown', (event) => {
  if (!byId('pin') || event.target === byId('pin')) return;
  if (/^[0-9]$/.test(event.key)) event.preventDefault(), put(pin + event.key), byId('pin').focus();
  else if (event.key === 'Backspace') put(pin.slice(0, -1));
});
addEventListener('pagehide', endSitting);
