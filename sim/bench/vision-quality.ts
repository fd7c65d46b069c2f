/**
 * How well the person detector sees the people we draw, on random stores, cameras and crowds: recall by height,
 * hidden share, elevation and the side they show, and precision.
 */
import type { Detection, PixelBox } from '../../pipeline/boundaries.js';
import { intersectionArea, overlap } from '../../pipeline/detection/boxes.js';
import { buildCentreNetZip } from '../../pipeline/detection/centre-net-zip.js';
import { openDetector } from '../../pipeline/detection/detector.js';
import { renderBackground } from '../camera/background.js';
import { calibrationScene } from '../camera/calibration-scenes.js';
import { FrameRenderer, type RenderedFrame } from '../camera/frame.js';
import { Wardrobes } from '../camera/person/build-person.js';
import type { VisiblePerson } from '../camera/visible-person.js';
import type { Bench, BenchFigure } from './bench.js';

const SCENES = 100;
const INPUT_SIZES = [
  [320, 240],
  [512, 384],
] as const;
/** Of whom less can be seen is neither expected nor held against the detector. */
const MOST_HIDDEN = 0.9;
const LEAST_PIXELS = 20;
const SAME_PERSON = 0.5;

/** The groups that a person belongs to; those after the first two are of people who are hardly hidden. */
const GROUPS: readonly { readonly name: string; has(person: VisiblePerson): boolean }[] = [
  { name: 'all', has: () => true },
  { name: 'unhidden60', has: (p) => p.hiddenShare < 0.1 && p.pixelHeight >= 60 },
  ...ranges('hidden', [0, 0.1, 0.3, 0.5, 0.7, MOST_HIDDEN], (p) => p.hiddenShare, false),
  ...ranges('height', [LEAST_PIXELS, 45, 60, 90, 150, 250, 1000], (p) => p.pixelHeight, true),
  ...ranges('elevation', [0, 15, 25, 35, 45, 55, 65, 90], (p) => p.elevationDegrees, true),
  ...ranges('bodyYaw', [0, 45, 90, 135, 180.1], (p) => p.bodyYawDegrees, true),
];

export const visionQualityBench: Bench = {
  name: 'vision-quality',
  summary: 'recall and precision of the person detector on drawn stores, by height, hidden share and view',
  async run(report, progress) {
    const modelZip = await buildCentreNetZip();
    for (const [inputWidthPixels, inputHeightPixels] of INPUT_SIZES) {
      const detector = await openDetector(modelZip, { inputWidthPixels, inputHeightPixels, backend: 'wasm' });
      const tally = new Tally();
      const wardrobes = new Wardrobes();
      for (let scene = 0; scene < SCENES; scene++) {
        const frame = draw(scene, wardrobes);
        tally.add(frame, await detector.detect(frame));
        if (scene % 25 === 24)
          progress(`${inputWidthPixels}x${inputHeightPixels}: ${scene + 1} of ${SCENES} scenes`);
      }
      detector.close();
      for (const figure of tally.figures(`vision.quality.centernet${inputWidthPixels}`)) {
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

function ranges(
  name: string,
  limits: readonly number[],
  of: (person: VisiblePerson) => number,
  unhiddenOnly: boolean,
): readonly (typeof GROUPS)[number][] {
  return limits.slice(1).map((high, index) => {
    const low = limits[index] ?? 0;
    return {
      name: `${name}${low}to${Math.floor(high * 100) / 100}`.replaceAll('.', '_'),
      has: (p) => of(p) >= low && of(p) < high && (!unhiddenOnly || p.hiddenShare < 0.1),
    };
  });
}

class Tally {
  private readonly groups = GROUPS.map(() => ({ people: 0, found: 0 }));
  private right = 0;
  private wrong = 0;

  add(frame: RenderedFrame, detections: readonly Detection[]): void {
    const { found, used } = match(frame, detections);
    for (const person of frame.people) {
      if (!isExpected(person)) continue;
      GROUPS.forEach(({ has }, index) => {
        const group = this.groups[index];
        if (group === undefined || !has(person)) return;
        group.people++;
        if (found.has(person)) group.found++;
      });
    }
    this.right += used.size;
    const excused = frame.people.filter((person) => !isExpected(person));
    this.wrong += detections.filter(
      (seen) => !used.has(seen) && !excused.some(({ box }) => covers(seen.box, box)),
    ).length;
  }

  figures(prefix: string): readonly BenchFigure[] {
    const recall = this.groups.flatMap(({ people, found }, index): readonly BenchFigure[] => {
      const name = GROUPS[index]?.name ?? '';
      if (people === 0) return [];
      return [
        { metric: `${prefix}.recall.${name}`, value: share(found / people), unit: `of ${people} people` },
      ];
    });
    const precision = share(this.right / (this.right + this.wrong));
    return [{ metric: `${prefix}.precision`, value: precision, unit: 'of the detections' }, ...recall];
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
