import fc from 'fast-check';
import { EMOTIONS } from '../boundaries.js';
import type { ReadFace } from './anonymous-event.js';
import type { EmotionScores } from './emotion.js';

/** Eight shares in whole thousandths that sum to 1, as the Face API answers. */
export const emotionScores: fc.Arbitrary<EmotionScores> = fc
  .array(fc.integer({ min: 0, max: 1000 }), {
    minLength: EMOTIONS.length - 1,
    maxLength: EMOTIONS.length - 1,
  })
  .map((cuts) => {
    const edges = [0, ...cuts.sort((one, other) => one - other), 1000];
    const shares = EMOTIONS.map((emotion, place) => [
      emotion,
      ((edges[place + 1] ?? 0) - (edges[place] ?? 0)) / 1000,
    ]);
    return Object.fromEntries(shares);
  });

export const readFace: fc.Arbitrary<ReadFace> = fc.record({
  ageYears: fc.double({ min: 0, max: 110, noNaN: true }),
  gender: fc.constantFrom('female', 'male', 'genderless'),
  emotion: emotionScores,
  visitor: fc.option(fc.stringMatching(/^[0-9a-f]{32}$/)),
  newVisitor: fc.boolean(),
  returning: fc.boolean(),
});
