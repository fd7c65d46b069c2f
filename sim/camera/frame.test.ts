import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { renderBackground } from './background.js';
import { calibrationScene } from './calibration/calibration-scenes.js';
import { CAMERA, room, SHELF, shopperAt } from './camera.testing.js';
import { cameraPose, projectPoint } from './camera-pose.js';
import { FrameRenderer, renderFrame } from './frame.js';
import { SAMPLES } from './render/silhouette.js';

const empty = renderBackground(room(), CAMERA);
const withShelf = renderBackground(room([SHELF]), CAMERA);

function changedPixels(a: Uint8ClampedArray, b: Uint8ClampedArray): number {
  let changed = 0;
  for (let i = 0; i < a.length; i += 4) if (a[i] !== b[i] || a[i + 1] !== b[i + 1]) changed++;
  return changed;
}

describe('the empty store', () => {
  test('has the floor where the camera’s geometry says, at its distance', () => {
    const pose = cameraPose(CAMERA);
    const point = projectPoint(pose, 4, 5, 0);
    const [x, y] = [Math.round(point.x), Math.round(point.y)];
    expect(empty.floor[y * CAMERA.widthPixels + x]).toBe(SAMPLES * SAMPLES);
    const near = empty.nearness[y * SAMPLES * CAMERA.widthPixels * SAMPLES + x * SAMPLES] ?? 0;
    expect(1 / near).toBeCloseTo(point.depthMetres, 0);
  });

  test('fills the whole picture', () => {
    expect(empty.nearness.every((near) => near > 0)).toBe(true);
    expect(empty.rgba.every((value, i) => i % 4 !== 3 || value === 255)).toBe(true);
  });

  test('does not clip: hardly any pixel is pure white', () => {
    let white = 0;
    for (let i = 0; i < withShelf.rgba.length; i += 4) {
      if ((withShelf.rgba[i] ?? 0) >= 254 && (withShelf.rgba[i + 1] ?? 0) >= 254) white++;
    }
    expect(white / (withShelf.rgba.length / 4)).toBeLessThan(0.01);
  });
});

