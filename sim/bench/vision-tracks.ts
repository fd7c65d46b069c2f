/**
 * How well people are followed: drawn crowds who walk across each other, looked at by the person detector and joined
 * by the tracker as a replay does it, judged by CLEAR MOT and IDF1 against the truth.
 */
import type { PixelBox } from '../../pipeline/boundaries.js';
import { buildCentreNetZip } from '../../pipeline/detection/centre-net-zip.js';
import { type OpenDetector, openDetector } from '../../pipeline/detection/detector.js';
import { describeAppearance } from '../../pipeline/detection/tracking/appearance.js';
import { LOWEST_TRACKED_SCORE, Tracker } from '../../pipeline/detection/tracking/tracker.js';
import { renderBackground } from '../camera/background.js';
import { ClearMot, type TrackingQuality } from '../camera/footage/quality/clear-mot.js';
import type { TrackBox } from '../camera/footage/quality/mot-format.js';
import { FrameRenderer, type RenderedFrame } from '../camera/frame.js';
import { Wardrobes } from '../camera/person/build-person.js';
import type { VisiblePerson } from '../camera/visibility/visible-person.js';
import type { Bench, BenchFigure } from './bench.js';
import { type CrowdKind, type WalkingCrowd, walkingCrowd } from './vision/walking-crowd.js';

/** Crowds by the name that their figures have. */
const KINDS: readonly (CrowdKind & { readonly name: string; readonly crowds: number })[] = [
  { name: 'five', people: 5, displays: 0, crowds: 4 },
  { name: 'fiveAmongShelves', people: 5, displays: 5, crowds: 2 },
  { name: 'eight', people: 8, displays: 0, crowds: 2 },
];
const FRAMES = 84;
const FRAMES_PER_SECOND = 7;
const INPUT = { inputWidthPixels: 512, inputHeightPixels: 384 } as const;
/** Of whom less can be seen is neither expected nor held against the tracker. */
const MOST_HIDDEN = 0.85;

interface Judged {
  readonly quality: TrackingQuality;
  /** True boxes. */
  readonly boxes: number;
}

export const visionTracksBench: Bench = {
  name: 'vision-tracks',
  summary: 'how well people are followed through drawn crowds: F1, MOTA, IDF1, identity switches',
  async run(report, progress) {
    const detector = await openDetector(await buildCentreNetZip(), {
      ...INPUT,
      minimumScore: LOWEST_TRACKED_SCORE,
      backend: 'wasm',
    });
    const wardrobes = new Wardrobes();
    const all: Judged[] = [];
    for (const kind of KINDS) {
      const judged: Judged[] = [];
      for (let number = 0; number < kind.crowds; number++) {
        judged.push(await follow(walkingCrowd(all.length + judged.length, kind), detector, wardrobes));
        progress(`${kind.name}: ${number + 1} of ${kind.crowds} crowds`);
      }
      all.push(...judged);
      for (const figure of figuresOf(`vision.tracks.${kind.name}`, judged)) report(figure);
    }
    detector.close();
    for (const figure of figuresOf('vision.tracks.all', all)) {
      report(figure);
      progress(`${figure.metric}: ${figure.value} ${figure.unit}`);
    }
  },
};

async function follow(crowd: WalkingCrowd, detector: OpenDetector, wardrobes: Wardrobes): Promise<Judged> {
  const renderer = new FrameRenderer(renderBackground(crowd.plan, crowd.camera), wardrobes);
  const tracker = new Tracker();
  const people: TrackBox[] = [];
  const distractors: TrackBox[] = [];
  const reported: TrackBox[][] = [];
  for (let number = 1; number <= FRAMES; number++) {
    crowd.advance(1 / FRAMES_PER_SECOND);
    const timeMs = (number * 1_000) / FRAMES_PER_SECOND;
    const frame = renderer.render(crowd.people(), timeMs, number);
    for (const person of frame.people)
      (person.hiddenShare <= MOST_HIDDEN ? people : distractors).push(trueBox(person, number, frame));
    const followed = tracker.update(timeMs, await detector.detect(frame), ({ box }) =>
      describeAppearance(frame, box),
    );
    reported.push(followed.map(({ track, box }) => ({ frame: number, id: track, box })));
  }
  const judge = new ClearMot({ people, distractors });
  for (const [index, boxes] of reported.entries()) judge.add(index + 1, boxes);
  return { quality: judge.quality(), boxes: people.length };
}

/** All of the person that the picture holds, also what somebody hides. */
function trueBox({ shopper, fullBox }: VisiblePerson, frame: number, picture: RenderedFrame): TrackBox {
  return { frame, id: shopper, box: cut(fullBox, picture) };
}

function cut(box: PixelBox, { widthPixels, heightPixels }: RenderedFrame): PixelBox {
  const left = Math.max(0, box.left);
  const top = Math.max(0, box.top);
  return {
    left,
    top,
    width: Math.min(widthPixels, box.left + box.width) - left,
    height: Math.min(heightPixels, box.top + box.height) - top,
  };
}

/** The figures of several crowds together: counts are added up, as the MOT Challenge does it. */
function figuresOf(prefix: string, judged: readonly Judged[]): readonly BenchFigure[] {
  const total = (of: (one: Judged) => number) => judged.reduce((sum, one) => sum + of(one), 0);
  const boxes = total((one) => one.boxes);
  const matched = total(({ quality }) => quality.truePositives);
  const reported = matched + total(({ quality }) => quality.falsePositives);
  const errors = total(({ quality }) => quality.falsePositives + quality.misses + quality.idSwitches);
  const switches = total(({ quality }) => quality.idSwitches);
  const identified = total(
    ({ quality, boxes: own }) => (quality.idf1 * (own + quality.truePositives + quality.falsePositives)) / 2,
  );
  const personSeconds = boxes / FRAMES_PER_SECOND;
  const unit = `of ${boxes} true boxes`;
  return [
    { metric: `${prefix}.f1`, value: rounded((2 * matched) / (boxes + reported)), unit },
    { metric: `${prefix}.mota`, value: rounded(1 - errors / boxes), unit },
    { metric: `${prefix}.idf1`, value: rounded((2 * identified) / (boxes + reported)), unit },
    {
      metric: `${prefix}.switchesPer100PersonSeconds`,
      value: rounded((100 * switches) / personSeconds),
      unit: `of ${Math.round(personSeconds)} person-seconds`,
    },
  ];
}

function rounded(value: number): number {
  return Number(value.toFixed(3));
}
