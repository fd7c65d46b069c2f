/** Names in a floor plan's drawing, placed so that none covers another. */
import type { StoreDrawing } from '../run-record.js';
import { type Page, type Point, short } from './floor-plan-page.js';
import { type Html, html, NOTHING } from './markup.js';

/** Width of a letter as a share of the font's size, on the generous side. */
const LETTER_WIDTH = 0.62;

/** Sizes of letters, in the drawing's units. */
const SECTION_SIZE = 1.35;
const SMALLEST_DISPLAY_SIZE = 0.8;
const LARGEST_DISPLAY_SIZE = 1;

interface Box {
  readonly middle: Point;
  readonly width: number;
  readonly height: number;
}

/** A section's name at the middle of its area, a word a line; a phone shows it as large as fits. */
export function sectionName(page: Page, { name, area }: StoreDrawing['sections'][number]): Html {
  const { middle, width, height } = boxAround(area.map(page.toPage));
  const lines = linesOf(name);
  const largest = Math.min(width / (longest(lines) * LETTER_WIDTH), height / (lines.length * 1.2));
  const firstLine = 0.35 - 0.55 * (lines.length - 1);
  const spans = lines.map(
    (word, index) =>
      html`<tspan x="${short(middle.x)}" dy="${index === 0 ? short(firstLine) : 1.1}em">${word}</tspan>`,
  );
  return html`<text y="${short(middle.y)}" style="--largest: ${short(largest)}px">${spans}</text>`;
}

/** A display's name, where it fits on the display and no section's name stands. */
export function displayName(
  page: Page,
  display: StoreDrawing['displays'][number],
  store: StoreDrawing,
): Html {
  const { name, at, widthMetres, depthMetres } = display;
  const size = Math.min(
    Math.max(widthMetres, depthMetres) / (longest([name]) * LETTER_WIDTH),
    Math.min(widthMetres, depthMetres) / 1.1,
    LARGEST_DISPLAY_SIZE * page.unitMetres,
  );
  if (size < SMALLEST_DISPLAY_SIZE * page.unitMetres) return NOTHING;
  const middle = page.toPage({ x: at.x + widthMetres / 2, y: at.y + depthMetres / 2 });
  const upright = depthMetres > widthMetres;
  const length = longest([name]) * LETTER_WIDTH * size;
  const own = { middle, width: upright ? size : length, height: upright ? length : size };
  if (store.sections.some((section) => overlap(own, sectionNameBox(page, section)))) return NOTHING;
  const turn = upright ? ' rotate(-90)' : '';
  return html`<text transform="translate(${short(middle.x)} ${short(middle.y)})${turn}" dy="0.35em" font-size="${short(size)}">${name}</text>`;
}

function sectionNameBox(page: Page, { name, area }: StoreDrawing['sections'][number]): Box {
  const lines = linesOf(name);
  const size = SECTION_SIZE * page.unitMetres;
  const { middle } = boxAround(area.map(page.toPage));
  return { middle, width: longest(lines) * LETTER_WIDTH * size, height: lines.length * 1.1 * size };
}

function overlap(one: Box, other: Box): boolean {
  return (
    Math.abs(one.middle.x - other.middle.x) < (one.width + other.width) / 2 &&
    Math.abs(one.middle.y - other.middle.y) < (one.height + other.height) / 2
  );
}

function boxAround(corners: readonly Point[]): Box {
  const [west, east] = extent(corners.map(({ x }) => x));
  const [north, south] = extent(corners.map(({ y }) => y));
  return {
    middle: { x: (west + east) / 2, y: (north + south) / 2 },
    width: east - west,
    height: south - north,
  };
}

function extent(values: readonly number[]): [number, number] {
  return values.length === 0 ? [0, 0] : [Math.min(...values), Math.max(...values)];
}

function linesOf(name: string): string[] {
  return name.split(/\s+/).filter((word) => word !== '');
}

function longest(lines: readonly string[]): number {
  return Math.max(1, ...lines.map((line) => [...line].length));
}
