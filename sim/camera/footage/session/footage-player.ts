/** Footage that plays in a thread of its own, asked for by its time. */
import { AnsweringWorker } from '../../../kernel/answering-worker.js';
import { workerEntry } from '../../../kernel/worker-entry.js';
import type {
  FootageFacts,
  PlayedFootage,
  PlayedStretch,
  SessionAnswer,
  SessionRequest,
  SessionStart,
} from './session-messages.js';

export interface FootagePlayer {
  readonly facts: FootageFacts;
  /** Takes a model into use, before the first frame; says where the detector runs. */
  load(modelZip: Uint8Array): Promise<string>;
  /** Plays on until the frame that is shown at `timeMs`, from the footage's start. Times must not decrease. */
  advance(timeMs: number): Promise<PlayedStretch>;
  /** The frame that is shown, as a JPEG. */
  picture(): Promise<Uint8Array>;
  /** Ends the playing, at whatever frame, and tells what came of it. */
  finish(): Promise<PlayedFootage>;
  close(): Promise<void>;
}

/** Rejects with an error that carries the code of `FootageError` when the footage or its truth cannot be read. */
export async function openFootagePlayer(start: SessionStart): Promise<FootagePlayer> {
  const entry = workerEntry(import.meta.url, './session-worker.js');
  const worker = new AnsweringWorker<SessionRequest, SessionAnswer, FootageFacts>(
    "the footage's thread",
    entry,
    start,
  );
  const unexpected = (answer: SessionAnswer) => new TypeError(`unexpected answer ${answer.kind}`);
  try {
    const facts = await worker.ready;
    return {
      facts,
      async load(modelZip) {
        const answer = await worker.ask({ kind: 'load', modelZip });
        if (answer.kind !== 'loaded') throw unexpected(answer);
        return answer.backend;
      },
      async advance(timeMs) {
        const answer = await worker.ask({ kind: 'advance', timeMs });
        if (answer.kind !== 'advanced') throw unexpected(answer);
        return answer.stretch;
      },
      async picture() {
        const answer = await worker.ask({ kind: 'picture' });
        if (answer.kind !== 'picture') throw unexpected(answer);
        return answer.jpeg;
      },
      async finish() {
        const answer = await worker.ask({ kind: 'finish' });
        if (answer.kind !== 'finished') throw unexpected(answer);
        return answer.footage;
      },
      close: () => worker.close(),
    };
  } catch (error) {
    await worker.close();
    throw error;
  }
}
