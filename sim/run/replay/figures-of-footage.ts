/** What footage adds to its replay's record: counts, tracks, pictures, and what nobody can know of it. */
import { basename } from 'node:path';
import type { ReplayFigures, ReplayRecord } from '../../../reports/replay-record.js';
import type { PlayedFootage } from '../../camera/footage/session/session-messages.js';
import { measuredBy, rounded, totalOf } from '../record/accuracy.js';
import type { World } from '../world/world.js';
import type { FootageGround } from './footage-ground.js';

type Figures = Pick<
  ReplayRecord,
  'attribution' | 'truth' | 'accuracy' | 'store' | 'displays' | 'visionModel' | 'replay'
>;

export function figuresOfFootage({ collector, scenario }: World, ground: FootageGround): Figures {
  return {
    // Without a truth there is nothing to attribute.
    attribution: ground.truth === null ? [] : collector.attributionRows,
    truth: truthOf(ground),
    accuracy: accuracyOf(collector, ground),
    store: noStore(scenario.plan.name, ground.settings.section),
    displays: [],
    visionModel: null,
    replay: replayOf(ground),
  };
}

function truthOf({ truth }: FootageGround): Figures['truth'] {
  if (truth === null) return null;
  return {
    shoppers: truth.people,
    visits: truth.people,
    meanVisitSeconds: truth.meanVisitSeconds,
    footfallByWindow: truth.windows.map(({ endMs, entered, inside }) => ({
      windowEnd: new Date(endMs).toISOString(),
      entered,
      inside,
    })),
  };
}

function accuracyOf(collector: World['collector'], { truth }: FootageGround): Figures['accuracy'] {
  const measured = measuredBy(collector);
  const unknown = (value: number) => ({ truth: null, measured: rounded(value), error: null });
  const against = (trueValue: number, value: number) =>
    truth === null ? unknown(value) : { truth: trueValue, measured: value, error: value - trueValue };
  return {
    footfall: against(totalOf(collector, 'footfall', 'truth'), measured.footfall),
    people: against(totalOf(collector, 'people', 'truth'), measured.people),
    unique: against(truth?.people ?? 0, measured.unique),
    returning: unknown(measured.returning),
    demographics: {
      females: unknown(measured.females),
      males: unknown(measured.males),
      byAgeBand: Object.fromEntries(measured.byAgeBand.map(([band, count]) => [band, unknown(count)])),
    },
    emotion: unknown(measured.mood),
  };
}

/** Footage comes from somewhere, but nobody has told where the shelves stand. */
function noStore(name: string, section: string): Figures['store'] {
  return {
    name,
    widthMetres: 0,
    depthMetres: 0,
    walls: [],
    entrances: [],
    sections: [{ id: section, name: section, area: [] }],
    displays: [],
    cameras: [],
    heat: { columns: 0, rows: 0, cellMetres: 1, personSeconds: [] },
  };
}

function replayOf({ played, player, settings, truth }: FootageGround): ReplayFigures {
  const { facts } = player;
  const { counts, quality, trueCounts } = played;
  return {
    command: [...settings.command],
    footage: {
      name: facts.name,
      kind: facts.kind,
      widthPixels: facts.widthPixels,
      heightPixels: facts.heightPixels,
      framesPerSecond: facts.framesPerSecond === null ? null : rounded(facts.framesPerSecond),
      frames: played.frames,
      framesDetected: played.looked,
      seconds: seconds(played.lengthMs),
    },
    groundTruth: facts.truthFile === null ? null : basename(facts.truthFile),
    counts: { people: counts.people, in: counts.in, out: counts.out },
    truePeople: trueCounts?.people ?? null,
    reentry: { withinSeconds: seconds(facts.marks.reentryMs), returned: counts.returned },
    lines: facts.marks.lines.map(({ id, from, to }, index) => ({
      id,
      from,
      to,
      in: counts.lines[index]?.in ?? 0,
      out: counts.lines[index]?.out ?? 0,
      trueIn: trueCounts?.counts.lines[index]?.in ?? null,
      trueOut: trueCounts?.counts.lines[index]?.out ?? null,
    })),
    zones: zonesOf(player.facts.marks.zones, played),
    tracking: quality === null ? null : { ...quality, countError: counts.people - (trueCounts?.people ?? 0) },
    timeline: played.timeline.map(({ fromMs, toMs, ...step }) => ({
      fromSeconds: seconds(fromMs),
      toSeconds: seconds(toMs),
      ...step,
    })),
    windows: played.windows.map(({ fromMs, toMs, counted, trueCounted }) => ({
      fromSeconds: seconds(fromMs),
      toSeconds: seconds(toMs),
      counted,
      trueCounted,
      error: trueCounted === null ? null : counted - trueCounted,
    })),
    trackCount: played.trackCount,
    tracks: played.tracks.map(({ fromMs, toMs, pictures, ...track }) => ({
      ...track,
      fromSeconds: seconds(fromMs),
      toSeconds: seconds(toMs),
      pictures: pictures.map(({ atMs, jpeg }) => ({ atSeconds: seconds(atMs), jpegBase64: base64(jpeg) })),
    })),
    worstFrames: played.worstFrames.map(({ atMs, jpeg, ...frame }) => ({
      ...frame,
      atSeconds: seconds(atMs),
      jpegBase64: base64(jpeg),
    })),
    moments: played.moments.map(({ atMs, people, jpeg }) => ({
      atSeconds: seconds(atMs),
      people,
      jpegBase64: base64(jpeg),
    })),
    tracksSha256: played.tracksSha256,
    cannotBeKnown: cannotBeKnown(truth !== null, settings.session.marks.lines.length > 0),
  };
}

function zonesOf(
  zones: readonly {
    readonly id: string;
    readonly name: string;
    readonly area: readonly { x: number; y: number }[];
  }[],
  { counts, trueCounts }: PlayedFootage,
): ReplayFigures['zones'] {
  return zones.map(({ id, name, area }, index) => {
    const figures = counts.zones[index];
    const trueFigures = trueCounts?.counts.zones[index];
    return {
      id,
      name,
      area: [...area],
      visitors: figures?.visitors ?? 0,
      stays: figures?.stays ?? 0,
      meanOccupancy: rounded(figures?.meanOccupancy ?? 0),
      peakOccupancy: figures?.peakOccupancy ?? 0,
      meanDwellSeconds: seconds(figures?.meanDwellMs ?? 0),
      longestDwellSeconds: seconds(figures?.longestDwellMs ?? 0),
      trueStays: trueFigures?.stays ?? null,
      trueMeanDwellSeconds: trueFigures === undefined ? null : seconds(trueFigures.meanDwellMs),
    };
  });
}

function cannotBeKnown(hasTruth: boolean, hasLines: boolean): string[] {
  return [
    ...(hasTruth
      ? []
      : [
          'How many people there truly were: there is no ground truth, so nothing says whether the counts are right (--truth gt.txt).',
        ]),
    ...(hasLines
      ? []
      : ['Who came in and who went out: no line is drawn on the camera (--line, or --camera camera.yaml).']),
    'Who anybody is, how old they are and what they feel: no ground truth says it, so the demographics and moods below are what the pipeline reports and nothing more.',
    'Whoever the camera did not show: footage knows nothing of the rest of the store.',
  ];
}

const seconds = (ms: number) => Math.round(ms) / 1_000;
const base64 = (jpeg: Uint8Array | null) => (jpeg === null ? '' : Buffer.from(jpeg).toString('base64'));
