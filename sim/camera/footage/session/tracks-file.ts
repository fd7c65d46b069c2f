import { createHash } from 'node:crypto';
import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { formatMotLine, type TrackBox } from '../quality/mot-format.js';

/** `tracks.txt`, written as the footage plays, so that a long one needs no memory. */
export class TracksFile {
  private readonly hash = createHash('sha256');
  private readonly stream: WriteStream | null;

  /** `file` null: nothing is written, the hash is taken all the same. */
  constructor(file: string | null) {
    this.stream = file === null ? null : createWriteStream(file);
    // A disk that fills up is told at the end; until then it must not end the process.
    this.stream?.on('error', () => {});
  }

  /** The boxes of one frame. */
  async add(boxes: readonly (TrackBox & { readonly score: number })[]): Promise<void> {
    if (boxes.length === 0) return;
    const text = boxes.map((box) => `${formatMotLine(box, box.score)}\n`).join('');
    this.hash.update(text);
    const { stream } = this;
    if (stream === null || stream.errored || stream.write(text)) return;
    await new Promise<void>((resolve) => {
      stream.once('drain', resolve);
      stream.once('close', resolve);
    });
  }

  /** SHA-256 of all that was added. Rejects with the error of the file system when it could not be written. */
  async end(): Promise<string> {
    this.stream?.end();
    if (this.stream !== null) await finished(this.stream);
    return this.hash.digest('hex');
  }
}
