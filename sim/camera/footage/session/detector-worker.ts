/** A thread of the detector pool. */
import type { Detection } from '../../../../pipeline/boundaries.js';
import { openDetector } from '../../../../pipeline/detection/detector.js';
import type { Frame } from '../../../../pipeline/detection/frame.js';
import { answerRequests } from '../../../kernel/answering-worker.js';
import type { DetectorStart } from './detector-pool.js';

await answerRequests<DetectorStart, Frame, readonly Detection[], string>(async ({ modelZip, options }) => {
  const detector = await openDetector(modelZip, { backend: 'wasm', ...options });
  return {
    ready: detector.backend.description,
    answer: async (frame) => ({ answer: await detector.detect(frame) }),
  };
});
