/** Quantities as people write them in a scenario. */
import { z } from 'zod';

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;

/** `90`, `'90s'`, `'1h30m'` → milliseconds; plain numbers are seconds. Null when it is not a duration. */
export function parseDurationMs(text: string | number): number | null {
  if (typeof text === 'number') return Number.isFinite(text) && text >= 0 ? Math.round(text * 1_000) : null;
  const compact = text.replace(/\s+/g, '');
  if (/^\d+(\.\d+)?$/.test(compact)) return Math.round(Number(compact) * 1_000);
  if (!DURATION.test(compact)) return null;
  let totalMs = 0;
  for (const [, amount, unit] of compact.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    totalMs += Number(amount) * (UNIT_MS[unit as string] as number);
  }
  return Math.round(totalMs);
}

/** Milliseconds from a duration as people write it. */
export function durationMs(description: string) {
  return z
    .union([z.string(), z.number().min(0)], { error: 'a duration such as 20m, 1h30m or a number of seconds' })
    .transform((text, context) => {
      const ms = parseDurationMs(text);
      if (ms === null) {
        context.addIssue({
          code: 'custom',
          message: 'a duration such as 20m, 1h30m or a number of seconds',
          input: text,
        });
        return z.NEVER;
      }
      return ms;
    })
    .meta({ description: `${description} A duration such as 20m, 1h30m, or a number of seconds.` });
}

/** Milliseconds from a duration that may be negative: `-10m`. */
export function signedDurationMs(description: string) {
  const expected = 'a duration such as 90s or -10m, or a number of seconds';
  return z
    .union([z.string(), z.number()], { error: expected })
    .transform((text, context) => {
      const isNegative = typeof text === 'number' ? text < 0 : text.trim().startsWith('-');
      const size = typeof text === 'number' ? Math.abs(text) : text.trim().replace(/^[-+]/, '');
      const ms = parseDurationMs(size);
      if (ms === null) {
        context.addIssue({ code: 'custom', message: expected, input: text });
        return z.NEVER;
      }
      return isNegative ? -ms : ms;
    })
    .meta({ description: `${description} A duration such as 90s or -10m, or a number of seconds.` });
}

const BIT_UNITS: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9 };

/** Bits per second from `'20Mbps'`, `'512kbps'` or `'unlimited'` (null). */
export function bitsPerSecond(description: string) {
  return z
    .string({ error: "a rate such as 20Mbps, or 'unlimited'" })
    .transform((text, context) => {
      if (text === 'unlimited') return null;
      const match = /^(\d+(?:\.\d+)?)\s*([kmg]?)bps$/i.exec(text);
      if (match === null || Number(match[1]) === 0) {
        context.addIssue({ code: 'custom', message: "a rate such as 20Mbps, or 'unlimited'", input: text });
        return z.NEVER;
      }
      return Number(match[1]) * (BIT_UNITS[(match[2] as string).toLowerCase()] as number);
    })
    .meta({ description: `${description} A rate such as 20Mbps, or 'unlimited'.` });
}

/** A share in [0, 1] from `0.05` or `'5%'`. */
export function shareOf(description: string) {
  return z
    .union([z.string(), z.number()], { error: 'a share such as 0.05 or 5%' })
    .transform((text, context) => {
      const value =
        typeof text === 'number'
          ? text
          : /^\d+(\.\d+)?%$/.test(text)
            ? Number(text.slice(0, -1)) / 100
            : Number.NaN;
      if (!(value >= 0 && value <= 1)) {
        context.addIssue({ code: 'custom', message: 'a share from 0 to 1, such as 0.05 or 5%', input: text });
        return z.NEVER;
      }
      return value;
    })
    .meta({ description: `${description} From 0 to 1, or a percentage such as 5%.` });
}
