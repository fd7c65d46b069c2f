/** The units of time and date parts of the language, with every abbreviation the documentation lists. */

export type DatePart =
  | 'year'
  | 'quarter'
  | 'month'
  | 'dayofyear'
  | 'day'
  | 'week'
  | 'weekday'
  | 'hour'
  | 'minute'
  | 'second'
  | 'millisecond'
  | 'microsecond'
  | 'nanosecond'
  | 'iso_week';

const SPELLINGS: Readonly<Record<DatePart, readonly string[]>> = {
  year: ['year', 'years', 'yy', 'yyyy'],
  quarter: ['quarter', 'quarters', 'qq', 'q'],
  month: ['month', 'months', 'mm', 'm'],
  dayofyear: ['dayofyear', 'dy', 'y'],
  day: ['day', 'days', 'dd', 'd'],
  week: ['week', 'weeks', 'wk', 'ww'],
  weekday: ['weekday', 'dw', 'w'],
  hour: ['hour', 'hours', 'hh'],
  minute: ['minute', 'minutes', 'mi', 'n'],
  second: ['second', 'seconds', 'ss', 's'],
  millisecond: ['millisecond', 'milliseconds', 'ms'],
  microsecond: ['microsecond', 'microseconds', 'mcs'],
  nanosecond: ['nanosecond', 'nanoseconds', 'ns'],
  iso_week: ['iso_week', 'isowk', 'isoww'],
};

const PARTS: ReadonlyMap<string, DatePart> = new Map(
  (Object.keys(SPELLINGS) as DatePart[]).flatMap((part) =>
    SPELLINGS[part].map((spelling): [string, DatePart] => [spelling, part]),
  ),
);

const UNIT_MS: Readonly<Partial<Record<DatePart, number>>> = {
  week: 604_800_000,
  day: 86_400_000,
  hour: 3_600_000,
  minute: 60_000,
  second: 1_000,
  millisecond: 1,
  microsecond: 0.001,
};

/** The date part of that name or abbreviation, in any case. */
export function datePart(name: string): DatePart | undefined {
  return PARTS.get(name.toLowerCase());
}

/** Milliseconds of one unit, for the parts that are of fixed length. */
export function unitMs(part: DatePart): number | undefined {
  return UNIT_MS[part];
}

export const DATE_PART_NAMES: readonly string[] = [...PARTS.keys()];

/** Those of them that a window or a duration can be measured in. */
export const UNIT_NAMES: readonly string[] = [...PARTS].flatMap(([name, part]) =>
  part !== 'week' && part in UNIT_MS ? [name] : [],
);
