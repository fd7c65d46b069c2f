/**
 * How well the person detector sees the people we draw, on random stores, cameras and crowds: recall by height,
 * distance, hidden share, elevation, the side they show and how many there are; precision by the height of what is
 * reported and by how many there are.
 */
import type { Detection, PixelBox } from '../../pipeline/boundaries.js';
import { intersectionArea, overlap } from '../../pipeline/detection/boxes.js';
import { buildCentreNetZip } from '../../pipeline/detection/centre-net-zip.js';
import { type OpenDetector, openDetector } from '../../pipeline/detection/detector.js';
import { renderBackground } from '../camera/background.js';
import { calibrationScene } from '../camera/calibration/calibration-scenes.js';
import { FrameRenderer, type RenderedFrame } from '../camera/frame.js';
import { Wardrobes } from '../camera/person/build-person.js';
import type { VisiblePerson } from '../camera/visibility/visible-person.js';
import type { Bench, BenchFigure } from './bench.js';

const USUAL_SCENES = 100;
const INPUT_SIZES = [
  [320, 240],
  [512, 384],
] as const;
/** Of whom less can be seen is neither expected nor held against the detector. */
const MOST_HIDDEN = 0.9;
const LEAST_PIXELS = 20;
const SAME_PERSON = 0.5;

/** One person in a frame, and how many are expected in it. */
interface Sought extends VisiblePerson {
  readonly crowd: number;
}

interface Group<T> {
  readonly name: string;
  has(member: T): boolean;
}

const HEIGHT_LIMITS = [LEAST_PIXELS, 45, 60, 90, 150, 250, 1000] as const;
const CROWD_LIMITS = [1, 3, 6, 9, 13] as const;

/** The groups that a person belongs to; by height, distance, elevation and yaw, those who are hardly hidden. */
const GROUPS: readonly Group<Sought>[] = [
  { name: 'all', has: () => true },
  { name: 'unhidden60', has: (p) => p.hiddenShare < 0.1 && p.pixelHeight >= 60 },
  ...ranges('hidden', [0, 0.1, 0.3, 0.5, 0.7, MOST_HIDDEN], (p) => p.hiddenShare, false),
  ...ranges('height', HEIGHT_LIMITS, (p) => p.pixelHeight, true),
  ...ranges('distance', [0, 3, 6, 9, 12, 18, 25], (p) => p.distanceMetres, true),
  ...ranges('elevation', [0, 15, 25, 35, 45, 55, 65, 90], (p) => p.elevationDegrees, true),
  ...ranges('bodyYaw', [0, 45, 90, 135, 180.1], (p) => p.bodyYawDegrees, true),
  ...ranges('crowd', CROWD_LIMITS, (p) => p.crowd, false),
];

/** One detection, and how many people are expected in its frame. */
interface Reported {
  readonly heightPixels: number;
  readonly crowd: number;
}

const REPORTED_GROUPS: readonly Group<Reported>[] = [
  ...limits('height', HEIGHT_LIMITS, (seen: Reported) => seen.heightPixels),
  ...limits('crowd', CROWD_LIMITS, (seen: Reported) => seen.crowd),
];

export const visionQualityBench: Bench = {
  name: 'vision-quality',
  summary:
    'recall and precision of the person detector on drawn stores, by height, distance, hidden share, view and crowd',
  async run(report, progress, options) {
    const modelZip = await buildCentreNetZip();
    const scenes = options.scenes ?? USUAL_SCENES;
    const wardrobes = new Wardrobes();
    const judged: { readonly name: string; readonly detector: OpenDetector; readonly tally: Tally }[] = [];
    for (const [inputWidthPixels, inputHeightPixels] of INPUT_SIZES) {
      const detector = await openDetector(modelZip, { inputWidthPixels, inputHeightPixels, backend: 'wasm' });
      judged.push({ name: `vision.quality.centernet${inputWidthPixels}`, detector, tally: new Tally() });
    }
    for (let scene = 0; scene < scenes; scene++) {
      const frame = draw(scene, wardrobes);
      for (const { detector, tally } of judged) tally.add(frame, await detector.detect(frame));
      if (scene % 25 === 24) progress(`${scene + 1} of ${scenes} scenes`);
    }
    for (const { name, detector, tally } of judged) {
      detector.close();
      for (const figure of tally.figures(name)) {
        report(figure);
        progress(`${figure.metric}: ${figure.value} ${figure.unit}`);
      }
    }
  },
};

function draw(scene: number, wardrobes: Wardrobes): RenderedFrame {
  const { plan, camera, shoppers, timeMs } = calibrationScene(scene);
  return new FrameRenderer(renderBackground(plan, camera), wardrobes).render(shoppers, timeMs, scene);
}

