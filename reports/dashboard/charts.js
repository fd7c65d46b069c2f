/** Drawings: a curve over time, horizontal bars, and bars to both sides of zero. */
import { formatNumber, formatTime, text as say } from './strings.js';

const HEIGHT = 240;
const MIN_WIDTH = 200;
const MARGIN = { left: 36, right: 12, top: 12, bottom: 24 };
const SVG = 'http://www.w3.org/2000/svg';
const GRID_LINES = 4;

/** Draws `[{ endMs, people }]` into `element`, with a description for those who cannot see it. */
export function drawTimeline(element, points) {
  if (points.length === 0) {
    element.replaceChildren(document.createTextNode(say('nothingYet')));
    return;
  }
  // One unit a pixel, so that text keeps its size on a phone.
  const width = Math.max(element.clientWidth, MIN_WIDTH);
  const svg = shape('svg', { viewBox: `0 0 ${width} ${HEIGHT}`, role: 'img' });
  const first = points[0].endMs;
  const last = points[points.length - 1].endMs;
  const most = niceCeiling(Math.max(...points.map(({ people }) => people)));
  const x = (endMs) => scale(endMs, first, Math.max(last, first + 1), MARGIN.left, width - MARGIN.right);
  const y = (people) => scale(people, 0, most, HEIGHT - MARGIN.bottom, MARGIN.top);
  for (let line = 0; line <= GRID_LINES; line++) {
    const value = (most * line) / GRID_LINES;
    svg.append(
      shape('line', { class: 'grid', x1: MARGIN.left, x2: width - MARGIN.right, y1: y(value), y2: y(value) }),
      label(formatNumber(value), MARGIN.left - 6, y(value) + 4, 'end'),
    );
  }
  const curve = points.map(({ endMs, people }) => `${x(endMs).toFixed(1)},${y(people).toFixed(1)}`);
  const floor = HEIGHT - MARGIN.bottom;
  svg.append(
    shape('polygon', {
      class: 'area',
      points: `${x(first)},${floor} ${curve.join(' ')} ${x(last)},${floor}`,
    }),
    shape('polyline', { class: 'curve', points: curve.join(' ') }),
    label(formatTime(first), MARGIN.left, HEIGHT - 6, 'start'),
    label(formatTime(last), width - MARGIN.right, HEIGHT - 6, 'end'),
  );
  const summary = say('timeline', {
    from: formatTime(first),
    to: formatTime(last),
    most: Math.max(...points.map(({ people }) => people)),
    newest: points[points.length - 1].people,
  });
  svg.setAttribute('aria-label', summary);
  element.replaceChildren(svg);
}

/** Draws `[{ label, value }]` as bars into `element`. */
export function drawBars(element, bars) {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  element.replaceChildren(
    ...bars.map(({ label: text, value }) => {
      const bar = document.createElement('div');
      bar.className = 'bar';
      const name = document.createElement('span');
      name.textContent = text;
      const meter = document.createElement('meter');
      meter.max = most;
      meter.value = value;
      meter.setAttribute('aria-label', text);
      const figure = document.createElement('output');
      figure.textContent = formatNumber(value);
      bar.append(name, meter, figure);
      return bar;
    }),
  );
}

/** Draws `[{ label, value, caption }]` with values in [−1, 1], or null where there is none, into `element`. */
export function drawBalance(element, bars) {
  element.replaceChildren(
    ...bars.map(({ label: text, value, caption }) => {
      const bar = document.createElement('div');
      bar.className = 'bar balance';
      const name = document.createElement('span');
      name.textContent = text;
      const svg = shape('svg', { viewBox: '-1 0 2 1', preserveAspectRatio: 'none', 'aria-hidden': 'true' });
      const length = Math.abs(value ?? 0);
      svg.append(
        shape('rect', { class: 'track', x: -1, y: 0, width: 2, height: 1 }),
        shape('rect', {
          class: value < 0 ? 'low' : 'good',
          x: Math.min(value ?? 0, 0),
          y: 0,
          width: length,
          height: 1,
        }),
        shape('line', { class: 'zero', x1: 0, x2: 0, y1: 0, y2: 1 }),
      );
      const figure = document.createElement('output');
      figure.textContent = caption;
      bar.append(name, svg, figure);
      return bar;
    }),
  );
}

/** A value at or above `value` that divides into whole grid lines. */
function niceCeiling(value) {
  return Math.max(GRID_LINES, Math.ceil(value / GRID_LINES) * GRID_LINES);
}

function scale(value, low, high, from, to) {
  return from + ((value - low) / (high - low)) * (to - from);
}

function shape(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, String(value));
  return element;
}

function label(text, x, y, anchor) {
  const element = shape('text', { x, y, 'text-anchor': anchor });
  element.textContent = text;
  return element;
}
