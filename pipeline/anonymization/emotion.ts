import { EMOTIONS, type Emotion } from '../boundaries.js';

/** Each emotion's share in [0, 1]; the eight sum to 1. */
export type EmotionScores = Readonly<Record<Emotion, number>>;

/** The strongest of the eight; of equals the first in alphabetical order. */
export function strongestEmotion(scores: EmotionScores): Emotion {
  return EMOTIONS.reduce((best, emotion) => (scores[emotion] > scores[best] ? emotion : best));
}

/**
 * How glad a face looks: `min(1, happiness + surprise + neutral/2) − min(1, contempt + sadness + fear + anger +
 * disgust)`, rounded to two decimals, in [−1, 1]. The difference is rounded as a whole: to round only a part of
 * it would shrink negative feeling.
 */
export function emotionScoreOf(scores: EmotionScores): number {
  const { anger, contempt, disgust, fear, happiness, neutral, sadness, surprise } = scores;
  const positive = Math.min(1, happiness + surprise + neutral / 2);
  const negative = Math.min(1, contempt + sadness + fear + anger + disgust);
  const rounded = Math.round(100 * (positive - negative)) / 100;
  // -0 would be a value of its own in a comparison.
  return rounded === 0 ? 0 : rounded;
}
