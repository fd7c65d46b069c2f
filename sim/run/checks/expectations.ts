/** What a scenario asks for, held against the run. */
import { DateTime } from 'luxon';
import type { Expectation, RunRecord } from '../../../reports/run-record.js';
import type { Scenario } from '../../scenario/load-scenario.js';
import type { World } from '../world/world.js';

interface Bounds {
  readonly atLeast?: number | undefined;
  readonly atMost?: number | undefined;
}

type Draft = Omit<RunRecord, 'invariants' | 'expectations' | 'digest'>;

export function checkExpectations(world: World, record: Draft): readonly Expectation[] {
  const { scenario } = world;
  return [
    ...errorLimits(scenario, record),
    ...countBounds(world, record),
    ...latencyLimits(scenario, record),
    ...windowRows(scenario, record),
  ];
}

function errorLimits(
  { document, expectationAt }: Scenario,
  { accuracy, attribution, truth }: Draft,
): Expectation[] {
  const { footfallError, uniqueError, demographicsError, misreadFaces, countedTwice } = document.expect;
  const { females, males } = accuracy.demographics;
  const { read, misread } = accuracy.faces;
  const again = attribution
    .filter(({ quantity }) => quantity === 'footfall')
    .reduce((sum, { doubleCounted }) => sum + doubleCounted, 0);
  const share = (women: number, men: number) => (women + men === 0 ? 0 : women / (women + men));
  const limit = (key: string, most: number | undefined, error: number, stage: string): Expectation[] =>
    most === undefined
      ? []
      : [
          {
            name: key,
            ok: error <= most,
            message: `error ${percent(error)}, at most ${percent(most)} expected`,
            stage: error <= most ? null : stage,
            expected: `≤ ${percent(most)}`,
            actual: percent(error),
            at: expectationAt[key] ?? '',
          },
        ];
  const relative = ({ truth, error }: { readonly truth: number; readonly error: number }) =>
    truth === 0 ? Math.abs(error) : Math.abs(error) / truth;
  return [
    ...limit('footfallError', footfallError, relative(accuracy.footfall), 'detection'),
    ...limit('uniqueError', uniqueError, relative(accuracy.unique), 'analyze-faces'),
    ...limit(
      'demographicsError',
      demographicsError,
      Math.abs(share(females.measured, males.measured) - share(females.truth, males.truth)),
      'face-api',
    ),
    ...limit('countedTwice', countedTwice, truth.visits === 0 ? 0 : again / truth.visits, 'analyze-faces'),
    ...limit('misreadFaces', misreadFaces, read === 0 ? 0 : misread / read, 'analyze-faces'),
  ];
}

function countBounds({ scenario, collector, premises }: World, record: Draft): Expectation[] {
  const { expect } = scenario.document;
  const counts = {
    visits: [expect.visits, record.truth.visits, 'store'],
    visitors: [expect.visitors, collector.visitors.size, 'analyze-faces'],
    pictures: [expect.pictures, collector.pictures, 'camera-module'],
    lostPictures: [expect.lostPictures, collector.unanalysedPictures, 'camera-module'],
    poisonedPictures: [expect.poisonedPictures, premises.host.poisonMessages().length, 'functions-host'],
    lateEvents: [expect.lateEvents, collector.lateEvents, 'windowing'],
    windowRows: [expect.windowRows, record.windows.length, 'windowing'],
  } as const;
  return Object.entries(counts).flatMap(([key, [bounds, actual, stage]]) =>
    bounds === undefined ? [] : [bounded(key, bounds, actual, stage, scenario.expectationAt[key] ?? '')],
  );
}

function latencyLimits({ document, expectationAt }: Scenario, { latency }: Draft): Expectation[] {
  return Object.entries(document.expect.latency).flatMap(([stage, limits]) => {
    const measured = latency.find((row) => row.stage === stage);
    const at = expectationAt.latency ?? '';
    if (measured === undefined) {
      const known = latency.map((row) => row.stage).join(', ');
      return [unknownThing(`latency.${stage}`, `no stage '${stage}' is measured; there are ${known}`, at)];
    }
    const actual = { p50: measured.p50Ms, p95: measured.p95Ms, p99: measured.p99Ms };
    return (['p50', 'p95', 'p99'] as const).flatMap((rank) => {
      const most = limits[rank];
      return most === undefined
        ? []
        : [bounded(`latency.${stage}.${rank}`, { atMost: most }, actual[rank], stage, at, ' ms')];
    });
  });
}

function windowRows(scenario: Scenario, { windows }: Draft): Expectation[] {
  const at = scenario.expectationAt.windows ?? '';
  return scenario.document.expect.windows.flatMap(({ windowEnd, section, row: expected }) => {
    const day = DateTime.fromMillis(scenario.startMs, { zone: scenario.timeZone }).toISODate();
    const end = DateTime.fromISO(`${day}T${windowEnd}`, { zone: scenario.timeZone }).toUTC().toMillis();
    const name = `window ${windowEnd} of ${section}`;
    const row = windows.find(
      (candidate) => candidate.section === section && Date.parse(String(candidate.windowEnd)) === end,
    );
    if (row === undefined) return [unknownThing(name, 'there is no such row', at)];
    return Object.entries(expected).map(([column, want]) => {
      const actual = row[column];
      if (want === null) return exact(`${name}: ${column}`, 'null', String(actual ?? null), at);
      if (typeof want === 'number') return exact(`${name}: ${column}`, String(want), String(actual), at);
      return bounded(`${name}: ${column}`, want, Number(actual), 'windowing', at);
    });
  });
}

function bounded(
  name: string,
  bounds: Bounds,
  actual: number,
  stage: string,
  at: string,
  unit = '',
): Expectation {
  const { atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY } = bounds;
  const ok = actual >= atLeast && actual <= atMost;
  const expected = [
    Number.isFinite(atLeast) ? `at least ${atLeast}${unit}` : '',
    Number.isFinite(atMost) ? `at most ${atMost}${unit}` : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
  return {
    name,
    ok,
    message: `${actual}${unit}, ${expected} expected`,
    stage: ok ? null : stage,
    expected,
    actual: `${actual}${unit}`,
    at,
  };
}

function exact(name: string, expected: string, actual: string, at: string): Expectation {
  const ok = expected === actual;
  return {
    name,
    ok,
    message: `${actual}, ${expected} expected`,
    stage: ok ? null : 'windowing',
    expected,
    actual,
    at,
  };
}

function unknownThing(name: string, message: string, at: string): Expectation {
  return { name, ok: false, message, stage: 'windowing', expected: 'there to be one', actual: 'none', at };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
