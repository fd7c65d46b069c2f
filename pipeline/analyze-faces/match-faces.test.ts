import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchFaces } from './match-faces.js';

const person = (left: number, top = 0, width = 100, height = 300) => ({ left, top, width, height });
const head = (left: number, top = 10, size = 40) => ({ left, top, width: size, height: size });

describe('faces and people', () => {
  test('are matched by position, not by order', () => {
    const { faceOfPerson, strangers } = matchFaces([person(0), person(200)], [head(230), head(30)]);
    expect(faceOfPerson).toEqual([1, 0]);
    expect(strangers).toEqual([]);
  });

  test('need not be of one number', () => {
    expect(matchFaces([person(0), person(200)], [head(230)]).faceOfPerson).toEqual([null, 0]);
    expect(matchFaces([person(200)], [head(30), head(230)])).toEqual({ faceOfPerson: [1], strangers: [0] });
    expect(matchFaces([], [head(0)])).toEqual({ faceOfPerson: [], strangers: [0] });
    expect(matchFaces([person(0)], [])).toEqual({ faceOfPerson: [null], strangers: [] });
  });

  test('of people who overlap go to the one whose head is there', () => {
    const front = person(0, 50);
    const behind = person(60, 0);
    expect(matchFaces([front, behind], [head(90, 10), head(30, 60)]).faceOfPerson).toEqual([1, 0]);
  });

  test('are not matched where no head can be', () => {
    expect(matchFaces([person(0)], [head(30, 220)]).faceOfPerson).toEqual([null]);
    expect(matchFaces([person(0)], [head(90)]).faceOfPerson).toEqual([null]);
  });

  test('are each used once, and none is lost', () => {
    const boxes = (size: number) =>
      fc.array(
        fc.record({
          left: fc.integer({ min: 0, max: 600 }),
          top: fc.integer({ min: 0, max: 300 }),
          width: fc.integer({ min: 1, max: size }),
          height: fc.integer({ min: 1, max: size }),
        }),
        { maxLength: 8 },
      );
    fc.assert(
      fc.property(boxes(300), boxes(80), (people, faces) => {
        const { faceOfPerson, strangers } = matchFaces(people, faces);
        expect(faceOfPerson).toHaveLength(people.length);
        const used = [...faceOfPerson.filter((index) => index !== null), ...strangers];
        expect(used.sort((one, other) => one - other)).toEqual(faces.map((_face, index) => index));
      }),
    );
  });
});
