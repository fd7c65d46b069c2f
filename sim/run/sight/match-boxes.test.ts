import { expect, test } from 'vitest';
import type { PixelBox } from '../../../pipeline/boundaries.js';
import type { VisiblePerson } from '../../camera/visibility/visible-person.js';
import { overlapOf, shoppersUnder } from './match-boxes.js';

const boxAt = (left: number, width = 40): PixelBox => ({ left, top: 100, width, height: 120 });

function person(shopper: number, box: PixelBox, fullBox = box): VisiblePerson {
  return {
    shopper,
    box,
    fullBox,
    pixelHeight: fullBox.height,
    visiblePixels: box.width * box.height,
    hiddenShare: 0,
    distanceMetres: 5,
    elevationDegrees: 20,
    bodyYawDegrees: 0,
    face: { headBox: box, yawDegrees: 0, sizePixels: 20, hiddenShare: 0, visible: true },
  };
}

const detections = (...boxes: PixelBox[]) => boxes.map((box) => ({ label: 'person', score: 0.9, box }));

test('a box shows whom it overlaps most, and nobody is shown twice', () => {
  const people = [person(7, boxAt(100)), person(8, boxAt(120))];
  expect(shoppersUnder(detections(boxAt(118), boxAt(104)), people)).toEqual([8, 7]);
  expect(shoppersUnder(detections(boxAt(100), boxAt(101)), [person(7, boxAt(100))])).toEqual([7, null]);
});

test('a box that hardly touches anybody shows nobody', () => {
  expect(shoppersUnder(detections(boxAt(400), boxAt(130)), [person(7, boxAt(100))])).toEqual([null, null]);
});

test('who is half hidden is found by what can be seen or by the whole', () => {
  const hidden = person(7, boxAt(100, 10), boxAt(100, 60));
  expect(shoppersUnder(detections(boxAt(100, 12)), [hidden])).toEqual([7]);
  expect(shoppersUnder(detections(boxAt(102, 60)), [hidden])).toEqual([7]);
});

test('overlap is the share of both together', () => {
  expect(overlapOf(boxAt(0), boxAt(0))).toBe(1);
  expect(overlapOf(boxAt(0), boxAt(20))).toBeCloseTo(1 / 3, 12);
  expect(overlapOf(boxAt(0), boxAt(40))).toBe(0);
});
