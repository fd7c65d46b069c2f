/** A camera whose pictures come now: RTSP, MJPEG over HTTP, a device of this machine, or a file in a loop. */
import type { Detection } from '../../../pipeline/boundaries.js';
import { AnsweringWorker } from '../../kernel/answering-worker.js';
import { workerEntry } from '../../kernel/worker-entry.js';
import type { LiveSource } from './live-source.js';

export type LiveRequest =
  | { readonly kind: 'load'; readonly modelZip: Uint8Array }
  | { readonly kind: 'look' }
  | { readonly kind: 'picture' }
  | { readonly kind: 'close' };

export type LiveAnswer =
  | { readonly kind: 'loaded'; readonly backend: string }
  | {
      readonly kind: 'looked';
      readonly widthPixels: number;
      readonly heightPixels: number;
      readonly objects: readonly Detection[];
    }
  /** No frame to look at now. */
  | { readonly kind: 'dark'; readonly problem: string }
  | { readonly kind: 'picture'; readonly jpeg: Uint8Array }
  | { readonly kind: 'closed' };

export type LiveLook = Extract<LiveAnswer, { kind: 'looked' | 'dark' }>;

export class LiveCamera {
  private readonly worker: AnsweringWorker<LiveRequest, LiveAnswer>;

  constructor(source: LiveSource) {
    const entry = workerEntry(import.meta.url, './live-worker.js');
    this.worker = new AnsweringWorker(`the thread of the camera ${source.address}`, entry, source);
  }

  /** Takes a model into use; says where it runs. Rejects when it does not. */
  async load(modelZip: Uint8Array): Promise<string> {
    const answer = await this.worker.ask({ kind: 'load', modelZip });
    if (answer.kind !== 'loaded') throw unexpected(answer);
    return answer.backend;
  }

  /** What is seen in the last frame that came. */
  async look(): Promise<LiveLook> {
    const answer = await this.worker.ask({ kind: 'look' });
    if (answer.kind !== 'looked' && answer.kind !== 'dark') throw unexpected(answer);
    return answer;
  }

  /** The frame that was looked at last, as a JPEG. Rejects before the first look. */
  async picture(): Promise<Uint8Array> {
    const answer = await this.worker.ask({ kind: 'picture' });
    if (answer.kind !== 'picture') throw unexpected(answer);
    return answer.jpeg;
  }

  async close(): Promise<void> {
    // A thread must not end in the middle of a call of FFmpeg's.
    await this.worker.ask({ kind: 'close' }).catch(() => {});
    await this.worker.close();
  }
}

function unexpected({ kind }: LiveAnswer): TypeError {
  return new TypeError(`unexpected answer ${kind}`);
}
