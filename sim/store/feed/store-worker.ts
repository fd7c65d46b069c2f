/** The thread that runs a store ahead of the world. Started by `store-feed.ts`, which says how far ahead. */
import { workerData } from 'node:worker_threads';
import { transferablesOf } from './chunk.js';
import { feedChunks } from './feed-chunks.js';
import type { FeedWorkerData } from './feed-protocol.js';

feedChunks(workerData as FeedWorkerData, (chunk) => ({ chunk, transfer: transferablesOf(chunk) }));
