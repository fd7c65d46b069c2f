import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Detection } from '../../boundaries.js';
import type { Appearance } from './appearance.js';
import { Tracker, type TrackerOptions } from './tracker.js';

/** Clothes of one colour. */
function wearing(bin: number): Appearance {
  const appearance = new Float32Array(128);
  appearance[bin % 64] = 1;
  appearance[64 + (bin % 64)] = 1;
  return appearance;
}

const FRAME_MS = 100;

/** Somebody 40 x 100 pixels at (x, y), as the detector would report them. */
function person(x: number, y: number, score = 0.7): Detection {
  return { label: 'person', score, box: { left: x - 20, top: y - 50, width: 40, height: 100 } };
}

/** Runs `frames` frames; gives the track numbers reported in each, in the order of the detections' left edges. */
function run(
  frames: number,
  detections: (frame: number) => readonly Detection[],
  options?: TrackerOptions,
  frameMs = FRAME_MS,
): readonly (readonly number[])[] {
  const tracker = new Tracker(options);
  return Array.from({ length: frames }, (_, frame) =>
    tracker
      .update(frame * frameMs, detections(frame))
      .toSorted((a, b) => a.detection.box.left - b.detection.box.left)
      .map((seen) => seen.track),
  );
}

describe('tracker', () => {
  test('one who walks is one track', () => {
    const seen = run(40, (frame) => [person(50 + frame * 8, 200)]);
    expect(new Set(seen.flat())).toEqual(new Set([1]));
  });

  test('one who walks is one track at four frames a second too', () => {
    // 1.4 m/s where a person of 1.7 m is 100 pixels high: 20 pixels a frame, half the box.
    const seen = run(20, (frame) => [person(50 + frame * 20, 200)], {}, 250);
    expect(new Set(seen.flat())).toEqual(new Set([1]));
  });

  test('one who stops, stands for minutes and walks on is one track', () => {
    const seen = run(1500, (frame) => {
      const walked = frame < 50 ? frame : frame < 1450 ? 50 : frame - 1400;
      return [person(50 + walked * 5 + (frame % 3), 200 - (frame % 2))];
    });
    expect(new Set(seen.flat())).toEqual(new Set([1]));
  });

  test('two who cross keep their numbers', () => {
    const seen = run(60, (frame) => [person(50 + frame * 6, 200), person(404 - frame * 6, 215)]);
    expect(seen[5]).toEqual([1, 2]);
    expect(seen[55]).toEqual([2, 1]);
  });

  test('one hidden for a second is the same afterwards', () => {
    const seen = run(50, (frame) => (frame >= 20 && frame < 30 ? [] : [person(50 + frame * 4, 200)]));
    expect(new Set(seen.flat())).toEqual(new Set([1]));
    expect(seen[35]).toEqual([1]);
  });

  test('low scores carry a track on but begin none', () => {
    const carried = run(20, (frame) => [person(50 + frame * 5, 200, frame < 5 ? 0.7 : 0.15)]);
    expect(carried[19]).toEqual([1]);
    const begun = run(20, (frame) => [person(50 + frame * 5, 200, 0.2)]);
    expect(begun.flat()).toEqual([]);
  });

  test('a false alarm in one frame is no track', () => {
    const seen = run(10, (frame) =>
      frame === 5 ? [person(100, 100), person(300, 100)] : [person(100, 100)],
    );
    expect(new Set(seen.flat())).toEqual(new Set([1]));
  });

  test('one who comes long after another has gone from the same place is another', () => {
    const seen = run(100, (frame) => (frame < 20 || frame > 60 ? [person(100, 100)] : []));
    expect(seen[10]).toEqual([1]);
    expect(seen[90]).toEqual([2]);
  });

  test('one who comes back seconds later in the same clothes is the same', () => {
    const clothes = wearing(3);
    const tracker = new Tracker();
    const tracks = Array.from({ length: 90 }, (_, frame) =>
      tracker
        .update(frame * FRAME_MS, frame < 20 || frame > 65 ? [person(100, 100)] : [], () => clothes)
        .map(({ track }) => track),
    );
    expect(tracks[80]).toEqual([1]);
  });

  test('knows by their clothes who comes out from behind a shelf', () => {
    const [red, blue] = [wearing(3), wearing(90)];
    const walk = (frame: number) => {
      const left = { ...person(60 + frame * 6, 200), clothes: red };
      const right = { ...person(360 - frame * 6, 200), clothes: blue };
      // Both are hidden while they meet, and both turn back.
      if (frame < 20) return [left, right];
      if (frame < 32) return [];
      const back = (frame - 32) * 6;
      return [
        { ...person(174 - back, 200), clothes: red },
        { ...person(246 + back, 200), clothes: blue },
      ];
    };
    const tracker = new Tracker();
    const clothesOf = new Map<number, Set<Appearance>>();
    for (let frame = 0; frame < 50; frame++) {
      const detections = walk(frame);
      const people = tracker.update(
        frame * FRAME_MS,
        detections,
        (detection) => detections.find((one) => one === detection)?.clothes,
      );
      for (const { track, detection } of people) {
        const clothes = detections.find((one) => one === detection)?.clothes;
        if (clothes) clothesOf.set(track, (clothesOf.get(track) ?? new Set()).add(clothes));
      }
    }
    expect([...clothesOf.values()].map((worn) => worn.size)).toEqual([1, 1]);
  });

  test('who passes behind another keeps their number, also where the two boxes become one', () => {
    const [red, blue] = [wearing(3), wearing(40)];
    const tracker = new Tracker();
    // Blue walks behind red, is not seen for most of a second, and comes out beside them.
    const trackOfBlue = new Set<number>();
    for (let frame = 0; frame < 40; frame++) {
      const standing = { ...person(200, 200), clothes: red };
      const passing = { ...person(90 + frame * 6, 195), clothes: blue };
      const seen = frame > 13 && frame < 22 ? [standing] : [standing, passing];
      const people = tracker.update(
        frame * FRAME_MS,
        seen,
        (detection) => seen.find((one) => one === detection)?.clothes,
      );
      for (const { track, detection } of people) {
        if (detection.box === passing.box) trackOfBlue.add(track);
      }
    }
    expect([...trackOfBlue]).toHaveLength(1);
  });

  test('who is missed for a moment is there still, and said not to be seen', () => {
    const tracker = new Tracker();
    const seen = Array.from({ length: 14 }, (_, frame) =>
      tracker.update(frame * FRAME_MS, frame < 9 ? [person(50 + frame * 5, 200)] : []),
    );
    expect(seen.map((people) => people.map(({ isSeen }) => isSeen))).toEqual([
      ...Array.from({ length: 9 }, () => [true]),
      [false],
      [false],
      [],
      [],
      [],
    ]);
    const [missed] = seen[10] ?? [];
    expect(missed?.box.left).toBeGreaterThan(75);
    expect(missed?.box.left).toBeLessThan(85);
  });

  test('who stands behind somebody is thought to be there for longer', () => {
    const tracker = new Tracker();
    const passing = (frame: number) => person(100 + frame * 4, 205);
    const standing = person(140, 200);
    const reported = Array.from({ length: 16 }, (_, frame) =>
      tracker
        .update(frame * FRAME_MS, frame < 8 ? [standing, passing(frame)] : [passing(frame)])
        .some(({ track, isSeen }) => track === 1 && !isSeen),
    );
    expect(reported.filter(Boolean)).toHaveLength(5);
  });

  test('the box of who passes behind a counter is that of the whole person', () => {
    const tracker = new Tracker();
    const heights = Array.from({ length: 20 }, (_, frame) => {
      const whole = person(50 + frame * 5, 200);
      const isHidden = frame >= 10 && frame < 15;
      const seen = isHidden ? { ...whole, box: { ...whole.box, height: 60 } } : whole;
      return tracker.update(frame * FRAME_MS, [seen])[0]?.box.height ?? 0;
    });
    for (const height of heights) expect(height).toBeCloseTo(100, 0);
  });

  test('who stands beside the place in other clothes is another; in the very place it was the light', () => {
    const lastTrack = (aside: number) => {
      const tracker = new Tracker();
      const tracks = Array.from({ length: 12 }, (_, frame) => {
        const [x, clothes] = frame < 6 ? [200, wearing(3)] : [200 + aside, wearing(40)];
        return tracker.update(frame * FRAME_MS, [person(x, 200)], () => clothes)[0]?.track;
      });
      return tracks.at(-1);
    };
    expect(lastTrack(18)).toBe(2);
    expect(lastTrack(0)).toBe(1);
  });

  test('steadies the box of one whom the detector sees now wider, now narrower', () => {
    const tracker = new Tracker();
    const widths = Array.from({ length: 30 }, (_, frame) => {
      const width = frame % 2 === 0 ? 36 : 44;
      const seen: Detection = {
        label: 'person',
        score: 0.7,
        box: { left: 200, top: 100, width, height: 100 },
      };
      return tracker.update(frame * FRAME_MS, [seen])[0]?.box.width ?? 0;
    });
    const late = widths.slice(20);
    expect(Math.max(...late) - Math.min(...late)).toBeLessThan(7);
    expect(Math.min(...late)).toBeGreaterThan(36);
  });

  test('says where somebody will be', () => {
    const tracker = new Tracker();
    for (let frame = 0; frame < 20; frame++) tracker.update(frame * FRAME_MS, [person(50 + frame * 10, 200)]);
    const [soon] = tracker.predict(20 * FRAME_MS);
    expect(Math.abs((soon?.box.left ?? 0) + 20 - 250)).toBeLessThan(3);
    expect(soon?.velocity.x).toBeGreaterThan(80);
  });

  test('people apart are as many tracks as people, whatever their order and jitter', () => {
    const walkers = fc.array(fc.record({ speed: fc.integer({ min: -8, max: 8 }) }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(walkers, fc.infiniteStream(fc.integer({ min: -2, max: 2 })), (people, jitter) => {
        const wobble = () => Number(jitter.next().value ?? 0);
        const seen = run(15, (frame) =>
          people
            .map(({ speed }, i) => person(300 + frame * speed + wobble(), 100 + i * 260 + wobble()))
            .toSorted((a, b) => ((a.box.left * 7919) % 13) - ((b.box.left * 7919) % 13)),
        );
        expect(seen.at(-1)?.length).toBe(people.length);
        expect(new Set(seen.flat()).size).toBe(people.length);
      }),
      { numRuns: 50 },
    );
  });
});
