import { closest, distance } from 'fastest-levenshtein';
import type { z } from 'zod';
import { BadInputError, type InputProblem } from './input-problem.js';
import type { LocatedDocument, Path } from './located-document.js';

type Issue = z.core.$ZodIssue;

/**
 * The document's value as `schema` reads it. Throws `BadInputError` with every problem found, each at its
 * place, unknown keys with the key that was most likely meant.
 */
export function checkDocument<Schema extends z.ZodType>(
  document: LocatedDocument,
  schema: Schema,
  prefix: Path = [],
): z.output<Schema> {
  const result = schema.safeParse(valueAt(document.value, prefix), { reportInput: true });
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) => problemsOf(issue, document, schema, prefix));
  throw new BadInputError(problems);
}

function problemsOf(
  issue: Issue,
  document: LocatedDocument,
  schema: z.ZodType,
  prefix: Path,
): InputProblem[] {
  const path = [...prefix, ...issue.path.map(step)];
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = knownKeys(schema, issue.path.map(step));
      return issue.keys.map((key) =>
        document.problemAt([...path, key], {
          code: 'FF_SCENARIO_UNKNOWN_KEY',
          message: `unknown key '${key}'`,
          expected: known.length > 0 ? `one of ${known.join(', ')}` : undefined,
          suggestion: nearest(key, known),
          atKey: true,
        }),
      );
    }
    case 'invalid_value': {
      const values = issue.values.map(String);
      return [
        document.problemAt(path, {
          code: 'FF_SCENARIO_VALUE',
          message: `${show(issue.input)} is not a value of ${name(path)}`,
          expected: values.length === 1 ? values[0] : `one of ${values.join(', ')}`,
          suggestion: typeof issue.input === 'string' ? nearest(issue.input, values) : undefined,
        }),
      ];
    }
    case 'invalid_type': {
      const missing = issue.input === undefined;
      return [
        document.problemAt(path, {
          code: missing ? 'FF_SCENARIO_MISSING_KEY' : 'FF_SCENARIO_TYPE',
          message: missing
            ? `${name(path)} is missing`
            : `${show(issue.input)} is not a value of ${name(path)}`,
          expected: article(issue.expected),
        }),
      ];
    }
    case 'too_small':
      return [rangeProblem(document, path, issue.input, `at least ${issue.minimum}`)];
    case 'too_big':
      return [rangeProblem(document, path, issue.input, `at most ${issue.maximum}`)];
    case 'invalid_union': {
      const nested = bestBranch(issue.errors);
      if (nested !== null) {
        return nested.flatMap((inner) =>
          problemsOf({ ...inner, path: [...issue.path, ...inner.path] } as Issue, document, schema, prefix),
        );
      }
      return [
        document.problemAt(path, {
          code: 'FF_SCENARIO_VALUE',
          message: `${show(issue.input)} is not a value of ${name(path)}`,
          expected: issue.message === 'Invalid input' ? undefined : issue.message,
        }),
      ];
    }
    default:
      return [
        document.problemAt(path, {
          code: 'FF_SCENARIO_VALUE',
          message: `${show(issue.input)} is not a value of ${name(path)}`,
          expected: issue.message,
        }),
      ];
  }
}

function rangeProblem(document: LocatedDocument, path: Path, input: unknown, expected: string): InputProblem {
  const size = Array.isArray(input) ? `a list of ${input.length}` : show(input);
  return document.problemAt(path, {
    code: 'FF_SCENARIO_RANGE',
    message: `${size} is out of the range of ${name(path)}`,
    expected,
  });
}

/** Of a union's branches, the one whose problems lie deepest: the one that the writer had in mind. */
function bestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | null {
  const depth = (issues: readonly Issue[]) => Math.max(...issues.map(({ path }) => path.length));
  const deep = branches.filter(
    (issues) =>
      issues.length > 0 && (depth(issues) > 0 || issues.some(({ code }) => code === 'unrecognized_keys')),
  );
  if (deep.length === 0) return null;
  return deep.reduce((best, issues) => (depth(issues) > depth(best) ? issues : best));
}

/** Keys of the object that `path` leads to in `schema`, by its JSON Schema. */
function knownKeys(schema: z.ZodType, path: Path): string[] {
  let node: unknown = definitionOf(schema);
  for (const part of path) node = childOf(node, part);
  const shape = Reflect.get(unwrap(node) ?? {}, 'shape') as Record<string, unknown> | undefined;
  return shape === undefined ? [] : Object.keys(shape);
}

interface Definition {
  readonly type?: string;
  readonly innerType?: unknown;
  readonly in?: unknown;
  readonly options?: readonly unknown[];
  readonly element?: unknown;
  readonly items?: readonly unknown[];
  readonly valueType?: unknown;
  readonly shape?: Readonly<Record<string, unknown>>;
}

function definitionOf(schema: unknown): Definition | null {
  const definition = (schema as { def?: Definition } | null | undefined)?.def;
  return definition ?? null;
}

/** The definition under defaults, optionals and transforms. */
function unwrap(node: unknown): Definition | null {
  const definition = definitionOf(node) ?? (node as Definition | null);
  if (definition === null) return null;
  if (definition.innerType !== undefined) return unwrap(definition.innerType);
  if (definition.in !== undefined) return unwrap(definition.in);
  return definition;
}

function childOf(node: unknown, part: string | number): unknown {
  const definition = unwrap(node);
  if (definition === null) return null;
  if (definition.options !== undefined) {
    return (
      definition.options.map((option) => childOf(option, part)).find((child) => child !== undefined) ?? null
    );
  }
  if (typeof part === 'number') return definition.element ?? definition.items?.[part] ?? null;
  return definition.shape?.[part] ?? definition.valueType ?? null;
}

/** The known word that `word` most likely meant; undefined when none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const candidate = closest(word.toLowerCase(), [...known]);
  const limit = Math.max(2, Math.floor(word.length / 3));
  return distance(word.toLowerCase(), candidate.toLowerCase()) <= limit ? candidate : undefined;
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (node, part) => (node as Record<string | number, unknown> | undefined)?.[part],
    value,
  );
}

function step(part: PropertyKey): string | number {
  return typeof part === 'number' ? part : String(part);
}

function name(path: Path): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
  return text === '' ? 'the document' : `'${text.replace(/^\./, '')}'`;
}

function show(input: unknown): string {
  const text = JSON.stringify(input) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function article(type: string): string {
  const words: Record<string, string> = { object: 'a map of keys', array: 'a list', int: 'a whole number' };
  return words[type] ?? `a ${type}`;
}
