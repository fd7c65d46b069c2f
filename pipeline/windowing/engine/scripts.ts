/**
 * JavaScript functions of a job (udf.name, uda.name), each in a context of its own without any globals but the
 * language's, with a limit on the time a call may take.
 */
import { createContext, Script } from 'node:vm';
import type { Accumulator } from '../functions/aggregate-function.js';
import type { ScriptFunctions } from './compile-select.js';
import { DateTime } from './date-time.js';
import { EvaluationError, toOutput, type Value } from './values.js';

export interface ScriptSource {
  /** As in `udf.name`. */
  readonly name: string;
  readonly kind: 'scalar' | 'aggregate';
  readonly source: string;
  readonly file?: string;
}

/** A call that takes longer is stopped; Azure stops a job whose function does not return. */
const TIME_LIMIT_MS = 1_000;

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

const CALL = new Script('__out = JSON.stringify(__entry.apply(null, JSON.parse(__in)));');

const AGGREGATE = new Script(`{
  const object = new __entry();
  object.init();
  for (const [value, timestamp] of JSON.parse(__in)) object.accumulate(value, timestamp);
  __out = JSON.stringify(object.computeResult());
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
        timeout: TIME_LIMIT_MS,
      });
      const setUp = `var __entry = ${entry}; var __in; var __out;`;
      new Script(setUp).runInContext(this.context, { timeout: TIME_LIMIT_MS });
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
      this.context.__in = JSON.stringify(
        args.map((argument) => (argument instanceof DateTime ? argument.toString() : toOutput(argument))),
      );
      script.runInContext(this.context, { timeout: TIME_LIMIT_MS });
      const text = this.context.__out as string | undefined;
      return text === undefined ? null : (JSON.parse(text) as Value);
    } catch (error) {
      throw new EvaluationError(
        `${this.source.kind === 'scalar' ? 'udf' : 'uda'}.${this.source.name}: ${messageOf(error)}`,
        'FF_SCRIPT',
      );
    }
  }
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
    return this.sandbox.aggregate(
      this.items.map(({ value, timeMs }) => [value, DateTime.fromTime(timeMs).toString()]),
    );
  }
}
