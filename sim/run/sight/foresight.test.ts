import { expect, test } from 'vitest';
import { readErrorModel } from '../../camera/error-model-file.js';
import { pictureSha256 } from '../../face-api/index.js';
import { randomSource } from '../../kernel/index.js';
import { type StoreInput, simulateStore } from '../../store/simulation.js';
import { storeNamed } from '../../store/stores.testing.js';
import { StoreTimeline } from '../../store/timeline.js';
import { trafficSchema } from '../../store/visits/traffic-schema.js';
import { Foresight } from './foresight.js';
import { LooksAhead } from './looks-ahead.js';
import { TruthEye } from './truth-eye.js';

const LOOK_INTERVAL_MS = 2_000;
const MESSAGE_DELAY_MS = 6_000;
const SEED = 'foresight';
const input: StoreInput = {
  plan: storeNamed('corner-shop'),
  traffic: trafficSchema.parse({ arrivalsPerHour: 300 }),
  seed: SEED,
  startMs: Date.UTC(2026, 4, 2, 9),
  durationMs: 5 * 60_000,
  timeZone: 'Europe/Berlin',
};
const model = readErrorModel();
const chunks = [...simulateStore(input)];
const foresight = new Foresight(
  { ...input, lookIntervalMs: LOOK_INTERVAL_MS, messageDelayMs: MESSAGE_DELAY_MS },
  model,
);
const seenChunks = chunks.map((chunk) => foresight.see(chunk));
const seen = seenChunks.map(({ looks }) => looks);

const timeline = new StoreTimeline(input.plan);
for (const chunk of chunks) timeline.append(chunk);

function looksAhead(): LooksAhead {
  const ahead = new LooksAhead(input.plan.cameras.map(({ id }) => id));
  for (const chunk of seenChunks) ahead.append(chunk);
  return ahead;
}

test.each(input.plan.cameras)('$id sees ahead of time what it would have seen in time', (camera) => {
  const ahead = looksAhead();
  const eye = new TruthEye(input.plan, camera, model, randomSource(SEED));
  const index = input.plan.cameras.indexOf(camera);
  const instants = seen.flatMap(({ atMs, camera: of }) => [...atMs].filter((_, row) => of[row] === index));
  expect(instants.length).toBeGreaterThan(10);
  let pictures = 0;
  for (const atMs of instants) {
    const foreseen = ahead.take(camera.id, atMs);
    const look = eye.look(timeline.present(atMs, eye.mayShow), atMs);
    expect(foreseen?.look).toEqual(look);
    const isTaken = look.objects.length > 0;
    expect(foreseen?.pictureSha256).toBe(isTaken ? pictureSha256(eye.picture(atMs)) : null);
    if (isTaken) pictures++;
  }
  expect(pictures).toBeGreaterThan(0);
  expect(Buffer.from(ahead.emptyStore(camera.id) ?? [])).toEqual(Buffer.from(eye.emptyStore()));
});

test('a camera looks again at the next frame, or after a picture when its delay has passed', () => {
  for (const index of input.plan.cameras.keys()) {
    const looks = seen.flatMap(({ atMs, camera, objectsEnd }) =>
      [...atMs.keys()]
        .filter((row) => camera[row] === index)
        .map((row) => ({
          atMs: atMs[row] ?? 0,
          taken: objectsEnd[row] !== (row === 0 ? 0 : objectsEnd[row - 1]),
        })),
    );
    looks.slice(1).forEach(({ atMs }, before) => {
      const last = looks[before];
      expect(atMs - (last?.atMs ?? 0)).toBe(last?.taken ? MESSAGE_DELAY_MS : LOOK_INTERVAL_MS);
    });
  }
});

test('an instant that was not foreseen has no look, and those after it are still there', () => {
  const ahead = looksAhead();
  const [camera] = input.plan.cameras;
  const instants = seen.flatMap(({ atMs, camera: of }) => [...atMs].filter((_, row) => of[row] === 0));
  const [first = 0, second = 0] = instants;
  expect(ahead.take(camera?.id ?? '', first + 1)).toBeNull();
  expect(ahead.take(camera?.id ?? '', first)).toBeNull();
  expect(ahead.take(camera?.id ?? '', second)).not.toBeNull();
  expect(ahead.take('no such camera', second)).toBeNull();
});
