/** Function apps written to a temporary folder, and the storage and event hub that a test gives them. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { projectRoot } from '../../kernel/index.js';
import type { EventSender } from '../bindings/event-hubs-output.js';
import type { BlobArrival, TriggerBlob, TriggerBlobs } from '../triggers/blob-trigger.js';

/** Returns the folder, which goes when the test ends. `files` are by path; package.json and a link to our packages are added. */
export function writeApp(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'function-app-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  symlinkSync(join(projectRoot(import.meta.dirname), 'node_modules'), join(folder, 'node_modules'));
  const all = { 'package.json': '{"main": "src/functions/*.mjs"}', ...files };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** A storage account in memory: as much of one as a trigger sees. */
export class FakeStorage implements TriggerBlobs {
  private readonly blobs = new Map<string, TriggerBlob>();
  private readonly listeners = new Set<(arrival: BlobArrival) => void>();
  private versions = 0;

  onBlobWritten(listener: (arrival: BlobArrival) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async get(container: string, name: string): Promise<TriggerBlob | null> {
    return this.blobs.get(`${container}/${name}`) ?? null;
  }

  write(container: string, name: string, text: string): BlobArrival {
    const etag = `"v${++this.versions}"`;
    const body = Buffer.from(text);
    const blob = { body, contentType: 'image/jpeg', metadata: { storeid: 'one' }, etag, lastModifiedMs: 0 };
    this.blobs.set(`${container}/${name}`, blob);
    const arrival = { container, name, etag, uri: `http://storage/${container}/${name}` };
    this.announce(arrival);
    return arrival;
  }

  /** Says again that a version was written, as a trigger may at any time. */
  announce(arrival: BlobArrival): void {
    for (const listener of this.listeners) listener(arrival);
  }

  readonly put = async (container: string, name: string, body: Uint8Array): Promise<void> => {
    this.write(container, name, Buffer.from(body).toString());
  };

  delete(container: string, name: string): void {
    this.blobs.delete(`${container}/${name}`);
  }
}

export interface SentBatch {
  readonly atMs: number;
  readonly bodies: readonly unknown[];
  readonly partitionKey: string | undefined;
}

/** An event hub that can be out of reach. */
export class FakeEventHub implements EventSender {
  readonly sent: SentBatch[] = [];
  isUp = true;
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  async send(events: readonly { readonly body: unknown }[], partitionKey?: string): Promise<void> {
    if (!this.isUp) throw new Error('the hub is out of reach');
    this.sent.push({ atMs: this.now(), bodies: events.map(({ body }) => body), partitionKey });
  }
}
