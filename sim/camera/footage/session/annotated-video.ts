import { writeFile } from 'node:fs/promises';
import type { Canvas } from '@napi-rs/canvas';
import { VideoEncoder, VideoEncodingError } from '../video-encoder.js';

/** Where the footage does not say its rate; it matters to players' displays only. */
const DEFAULT_FRAME_RATE = 25;

/** The footage with everything drawn on it, as a video. */
export class AnnotatedVideo {
  private readonly file: string;
  private readonly framesPerSecond: number;
  private encoder: VideoEncoder | null = null;

  constructor(file: string, framesPerSecond: number | null) {
    this.file = file;
    this.framesPerSecond = framesPerSecond ?? DEFAULT_FRAME_RATE;
  }

  /** Rejects with `VideoEncodingError` when there can be no such file, before anything has played. */
  static async prepare(file: string): Promise<void> {
    await writeFile(file, '').catch((error: Error) => {
      throw new VideoEncodingError(`${file} cannot be written: ${error.message}`);
    });
  }

  /** Rejects with `VideoEncodingError`. */
  async add(canvas: Canvas, atMs: number): Promise<void> {
    const { width: widthPixels, height: heightPixels } = canvas;
    this.encoder ??= await VideoEncoder.open(this.file, { widthPixels, heightPixels }, this.framesPerSecond);
    const { data } = canvas.getContext('2d').getImageData(0, 0, widthPixels, heightPixels);
    await this.encoder.add({ widthPixels, heightPixels, rgba: data }, atMs);
  }

  async end(): Promise<void> {
    await this.encoder?.end();
  }
}