describe('a frame', () => {
  test('shows a shopper in the open whole, within the box it tells', () => {
    const { people } = renderFrame(empty, [shopperAt(7, 4, 5)], 1000, 1);
    const [person] = people;
    expect(people).toHaveLength(1);
    expect(person?.shopper).toBe(7);
    expect(person?.hiddenShare).toBe(0);
    const crown = projectPoint(empty.pose, 4, 5, 1.75);
    const feet = projectPoint(empty.pose, 4, 5, 0);
    const box = person?.box ?? { left: 0, top: 0, width: 0, height: 0 };
    expect(Math.abs(box.top - crown.y)).toBeLessThan(6);
    expect(Math.abs(box.top + box.height - feet.y)).toBeLessThan(6);
    expect(person?.visiblePixels).toBeGreaterThan(0.3 * box.width * box.height);
    expect(person?.visiblePixels).toBeLessThan(box.width * box.height);
  });

  test('tells the face from the back of the head', () => {
    const face = (headingRadians: number) =>
      renderFrame(empty, [shopperAt(2, 4, 4, { headingRadians })], 0, 1).people[0]?.face;
    const towards = face(Math.PI);
    expect(towards?.visible).toBe(true);
    expect(towards?.yawDegrees).toBeLessThan(45);
    expect(face(0)?.visible).toBe(false);
    expect(towards?.headBox.height).toBeGreaterThan((towards?.sizePixels ?? 0) * 0.8);
  });

  test('leaves out who stands wholly behind a shelf, and tells how much of others it hides', () => {
    const { people } = renderFrame(
      withShelf,
      [shopperAt(1, 4, 6.1), shopperAt(2, 4, 4.5), shopperAt(3, 1.6, 6.2)],
      0,
      1,
    );
    expect(people.map(({ shopper }) => shopper)).toEqual([2, 3]);
    expect(people[0]?.hiddenShare).toBe(0);
    expect(people[1]?.hiddenShare).toBeGreaterThan(0.2);
  });

  test('lets the nearer of two hide the farther', () => {
    const { people } = renderFrame(empty, [shopperAt(1, 4, 6), shopperAt(2, 4, 5.4)], 0, 1);
    expect(people.map(({ shopper }) => shopper)).toEqual([2, 1]);
    expect(people[0]?.hiddenShare).toBe(0);
    expect(people[1]?.hiddenShare).toBeGreaterThan(0.15);
  });

  test('counts what the picture’s edge cuts off as hidden', () => {
    const [person] = renderFrame(empty, [shopperAt(1, 4, 1.5)], 0, 1).people;
    expect(person?.hiddenShare).toBeGreaterThan(0.3);
    const bottom = (person?.box.top ?? 0) + (person?.box.height ?? 0);
    expect(bottom).toBeLessThanOrEqual(CAMERA.heightPixels);
  });

  test('is the same for the same shoppers in any order, and from a renderer that drew others before', () => {
    const { plan, camera, shoppers, timeMs } = calibrationScene(4);
    const background = renderBackground(plan, camera);
    const renderer = new FrameRenderer(background);
    const first = renderer.render(shoppers, timeMs, 9);
    renderer.render(shoppers.slice(0, 2), timeMs + 500, 3);
    const again = renderer.render([...shoppers].reverse(), timeMs, 9);
    expect(Buffer.from(again.rgba).equals(Buffer.from(first.rgba))).toBe(true);
    expect(again.people).toEqual(first.people);
  });

  test('changes its noise with the seed and nothing else', () => {
    const shoppers = [shopperAt(1, 4, 5)];
    const [a, b] = [renderFrame(empty, shoppers, 0, 1), renderFrame(empty, shoppers, 0, 2)];
    expect(changedPixels(a.rgba, b.rgba)).toBeGreaterThan(a.rgba.length / 4 / 2);
    expect(a.people).toEqual(b.people);
    const meanOf = (rgba: Uint8ClampedArray) => rgba.reduce((sum, value) => sum + value, 0) / rgba.length;
    expect(meanOf(a.rgba)).toBeCloseTo(meanOf(b.rgba), 0);
  });

  test('shows a walker move', () => {
    const walker = [shopperAt(1, 4, 5, { speedMetresPerSecond: 1.2, activity: 'walking' })];
    const [a, b] = [renderFrame(empty, walker, 0, 1), renderFrame(empty, walker, 400, 1)];
    expect(changedPixels(a.rgba, b.rgba)).toBeGreaterThan(50);
  });
});

describe('pictures are equal to the bit on every machine', () => {
  test('the picture of a scene is the one that was recorded', () => {
    const { plan, camera, shoppers, timeMs } = calibrationScene(1);
    const small = { ...camera, widthPixels: 320, heightPixels: 240 };
    const { rgba } = renderFrame(renderBackground(plan, small), shoppers, timeMs, 1);
    expect(createHash('sha256').update(rgba).digest('hex')).toBe(RECORDED);
  });

  test('nothing that decides a pixel calls a function whose last digits ECMAScript leaves open', () => {
    const folder = fileURLToPath(new URL('.', import.meta.url));
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (file) =>
        file.endsWith('.ts') && !file.includes('test') && !NOT_PICTURES.some((name) => file.startsWith(name)),
    );
    expect(sources.length).toBeGreaterThan(30);
    for (const file of sources) {
      const inexact = /Math\.(?:a?(?:sin|cos|tan)h?|atan2|cbrt|exp(?:m1)?|hypot|log\w*|pow)\b|\*\*(?!\/|\*)/;
      const code = readFileSync(`${folder}/${file}`, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
      expect(inexact.exec(code)?.[0] ?? 'nothing', file).toBe('nothing');
    }
  });
});

/** Files that measure and report; no pixel depends on them. */
const NOT_PICTURES = ['calibration/calibrate.ts', 'footprint.ts', 'views/vision-', 'footage'];
/** SHA-256 of the recorded picture; it changes with every change to how things look. */
const RECORDED = '39057b849dbd1ac33e2ea8f11ae9afe660d9ab88f59a394f783252042adf5cbc';
