import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emotionScores } from './anonymization.testing.js';
import { type EmotionScores, emotionScoreOf, strongestEmotion } from './emotion.js';

const none: EmotionScores = {
  anger: 0,
  contempt: 0,
  disgust: 0,
  fear: 0,
  happiness: 0,
  neutral: 0,
  sadness: 0,
  surprise: 0,
};

describe('the emotion score', () => {
  test.each<[string, Partial<EmotionScores>, number]>([
    ['pure joy', { happiness: 1 }, 1],
    ['joy and surprise', { happiness: 0.6, surprise: 0.4 }, 1],
    ['a blank face', { neutral: 1 }, 0.5],
    ['pure anger', { anger: 1 }, -1],
    ['a mix', { happiness: 0.2, neutral: 0.3, sadness: 0.5 }, -0.15],
    ['an even balance', { happiness: 0.5, fear: 0.5 }, 0],
  ])('of %s', (_case, scores, expected) => {
    expect(emotionScoreOf({ ...none, ...scores })).toBe(expected);
  });

  test('of negative feeling is not shrunk by the rounding', () => {
    expect(emotionScoreOf({ ...none, contempt: 0.4, disgust: 0.35, neutral: 0.25 })).toBe(-0.62);
  });

  test('has two decimals, is within [-1, 1] and never minus zero', () => {
    fc.assert(
      fc.property(emotionScores, (scores) => {
        const score = emotionScoreOf(scores);
        expect(Math.abs(score)).toBeLessThanOrEqual(1);
        expect(score).toBe(Number(score.toFixed(2)));
        expect(Object.is(score, -0)).toBe(false);
      }),
    );
  });
});

describe('the strongest emotion', () => {
  test('is one that no other exceeds', () => {
    fc.assert(
      fc.property(emotionScores, (scores) => {
        expect(scores[strongestEmotion(scores)]).toBe(Math.max(...Object.values(scores)));
      }),
    );
  });

  test('of equals is the first in the alphabet', () => {
    expect(strongestEmotion({ ...none, surprise: 0.5, contempt: 0.5 })).toBe('contempt');
  });
});
