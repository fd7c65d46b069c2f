/** The floor plan with its sections filled by how busy they were. One hue, and a figure in each, for every eye. */
import { formatNumber, text } from './strings.js';

const SVG = 'http://www.w3.org/2000/svg';
const MARGIN_METRES = 0.4;
const FAINTEST = 0.06;
const STRONGEST = 0.6;

/**
 * Draws `plan` (`{ widthMetres, depthMetres, sections: [{ id, name, area }], walls: [{ from, to }] }`) into
 * `element`; `people` maps a section's id to the people seen in it. Without a plan it says how to get one.
 */
export function drawHeatMap(element, plan, people) {
  if (!plan) {
    element.replaceChildren(document.createTextNode(text('noPlan')));
    return;
  }
  const most = Math.max(1, ...people.values());
  const { widthMetres, depthMetres } = plan;
  const svg = shape('svg', {
    viewBox: `${-MARGIN_METRES} ${-MARGIN_METRES} ${widthMetres + 2 * MARGIN_METRES} ${depthMetres + 2 * MARGIN_METRES}`,
    role: 'img',
    // Text is sized in metres, by the size of the store.
    'font-size': widthMetres / 36,
  });
  const summary = plan.sections.map(({ id, name }) => `${name} ${formatNumber(people.get(id) ?? 0)}`);
  svg.setAttribute('aria-label', `${text('floorNote')} ${summary.join(', ')}.`);
  // y points up on a floor plan and down in a drawing.
  const at = ([x, y]) => [x, depthMetres - y];
  for (const section of plan.sections)
    svg.append(...drawSection(section, at, people.get(section.id) ?? 0, most));
  for (const { from, to } of plan.walls) {
    const [[x1, y1], [x2, y2]] = [at(from), at(to)];
    svg.append(shape('line', { class: 'wall', x1, y1, x2, y2 }));
  }
  svg.append(shape('rect', { class: 'wall', x: 0, y: 0, width: widthMetres, height: depthMetres }));
  element.replaceChildren(svg);
}

function drawSection({ name, area }, at, people, most) {
  const corners = area.map(at);
  const [x, y] = [0, 1].map((axis) => middle(corners.map((corner) => corner[axis])));
  const heat = FAINTEST + (STRONGEST - FAINTEST) * (people / most);
  const label = shape('text', { x, y, 'text-anchor': 'middle' });
  const figure = shape('tspan', { x, dy: '1.3em', class: 'figure' });
  figure.textContent = formatNumber(people);
  label.append(name, figure);
  return [
    shape('polygon', { class: 'heat', points: corners.join(' '), 'fill-opacity': heat.toFixed(2) }),
    label,
  ];
}

function middle(values) {
  return (Math.min(...values) + Math.max(...values)) / 2;
}

function shape(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, String(value));
  return element;
}
