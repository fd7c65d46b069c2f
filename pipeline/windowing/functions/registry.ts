/** Every scalar function by name. Names are found in any case. */
import type { AggregateFunction } from './aggregate-function.js';
import { NUMERIC_AGGREGATES } from './aggregates.js';
import { COLLECTING_AGGREGATES } from './collecting-aggregates.js';
import { DATE_FUNCTIONS } from './date-functions.js';
import { GEOSPATIAL_FUNCTIONS } from './geospatial-functions.js';
import { MATH_FUNCTIONS } from './math-functions.js';
import { RECORD_FUNCTIONS } from './record-functions.js';
import type { ScalarFunction } from './scalar-function.js';
import { STRING_FUNCTIONS } from './string-functions.js';

export const SCALAR_FUNCTIONS: readonly ScalarFunction[] = [
  ...STRING_FUNCTIONS,
  ...MATH_FUNCTIONS,
  ...DATE_FUNCTIONS,
  ...RECORD_FUNCTIONS,
  ...GEOSPATIAL_FUNCTIONS,
];

const byName = new Map(SCALAR_FUNCTIONS.map((definition) => [definition.name.toUpperCase(), definition]));

export function findScalarFunction(name: string): ScalarFunction | undefined {
  return byName.get(name.toUpperCase());
}

export const AGGREGATE_FUNCTIONS: readonly AggregateFunction[] = [
  ...NUMERIC_AGGREGATES,
  ...COLLECTING_AGGREGATES,
];

const aggregatesByName = new Map(
  AGGREGATE_FUNCTIONS.map((definition) => [definition.name.toUpperCase(), definition]),
);

export function findAggregateFunction(name: string): AggregateFunction | undefined {
  return aggregatesByName.get(name.toUpperCase());
}

/** Every function of the language, for suggestions. */
export const FUNCTION_NAMES: readonly string[] = [
  ...SCALAR_FUNCTIONS.map((definition) => definition.name),
  ...AGGREGATE_FUNCTIONS.map((definition) => definition.name),
  ...['LAG', 'LAST', 'ISFIRST', 'AnomalyDetection_SpikeAndDip', 'AnomalyDetection_ChangePoint'],
  ...['GetMetadataPropertyValue', 'System.Timestamp', 'System.Window', 'CAST', 'TRY_CAST'],
  ...[
    'GetArrayElements',
    'GetRecordProperties',
    'TumblingWindow',
    'HoppingWindow',
    'SlidingWindow',
    'SessionWindow',
  ],
];
