export { ageBandOf } from './age-band.js';
export { type ReadFace, type SeenPerson, toAnonymousEvent } from './anonymous-event.js';
export { type EmotionScores, emotionScoreOf, strongestEmotion } from './emotion.js';
export { eventIdOf, loyaltyPseudonym, visitorPseudonym } from './pseudonym.js';
export { DEMOGRAPHIC_COLUMNS, type SmallGroupPolicy, suppressSmallGroups } from './small-groups.js';
