/** What the stand-ins of the cloud get through, in real time, on loopback. */
import type { Bench } from './bench.js';
import { measureEventHubs } from './cloud/event-hubs.js';
import { measureRetention } from './cloud/retention.js';

export const cloudBench: Bench = {
  name: 'cloud',
  summary: 'events a second through SDK, hub and SDK, their latency, and memory over ten million events',
  async run(report, progress) {
    await measureEventHubs(report, progress);
    measureRetention(report, progress);
  },
};
