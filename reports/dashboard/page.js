/** The live page: signs in, follows the feed, and draws what comes. */
import { drawBars, drawTimeline, formatNumber, formatTime } from './charts.js';
import { followFeed, TokenRefused } from './feed.js';
import {
  facesByAge,
  peopleBySection,
  peopleOverTime,
  rowsOfStore,
  rowsWithin,
  storesOf,
  tiles,
} from './figures.js';

const HOUR_MS = 3_600_000;
const RECENT_MS = 300_000;
const SHOWN_ROWS = 12;
/** About a day of a store with a dozen sections. */
const KEPT_ROWS = 100_000;
const TOKEN_KEY = 'footfall-token';
const STATES = { connecting: 'Connecting…', live: 'Live', lost: 'Connection lost, trying again…' };

const element = (id) => document.getElementById(id);
let rows = [];
let drawing = false;

element('store').addEventListener('change', draw);
addEventListener('resize', draw);
start();

async function start() {
  let token = tokenFromAddress() ?? sessionStorage.getItem(TOKEN_KEY) ?? (await askForToken(''));
  for (;;) {
    sessionStorage.setItem(TOKEN_KEY, token);
    try {
      await followFeed(token, take, showState);
    } catch (error) {
      if (!(error instanceof TokenRefused)) throw error;
      sessionStorage.removeItem(TOKEN_KEY);
      token = await askForToken(error.message);
    }
  }
}

/** `#token=…` never leaves the browser; it is taken out of the address bar at once. */
function tokenFromAddress() {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token !== null) history.replaceState(null, '', location.pathname);
  return token;
}

function askForToken(problem) {
  const dialog = element('sign-in');
  element('sign-in-problem').textContent = problem;
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(element('token').value.trim()), { once: true });
  });
}

function take(event, newRows) {
  rows = event === 'snapshot' ? newRows : [...rows, ...newRows].slice(-KEPT_ROWS);
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    draw();
  });
}

function showState(state) {
  element('connection').dataset.state = state;
  element('connection').textContent = STATES[state];
}

function draw() {
  offerStores();
  const shown = rowsOfStore(rows, element('store').value);
  drawTiles(tiles(shown));
  drawTimeline(element('timeline'), peopleOverTime(rowsWithin(shown, HOUR_MS)));
  const recent = rowsWithin(shown, RECENT_MS);
  drawBars(element('sections'), peopleBySection(recent));
  drawBars(element('ages'), facesByAge(recent));
  element('rows').replaceChildren(...shown.slice(-SHOWN_ROWS).reverse().map(tableRow));
}

function offerStores() {
  const select = element('store');
  const offered = new Set([...select.options].map(({ value }) => value));
  for (const store of storesOf(rows)) if (!offered.has(store)) select.add(new Option(store, store));
}

function drawTiles({ windowEndMs, people, uniqueVisitors, newVisitors, returningVisitors, mood }) {
  if (windowEndMs === null) return;
  element('window-end').textContent = `Window that ended at ${formatTime(windowEndMs)}.`;
  element('people').textContent = formatNumber(people);
  element('unique-visitors').textContent = formatNumber(uniqueVisitors);
  element('new-visitors').textContent = formatNumber(newVisitors);
  element('returning-visitors').textContent = formatNumber(returningVisitors);
  element('mood').textContent = formatMood(mood);
}

function tableRow(row) {
  const tr = document.createElement('tr');
  const texts = [formatTime(Date.parse(row.windowEnd)), row.storeId, row.section];
  const figures = [row.people, row.uniqueVisitors, row.newVisitors, row.returningVisitors];
  for (const text of texts) tr.insertCell().textContent = text;
  for (const text of [...figures.map((figure) => figure ?? '–'), formatMood(row.averageEmotion)]) {
    const cell = tr.insertCell();
    cell.className = 'number';
    cell.textContent = text;
  }
  return tr;
}

/** In [−1, 1], with a word, because a figure alone says little. */
function formatMood(mood) {
  if (mood === null || mood === undefined) return '–';
  const word = mood > 0.2 ? 'good' : mood < -0.2 ? 'low' : 'even';
  const sign = mood > 0 ? '+' : '';
  return `${sign}${formatNumber(mood)} ${word}`;
}
