/** The store's thread of a truth run: it also looks at the store with the cameras' eyes. Started by `looks-ahead.ts`. */
import { workerData } from 'node:worker_threads';
import { readErrorModel } from '../../camera/error-model-file.js';
import { feedChunks } from '../../store/feed/feed-chunks.js';
import type { FeedWorkerData } from '../../store/feed/feed-protocol.js';
import { Foresight, type ForesightOptions } from './foresight.js';

const data = workerData as FeedWorkerData & { readonly foresight: ForesightOptions };
const foresight = new Foresight(data.foresight, readErrorModel());

// Copied, not moved: the samples are needed here for looks between this chunk's last one and the next chunk's first.
feedChunks(data, (chunk) => ({ chunk: foresight.see(chunk), transfer: [] }));
