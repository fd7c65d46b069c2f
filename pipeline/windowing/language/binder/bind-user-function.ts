/** Functions of the job: JavaScript as udf.name and uda.name, and those of other kinds, which are refused. */
import type { AggregateFunction } from '../../functions/aggregate-function.js';
import type { CallExpression } from '../parser/syntax.js';
import type { AggregatePlan, Bound } from '../plan.js';
import { QueryError } from '../query-error.js';
import { suggest } from '../suggest.js';
import { type BindContext, bindExpression, refuse } from './bind-expression.js';
import { insteadOfFunction } from './foreign-words.js';

export function bindUserFunction(call: CallExpression, context: BindContext): Bound {
  const name = declaredName(call, 'udf', context.environment.scalarFunctions, context);
  return {
    kind: 'udf',
    name,
    args: call.args.map((argument) => bindExpression(argument, context)),
    type: 'any',
  };
}

/** The name of an aggregate as it was declared. */
export function userAggregate(call: CallExpression, context: BindContext): string {
  return declaredName(call, 'uda', context.environment.aggregateFunctions, context);
}

export function isUserFunction(call: CallExpression, context: BindContext): boolean {
  const { scalarFunctions, foreignFunctions } = context.environment;
  const key = call.name.toLowerCase();
  return foreignFunctions.has(key) || scalarFunctions.some((known) => known.toLowerCase() === key);
}

function declaredName(
  call: CallExpression,
  prefix: 'udf' | 'uda',
  names: readonly string[],
  context: BindContext,
): string {
  const { foreignFunctions, assume } = context.environment;
  const key = call.name.toLowerCase();
  const known = names.find((name) => name.toLowerCase() === key);
  if (known !== undefined) return known;
  const foreign = foreignFunctions.get(key);
  if (assume !== undefined) {
    assume(`${prefix}.${call.name} is ${foreign ?? 'not among the functions given'}; it is taken to exist`);
    return call.name;
  }
  if (foreign !== undefined) {
    throw refuse(
      call,
      `${prefix}.${call.name} is ${foreign}, which needs a runtime of its own`,
      `a JavaScript function that stands in for it: --udf ${call.name}.js`,
      'FF_QUERY_FOREIGN_FUNCTION',
    );
  }
  throw unknownFunction(
    call,
    names.map((name) => `${prefix}.${name}`),
  );
}

export function userAggregatePlan(
  name: string,
  args: readonly Bound[],
  orderBy: AggregatePlan['orderBy'],
): AggregatePlan {
  const fn: AggregateFunction = {
    name: `uda.${name}`,
    signature: `uda.${name}(…)`,
    minArgs: 0,
    maxArgs: Number.POSITIVE_INFINITY,
    constantArgs: 0,
    allowsDistinct: false,
    needsOrder: false,
    keepsRows: true,
    returns: undefined,
    inline: undefined,
    create: () => {
      throw new Error(`uda.${name} is created by the job's JavaScript`);
    },
  };
  return { fn, args, constants: [], distinct: false, orderBy, userDefined: name };
}

/** A function that there is not, with what was probably meant. */
export function unknownFunction(call: CallExpression, names: readonly string[]): QueryError {
  const written = call.prefix === undefined ? call.name : `${call.prefix}.${call.name}`;
  const instead = call.prefix === undefined ? insteadOfFunction(call.name) : undefined;
  const suggestion = instead === undefined ? suggest(written, names) : undefined;
  return new QueryError({
    code: 'FF_QUERY_UNKNOWN_FUNCTION',
    message: `There is no function '${written}'`,
    position: call.position,
    length: written.length,
    expected:
      instead ?? 'a function of the language, or a JavaScript function of the job as udf.name or uda.name',
    ...(suggestion === undefined ? {} : { suggestion }),
  });
}
