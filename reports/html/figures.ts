/** Numbers as people read them. Independent of the machine's language and time zone. */
import { type Html, html } from './markup.js';

const MINUS = '−';
/** Between a number and its unit: no line breaks there. */
const GAP = '\u00a0';

/** A whole number with thousands apart: 12,345. */
export function whole(value: number): string {
  return decimal(value, 0);
}

/** With exactly `digits` decimals and thousands apart. */
export function decimal(value: number, digits: number): string {
  if (!Number.isFinite(value)) return '–';
  const [integer = '0', fraction] = Math.abs(value).toFixed(digits).split('.');
  const grouped = integer.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  const isZero = Number(Math.abs(value).toFixed(digits)) === 0;
  return `${value < 0 && !isZero ? MINUS : ''}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** Short, for axes: 0.5, 120, 5k, 1.5k. */
export function compact(value: number): string {
  const thousands = Math.abs(value) >= 1_000;
  const short = String(Number((Math.abs(value) / (thousands ? 1_000 : 1)).toFixed(3)));
  return `${value < 0 ? MINUS : ''}${short}${thousands ? 'k' : ''}`;
}

/** With its sign, ±0 for no difference. */
export function signed(value: number, digits = 0): string {
  const text = decimal(value, digits);
  if (Number(value.toFixed(digits)) === 0) return `±${text}`;
  return value > 0 ? `+${text}` : text;
}

/** A part of a whole as a percentage; a dash when there is no whole. */
export function percent(part: number, of: number, digits = 1): string {
  return of === 0 ? '–' : `${decimal((100 * part) / of, digits)}${GAP}%`;
}

/** A time span: 850 ms, 4.2 s, 3 min 20 s, 2 h 5 min. */
export function span(ms: number): string {
  if (!Number.isFinite(ms)) return '–';
  if (ms < 1_000) return `${decimal(ms, Number.isInteger(ms) ? 0 : 1)}${GAP}ms`;
  if (ms < 59_950) return `${decimal(ms / 1_000, ms % 1_000 === 0 ? 0 : 1)}${GAP}s`;
  if (ms < 3_599_500) return units(Math.round(ms / 1_000), 60, 'min', 's');
  return units(Math.round(ms / 60_000), 60, 'h', 'min');
}

function units(total: number, per: number, large: string, small: string): string {
  const rest = total % per;
  return `${whole(Math.floor(total / per))}${GAP}${large}${rest === 0 ? '' : ` ${rest}${GAP}${small}`}`;
}

/** Bytes in powers of 1,000. */
export function bytes(count: number): string {
  if (count < 1_000) return `${count}${GAP}B`;
  const power = Math.min(3, Math.floor(Math.log10(count) / 3));
  return `${decimal(count / 1_000 ** power, 1)}${GAP}${['B', 'kB', 'MB', 'GB'][power] ?? 'B'}`;
}

/** A name from code as words: `endToEnd` becomes "end to end". */
export function words(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, (_match, before: string, after: string) => {
    return `${before} ${after.toLowerCase()}`;
  });
}

/** "1 picture", "2 pictures". */
export function several(count: number, singular: string, plural = `${singular}s`): string {
  return `${whole(count)} ${count === 1 ? singular : plural}`;
}

/** Passed or failed, told by words and mark as well as by colour. */
export function verdictBadge(ok: boolean): Html {
  return ok
    ? html`<span class="badge good"><span aria-hidden="true">✔</span> held</span>`
    : html`<span class="badge bad"><span aria-hidden="true">✘</span> broken</span>`;
}
