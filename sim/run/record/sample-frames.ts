/** A few pictures of the run, with the detector's boxes, for the report. */
import { createCanvas, loadImage } from '@napi-rs/canvas';
import type { PictureMetadata } from '../../../pipeline/boundaries.js';
import type { RunRecord } from '../../../reports/run-record.js';

interface Kept {
  readonly metadata: PictureMetadata;
  /** Gives the picture, or one to show in its place. */
  readonly picture: () => Uint8Array;
  /** Of the frame that the boxes are in. */
  readonly frameWidthPixels: number;
}

/** Cameras shown at most. */
const MOST_CAMERAS = 8;
const WIDTH_PIXELS = 640;
const QUALITY = 72;
const BOX_COLOUR = '#19e0a2';

/** Keeps, for each of the first cameras, the picture with the most people. */
export class SampleFrames {
  private readonly best = new Map<string, Kept>();

  /** `picture` is asked for only when it is the one with the most people so far. */
  offer(metadata: PictureMetadata, frameWidthPixels: number, picture: () => () => Uint8Array): void {
    const known = this.best.get(metadata.cameraId);
    if (known === undefined && this.best.size >= MOST_CAMERAS) return;
    if (known !== undefined && known.metadata.people.length >= metadata.people.length) return;
    this.best.set(metadata.cameraId, { metadata, frameWidthPixels, picture: picture() });
  }

  /** Draws the boxes; in the order of the cameras' names. */
  async toRecord(): Promise<RunRecord['frames']> {
    const kept = [...this.best.values()].sort((one, other) =>
      one.metadata.cameraId < other.metadata.cameraId ? -1 : 1,
    );
    return Promise.all(kept.map(drawn));
  }
}

async function drawn({ metadata, picture, frameWidthPixels }: Kept): Promise<RunRecord['frames'][number]> {
  const image = await loadImage(Buffer.from(picture()));
  const width = Math.min(WIDTH_PIXELS, image.width);
  const canvas = createCanvas(width, Math.round((image.height * width) / image.width));
  const scale = width / frameWidthPixels;
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  context.strokeStyle = BOX_COLOUR;
  context.lineWidth = 2;
  for (const { box } of metadata.people) {
    context.strokeRect(box.left * scale, box.top * scale, box.width * scale, box.height * scale);
  }
  const people = metadata.people.length === 1 ? '1 person' : `${metadata.people.length} people`;
  return {
    cameraId: metadata.cameraId,
    at: metadata.capturedAt,
    caption: `${metadata.cameraId}, ${metadata.section}: ${people} detected`,
    jpegBase64: canvas.toBuffer('image/jpeg', QUALITY).toString('base64'),
  };
}
