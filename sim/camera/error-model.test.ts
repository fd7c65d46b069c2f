import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomSource } from '../kernel/random.js';
import { CAMERA, room, shopperAt } from './camera.testing.js';
import { chanceFound, detectionsOf, type LookRandomness } from './error-model.js';
import { readErrorModel } from './error-model-file.js';
import { TruthView } from './visibility/visibility.js';
import type { VisiblePerson } from './visibility/visible-person.js';

const model = readErrorModel();
const picture = { widthPixels: 640, heightPixels: 480 };
const [SOMEBODY] = new TruthView(room(), { ...CAMERA, ...picture }).look([shopperAt(1, 4, 4)]);

function somebody(change: Partial<VisiblePerson>): VisiblePerson {
  if (!SOMEBODY) throw new Error('the test camera must see the test shopper');
  return { ...SOMEBODY, ...change };
}

function randomness(seed: number, time = 0): LookRandomness {
  const rng = randomSource(seed);
  return {
    person: (shopper) => rng(`camera/a/${time}/shopper/${shopper}`),
    look: () => rng(`camera/a/${time}`),
  };
}

describe('the committed model', () => {
  test('finds tall people in the open nearly always, and hidden or tiny ones seldom', () => {
    const clear = { hiddenShare: 0, elevationDegrees: 25, bodyYawDegrees: 20 };
    expect(chanceFound(model, somebody({ ...clear, pixelHeight: 180 }), picture)).toBeGreaterThan(0.85);
    expect(
      chanceFound(model, somebody({ ...clear, pixelHeight: 180, hiddenShare: 0.8 }), picture),
    ).toBeLessThan(0.4);
    expect(chanceFound(model, somebody({ ...clear, pixelHeight: 12 }), picture)).toBeLessThan(0.5);
  });

  test('is a probability that grows with height and falls with what is hidden', () => {
    const height = fc.double({ min: 20, max: 400, noNaN: true });
    const share = fc.double({ min: 0, max: 0.9, noNaN: true });
    fc.assert(
      fc.property(
        height,
        share,
        fc.double({ min: 0, max: 80, noNaN: true }),
        (pixelHeight, hiddenShare, elevationDegrees) => {
          const person = somebody({ pixelHeight, hiddenShare, elevationDegrees });
          const chance = chanceFound(model, person, picture);
          expect(chance).toBeGreaterThanOrEqual(0);
          expect(chance).toBeLessThanOrEqual(1);
          expect(
            chanceFound(model, { ...person, pixelHeight: pixelHeight * 1.2 }, picture),
          ).toBeGreaterThanOrEqual(chance);
          expect(
            chanceFound(model, { ...person, hiddenShare: hiddenShare + 0.1 }, picture),
          ).toBeLessThanOrEqual(chance);
        },
      ),
    );
  });

  test('takes the picture’s resolution into account', () => {
    const person = somebody({ pixelHeight: 80 });
    const larger = { widthPixels: 1280, heightPixels: 960 };
    expect(chanceFound(model, { ...person, pixelHeight: 160 }, larger)).toBeCloseTo(
      chanceFound(model, person, picture),
      12,
    );
  });
});

describe('detections', () => {
  test('of one person do not depend on who else is there', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const first = somebody({ shopper: 1 });
        const second = somebody({ shopper: 2 });
        const alone = detectionsOf(model, [first], picture, randomness(seed)).find(
          ({ shopper }) => shopper === 1,
        );
        const together = detectionsOf(model, [second, first], picture, randomness(seed)).find(
          ({ shopper }) => shopper === 1,
        );
        expect(together).toEqual(alone);
      }),
    );
  });

  test('lie within the picture, best first, at or above the lowest score', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: -200, max: 640 }), (seed, left) => {
        const person = somebody({ box: { left, top: 300, width: 90, height: 260 } });
        const found = detectionsOf(
          { ...model, falsePositivesPerPerson: 1 },
          [person],
          picture,
          randomness(seed),
        );
        const scores = found.map(({ detection }) => detection.score);
        expect(scores).toEqual([...scores].sort((a, b) => b - a));
        for (const { detection } of found) {
          const { box, score } = detection;
          expect(score).toBeGreaterThanOrEqual(model.score.lowest);
          expect(box.left).toBeGreaterThanOrEqual(0);
          expect(box.top).toBeGreaterThanOrEqual(0);
          expect(box.left + box.width).toBeLessThanOrEqual(picture.widthPixels + 1e-6);
          expect(box.top + box.height).toBeLessThanOrEqual(picture.heightPixels + 1e-6);
        }
      }),
    );
  });

  test('come as often as the model says', () => {
    const person = somebody({ pixelHeight: 70, hiddenShare: 0.3 });
    const chance = chanceFound(model, person, picture);
    const looks = 2000;
    let found = 0;
    for (let time = 0; time < looks; time++) {
      found += detectionsOf(model, [person], picture, randomness(5, time)).filter(
        ({ shopper }) => shopper !== null,
      ).length;
    }
    expect(Math.abs(found / looks - chance)).toBeLessThan(0.05);
  });
});

test('nothing is reported where nobody is, or of people of whom too little can be seen', () => {
  const sliver = somebody({ visiblePixels: 10, pixelHeight: 300 });
  for (let time = 0; time < 100; time++) {
    expect(detectionsOf(model, [], picture, randomness(1, time))).toEqual([]);
    expect(detectionsOf(model, [sliver], picture, randomness(1, time))).toEqual([]);
  }
});
