/** Whatever comes over HTTP, the service answers as its specification says, and goes on. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROUTES } from '../operations/routes.js';
import { type HttpWorld, KEY, openHttpWorld } from './http-world.testing.js';

let world: HttpWorld;
beforeAll(async () => {
  world = await openHttpWorld();
});
afterAll(() => world.close());

const segment = fc.oneof(
  fc.constantFrom(
    'a',
    'there',
    'A B',
    '%2e%2e',
    '%E0%A4%A',
    '..',
    '00000000-0000-4000-8000-000000000000',
    '',
  ),
  fc.string({ maxLength: 70 }).map(encodeURIComponent),
);
const path = fc
  .tuple(fc.constantFrom(...ROUTES), fc.array(segment, { minLength: 3, maxLength: 3 }))
  .map(([route, ids]) => {
    let next = 0;
    return { method: route.method, path: route.path.replace(/\{\w+\}/g, () => ids[next++] ?? '') };
  });
const json = fc.oneof(
  fc.json(),
  fc
    .record(
      {
        name: fc.anything(),
        userData: fc.string(),
        faceId: fc.oneof(fc.uuid(), fc.string()),
        faceIds: fc.array(fc.oneof(fc.uuid(), fc.integer())),
        faceListId: fc.string(),
        url: fc.webUrl(),
        maxNumOfCandidatesReturned: fc.double(),
      },
      { requiredKeys: [] },
    )
    .map((value) => JSON.stringify(value) ?? ''),
  fc.string(),
);
const body = fc.oneof(
  json.map((text) => ({ type: 'application/json', bytes: Buffer.from(text) })),
  fc
    .uint8Array({ maxLength: 3000 })
    .map((bytes) => ({ type: 'application/octet-stream', bytes: Buffer.from(bytes) })),
  fc.string().map((text) => ({ type: 'text/html', bytes: Buffer.from(text) })),
);
const query = fc.dictionary(
  fc.constantFrom(
    'returnFaceId',
    'returnFaceAttributes',
    'detectionModel',
    'faceIdTimeToLive',
    'targetFace',
    'top',
    'start',
    'userData',
  ),
  fc.oneof(fc.string(), fc.constantFrom('true', 'detection_03', '60', '1,2,3,4')),
);

test('any request has an answer: JSON with a code and a message when it is refused', async () => {
  await fc.assert(
    fc.asyncProperty(path, query, body, async (target, parameters, { bytes, type }) => {
      const address = `${world.endpoint}/face/v1.0${target.path}?${new URLSearchParams(parameters)}`;
      const answer = await fetch(address, {
        method: target.method,
        headers: { 'Content-Type': type, 'Ocp-Apim-Subscription-Key': KEY },
        ...(target.method === 'GET' ? {} : { body: bytes }),
      });
      const text = await answer.text();
      if (answer.ok) return;
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(JSON.parse(text).error).toMatchObject({ code: expect.any(String), message: expect.any(String) });
    }),
    { numRuns: 250 },
  );
  expect((await fetch(`${world.endpoint}/ready`)).status).toBe(200);
});
