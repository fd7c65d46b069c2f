/** Blob index tags: "Set Blob Tags" and "Find Blobs by Tags". */
import { fail, type Outcome, succeed } from '../failure.js';

export type Tags = Readonly<Record<string, string>>;

const MOST_TAGS = 10;
const NAME = /^[A-Za-z0-9 +\-./:=_]{1,128}$/;
const VALUE = /^[A-Za-z0-9 +\-./:=_]{0,256}$/;

export function tagsProblem(tags: Tags): string | null {
  const entries = Object.entries(tags);
  if (entries.length > MOST_TAGS) return `${entries.length} tags, expected at most ${MOST_TAGS}`;
  const bad = entries.find(([name, value]) => !NAME.test(name) || !VALUE.test(value));
  return bad === undefined ? null : `the tag ${JSON.stringify(bad[0])} or its value is not permitted`;
}

/** The header `x-ms-tags`: a query string. */
export function readTagsHeader(text: string | undefined): Tags {
  return text === undefined ? {} : Object.fromEntries(new URLSearchParams(text));
}

export interface TagQuery {
  /** Only in this container, when the query says `@container = '…'`. */
  readonly container: string | null;
  matches(tags: Tags): boolean;
}

type Operator = '=' | '>' | '>=' | '<' | '<=';
const CONDITION = /^\s*(@container|"[^"]+"|[A-Za-z_][A-Za-z0-9_]*)\s*(>=|<=|=|>|<)\s*'([^']*)'\s*/;
const CONJUNCTION = /^AND\b/i;

/** `"storeid" = 'one' AND "day" >= '2026-03-01'`: tags compared as text, joined by AND only. */
export function parseTagQuery(text: string): Outcome<TagQuery> {
  const conditions: { readonly name: string; readonly operator: Operator; readonly value: string }[] = [];
  let container: string | null = null;
  let rest = text;
  for (;;) {
    const [all, field = '', operator = '', value = ''] = CONDITION.exec(rest) ?? [];
    if (all === undefined)
      return fail('InvalidQueryParameterValue', `where: expected "tag" = 'value' at ${JSON.stringify(rest)}`);
    if (field === '@container') container = value;
    else conditions.push({ name: field.replaceAll('"', ''), operator: operator as Operator, value });
    rest = rest.slice(all.length);
    if (rest === '') break;
    if (!CONJUNCTION.test(rest))
      return fail('InvalidQueryParameterValue', `where: expected AND at ${JSON.stringify(rest)}`);
    rest = rest.slice('AND'.length);
  }
  return succeed({
    container,
    matches: (tags) =>
      conditions.every(({ name, operator, value }) => {
        const found = Object.hasOwn(tags, name) ? tags[name] : undefined;
        return found !== undefined && compares(found, operator, value);
      }),
  });
}

function compares(found: string, operator: Operator, wanted: string): boolean {
  switch (operator) {
    case '=':
      return found === wanted;
    case '>':
      return found > wanted;
    case '>=':
      return found >= wanted;
    case '<':
      return found < wanted;
    case '<=':
      return found <= wanted;
  }
}
