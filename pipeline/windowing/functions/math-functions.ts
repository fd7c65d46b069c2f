/** Mathematical functions (Mathematical Functions page). */
import { compare, subtract } from '../engine/values/operators.js';
import { float, typeOf, type Value } from '../engine/values/values.js';
import { integerArg, numberArg } from './arguments.js';
import { type ScalarFunction, scalar } from './scalar-function.js';

/** Keeps a bigint a bigint and a float a float. */
function sameType(argument: Value, result: number): Value {
  return typeOf(argument) === 'float' ? float(result) : result + 0;
}

function abs(value: Value): Value {
  if (typeof value === 'bigint') return value < 0n ? subtract(0, value) : value;
  return sameType(value, Math.abs(numberArg('ABS', value)));
}

/** `ROUND(number, length)`: half away from zero; a negative length rounds left of the point. */
function round(value: Value, length: Value = 0): Value {
  const digits = integerArg('ROUND', length);
  if (typeof value === 'bigint' || (typeOf(value) === 'bigint' && digits >= 0)) return value;
  return sameType(value, roundHalfAway(numberArg('ROUND', value), digits));
}

/** Rounds the decimal that prints, so that 1.005 to two digits is 1.01 though its binary value is below. */
function roundHalfAway(value: number, digits: number): number {
  if (!Number.isFinite(value)) return value;
  const magnitude = shift(Math.round(shift(Math.abs(value), digits)), -digits);
  return value < 0 ? -magnitude : magnitude;
}

function shift(value: number, digits: number): number {
  const [mantissa, exponent = '0'] = String(value).split('e');
  return Number(`${mantissa}e${Number(exponent) + digits}`);
}

function sign(value: Value): Value {
  return sameType(value, Math.sign(numberArg('SIGN', value)));
}

function power(base: Value, exponent: Value): Value {
  const result = numberArg('POWER', base) ** numberArg('POWER', exponent);
  const whole = typeOf(base) === 'bigint' && typeOf(exponent) === 'bigint' && Number.isSafeInteger(result);
  return whole ? result : float(result);
}

function square(value: Value): Value {
  return float(numberArg('SQUARE', value) ** 2);
}

const real =
  (name: string, compute: (x: number) => number) =>
  (value: Value): Value =>
    float(compute(numberArg(name, value)));

export const MATH_FUNCTIONS: readonly ScalarFunction[] = [
  scalar('ABS(number)', undefined, abs),
  scalar('CEILING(number)', undefined, (value) =>
    typeof value === 'bigint' ? value : sameType(value, Math.ceil(numberArg('CEILING', value))),
  ),
  scalar('EXP(number)', 'float', real('EXP', Math.exp)),
  scalar('FLOOR(number)', undefined, (value) =>
    typeof value === 'bigint' ? value : sameType(value, Math.floor(numberArg('FLOOR', value))),
  ),
  scalar('POWER(number, power)', undefined, power),
  scalar('ROUND(number[, length])', undefined, round),
  scalar('SIGN(number)', undefined, sign),
  scalar('SQRT(number)', 'float', real('SQRT', Math.sqrt)),
  scalar('SQUARE(number)', 'float', square),
  scalar('LOG(number[, base])', 'float', (value, base) => {
    const logarithm = Math.log(numberArg('LOG', value));
    return float(base === undefined ? logarithm : logarithm / Math.log(numberArg('LOG', base)));
  }),
  scalar('LOG10(number)', 'float', real('LOG10', Math.log10)),
  scalar('SIN(number)', 'float', real('SIN', Math.sin)),
  scalar('COS(number)', 'float', real('COS', Math.cos)),
  scalar('TAN(number)', 'float', real('TAN', Math.tan)),
  scalar(
    'COT(number)',
    'float',
    real('COT', (x) => 1 / Math.tan(x)),
  ),
  scalar('ASIN(number)', 'float', real('ASIN', Math.asin)),
  scalar('ACOS(number)', 'float', real('ACOS', Math.acos)),
  scalar('ATAN(number)', 'float', real('ATAN', Math.atan)),
  scalar(
    'DEGREES(number)',
    'float',
    real('DEGREES', (x) => (x * 180) / Math.PI),
  ),
  scalar(
    'RADIANS(number)',
    'float',
    real('RADIANS', (x) => (x * Math.PI) / 180),
  ),
  scalar('PI()', 'float', () => Math.PI),
  scalar(
    'NULLIF(expression, expression)',
    undefined,
    (a, b) => (compare(a ?? null, b ?? null) === 0 ? null : (a ?? null)),
    {
      takesNull: true,
    },
  ),
];