/** Groups of people by a figure of theirs. */
function ranges(
  name: string,
  limitsOf: readonly number[],
  of: (person: Sought) => number,
  unhiddenOnly: boolean,
): readonly Group<Sought>[] {
  return limits(name, limitsOf, of).map((group) => ({
    name: group.name,
    has: (person) => group.has(person) && (!unhiddenOnly || person.hiddenShare < 0.1),
  }));
}

/** One group between each two limits, the upper one not included. */
function limits<T>(
  name: string,
  limitsOf: readonly number[],
  of: (member: T) => number,
): readonly Group<T>[] {
  return limitsOf.slice(1).map((high, index) => {
    const low = limitsOf[index] ?? 0;
    return {
      name: `${name}${low}to${Math.floor(high * 100) / 100}`.replaceAll('.', '_'),
      has: (member) => of(member) >= low && of(member) < high,
    };
  });
}

/** How many of a group there were, and how many of them were right. */
class Shares<T> {
  private readonly groups: readonly Group<T>[];
  private readonly counts: readonly { all: number; right: number }[];

  constructor(groups: readonly Group<T>[]) {
    this.groups = groups;
    this.counts = groups.map(() => ({ all: 0, right: 0 }));
  }

  add(member: T, right: boolean): void {
    this.counts.forEach((count, index) => {
      if (this.groups[index]?.has(member) !== true) return;
      count.all++;
      if (right) count.right++;
    });
  }

  figures(prefix: string, what: string): readonly BenchFigure[] {
    return this.counts.flatMap(({ all, right }, index): readonly BenchFigure[] => {
      const name = this.groups[index]?.name ?? '';
      return all === 0
        ? []
        : [{ metric: `${prefix}.${name}`, value: share(right / all), unit: `of ${all} ${what}` }];
    });
  }
}

class Tally {
  private readonly people = new Shares(GROUPS);
  private readonly reported = new Shares(REPORTED_GROUPS);
  private right = 0;
  private wrong = 0;

  add(frame: RenderedFrame, detections: readonly Detection[]): void {
    const { found, used } = match(frame, detections);
    const expected = frame.people.filter(isExpected);
    const crowd = expected.length;
    for (const person of expected) this.people.add({ ...person, crowd }, found.has(person));
    const excused = frame.people.filter((person) => !isExpected(person));
    for (const seen of detections) {
      const right = used.has(seen);
      if (!right && excused.some(({ box }) => covers(seen.box, box))) continue;
      this.reported.add({ heightPixels: seen.box.height, crowd }, right);
      if (right) this.right++;
      else this.wrong++;
    }
  }

  figures(prefix: string): readonly BenchFigure[] {
    const precision = share(this.right / (this.right + this.wrong));
    return [
      { metric: `${prefix}.precision`, value: precision, unit: 'of the detections' },
      ...this.reported.figures(`${prefix}.precision`, 'detections'),
      ...this.people.figures(`${prefix}.recall`, 'people'),
    ];
  }
}

/** Pairs people and detections, best overlaps first, each once. */
function match({ people, widthPixels, heightPixels }: RenderedFrame, detections: readonly Detection[]) {
  const pairs = people
    .flatMap((person) => {
      const whole = cut(person.fullBox, widthPixels, heightPixels);
      return detections.map((seen) => ({
        person,
        seen,
        overlap: Math.max(overlap(person.box, seen.box), overlap(whole, seen.box)),
      }));
    })
    .filter((pair) => pair.overlap >= SAME_PERSON)
    .sort((a, b) => b.overlap - a.overlap);
  const found = new Set<VisiblePerson>();
  const used = new Set<Detection>();
  for (const { person, seen } of pairs) {
    if (found.has(person) || used.has(seen)) continue;
    found.add(person);
    used.add(seen);
  }
  return { found, used };
}

function isExpected({ hiddenShare, box }: VisiblePerson): boolean {
  return hiddenShare < MOST_HIDDEN && box.height >= LEAST_PIXELS;
}

function covers(seen: PixelBox, person: PixelBox): boolean {
  return intersectionArea(seen, person) > 0.3 * seen.width * seen.height;
}

function cut(box: PixelBox, widthPixels: number, heightPixels: number): PixelBox {
  const left = Math.max(0, box.left);
  const top = Math.max(0, box.top);
  return {
    left,
    top,
    width: Math.min(widthPixels, box.left + box.width) - left,
    height: Math.min(heightPixels, box.top + box.height) - top,
  };
}

function share(value: number): number {
  return Number(value.toFixed(3));
}
