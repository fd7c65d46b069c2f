/** "Blob name patterns": `container/{parameter}…`; `{{` and `}}` stand for braces. */

export interface BlobPath {
  readonly container: string;
  /** What the parameters of the pattern are for `name`; null when it does not match. */
  match(name: string): Readonly<Record<string, string>> | null;
}

const TOKEN = /\{\{|\}\}|\{(\w+)\}/g;

/** Returns null when `pattern` names no container, leaves a brace open, or uses a parameter twice. */
export function parseBlobPath(pattern: string): BlobPath | null {
  const slash = pattern.indexOf('/');
  const container = slash < 0 ? pattern : pattern.slice(0, slash);
  if (container === '' || /[{}]/.test(container)) return null;
  const rest = slash < 0 ? '' : pattern.slice(slash + 1);
  const expression = toExpression(rest);
  if (expression === null) return null;
  return {
    container,
    match(name) {
      // A container alone watches all of its blobs.
      if (rest === '') return {};
      const match = expression.exec(name);
      return match === null ? null : { ...match.groups };
    },
  };
}

function toExpression(pattern: string): RegExp | null {
  let source = '';
  let from = 0;
  const parameters = new Set<string>();
  for (const token of pattern.matchAll(TOKEN)) {
    source += escaped(pattern.slice(from, token.index));
    from = token.index + token[0].length;
    const parameter = token[1];
    if (parameter === undefined) {
      source += escaped(token[0].slice(1));
      continue;
    }
    if (parameters.has(parameter)) return null;
    parameters.add(parameter);
    source += `(?<${parameter}>.*)`;
  }
  const tail = pattern.slice(from);
  if (/[{}]/.test(pattern.replace(TOKEN, ''))) return null;
  return new RegExp(`^${source}${escaped(tail)}$`, 's');
}

function escaped(literal: string): string {
  return literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
