/** LIKE patterns: `%`, `_`, `[set]`, `[^set]` and an escape character, case-sensitive (LIKE page). */
import { EvaluationError } from './values.js';

const cache = new Map<string, RegExp>();
const CACHE_LIMIT = 1000;

/** The regular expression of a LIKE pattern; patterns are few, so they are kept. */
export function likePattern(pattern: string, escaper: string | null): RegExp {
  const key = `${escaper ?? ''}\u0000${pattern}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const compiled = compile(pattern, escaper);
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(key, compiled);
  return compiled;
}

function compile(pattern: string, escaper: string | null): RegExp {
  if (escaper !== null && escaper.length !== 1) {
    throw new EvaluationError(`ESCAPE needs one character, not '${escaper}'`, 'FF_QUERY_LIKE_ESCAPE');
  }
  let source = '';
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] ?? '';
    if (char === escaper) {
      i++;
      source += literal(pattern[i] ?? char);
    } else if (char === '%') source += '[^]*';
    else if (char === '_') source += '[^]';
    else if (char === '[') {
      const close = pattern.indexOf(']', i + 1);
      if (close < 0) source += literal(char);
      else {
        source += set(pattern.slice(i + 1, close));
        i = close;
      }
    } else source += literal(char);
  }
  return new RegExp(`^${source}$`, 'u');
}

function set(content: string): string {
  const negated = content.startsWith('^');
  const body = (negated ? content.slice(1) : content).replace(/[\\\]^]/g, '\\$&');
  return body === '' ? literal('[') + literal(']') : `[${negated ? '^' : ''}${body}]`;
}

function literal(char: string): string {
  return char.replace(/[\\^$.*+?()[\]{}|/-]/g, (special) => (special === '-' ? '\\x2d' : `\\${special}`));
}
