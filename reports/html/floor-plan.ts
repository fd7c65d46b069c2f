import type { StoreDrawing } from '../run-record.js';
import { heatMap } from './heat-map.js';
import { type Html, html } from './markup.js';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Room around the floor for walls and door marks. */
const MARGIN_METRES = 0.6;

/** Width of a letter as a share of its height, on the generous side. */
const LETTER_WIDTH = 0.6;

/** The store from above: sections, heat, displays, walls, doors, cameras and what they see. North is up. */
export function floorPlan(store: StoreDrawing, description: string): Html {
  const { widthMetres, depthMetres } = store;
  const toPage = ({ x, y }: Point): Point => ({ x, y: depthMetres - y });
  const viewBox = [
    -MARGIN_METRES,
    -MARGIN_METRES,
    widthMetres + 2 * MARGIN_METRES,
    depthMetres + 2 * MARGIN_METRES,
  ];
  return html`<svg class="floor-plan" role="img" viewBox="${viewBox.join(' ')}" style="--metres: ${widthMetres}">
<title>${description}</title>
<rect class="floor" width="${widthMetres}" height="${depthMetres}"/>
${heatMap(store)}
<g class="views">${store.cameras.map(({ id, view }) => html`<polygon points="${pointsOf(view.map(toPage))}"><title>${id}: its view of the floor</title></polygon>`)}</g>
<g class="sections">${store.sections.map(({ name, area }) => html`<polygon points="${pointsOf(area.map(toPage))}"><title>${name}</title></polygon>`)}</g>
<g class="displays">${store.displays.map((display) => displayShape(display, toPage))}</g>
<g class="walls"><rect width="${widthMetres}" height="${depthMetres}"/>${store.walls.map(({ from, to, thicknessMetres }) => line(toPage(from), toPage(to), thicknessMetres))}</g>
<g class="doors">${store.entrances.map((entrance) => door(entrance, store, toPage))}</g>
<g class="cameras">${store.cameras.map((camera) => cameraMark(camera, toPage))}</g>
<g class="names">${store.sections.map((section) => sectionName(section, toPage))}</g>
</svg>`;
}

/** `at` is the display's south-west corner. */
function displayShape(
  { name, kind, at, widthMetres, depthMetres }: StoreDrawing['displays'][number],
  toPage: (point: Point) => Point,
): Html {
  const corner = toPage({ x: at.x, y: at.y + depthMetres });
  return html`<rect x="${short(corner.x)}" y="${short(corner.y)}" width="${widthMetres}" height="${depthMetres}"><title>${name} (${kind})</title></rect>`;
}

function line(from: Point, to: Point, thicknessMetres: number): Html {
  return html`<line x1="${short(from.x)}" y1="${short(from.y)}" x2="${short(to.x)}" y2="${short(to.y)}" stroke-width="${thicknessMetres}"/>`;
}

/** A door is a gap in the outer wall it is nearest to. */
function door(
  { id, at, widthMetres }: StoreDrawing['entrances'][number],
  store: StoreDrawing,
  toPage: (point: Point) => Point,
): Html {
  const { x, y } = toPage(at);
  const toSideWall = Math.min(at.x, store.widthMetres - at.x);
  const toEndWall = Math.min(at.y, store.depthMetres - at.y);
  const half = widthMetres / 2;
  const ends: readonly [Point, Point] =
    toSideWall < toEndWall
      ? [
          { x, y: y - half },
          { x, y: y + half },
        ]
      : [
          { x: x - half, y },
          { x: x + half, y },
        ];
  return html`<g><title>${id}</title>${line(...ends, 0.3)}</g>`;
}

/** A triangle that points where the camera looks. */
function cameraMark(
  { id, at, headingDegrees }: StoreDrawing['cameras'][number],
  toPage: (point: Point) => Point,
): Html {
  const { x, y } = toPage(at);
  return html`<path d="M0-1L.7.7L0 .3L-.7.7z" transform="translate(${short(x)} ${short(y)}) rotate(${short(headingDegrees)})"><title>${id}</title></path>`;
}

/** A section's name at the middle of its area, a word a line, as large as fits on a phone. */
function sectionName(
  { name, area }: StoreDrawing['sections'][number],
  toPage: (point: Point) => Point,
): Html {
  const corners = area.map(toPage);
  const west = Math.min(...corners.map(({ x }) => x));
  const east = Math.max(...corners.map(({ x }) => x));
  const north = Math.min(...corners.map(({ y }) => y));
  const south = Math.max(...corners.map(({ y }) => y));
  const lines = name.split(/\s+/).filter((word) => word !== '');
  const letters = Math.max(1, ...lines.map((word) => [...word].length));
  const largest = Math.min((east - west) / (letters * LETTER_WIDTH), (south - north) / (lines.length * 1.2));
  const x = short((west + east) / 2);
  const spans = lines.map(
    (word, index) =>
      html`<tspan x="${x}" dy="${index === 0 ? short(0.35 - 0.55 * (lines.length - 1)) : 1.1}em">${word}</tspan>`,
  );
  return html`<text y="${short((north + south) / 2)}" style="--largest: ${short(largest)}px">${spans}</text>`;
}

function pointsOf(points: readonly Point[]): string {
  return points.map(({ x, y }) => `${short(x)},${short(y)}`).join(' ');
}

/** Centimetres are enough for a drawing. */
function short(metres: number): number {
  return Number(metres.toFixed(2));
}
