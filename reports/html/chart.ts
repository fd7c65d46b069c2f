import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { type Html, html, NOTHING, trusted } from './markup.js';

/** Width in pixels of the drawing for desks and paper, and of the one for phones. */
const WIDE_PX = 860;
const NARROW_PX = 340;

export interface LegendItem {
  readonly label: string;
  /** A CSS colour, usually a variable of the style sheet. */
  readonly color: string;
  readonly kind?: 'area' | 'thin' | 'line' | 'dashes';
}

export interface ChartSpec {
  readonly title: string;
  /** What it shows, in a sentence, for people who cannot see it. */
  readonly description: string;
  readonly legend?: readonly LegendItem[];
  /** The chart at a width in pixels; drawn twice, so that its text keeps its size on a phone. */
  readonly draw: (widthPx: number) => Plot.PlotOptions;
}

const { document } = parseHTML('<!doctype html><html></html>');

/** A drawing with title and legend; screen readers get its description. */
export function chart({ title, description, legend = [], draw }: ChartSpec): Html {
  const label = `${title}. ${description}`;
  return html`<figure class="chart">
<figcaption>${title}</figcaption>
${legend.length === 0 ? NOTHING : legendList(legend)}
${drawing(draw(WIDE_PX), WIDE_PX, label, 'wide')}
${drawing(draw(NARROW_PX), NARROW_PX, label, 'narrow')}
</figure>`;
}

/** True when a chart is drawn for a phone: fewer ticks, less margin. */
export function isNarrow(widthPx: number): boolean {
  return widthPx <= NARROW_PX;
}

function drawing(options: Plot.PlotOptions, width: number, label: string, variant: 'wide' | 'narrow'): Html {
  const plot: { readonly outerHTML: string } = Plot.plot({
    document,
    width,
    className: 'plot',
    ...options,
    style: { fontSize: '12px' },
  });
  const inner = rounded(plot.outerHTML).replace(/^<svg /, '');
  return html`<svg role="img" data-width="${variant}" aria-label="${label}" ${trusted(inner)}`;
}

/** Tenths of a pixel are enough for anybody, and make a file a third smaller. */
function rounded(markup: string): string {
  return markup.replaceAll(/(?<= (?:d|transform|x|y|x1|x2|y1|y2|cx|cy|width|height)=")[^"]*/g, (geometry) =>
    geometry.replaceAll(/-?\d+\.\d+/g, (coordinate) => String(Number(Number(coordinate).toFixed(1)))),
  );
}

function legendList(items: readonly LegendItem[]): Html {
  const entries = items.map(
    ({ label, color, kind = 'area' }) =>
      html`<li><span class="swatch ${kind}" style="--swatch: ${color}"></span>${label}</li>`,
  );
  return html`<ul class="legend">${entries}</ul>`;
}
