import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { storeNamed } from '../stores.testing.js';
import { floorPlanProblems } from './floor-plan-checks.js';
import { floorPlanDocumentSchema, floorPlanSchema } from './floor-plan-schema.js';

/** A room of 10 × 8 m that has nothing wrong with it. */
function goodDocument() {
  return {
    name: 'Room',
    size: { width: 10, depth: 8 },
    walls: [] as object[],
    entrances: [{ id: 'door', at: [5, 0], width: 1.6 }],
    sections: [
      {
        id: 'floor',
        name: 'Floor',
        area: [
          [0, 0],
          [10, 0],
          [10, 8],
          [0, 8],
        ],
      },
    ],
    displays: [
      { id: 'table', name: 'Table', section: 'floor', kind: 'table', at: [4, 4], size: [2, 1], height: 0.9 },
    ],
    cameras: [{ id: 'cam', section: 'floor', at: [0.5, 0.5], height: 2.8, heading: 45, tilt: 25 }],
  };
}

function problemsOf(change: (document: ReturnType<typeof goodDocument>) => void) {
  const document = goodDocument();
  change(document);
  return floorPlanProblems(floorPlanSchema.parse(document)).map(({ code, path }) => ({
    code,
    path: path.join('.'),
  }));
}

describe('the schema', () => {
  test('translates a document and fills in what it leaves out', () => {
    const plan = floorPlanSchema.parse(goodDocument());
    expect(plan.ceilingMetres).toBe(3);
    expect(plan.displays[0]).toMatchObject({
      widthMetres: 2,
      depthMetres: 1,
      attraction: 1,
      checkout: false,
    });
    expect(plan.cameras[0]).toMatchObject({ widthPixels: 640, heightPixels: 480, fieldOfViewDegrees: 75 });
  });

  test('refuses a key it does not know', () => {
    const result = floorPlanSchema.safeParse({ ...goodDocument(), entrence: [] });
    expect(result.error?.issues[0]).toMatchObject({ code: 'unrecognized_keys', keys: ['entrence'] });
  });

  test('can be published as JSON Schema', () => {
    const published = z.toJSONSchema(floorPlanDocumentSchema, { io: 'input' });
    expect(published).toMatchObject({
      additionalProperties: false,
      required: expect.arrayContaining(['name', 'size']),
    });
  });
});

describe('the checks', () => {
  test('find nothing wrong with a good plan', () => {
    expect(problemsOf(() => {})).toEqual([]);
  });

  test.each(['corner-shop', 'flagship'] as const)('find nothing wrong with the %s', (name) => {
    expect(floorPlanProblems(storeNamed(name))).toEqual([]);
  });

  test('an entrance away from the outer wall', () => {
    const problems = problemsOf((document) => {
      document.entrances = [{ id: 'door', at: [5, 3], width: 1.6 }];
    });
    expect(problems).toEqual([{ code: 'FF_STORE_ENTRANCE_OFF_WALL', path: 'entrances.0.at' }]);
  });

  test('an entrance that runs into a corner', () => {
    const problems = problemsOf((document) => {
      document.entrances = [{ id: 'door', at: [9.8, 0], width: 1.6 }];
    });
    expect(problems).toEqual([{ code: 'FF_STORE_ENTRANCE_OFF_WALL', path: 'entrances.0.at' }]);
  });

  test('an id used twice', () => {
    const problems = problemsOf(({ entrances }) => {
      entrances.push({ id: 'door', at: [2, 0], width: 1 });
    });
    expect(problems).toEqual([{ code: 'FF_STORE_DUPLICATE_ID', path: 'entrances.1.id' }]);
  });

  test('a wall that leaves the store, and one without length', () => {
    const problems = problemsOf(({ walls }) => {
      walls.push({ from: [1, 1], to: [12, 1] }, { from: [3, 3], to: [3, 3] });
    });
    expect(problems).toEqual([
      { code: 'FF_STORE_OUTSIDE', path: 'walls.0.to' },
      { code: 'FF_STORE_WALL_EMPTY', path: 'walls.1.to' },
    ]);
  });

  test('a section that a wall shuts off', () => {
    const problems = problemsOf((document) => {
      document.sections.push({
        id: 'corner',
        name: 'Corner',
        area: [
          [8, 6],
          [10, 6],
          [10, 8],
          [8, 8],
        ],
      });
      document.walls.push({ from: [7.5, 5.5], to: [7.5, 8] }, { from: [7.5, 5.5], to: [10, 5.5] });
    });
    expect(problems).toEqual([{ code: 'FF_STORE_SECTION_UNREACHABLE', path: 'sections.1.area' }]);
  });

  test('a display outside its section suggests the one it stands in', () => {
    const document = goodDocument();
    document.sections.push({
      id: 'annex',
      name: 'Annex',
      area: [
        [0, 6],
        [2, 6],
        [2, 8],
        [0, 8],
      ],
    });
    document.displays = document.displays.map((display) => ({ ...display, section: 'annex' }));
    expect(floorPlanProblems(floorPlanSchema.parse(document))).toMatchObject([
      { code: 'FF_STORE_DISPLAY_OUTSIDE_SECTION', suggestion: 'section: floor' },
    ]);
  });

  test('a section that does not exist suggests the nearest name', () => {
    const document = goodDocument();
    document.displays = document.displays.map((display) => ({ ...display, section: 'flor' }));
    expect(floorPlanProblems(floorPlanSchema.parse(document))).toMatchObject([
      { code: 'FF_STORE_UNKNOWN_SECTION', path: ['displays', 0, 'section'], suggestion: 'floor' },
    ]);
  });

  test.each([
    ['outside the store', { at: [11, 1] }, 'FF_STORE_OUTSIDE', 'cameras.0.at'],
    ['above the ceiling', { height: 3.4 }, 'FF_STORE_CAMERA_ABOVE_CEILING', 'cameras.0.height'],
    ['that looks straight down', { tilt: 80 }, 'FF_STORE_CAMERA_STEEP', 'cameras.0.tilt'],
    ['that looks at the wall', { heading: 225 }, 'FF_STORE_CAMERA_LOOKS_AWAY', 'cameras.0.heading'],
  ])('a camera %s', (_what, change, code, path) => {
    const problems = problemsOf((document) => {
      document.cameras = document.cameras.map((camera) => ({ ...camera, ...change }));
    });
    expect(problems).toEqual([{ code, path }]);
  });
});
