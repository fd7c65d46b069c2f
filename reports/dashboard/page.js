/** The live page: signs in, follows the feed, and draws what comes. */
import { drawBalance, drawBars, drawTimeline } from './charts.js';
import { fetchPlans, followFeed, TokenRefused } from './feed.js';
import {
  facesByAge,
  facesByGender,
  moodByDisplay,
  moodBySection,
  peopleBySection,
  peopleOverTime,
  rowsOfStore,
  rowsWithin,
  storesOf,
  tiles,
} from './figures.js';
import { drawHeatMap } from './heat-map.js';
import { formatNumber, formatTime, speak, text } from './strings.js';

const SHOWN_ROWS = 12;
/** About a day of a store with a dozen sections. */
const KEPT_ROWS = 100_000;
const TOKEN_KEY = 'footfall-token';
const LANGUAGE_KEY = 'footfall-language';

const element = (id) => document.getElementById(id);
let rows = [];
let plans = new Map();
let drawing = false;

for (const id of ['store', 'range']) element(id).addEventListener('change', draw);
element('language').addEventListener('change', ({ target }) => {
  localStorage.setItem(LANGUAGE_KEY, target.value);
  speakAndDraw(target.value);
});
addEventListener('resize', draw);
speakAndDraw(localStorage.getItem(LANGUAGE_KEY) ?? navigator.language.slice(0, 2));
start();

async function start() {
  let token = tokenFromAddress() ?? sessionStorage.getItem(TOKEN_KEY) ?? (await askForToken(''));
  for (;;) {
    sessionStorage.setItem(TOKEN_KEY, token);
    try {
      plans = await fetchPlans(token);
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
  element('connection').dataset.text = state;
  element('connection').textContent = text(state);
}

function speakAndDraw(language) {
  element('language').value = speak(language);
  draw();
}

function draw() {
  offerStores();
  const store = element('store').value;
  const shown = rowsOfStore(rows, store);
  drawTiles(tiles(shown));
  const inRange = rowsWithin(shown, Number(element('range').value));
  drawTimeline(element('timeline'), peopleOverTime(inRange));
  const bySection = peopleBySection(inRange);
  // The only store whose plan there is needs no choosing.
  const mapped = store || (plans.size === 1 ? [...plans.keys()][0] : '');
  const people = peopleBySection(mapped === '' ? [] : rowsOfStore(inRange, mapped));
  drawHeatMap(element('floor'), plans.get(mapped), new Map(people.map(({ label, value }) => [label, value])));
  drawBars(element('sections'), bySection);
  drawBalance(
    element('moods'),
    moodBySection(inRange).map((bar) => ({ ...bar, caption: formatMood(bar.value) })),
  );
  drawDisplayMoods(plans.get(mapped), rowsOfStore(inRange, mapped));
  drawBars(element('ages'), facesByAge(inRange));
  const [females, males] = facesByGender(inRange);
  drawBars(element('genders'), [
    { label: text('women'), value: females },
    { label: text('men'), value: males },
  ]);
  element('rows').replaceChildren(...shown.slice(-SHOWN_ROWS).reverse().map(tableRow));
}

function drawDisplayMoods(plan, rowsOfPlan) {
  const displays = plan?.displays ?? [];
  if (displays.length === 0) {
    element('display-moods').replaceChildren(document.createTextNode(text('noDisplays')));
    return;
  }
  drawBalance(
    element('display-moods'),
    moodByDisplay(rowsOfPlan, displays).map((bar) => ({ ...bar, caption: formatMood(bar.value) })),
  );
}

function offerStores() {
  const select = element('store');
  const offered = new Set([...select.options].map(({ value }) => value));
  for (const store of storesOf(rows)) if (!offered.has(store)) select.add(new Option(store, store));
}

function drawTiles({ windowEndMs, mood, ...figures }) {
  if (windowEndMs === null) return;
  element('window-end').textContent = text('windowEnded', { time: formatTime(windowEndMs) });
  element('people').textContent = formatNumber(figures.people);
  element('people-today').textContent = formatNumber(figures.peopleToday);
  element('unique-visitors').textContent = formatNumber(figures.uniqueVisitors);
  element('new-visitors').textContent = formatNumber(figures.newVisitors);
  element('returning-visitors').textContent = formatNumber(figures.returningVisitors);
  element('returning-today').textContent = formatNumber(figures.returningToday);
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
  const word = text(mood > 0.2 ? 'good' : mood < -0.2 ? 'low' : 'even');
  const sign = mood > 0 ? '+' : '';
  return `${sign}${formatNumber(mood)} ${word}`;
}
