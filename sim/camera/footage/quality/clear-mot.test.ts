import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ClearMot, trackingQuality } from './clear-mot.js';
import { formatMotLine, parseMotTruth, type TrackBox } from './mot-format.js';

function at(frame: number, id: number, left: number): TrackBox {
  return { frame, id, box: { left, top: 0, width: 20, height: 50 } };
}

function quality(people: readonly TrackBox[], tracks: readonly TrackBox[]) {
  return trackingQuality({ people, distractors: [] }, tracks);
}

const frames = [1, 2, 3, 4, 5, 6, 7, 8];

describe('CLEAR MOT', () => {
  test('perfect tracks are perfect, whatever their numbers', () => {
    const people = frames.flatMap((f) => [at(f, 1, f * 2), at(f, 2, 100 + f)]);
    const tracks = people.map((box) => ({ ...box, id: box.id + 40 }));
    expect(quality(people, tracks)).toMatchObject({
      precision: 1,
      recall: 1,
      mota: 1,
      motp: 1,
      idf1: 1,
      idSwitches: 0,
      fragmentations: 0,
    });
  });

  test('an identity switch counts once, and halves IDF1', () => {
    const people = frames.map((f) => at(f, 1, 0));
    const tracks = frames.map((f) => at(f, f <= 4 ? 7 : 8, 0));
    expect(quality(people, tracks)).toMatchObject({
      idSwitches: 1,
      mota: 1 - 1 / 8,
      idf1: 0.5,
      fragmentations: 0,
    });
  });

  test('two who exchange their numbers are two switches', () => {
    const people = frames.flatMap((f) => [at(f, 1, 0), at(f, 2, 100)]);
    const tracks = frames.flatMap((f) => [at(f, f <= 4 ? 1 : 2, 0), at(f, f <= 4 ? 2 : 1, 100)]);
    expect(quality(people, tracks)).toMatchObject({ idSwitches: 2, recall: 1, precision: 1 });
  });

  test('a gap is missed boxes and one fragmentation, no switch', () => {
    const people = frames.map((f) => at(f, 1, 0));
    const tracks = people.filter(({ frame }) => frame < 3 || frame > 5);
    expect(quality(people, tracks)).toMatchObject({
      misses: 3,
      fragmentations: 1,
      idSwitches: 0,
      recall: 5 / 8,
    });
  });

  test('a match is kept while it overlaps, though another box fits better', () => {
    const people = [at(1, 1, 0), at(2, 1, 0)];
    const tracks = [at(1, 1, 0), at(2, 1, 5), at(2, 2, 0)];
    expect(quality(people, tracks)).toMatchObject({ idSwitches: 0, falsePositives: 1 });
  });

  test('boxes elsewhere are both missed and false, so that MOTA falls below zero', () => {
    const people = frames.map((f) => at(f, 1, 0));
    const tracks = frames.flatMap((f) => [at(f, 1, 300), at(f, 2, 400)]);
    expect(quality(people, tracks).mota).toBe(-2);
  });

  test('says of each frame what is wrong with it, and judges only frames that were given', () => {
    const judge = new ClearMot({ people: frames.map((f) => at(f, 1, 0)), distractors: [] });
    expect(judge.add(1, [at(1, 7, 0)])).toEqual({ misses: 0, falsePositives: 0, idSwitches: 0 });
    expect(judge.add(2, [at(2, 8, 0), at(2, 9, 200)])).toEqual({
      misses: 0,
      falsePositives: 1,
      idSwitches: 1,
    });
    expect(judge.add(3, [])).toEqual({ misses: 1, falsePositives: 0, idSwitches: 0 });
    expect(judge.quality()).toMatchObject({ recall: 2 / 3, mota: 0 });
  });

  test('a track on a distractor is not held against the tracker', () => {
    const people = [at(1, 1, 0)];
    const tracks = [at(1, 1, 0), at(1, 2, 200)];
    const scored = trackingQuality({ people, distractors: [at(1, 9, 200)] }, tracks);
    expect(scored).toMatchObject({ falsePositives: 0, mota: 1 });
  });

  test('shares are shares, and matches never exceed either side', () => {
    const boxes = fc.array(
      fc.tuple(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 0, max: 60 }),
      ),
      { maxLength: 12 },
    );
    const unique = (list: readonly (readonly [number, number, number])[]) => [
      ...new Map(list.map(([frame, id, left]) => [`${frame}/${id}`, at(frame, id, left)])).values(),
    ];
    fc.assert(
      fc.property(boxes, boxes, (a, b) => {
        const [people, tracks] = [unique(a), unique(b)];
        const scored = quality(people, tracks);
        for (const value of [scored.precision, scored.recall, scored.idf1, scored.motp]) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1);
        }
        expect(scored.truePositives + scored.misses).toBe(people.length);
        expect(scored.truePositives + scored.falsePositives).toBe(tracks.length);
      }),
    );
  });
});

describe('MOT format', () => {
  test('reads what it writes', () => {
    const box = at(3, 4, 12.5);
    expect(parseMotTruth(`${formatMotLine(box, 0.5)}\n`, 'tracks.txt').people).toEqual([box]);
  });

  test('knows who is to be tracked and what only looks so', () => {
    const text = '1,1,0,0,10,20,1,1,1\n1,2,0,0,10,20,0,1,1\n1,3,0,0,10,20,1,8,1\n1,4,0,0,10,20,1,3,1\n';
    const truth = parseMotTruth(text, 'gt.txt');
    expect(truth.people.map(({ id }) => id)).toEqual([1]);
    expect(truth.distractors.map(({ id }) => id)).toEqual([3]);
  });

  test('points at a line that makes no sense', () => {
    expect(() => parseMotTruth('1,1,0,0,10,20\n1,two,0\n', 'gt.txt')).toThrow(/gt\.txt:2/);
  });
});
