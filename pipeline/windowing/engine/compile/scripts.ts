/**
 * JavaScript functions of a job (udf.name, uda.name), each in a context of its own without any globals but the
 * language's, with a limit on the time a call may take.
 */
import { createContext, Script } from 'node:vm';
import type { Accumulator } from '../../functions/aggregate-function.js';
import { DateTime } from '../values/date-time.js';
import { EvaluationError, isArray, isRecord, toOutput, type Value } from '../values/values.js';
import type { ScriptFunctions } from './compile-select.js';

export interface ScriptSource {
  /** As in `udf.name`. */
  readonly name: string;
  readonly kind: 'scalar' | 'aggregate';
  readonly source: string;
  readonly file?: string;
}

/** A call that takes longer is stopped; Azure stops a job whose function does not return. */
const TIME_LIMIT_MS = 1_000;
/** Loading is limited by the clock as well, and happens once: it may take its time on a machine that is busy. */
const LOADING_LIMIT_MS = 10_000;

export interface LoadedScripts extends ScriptFunctions {
  readonly scalarNames: readonly string[];
  readonly aggregateNames: readonly string[];
}

/** Compiles the functions. Throws EvaluationError `FF_SCRIPT` for source that is no JavaScript. */
export function createScriptFunctions(sources: readonly ScriptSource[]): LoadedScripts {
  const externals: Sandbox[] = [];
  const scalars = new Map<string, (...args: readonly Value[]) => Value>();
  const aggregates = new Map<string, () => Accumulator>();
  for (const source of sources) {
    const sandbox = new Sandbox(source);
    externals.push(sandbox);
    if (source.kind === 'scalar') scalars.set(source.name, (...args) => sandbox.call(args));
    else aggregates.set(source.name, () => new ScriptAccumulator(sandbox));
  }
  const missing = (name: string): never => {
    throw new EvaluationError(`There is no JavaScript function ${name}`, 'FF_SCRIPT');
  };
  return {
    externals,
    scalarNames: [...scalars.keys()],
    aggregateNames: [...aggregates.keys()],
    scalar: (name) => scalars.get(name) ?? missing(name),
    aggregate: (name) => (aggregates.get(name) ?? missing(name))(),
  };
}

const FUNCTION_NAME = /\bfunction\s*\*?\s*([A-Za-z_$][\w$]*)\s*\(/;

/**
 * Datetimes are a Date inside, and a Date is a datetime outside ("Stream Analytics and JavaScript type conversion");
 * JSON carries them under a name that no field has. Functions and errors cannot be a result.
 */
const DATE_MARK = '\u0000date';
const SET_UP = new Script(`
var __in; var __out;
var __mark = ${JSON.stringify(DATE_MARK)};
function __read() {
  if (!__in.includes('u0000date')) return JSON.parse(__in);
  const revive = (_name, value) => (value && typeof value === 'object' && __mark in value ? new Date(value[__mark]) : value);
  return JSON.parse(__in, revive);
}
function __write(result) {
  __out = JSON.stringify(result, function (name, value) {
    const own = this[name];
    if (own instanceof Date) return Number.isNaN(own.getTime()) ? null : { [__mark]: own.getTime() };
    if (typeof own === 'function' || own instanceof Error) throw new TypeError('a function or an error is no result');
    return value;
  });
}`);

const CALL = new Script('__write(__entry.apply(null, __read()));');

const AGGREGATE = new Script(`{
  const object = new __entry();
  object.init();
  for (const [value, timestamp] of __read()) object.accumulate(value, timestamp);
  __write(object.computeResult());
}`);

/** One function in its context. Values go in and out as JSON, so nothing of the host can be reached. */
class Sandbox {
  private readonly context = createContext(Object.create(null), {
    codeGeneration: { strings: false, wasm: false },
  });

  constructor(private readonly source: ScriptSource) {
    const fileName = source.file ?? `${source.name}.js`;
    const declared = FUNCTION_NAME.exec(source.source)?.[1];
    const entry =
      declared === undefined ? 'main' : /\bfunction\s+main\s*\(/.test(source.source) ? 'main' : declared;
    try {
      new Script(source.source, { filename: fileName }).runInContext(this.context, {
        timeout: LOADING_LIMIT_MS,
      });
      SET_UP.runInContext(this.context, { timeout: LOADING_LIMIT_MS });
      new Script(`var __entry = ${entry};`).runInContext(this.context, { timeout: LOADING_LIMIT_MS });
    } catch (error) {
      throw new EvaluationError(`${fileName}: ${messageOf(error)}`, 'FF_SCRIPT');
    }
  }

  call(args: readonly Value[]): Value {
    return this.execute(CALL, args);
  }

  /** Runs a JavaScript aggregate over `[value, timestamp]` pairs. */
  aggregate(items: readonly Value[]): Value {
    return this.execute(AGGREGATE, items);
  }

  private execute(script: Script, args: readonly Value[]): Value {
    try {
      this.context.__in = JSON.stringify(args.map(toScript));
      script.runInContext(this.context, { timeout: TIME_LIMIT_MS });
      const text = this.context.__out as string | undefined;
      return text === undefined ? null : fromScript(JSON.parse(text));
    } catch (error) {
      throw new EvaluationError(
        `${this.source.kind === 'scalar' ? 'udf' : 'uda'}.${this.source.name}: ${messageOf(error)}`,
        'FF_SCRIPT',
      );
    }
  }
}

/** JSON of a value, its datetimes marked and its bigints as the numbers that JavaScript has for them. */
function toScript(value: Value): unknown {
  if (value instanceof DateTime) return { [DATE_MARK]: value.ms };
  if (typeof value === 'bigint') return Number(value);
  if (isArray(value)) return value.map(toScript);
  if (!isRecord(value)) return toOutput(value);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, toScript(item ?? null)]));
}

function fromScript(value: unknown): Value {
  if (Array.isArray(value)) return value.map(fromScript);
  if (typeof value !== 'object' || value === null) return value as Value;
  const marked = (value as Readonly<Record<string, unknown>>)[DATE_MARK];
  if (typeof marked === 'number') return DateTime.fromTime(marked);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fromScript(item)]));
}

function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error
    ? String(error.message)
    : String(error);
}

/** A JavaScript aggregate keeps its values and computes them afresh, so that panes need no merge of its own. */
export class ScriptAccumulator implements Accumulator {
  private readonly items: { readonly value: Value; readonly timeMs: number }[] = [];

  constructor(private readonly sandbox: Sandbox) {}

  add(args: readonly Value[], _order: readonly Value[], _row: unknown, timeMs: number): void {
    this.items.push({ value: args[0] ?? null, timeMs });
  }

  merge(later: Accumulator): void {
    if (later instanceof ScriptAccumulator) for (const item of later.items) this.items.push(item);
  }

  result(): Value {
    return this.sandbox.aggregate(this.items.map(({ value, timeMs }) => [value, DateTime.fromTime(timeMs)]));
  }
}
