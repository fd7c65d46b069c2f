import { decimal, several, span } from '../figures.js';
import { floorPlan } from '../floor-plan.js';
import { HEAT_LEVELS, hottestPerSquareMetre } from '../heat-map.js';
import { type Html, html } from '../markup.js';
import type { ReportView, Section } from '../report-view.js';
import { folded, number, table, text } from '../table.js';

/** The floor plan with where people spent their time and what the cameras cover. */
export function storeSection({ record }: ReportView): Section {
  const { store } = record;
  const description = `Floor plan of ${store.name}, ${decimal(store.widthMetres, 1)} by ${decimal(store.depthMetres, 1)} metres, with ${several(store.sections.length, 'section')}, ${several(store.displays.length, 'display')} and ${several(store.cameras.length, 'camera')}; shaded where people spent their time.`;
  return {
    id: 'store',
    title: 'The store',
    body: html`<figure class="chart">
<figcaption>${store.name}, ${decimal(store.widthMetres, 1)} × ${decimal(store.depthMetres, 1)} m, seen from above</figcaption>
${legend(hottestPerSquareMetre(store))}
${floorPlan(store, description)}
</figure>
${folded(
  'Cameras',
  table({
    caption: 'Cameras',
    columns: [
      text('Camera'),
      text('Section'),
      number('x, m'),
      number('y, m'),
      number('Heading, °'),
      number('Field of view, °'),
    ],
    rows: store.cameras.map(({ id, section, at, headingDegrees, fieldOfViewDegrees }) => [
      id,
      section,
      decimal(at.x, 1),
      decimal(at.y, 1),
      decimal(headingDegrees, 0),
      decimal(fieldOfViewDegrees, 0),
    ]),
  }),
)}`,
  };
}

function legend(hottest: number): Html {
  const steps = Array.from(
    { length: HEAT_LEVELS },
    (_, index) => html`<span class="heat-${index + 1}"></span>`,
  );
  return html`<ul class="legend">
<li><span class="heat-scale" aria-hidden="true">${steps}</span>time spent, up to ${span(Math.round(hottest) * 1_000)} for each m²</li>
<li><span class="swatch camera"></span>camera and what it sees</li>
<li><span class="swatch display"></span>display</li>
<li><span class="swatch door"></span>door</li>
</ul>`;
}
