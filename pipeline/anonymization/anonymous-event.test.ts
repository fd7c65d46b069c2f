import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AGE_BANDS } from '../boundaries.js';
import { readFace } from './anonymization.testing.js';
import { type SeenPerson, toAnonymousEvent } from './anonymous-event.js';

const ALLOWED = [
  'eventId',
  'storeId',
  'cameraId',
  'section',
  'capturedAt',
  'analyzed',
  'visitor',
  'newVisitor',
  'returning',
  'ageBand',
  'gender',
  'emotion',
  'emotionScore',
];

const somewhere = {
  eventId: 'e1',
  storeId: 's1',
  cameraId: 'c1',
  section: 'shoes',
  capturedAt: '2026-03-07T09:00:00.000Z',
};

describe('what leaves the premises', () => {
  test('is the allow-list, whatever else is known of the person', () => {
    const secret = fc.stringMatching(/^secret-[a-z]{8}$/);
    const hidden = fc.dictionary(fc.stringMatching(/^[a-z]{1,12}$/), secret, { minKeys: 1 });
    fc.assert(
      fc.property(fc.option(readFace), hidden, hidden, (face, aboutPerson, aboutFace) => {
        const person: SeenPerson = {
          ...aboutPerson,
          ...somewhere,
          face: face && { ...aboutFace, ...face },
        };
        const event = toAnonymousEvent(person);
        expect(Object.keys(event)).toEqual(ALLOWED);
        expect(JSON.stringify(event)).not.toContain('secret-');
      }),
    );
  });

  test('never tells an exact age or the scores of a face', () => {
    fc.assert(
      fc.property(readFace, (face) => {
        const event = toAnonymousEvent({ ...somewhere, face });
        expect(AGE_BANDS).toContain(event.ageBand);
        expect(Object.values(event).filter((value) => typeof value === 'number')).toEqual([
          event.emotionScore,
        ]);
      }),
    );
  });

  test('of a person without a readable face is only that there was one', () => {
    expect(toAnonymousEvent({ ...somewhere, face: null })).toEqual({
      ...somewhere,
      analyzed: false,
      visitor: null,
      newVisitor: false,
      returning: null,
      ageBand: null,
      gender: null,
      emotion: null,
      emotionScore: null,
    });
  });
});
