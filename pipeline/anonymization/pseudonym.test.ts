import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventIdOf, loyaltyPseudonym, visitorPseudonym } from './pseudonym.js';

const text = fc.string({ minLength: 1 });

describe("a visitor's pseudonym", () => {
  test('stays the same all day, and differs by day, store, salt and visitor', () => {
    const today = visitorPseudonym('salt', 'store-1', '20260307', 'face-1');
    expect(visitorPseudonym('salt', 'store-1', '20260307', 'face-1')).toBe(today);
    const others = [
      visitorPseudonym('salt', 'store-1', '20260308', 'face-1'),
      visitorPseudonym('salt', 'store-2', '20260307', 'face-1'),
      visitorPseudonym('pepper', 'store-1', '20260307', 'face-1'),
      visitorPseudonym('salt', 'store-1', '20260307', 'face-2'),
      loyaltyPseudonym('salt', 'store-1', 'face-1'),
      eventIdOf('salt', 'face-1', 0),
    ];
    expect(new Set([today, ...others]).size).toBe(others.length + 1);
  });

  test('is 128 bits in hexadecimal and says nothing of the face', () => {
    fc.assert(
      fc.property(text, text, fc.uuid(), (salt, storeId, face) => {
        const pseudonym = visitorPseudonym(salt, storeId, '20260307', face);
        expect(pseudonym).toMatch(/^[0-9a-f]{32}$/);
        expect(pseudonym).not.toContain(face);
      }),
    );
  });
});

describe("an event's identifier", () => {
  test('is the same when a picture is analysed again, and one per person', () => {
    const picture = 'store-1/camera-1/20260307T090000000Z-1.jpg';
    const ids = Array.from({ length: 20 }, (_, person) => eventIdOf('salt', picture, person));
    expect(ids).toEqual(Array.from({ length: 20 }, (_, person) => eventIdOf('salt', picture, person)));
    expect(new Set(ids).size).toBe(20);
  });

  test('frames its parts, so that no two pictures share one by a shift of characters', () => {
    expect(eventIdOf('salt', 'picture-1', 11)).not.toBe(eventIdOf('salt', 'picture-11', 1));
  });
});
