/** The parts of a floor plan's drawing, in metres, y downwards. */
import type { StoreDrawing } from '../run-record.js';
import { type Html, html, NOTHING } from './markup.js';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** From the floor to the drawing. */
export interface Page {
  /** What marks and letters are measured in, so that they look alike in small and large stores. */
  readonly unitMetres: number;
  toPage(floor: Point): Point;
}

/** Width of a letter as a share of the font's size, on the generous side. */
const LETTER_WIDTH = 0.62;

/** Sizes of letters on displays, in units. */
const SMALLEST_NAME = 0.8;
const LARGEST_NAME = 1;

export function outline(page: Page, corners: readonly Point[], title: string): Html {
  const points = corners.map(page.toPage).map(({ x, y }) => `${short(x)},${short(y)}`);
  return html`<polygon points="${points.join(' ')}"><title>${title}</title></polygon>`;
}

export function line(page: Page, from: Point, to: Point, thicknessMetres: number): Html {
  const [start, end] = [page.toPage(from), page.toPage(to)];
  return html`<line x1="${short(start.x)}" y1="${short(start.y)}" x2="${short(end.x)}" y2="${short(end.y)}" stroke-width="${thicknessMetres}"/>`;
}

/** A display, named where its name fits; `at` is its south-west corner. */
export function displayShape(page: Page, display: StoreDrawing['displays'][number]): Html {
  const { name, kind, at, widthMetres, depthMetres } = display;
  const corner = page.toPage({ x: at.x, y: at.y + depthMetres });
  return html`<g><title>${name} (${kind})</title><rect x="${short(corner.x)}" y="${short(corner.y)}" width="${widthMetres}" height="${depthMetres}"/>${displayName(page, display)}</g>`;
}

function displayName(
  { unitMetres, toPage }: Page,
  { name, at, widthMetres, depthMetres }: StoreDrawing['displays'][number],
): Html {
  const length = [...name].length * LETTER_WIDTH;
  const [long, broad] = [Math.max(widthMetres, depthMetres), Math.min(widthMetres, depthMetres)];
  const size = Math.min(long / length, broad / 1.1, LARGEST_NAME * unitMetres);
  if (size < SMALLEST_NAME * unitMetres) return NOTHING;
  const { x, y } = toPage({ x: at.x + widthMetres / 2, y: at.y + depthMetres / 2 });
  const turn = depthMetres > widthMetres ? ' rotate(-90)' : '';
  return html`<text transform="translate(${short(x)} ${short(y)})${turn}" dy="0.35em" font-size="${short(size)}">${name}</text>`;
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

/** A section's name at the middle of its area, a word a line; a phone shows it as large as fits. */
export function sectionName(page: Page, { name, area }: StoreDrawing['sections'][number]): Html {
  const corners = area.map(page.toPage);
  const [west, east] = extent(corners.map(({ x }) => x));
  const [north, south] = extent(corners.map(({ y }) => y));
  const lines = name.split(/\s+/).filter((word) => word !== '');
  const letters = Math.max(1, ...lines.map((word) => [...word].length));
  const largest = Math.min((east - west) / (letters * LETTER_WIDTH), (south - north) / (lines.length * 1.2));
  const x = short((west + east) / 2);
  const firstLine = 0.35 - 0.55 * (lines.length - 1);
  const spans = lines.map(
    (word, index) => html`<tspan x="${x}" dy="${index === 0 ? short(firstLine) : 1.1}em">${word}</tspan>`,
  );
  return html`<text y="${short((north + south) / 2)}" style="--largest: ${short(largest)}px">${spans}</text>`;
}

function extent(values: readonly number[]): [number, number] {
  return values.length === 0 ? [0, 0] : [Math.min(...values), Math.max(...values)];
}

/** Centimetres are enough for a drawing. */
function short(metres: number): number {
  return Number(metres.toFixed(2));
}
