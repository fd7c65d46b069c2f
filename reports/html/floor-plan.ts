import type { StoreDrawing } from '../run-record.js';
import { cameraMark, displayShape, doorMark, line, outline } from './floor-plan-marks.js';
import { sectionName } from './floor-plan-names.js';
import type { Page } from './floor-plan-page.js';
import { heatMap } from './heat-map.js';
import { type Html, html } from './markup.js';

/** The drawing's width, in the units its marks and letters are made in. */
const WIDTH_UNITS = 80;

/** The store from above: sections, heat, displays, walls, doors, cameras and what they see. North is up. */
export function floorPlan(store: StoreDrawing, description: string): Html {
  const { widthMetres, depthMetres } = store;
  const unitMetres = Math.max(widthMetres, depthMetres) / WIDTH_UNITS;
  const page: Page = { unitMetres, toPage: ({ x, y }) => ({ x, y: depthMetres - y }) };
  const margin = unitMetres;
  const viewBox = [-margin, -margin, widthMetres + 2 * margin, depthMetres + 2 * margin];
  const views = store.cameras.map(({ id, view }) => outline(page, view, `${id}: its view of the floor`));
  return html`<svg class="floor-plan" role="img" viewBox="${viewBox.join(' ')}" style="--unit: ${unitMetres}px">
<title>${description}</title>
<rect class="floor" width="${widthMetres}" height="${depthMetres}"/>
${heatMap(store)}
<g class="sections">${store.sections.map(({ name, area }) => outline(page, area, name))}</g>
<g class="views">${views}</g>
<g class="displays">${store.displays.map((display) => displayShape(page, display, store))}</g>
<g class="walls"><rect width="${widthMetres}" height="${depthMetres}"/>${store.walls.map(({ from, to, thicknessMetres }) => line(page, from, to, thicknessMetres))}</g>
<g class="doors">${store.entrances.map((entrance) => doorMark(page, entrance, store))}</g>
<g class="cameras">${store.cameras.map((camera) => cameraMark(page, camera))}</g>
<g class="names">${store.sections.map((section) => sectionName(page, section))}</g>
</svg>`;
}
