import { describe, expect, test } from 'vitest';
import type { Clock } from '../../clock.js';
import type { FaceAnswer, FaceExchange, FaceRequest } from './exchange.js';
import { createFaceApi, type FaceApi } from './face-api.js';
import type { RetryPolicy } from './retries.js';

const RETRIES: RetryPolicy = { tries: 4, timeoutMs: 1000, firstDelayMs: 100, longestDelayMs: 250 };
const OK = (body: unknown): FaceAnswer => ({ status: 200, retryAfterSeconds: null, body });
const BUSY: FaceAnswer = {
  status: 429,
  retryAfterSeconds: 3,
  body: { error: { code: '429', message: 'slow down' } },
};
const refusal = (status: number, code: string): FaceAnswer => ({
  status,
  retryAfterSeconds: null,
  body: { error: { code, message: 'no' } },
});

/** Sleeps take no time; what was waited for is written down. A time limit never passes. */
function restless(): { clock: Clock; waits: number[] } {
  const waits: number[] = [];
  const clock: Clock = {
    now: () => 0,
    after: () => ({ cancel: () => {} }),
    sleep: async (delayMs) => {
      waits.push(delayMs);
    },
  };
  return { clock, waits };
}

type Step = FaceAnswer | Error;

function client(...steps: Step[]): { api: FaceApi; requests: FaceRequest[]; waits: number[] } {
  const { clock, waits } = restless();
  const requests: FaceRequest[] = [];
  const exchange: FaceExchange = async (request) => {
    requests.push(request);
    const step = steps.shift() ?? new Error('asked too often');
    if (step instanceof Error) throw step;
    return step;
  };
  return { api: createFaceApi(exchange, { clock, retries: RETRIES })('a.jpg'), requests, waits };
}

const picture = Buffer.from('picture');

describe('patience', () => {
  test('waits at least as long as the service asks, then tries the same again', async () => {
    const { api, requests, waits } = client(BUSY, OK([]));
    expect(await api.detect(picture)).toEqual([]);
    expect(requests[1]).toEqual(requests[0]);
    expect(waits[0]).toBeGreaterThanOrEqual(3000);
    expect(waits[0]).toBeLessThan(3200);
  });

  test('waits longer from try to try, up to a bound', async () => {
    const { api, waits } = client(new Error('reset'), refusal(503, '503'), refusal(500, '500'), OK([]));
    await api.detect(picture);
    for (const [index, schedule] of [100, 200, 250].entries()) {
      expect(waits[index]).toBeGreaterThanOrEqual(schedule / 2);
      expect(waits[index]).toBeLessThan(schedule * 1.5);
    }
  });

  test('spreads the tries of clients that failed together', async () => {
    const { clock, waits } = restless();
    const failing: FaceExchange = async () => {
      throw new Error('reset');
    };
    const apiFor = createFaceApi(failing, {
      clock,
      retries: { ...RETRIES, tries: 2, firstDelayMs: 10_000, longestDelayMs: 10_000 },
    });
    for (let picture = 0; picture < 20; picture++)
      await expect(apiFor(`${picture}.jpg`).detect(Buffer.from('x'))).rejects.toThrow('reset');
    expect(new Set(waits).size).toBe(20);
  });

  test('ends', async () => {
    const broken = client(...Array.from({ length: 9 }, () => new Error('reset')));
    await expect(broken.api.detect(picture)).rejects.toMatchObject({
      code: 'FF_FACE_UNREACHABLE',
      isFinal: false,
    });
    expect(broken.requests).toHaveLength(4);
    const busy = client(BUSY, BUSY, BUSY, BUSY);
    await expect(busy.api.detect(picture)).rejects.toMatchObject({ status: 429, isFinal: false });
  });

  test('is not wasted on what would be refused again', async () => {
    const { api, requests } = client(refusal(400, 'InvalidImage'));
    await expect(api.detect(picture)).rejects.toMatchObject({ code: 'InvalidImage', isFinal: true });
    expect(requests).toHaveLength(1);
  });

  test('does not outlast the time limit of a try', async () => {
    const limits: number[] = [];
    let aborted = 0;
    const clock: Clock = {
      now: () => 0,
      after: (delayMs, fire) => {
        limits.push(delayMs);
        fire();
        return { cancel: () => {} };
      },
      sleep: async () => {},
    };
    const silent: FaceExchange = (_request, signal) =>
      new Promise((_resolve, reject) => {
        if (signal.aborted) aborted++;
        else signal.addEventListener('abort', () => reject(new Error('aborted')));
      });
    const api = createFaceApi(silent, { clock, retries: RETRIES })('a.jpg');
    await expect(api.detect(picture)).rejects.toThrow('none within 1000 ms');
    expect(limits).toEqual([1000, 1000, 1000, 1000]);
    expect(aborted).toBe(4);
  });
});

describe('answers', () => {
  test('that are errors are never taken for lists, whatever they look like', async () => {
    const looksLikeFaces = { status: 400, retryAfterSeconds: null, body: [{ faceId: 'x' }] };
    await expect(client(looksLikeFaces).api.detect(picture)).rejects.toMatchObject({
      status: 400,
      code: '400',
    });
    await expect(
      client(OK({ error: { code: 'x', message: 'y' } })).api.detect(picture),
    ).rejects.toMatchObject({
      code: 'FF_FACE_ANSWER',
    });
    await expect(client(OK([{ faceId: 'x' }])).api.detect(picture)).rejects.toThrow(/0\.faceRectangle/);
  });

  test('of an empty list mean nobody', async () => {
    expect(await client(refusal(400, 'FaceListNotReady')).api.findSimilar('face', 'list')).toEqual([]);
  });

  test('that a list exists, or is gone already, are as good as success', async () => {
    await client(refusal(409, 'FaceListExists')).api.createFaceList('list');
    await client(refusal(404, 'FaceListNotFound')).api.deleteFaceList('list');
    await expect(client(refusal(403, 'QuotaExceeded')).api.createFaceList('list')).rejects.toMatchObject({
      status: 403,
    });
  });
});

describe('requests', () => {
  test('ask for what is needed and no more', async () => {
    const { api, requests } = client(OK([]), OK({ persistedFaceId: 'kept' }));
    await api.detect(picture);
    await api.addFace('list', picture, { left: 1.4, top: 2.6, width: 30, height: 40 });
    expect(requests[0]).toMatchObject({
      method: 'POST',
      path: '/detect',
      query: { returnFaceAttributes: 'age,gender,emotion', detectionModel: 'detection_01' },
    });
    expect(requests[1]).toMatchObject({
      path: '/facelists/list/persistedfaces',
      query: { targetFace: '1,3,30,40' },
    });
  });
});
