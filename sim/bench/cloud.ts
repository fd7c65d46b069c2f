/** What the stand-ins of the cloud get through, in real time, on loopback. */
import type { Bench } from './bench.js';
import { measureBlobs } from './cloud/blobs.js';
import { measureEventHubs } from './cloud/event-hubs.js';
import { measureFaceReplays } from './cloud/face.js';
import { measureFunctions } from './cloud/functions.js';
import { measureRetention } from './cloud/retention.js';

export const cloudBench: Bench = {
  name: 'cloud',
  summary:
    'events through SDK, hub and SDK; blobs beside Azurite; Face replays; Function calls; memory over ten million events',
  async run(report, progress, options) {
    // First, while nothing else has left anything behind.
    measureRetention(report, progress, options);
    await measureEventHubs(report, progress, options);
    await measureBlobs(report, progress, options);
    await measureFaceReplays(report, progress, options);
    await measureFunctions(report, progress, options);
  },
};
