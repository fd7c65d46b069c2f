import type { StoreDrawing } from '../run-record.js';
import { type Html, html, NOTHING } from './markup.js';

/** Steps of the heat map; the style sheet has a colour for each, `.heat-1` to `.heat-6`. */
export const HEAT_LEVELS = 6;

/**
 * Where people spent their time: a shape for each level of heat upon the last, softened at the edges, in a
 * drawing whose unit is the metre and whose y axis points down. Steps are those of the square root, so that a
 * busy till does not make the aisles look empty.
 */
export function heatMap({ heat, widthMetres, depthMetres }: StoreDrawing): Html {
  const hottest = heat.personSeconds.reduce((most, seconds) => Math.max(most, seconds), 0);
  if (hottest === 0) return NOTHING;
  const levels = heat.personSeconds.map((seconds) => Math.ceil(Math.sqrt(seconds / hottest) * HEAT_LEVELS));
  const shapes = Array.from(
    { length: HEAT_LEVELS },
    (_, index) => html`<path class="heat-${index + 1}" d="${shapeOf(levels, heat.columns, index + 1)}"/>`,
  );
  const toPage = `translate(0 ${depthMetres}) scale(${heat.cellMetres} ${-heat.cellMetres})`;
  return html`<defs>
<filter id="heat-softened" color-interpolation-filters="sRGB"><feGaussianBlur stdDeviation="${heat.cellMetres * 0.4}"/></filter>
<clipPath id="heat-floor"><rect width="${widthMetres}" height="${depthMetres}"/></clipPath>
</defs>
<g clip-path="url(#heat-floor)"><g filter="url(#heat-softened)"><g transform="${toPage}">${shapes}</g></g></g>`;
}

/** The longest time in a cell, in person-seconds for each square metre. */
export function hottestPerSquareMetre({ heat }: StoreDrawing): number {
  return heat.personSeconds.reduce((most, seconds) => Math.max(most, seconds), 0) / heat.cellMetres ** 2;
}

/** Cells of at least a level: one bar for each run of neighbours in a row, a tenth of the size of single cells. */
function shapeOf(levels: readonly number[], columns: number, level: number): string {
  const bars: string[] = [];
  let start = 0;
  while (start < levels.length) {
    const row = Math.floor(start / columns);
    let end = start;
    while (end < Math.min(levels.length, (row + 1) * columns) && (levels[end] ?? 0) >= level) end++;
    if (end > start) bars.push(`M${start - row * columns} ${row}h${end - start}v1h${start - end}z`);
    start = Math.max(end, start + 1);
  }
  return bars.join('');
}
