import { describe, expect, test } from 'vitest';
import type { AnonymousEvent } from '../boundaries.js';
import { FakeFaceApi, face, NOON, testApp } from './analyze-faces.testing.js';
import { FaceApiError } from './face-client/error.js';

const person = (left = 0) => ({ left, top: 0, width: 100, height: 300 });
const only = (events: readonly AnonymousEvent[]): AnonymousEvent => {
  const [event] = events;
  if (event === undefined || events.length !== 1)
    throw new Error(`one event was expected, not ${events.length}`);
  return event;
};

describe('a picture becomes anonymous events', () => {
  test('one for every person seen, whether the face could be read or not', async () => {
    const { analyze } = testApp();
    const events = await analyze({
      people: [person(0), person(200), person(400)],
      shows: [face('ann', { left: 430 }), face('bob', { left: 30 })],
    });
    expect(events.map(({ analyzed }) => analyzed)).toEqual([true, false, true]);
    expect(events[0]).toMatchObject({
      storeId: 'store-1',
      cameraId: 'camera-1',
      section: 'shoes',
      capturedAt: NOON,
      newVisitor: true,
      returning: false,
      ageBand: '25-34',
      gender: 'female',
      emotion: 'happiness',
      emotionScore: 0.9,
    });
    expect(events[1]).toMatchObject({ visitor: null, newVisitor: false, returning: null, ageBand: null });
    expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(3);
  });

  test('a face that the person detector missed is a person too', async () => {
    const { analyze } = testApp();
    const events = await analyze({ people: [person(0)], shows: [face('ann', { left: 700 }), face('bob')] });
    expect(events.map(({ analyzed }) => analyzed)).toEqual([true, true]);
  });

  test('that say nothing of the picture they came from', async () => {
    const { analyze } = testApp();
    const name = 'store-1/camera-1/20260307T120000000Z-17.jpg';
    const events = await analyze({ name, people: [person()], shows: [face('ann')] });
    expect(JSON.stringify(events)).not.toMatch(/jpg|-17|34\.5|ann/);
  });

  test('and is deleted once it is analysed', async () => {
    const { analyze, deleted } = testApp();
    await analyze({ name: 'a.jpg', people: [person()] });
    expect(deleted).toEqual(['a.jpg']);
  });

  test('calls the service in one order, one call after the other', async () => {
    const { analyze, api } = testApp();
    await analyze({ people: [person(0), person(200)], shows: [face('ann', { left: 230 }), face('bob')] });
    expect(api.calls).toEqual([
      'detect',
      'faceListIds',
      'createFaceList store-1-20260307-1',
      'findSimilar bob store-1-20260307-1',
      'addFace bob store-1-20260307-1',
      'findSimilar ann store-1-20260307-1',
      'addFace ann store-1-20260307-1',
    ]);
  });
});

