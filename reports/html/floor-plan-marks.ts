/** The parts of a floor plan's drawing, in metres, y downwards. */
import type { StoreDrawing } from '../run-record.js';
import { displayName } from './floor-plan-names.js';
import { type Page, type Point, short } from './floor-plan-page.js';
import { type Html, html } from './markup.js';

export function outline(page: Page, corners: readonly Point[], title: string): Html {
  const points = corners.map(page.toPage).map(({ x, y }) => `${short(x)},${short(y)}`);
  return html`<polygon points="${points.join(' ')}"><title>${title}</title></polygon>`;
}

export function line(page: Page, from: Point, to: Point, thicknessMetres: number): Html {
  const [start, end] = [page.toPage(from), page.toPage(to)];
  return html`<line x1="${short(start.x)}" y1="${short(start.y)}" x2="${short(end.x)}" y2="${short(end.y)}" stroke-width="${thicknessMetres}"/>`;
}

/** `at` is the display's south-west corner. */
export function displayShape(
  page: Page,
  display: StoreDrawing['displays'][number],
  store: StoreDrawing,
): Html {
  const { name, kind, at, widthMetres, depthMetres } = display;
  const corner = page.toPage({ x: at.x, y: at.y + depthMetres });
  return html`<g><title>${name} (${kind})</title><rect x="${short(corner.x)}" y="${short(corner.y)}" width="${widthMetres}" height="${depthMetres}"/>${displayName(page, display, store)}</g>`;
}

/** A door, along the outer wall it is nearest to. */
export function doorMark(
  page: Page,
  { id, at, widthMetres }: StoreDrawing['entrances'][number],
  store: StoreDrawing,
): Html {
  const toSideWall = Math.min(at.x, store.widthMetres - at.x);
  const toEndWall = Math.min(at.y, store.depthMetres - at.y);
  const along = toSideWall < toEndWall ? { x: 0, y: widthMetres / 2 } : { x: widthMetres / 2, y: 0 };
  const from = { x: at.x - along.x, y: at.y - along.y };
  const to = { x: at.x + along.x, y: at.y + along.y };
  return html`<g><title>${id}</title>${line(page, from, to, short(0.7 * page.unitMetres))}</g>`;
}

/** An arrow head that points where the camera looks. */
export function cameraMark(
  { unitMetres, toPage }: Page,
  { id, at, headingDegrees }: StoreDrawing['cameras'][number],
): Html {
  const { x, y } = toPage(at);
  const place = `translate(${short(x)} ${short(y)}) rotate(${short(headingDegrees)}) scale(${short(unitMetres)})`;
  return html`<path d="M0-1.1L.8.9L0 .5L-.8.9z" transform="${place}"><title>${id}</title></path>`;
}
