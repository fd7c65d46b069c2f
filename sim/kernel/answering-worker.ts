/** A worker thread that answers requests, one answer each: what the two sides say to each other. */
import { parentPort, Worker, workerData } from 'node:worker_threads';

interface Question<Request> {
  readonly id: number;
  readonly request: Request;
}

type Reply<Answer> =
  | { readonly id: number; readonly answer: Answer }
  | { readonly id: number; readonly code: string; readonly message: string };

/** The thread could not start, could not answer or died; `code` is that of the thread's own error, if it had one. */
export class WorkerError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'WorkerError';
    this.code = code;
  }
}

/** The id of what a thread says unasked, when it is ready. */
const READY = 0;

interface Waiting<Answer> {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/** The asking side. `Ready` is what the thread says when it has opened. */
export class AnsweringWorker<Request, Answer, Ready = null> {
  /** Rejects when the thread could not open. */
  readonly ready: Promise<Ready>;
  private readonly thread: Worker;
  private readonly name: string;
  private readonly waiting = new Map<number, Waiting<unknown>>();
  private nextId = READY + 1;
  private dead: WorkerError | undefined;

  /** `name` is for messages about its failure: `the detector's thread`. `entry` is a compiled file. */
  constructor(name: string, entry: URL, start: unknown) {
    this.name = name;
    this.thread = new Worker(entry, { workerData: start });
    this.ready = this.expect(READY) as Promise<Ready>;
    this.ready.catch(() => {});
    this.thread.on('message', (reply: Reply<unknown>) => this.receive(reply));
    this.thread.on('error', (error: Error) => this.die(`failed: ${error.message}`));
    this.thread.on('exit', (code) => this.die(`ended with code ${code}`));
  }

  /** Requests under way. */
  get busy(): number {
    return this.waiting.size;
  }

  ask(request: Request): Promise<Answer> {
    if (this.dead !== undefined) return Promise.reject(this.dead);
    const id = this.nextId++;
    const answer = this.expect(id) as Promise<Answer>;
    const question: Question<Request> = { id, request };
    this.thread.postMessage(question);
    return answer;
  }

  /** Ends the thread, whatever it is at. */
  async close(): Promise<void> {
    await this.thread.terminate();
  }

  private expect(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
    });
  }

  private receive(reply: Reply<unknown>): void {
    const waiting = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if ('answer' in reply) waiting?.resolve(reply.answer);
    else waiting?.reject(new WorkerError(reply.code, reply.message));
  }

  private die(what: string): void {
    this.dead ??= new WorkerError('FF_WORKER_ENDED', `${this.name} ${what}`);
    for (const waiting of this.waiting.values()) waiting.reject(this.dead);
    this.waiting.clear();
  }
}

export interface Answered<Answer> {
  readonly answer: Answer;
  /** Memory that is handed over instead of copied. */
  readonly transfer?: readonly ArrayBuffer[];
}

export interface Opened<Request, Answer, Ready> {
  readonly ready: Ready;
  answer(request: Request): Promise<Answered<Answer>>;
}

/** The answering side, called once by a thread's entry file: opens what it needs, then answers. */
export async function answerRequests<Start, Request, Answer, Ready>(
  open: (start: Start) => Promise<Opened<Request, Answer, Ready>>,
): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error('runs as a worker thread only');
  const say = (reply: Reply<Answer | Ready>, transfer: readonly ArrayBuffer[] = []) =>
    port.postMessage(reply, transfer);
  const fail = (id: number, error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'FF_WORKER';
    say({ id, code, message: error instanceof Error ? error.message : String(error) });
  };
  try {
    const opened = await open(workerData as Start);
    port.on('message', async ({ id, request }: Question<Request>) => {
      try {
        const { answer, transfer } = await opened.answer(request);
        say({ id, answer }, transfer);
      } catch (error) {
        fail(id, error);
      }
    });
    say({ id: READY, answer: opened.ready });
  } catch (error) {
    fail(READY, error);
  }
}
