import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PictureMetadata } from './boundaries.js';
import { fromBlobMetadata, PictureMetadataError, toBlobMetadata } from './picture-metadata.js';

// A lone surrogate is not text, and no header could carry it.
const text = fc.string({ unit: 'grapheme', minLength: 1 });
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value));
const picture: fc.Arbitrary<PictureMetadata> = fc.record({
  storeId: text,
  cameraId: text,
  section: text,
  capturedAt: fc
    .date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })
    .map((date) => date.toISOString()),
  people: fc.array(
    fc.record({
      label: text,
      score: number,
      box: fc.record({ left: number, top: number, width: number, height: number }),
    }),
  ),
});

describe('picture metadata as blob metadata', () => {
  test('comes back as it went in', () => {
    fc.assert(
      fc.property(picture, (sent) => {
        expect(fromBlobMetadata(toBlobMetadata(sent))).toEqual(sent);
      }),
    );
  });

  test('holds nothing that an HTTP header could not carry', () => {
    fc.assert(
      fc.property(picture, (sent) => {
        for (const value of Object.values(toBlobMetadata(sent))) expect(value).toMatch(/^[\x20-\x7e]*$/);
      }),
    );
  });

  test('names come in any case', () => {
    const pairs = {
      StoreId: 's1',
      CAMERAID: 'c1',
      Section: 'shoes',
      CapturedAt: '2026-03-07T09:00:00Z',
      People: '[]',
    };
    expect(fromBlobMetadata(pairs).capturedAt).toBe('2026-03-07T09:00:00.000Z');
  });

  test.each([
    ['a missing pair', { section: undefined }, /no section; found: storeid/],
    ['a time that is none', { capturedat: 'yesterday' }, /capturedat="yesterday"/],
    ['boxes that are none', { people: '[["person",0.9,1,2,3]]' }, /people=.*left, top, width, height/],
    ['boxes that are not JSON', { people: '[' }, /people="\["/],
    ['broken percent-encoding', { storeid: '%E0%A4%A' }, /storeid=.*percent-encoded/],
  ])('%s is named in the error', (_case, change, message) => {
    const good = {
      storeid: 's',
      cameraid: 'c',
      section: 'x',
      capturedat: '2026-03-07T09:00:00Z',
      people: '[]',
    };
    const pairs = Object.fromEntries(
      Object.entries({ ...good, ...change }).filter(([, value]) => value !== undefined),
    );
    expect(() => fromBlobMetadata(pairs)).toThrow(PictureMetadataError);
    expect(() => fromBlobMetadata(pairs)).toThrow(message);
  });
});
