/** The thread of a live camera: it looks, when it is asked, at the last frame that its stream brought. */
import { type OpenDetector, openDetector } from '../../../pipeline/detection/detector.js';
import type { Frame } from '../../../pipeline/detection/frame.js';
import { type Answered, answerRequests } from '../../kernel/answering-worker.js';
import { realTimeServices } from '../../kernel/index.js';
import { encodeJpeg } from '../jpeg.js';
import type { LiveAnswer, LiveRequest } from './live-camera.js';
import type { LiveSource } from './live-source.js';
import { LiveStream } from './live-stream.js';

await answerRequests<LiveSource, LiveRequest, LiveAnswer, null>(async (source) => {
  const stream = new LiveStream(source, realTimeServices('live').clock);
  let detector: OpenDetector | null = null;
  let lookedAt: Frame | null = null;

  async function load(modelZip: Uint8Array): Promise<LiveAnswer> {
    const opened = await openDetector(modelZip, { backend: 'wasm' });
    detector?.close();
    detector = opened;
    return { kind: 'loaded', backend: opened.backend.description };
  }

  async function look(): Promise<LiveAnswer> {
    const { last, problem } = stream;
    if (last === null || detector === null) return { kind: 'dark', problem: problem ?? 'no model is loaded' };
    lookedAt = last;
    const objects = await detector.detect(last);
    return { kind: 'looked', widthPixels: last.widthPixels, heightPixels: last.heightPixels, objects };
  }

  return {
    ready: null,
    async answer(request): Promise<Answered<LiveAnswer>> {
      switch (request.kind) {
        case 'load':
          return { answer: await load(request.modelZip) };
        case 'look':
          return { answer: await look() };
        case 'picture': {
          if (lookedAt === null) throw new Error('nothing has been looked at yet');
          const jpeg = new Uint8Array(encodeJpeg(lookedAt));
          return { answer: { kind: 'picture', jpeg }, transfer: [jpeg.buffer] };
        }
        case 'close':
          await stream.close();
          detector?.close();
          return { answer: { kind: 'closed' } };
      }
    },
  };
});
