/** The stand-in on a port of loopback, with a clock that a test may put forward. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type KernelServices, realTimeServices } from '../../kernel/index.js';
import type { FaceApiOptions } from '../face-api.js';
import { type TestFaceApi, testFaceApi } from '../face-api.testing.js';
import { findRoute } from '../operations/routes.js';
import { faceApiListener } from './front.js';

export interface HttpWorld extends TestFaceApi {
  readonly endpoint: string;
  /** The operations that were asked for, by their names in the specification. */
  readonly asked: ReadonlySet<string>;
  /** Puts the service's clock forward. */
  advance(ms: number): void;
  close(): Promise<void>;
}

export const KEY = 'a-key';

export async function openHttpWorld(
  options: Partial<FaceApiOptions> = {},
  keys: readonly string[] | null = [KEY],
): Promise<HttpWorld> {
  const real = realTimeServices(1);
  let aheadMs = 0;
  const services: KernelServices = {
    ...real,
    clock: {
      now: () => real.clock.now() + aheadMs,
      after: (delayMs, fire) => real.clock.after(delayMs, fire),
      sleep: (delayMs) => real.clock.sleep(delayMs),
    },
  };
  const world = testFaceApi(options, services);
  const asked = new Set<string>();
  const listener = faceApiListener(
    {
      ...world.api,
      unmatched: 0,
      unsupported: 0,
      answer: (request) => {
        const operation = findRoute(request)?.route.operation;
        if (operation !== undefined) asked.add(operation);
        return world.api.answer(request);
      },
    },
    { clock: services.clock, keys },
  );
  const server = http.createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    ...world,
    asked,
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    advance(ms) {
      aheadMs += ms;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
