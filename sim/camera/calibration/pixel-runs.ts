/** Runs the real detector over drawn scenes and notes whom it found: what the error model is fitted to. */
import type { Detection, PixelBox } from '../../../pipeline/boundaries.js';
import { renderBackground } from '../background.js';
import { LEAST_VISIBLE_PIXELS } from '../error-model.js';
import { FrameRenderer } from '../frame.js';
import { Wardrobes } from '../person/build-person.js';
import { TruthView } from '../visibility/visibility.js';
import type { VisiblePerson } from '../visibility/visible-person.js';
import { matchBoxes } from './box-matching.js';
import { calibrationScene } from './calibration-scenes.js';

/** Structurally the pipeline's person detector. */
export interface PixelDetector {
  detect(frame: {
    readonly widthPixels: number;
    readonly heightPixels: number;
    readonly rgba: Uint8ClampedArray;
  }): Promise<readonly Detection[]>;
}

/** One person of one scene: as truth sight knows them, and what the detector made of their pixels. */
export interface PixelSighting {
  readonly scene: number;
  readonly person: VisiblePerson;
  /** The camera looks down more steeply than installers make them. */
  readonly steep: boolean;
  /** Share hidden by the drawn silhouettes. */
  readonly drawnHiddenShare: number;
  readonly found: boolean;
  /** The detection, when found. */
  readonly score: number | null;
  readonly box: PixelBox | null;
}

export interface PixelRun {
  readonly frames: number;
  readonly sightings: readonly PixelSighting[];
  /** Detections that are of nobody. */
  readonly falsePositives: number;
  readonly detections: number;
}

/** A detection is of a person when it overlaps the seen part of them at least this much. */
const LEAST_OVERLAP = 0.5;

/** Scenes `first` up to, not including, `first + count`. */
export async function runPixels(
  detector: PixelDetector,
  first: number,
  count: number,
  progress: (done: number) => void = () => {},
): Promise<PixelRun> {
  const wardrobes = new Wardrobes();
  const sightings: PixelSighting[] = [];
  let falsePositives = 0;
  let detections = 0;
  for (let scene = first; scene < first + count; scene++) {
    const look = await lookAt(detector, scene, wardrobes);
    sightings.push(...look.sightings);
    falsePositives += look.falsePositives;
    detections += look.detections;
    progress(scene - first + 1);
  }
  return { frames: count, sightings, falsePositives, detections };
}

async function lookAt(detector: PixelDetector, number: number, wardrobes: Wardrobes): Promise<PixelRun> {
  const { plan, camera, shoppers, timeMs, steep } = calibrationScene(number);
  const renderer = new FrameRenderer(renderBackground(plan, camera), wardrobes);
  const frame = renderer.render(shoppers, timeMs, number);
  const people = (await detector.detect(frame)).filter(({ label }) => label === 'person');
  const matches = matchBoxes(
    frame.people.map(({ box }) => box),
    people.map(({ box }) => box),
    LEAST_OVERLAP,
  );
  const known = new Map(new TruthView(plan, camera).look(shoppers).map((person) => [person.shopper, person]));
  const sightings = frame.people.flatMap((drawn, index): PixelSighting[] => {
    const person = known.get(drawn.shopper);
    if (!person || drawn.visiblePixels < LEAST_VISIBLE_PIXELS) return [];
    const match = matches.get(index);
    const detection = match === undefined ? undefined : people[match];
    return [
      {
        scene: number,
        person,
        steep,
        drawnHiddenShare: drawn.hiddenShare,
        found: detection !== undefined,
        score: detection?.score ?? null,
        box: detection?.box ?? null,
      },
    ];
  });
  return { frames: 1, sightings, falsePositives: people.length - matches.size, detections: people.length };
}
