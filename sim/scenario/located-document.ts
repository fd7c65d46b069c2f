import { readFileSync } from 'node:fs';
import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
} from 'yaml';
import { BadInputError, fileProblem, type InputProblem } from './input-problem.js';

export type Path = readonly (string | number)[];

/** A YAML (or JSON) document that knows where each of its values stands. */
export interface LocatedDocument {
  readonly file: string;
  readonly value: unknown;
  /** A problem at `path`; where the path leads to nothing, at the nearest thing that is there. */
  problemAt(path: Path, details: ProblemDetails): InputProblem;
}

export interface ProblemDetails {
  readonly code: string;
  readonly message: string;
  readonly expected?: string | undefined;
  readonly suggestion?: string | undefined;
  /** Point at the key rather than at its value. */
  readonly atKey?: boolean;
}

/** Reads and parses `file`. Throws `BadInputError` when it cannot be read or is not YAML. */
export function readDocument(file: string): LocatedDocument {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const message =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EISDIR'
          ? 'this is a folder'
          : `cannot be read: ${code}`;
    throw new BadInputError([fileProblem('FF_FILE_UNREADABLE', file, message, 'a YAML file')]);
  }
  return parseLocated(text, file);
}

/** As `readDocument`, from text; `file` is used in messages alone. */
export function parseLocated(text: string, file: string): LocatedDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const locate = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  if (document.errors.length > 0) {
    throw new BadInputError(
      document.errors.map((error) => ({
        code: 'FF_YAML_SYNTAX',
        file,
        ...locate(error.pos[0]),
        message: error.message,
        expected: null,
        suggestion: null,
      })),
    );
  }
  const root = document.contents;
  return {
    file,
    value: plainValue(document, file),
    problemAt(path, { code, message, expected, suggestion, atKey }) {
      const offset = offsetAt(root, path, atKey ?? false);
      const place = offset === null ? { line: null, column: null } : locate(offset);
      return { code, file, ...place, message, expected: expected ?? null, suggestion: suggestion ?? null };
    },
  };
}

/** Aliases are resolved here, and may lead nowhere or on without end. */
function plainValue(document: Document.Parsed, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new BadInputError([fileProblem('FF_YAML_SYNTAX', file, message, null)]);
  }
}

function offsetAt(root: ParsedNode | null, path: Path, atKey: boolean): number | null {
  let node: Node | null = root;
  let offset = node?.range?.[0] ?? null;
  for (const [depth, step] of path.entries()) {
    const isLast = depth === path.length - 1;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (pair === undefined) return offset;
      const key = pair.key as Node;
      const value = pair.value as Node | null;
      offset = ((isLast && atKey) || value === null ? key.range?.[0] : value.range?.[0]) ?? offset;
      node = value;
    } else if (isSeq(node)) {
      const item = node.items[Number(step)] as Node | undefined;
      if (item === undefined) return offset;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else {
      return offset;
    }
  }
  return offset;
}