describe('a visitor', () => {
  const see = async (app: ReturnType<typeof testApp>, who: string, about = {}) =>
    only(await app.analyze({ people: [person()], shows: [face(who)], ...about }));

  test('is new once a day and has one pseudonym all day', async () => {
    const app = testApp();
    const first = await see(app, 'ann', { name: '1.jpg' });
    const second = await see(app, 'ann', { name: '2.jpg' });
    const other = await see(app, 'bob', { name: '3.jpg' });
    expect([first.newVisitor, second.newVisitor, other.newVisitor]).toEqual([true, false, true]);
    expect(second.visitor).toBe(first.visitor);
    expect(other.visitor).not.toBe(first.visitor);
  });

  test("is new again the next day, as the store's clock says, under another pseudonym", async () => {
    const app = testApp('Asia/Seoul');
    const evening = await see(app, 'ann', { capturedAt: '2026-03-07T14:59:00.000Z' });
    const pastMidnight = await see(app, 'ann', { capturedAt: '2026-03-07T15:01:00.000Z' });
    expect([evening.newVisitor, pastMidnight.newVisitor]).toEqual([true, true]);
    expect(pastMidnight.visitor).not.toBe(evening.visitor);
    expect([...app.api.lists.keys()]).toEqual(['store-1-20260307-1', 'store-1-20260308-1']);
  });

  test('of one store is a stranger in another', async () => {
    const app = testApp();
    const here = await see(app, 'ann', { storeId: 'store-1' });
    const there = await see(app, 'ann', { storeId: 'store-2' });
    expect(there.newVisitor).toBe(true);
    expect(there.visitor).not.toBe(here.visitor);
  });

  test('is still known when the first list is full and others follow, newest first', async () => {
    const app = testApp();
    app.api.facesPerList = 2;
    for (const who of ['ann', 'bob', 'cem', 'dua', 'eva']) await see(app, who);
    expect([...app.api.lists.values()]).toEqual([['ann', 'bob'], ['cem', 'dua'], ['eva']]);
    expect((await see(app, 'ann', { name: 'another.jpg' })).newVisitor).toBe(false);
    expect(app.api.calls.slice(-3)).toEqual([
      'findSimilar ann store-1-20260307-3',
      'findSimilar ann store-1-20260307-2',
      'findSimilar ann store-1-20260307-1',
    ]);
  });

  test('is still known after the app was restarted in the middle of the day', async () => {
    const api = new FakeFaceApi();
    const before = await see(testApp('UTC', api), 'ann');
    const after = await see(testApp('UTC', api), 'ann');
    expect(after).toMatchObject({ newVisitor: false, visitor: before.visitor });
  });

  test('begins the day anew when the service has lost its lists', async () => {
    const app = testApp();
    await see(app, 'ann');
    app.api.lists.clear();
    expect((await see(app, 'ann', { name: '2.jpg' })).analyzed).toBe(true);
    expect([...app.api.lists.values()]).toEqual([['ann']]);
  });

  test('who is in a loyalty list is returning, and is asked for only once a day', async () => {
    const app = testApp();
    app.api.lists.set('store-1-loyalty-1', ['ann']);
    const events = [await see(app, 'ann'), await see(app, 'ann'), await see(app, 'bob')];
    expect(events.map(({ returning }) => returning)).toEqual([true, true, false]);
    expect(app.api.calls.filter((call) => call === 'findSimilar ann store-1-loyalty-1')).toHaveLength(1);
  });

  test('whose picture is analysed again is still new', async () => {
    const app = testApp();
    app.api.lists.set('store-1-loyalty-1', []);
    let failures = 1;
    app.api.before = (operation) => {
      if (operation.includes('loyalty') && failures-- > 0) throw new FaceApiError(503, '503', 'busy');
    };
    await expect(see(app, 'ann')).rejects.toThrow('busy');
    const again = await see(app, 'ann');
    expect(again.newVisitor).toBe(true);
    expect((await see(app, 'ann', { name: 'another.jpg' })).newVisitor).toBe(false);
  });
});

describe('lists of days past', () => {
  test("are deleted, but yesterday's, another store's and the loyal customers'", async () => {
    const { analyze, api } = testApp();
    const kept = [
      'store-1-20260306-1',
      'store-1-loyalty-1',
      'store-2-20260101-1',
      'store-1-annex-20260101-1',
    ];
    for (const id of ['store-1-20260305-1', 'store-1-20260305-2', 'store-1-20251231-1', ...kept])
      api.lists.set(id, []);
    await analyze({ people: [person()], shows: [face('ann')] });
    expect([...api.lists.keys()].sort()).toEqual([...kept, 'store-1-20260307-1'].sort());
  });
});

describe('a service that fails', () => {
  const failing = (operation: string, status: number, code: string) => {
    const app = testApp();
    app.api.before = (called) => {
      if (called.startsWith(operation)) throw new FaceApiError(status, code, `${operation} was refused`);
    };
    return app;
  };
  const picture = { people: [person()], shows: [face('ann')] };

  test('for good tells of people without faces, and says why in the log', async () => {
    const app = failing('detect', 403, 'UnsupportedFeature');
    expect(only(await app.analyze(picture))).toMatchObject({ analyzed: false, visitor: null });
    expect(app.warnings).toEqual(['no face of p.jpg could be read: detect was refused']);
    expect(app.deleted).toEqual(['p.jpg']);
  });

  test('to recognise still tells of the face', async () => {
    const app = failing('findSimilar', 403, 'UnsupportedFeature');
    const event = only(await app.analyze(picture));
    expect(event).toMatchObject({ analyzed: true, visitor: null, newVisitor: false, gender: 'female' });
  });

  test.each([429, 500, 503])('for now (%d) leaves the picture to be analysed again', async (status) => {
    const app = failing('detect', status, String(status));
    await expect(app.analyze(picture)).rejects.toThrow(FaceApiError);
    expect(app.deleted).toEqual([]);
  });
});

describe('a picture that says too little of itself', () => {
  test('is refused with the pair that is missing', async () => {
    const app = testApp();
    await expect(app.analyze({ capturedAt: 'noon' })).rejects.toThrow(/capturedat="noon"/);
  });
});
