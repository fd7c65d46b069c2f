/** The person detector as the pipeline uses it: a frame in, people out. */
import type { Detection, PixelBox } from '../boundaries.js';
import { type Backend, type BackendName, startBackend } from './backends.js';
import { suppressOverlaps } from './boxes.js';
import { CentreNet } from './centre-net.js';
import type { Frame } from './frame.js';
import { Letterbox } from './letterbox.js';
import { openModelZip } from './model-zip.js';

export interface PersonDetector {
  /** What is seen in a frame, best first; boxes in pixels of the frame, within it. */
  detect(frame: Frame): Promise<readonly Detection[]>;
}

export interface DetectorOptions {
  /** The network's input, multiples of 16; the model zip's settings by default. */
  readonly inputWidthPixels?: number;
  readonly inputHeightPixels?: number;
  /** Lowest score to report, in [0, 1]; the model zip's threshold by default. A tracker makes use of less. */
  readonly minimumScore?: number;
  /** Of two boxes that overlap more than this (intersection over union), the better remains. Default 0.55. */
  readonly overlapLimit?: number;
  /** By default the fastest that starts; results repeat exactly across machines with `wasm` only. */
  readonly backend?: BackendName;
}

/** A detector that holds a loaded network. */
export interface OpenDetector extends PersonDetector {
  readonly backend: Backend;
  readonly targetFps: number;
  readonly inputWidthPixels: number;
  readonly inputHeightPixels: number;
  /** Frees the network's memory. */
  close(): void;
}

const DEFAULT_OVERLAP_LIMIT = 0.55;

/** Opens the model in a zip. Throws `ModelError` when the zip or the options make no sense. */
export async function openDetector(
  zipBytes: Uint8Array,
  options: DetectorOptions = {},
): Promise<OpenDetector> {
  const zip = openModelZip(zipBytes);
  const backend = await startBackend(options.backend);
  const network = CentreNet.load(
    zip,
    options.inputWidthPixels ?? zip.config.inputWidthPixels,
    options.inputHeightPixels ?? zip.config.inputHeightPixels,
  );
  const minimumScore = options.minimumScore ?? zip.config.confidenceThreshold;
  const overlapLimit = options.overlapLimit ?? DEFAULT_OVERLAP_LIMIT;
  const input = new Float32Array(network.inputWidth * network.inputHeight * 3);
  let letterbox: Letterbox | undefined;

  return {
    backend,
    targetFps: zip.config.targetFps,
    inputWidthPixels: network.inputWidth,
    inputHeightPixels: network.inputHeight,
    async detect(frame) {
      if (letterbox?.sourceWidth !== frame.widthPixels || letterbox.sourceHeight !== frame.heightPixels) {
        letterbox = new Letterbox(
          frame.widthPixels,
          frame.heightPixels,
          network.inputWidth,
          network.inputHeight,
        );
      }
      letterbox.fill(frame, input);
      const { scale } = letterbox;
      const detections = network.peaks(input, minimumScore).map(({ classIndex, score, box }) => ({
        label: zip.labels[classIndex] ?? `class ${classIndex}`,
        score: round(score, 1000),
        box: toSource(box, scale, frame),
      }));
      return suppressOverlaps(
        detections.filter(({ box }) => box.width > 0 && box.height > 0),
        overlapLimit,
      );
    },
    close: () => network.dispose(),
  };
}

/** From the network's pixels to the frame's, cut to the frame, to hundredths of a pixel. */
function toSource(box: PixelBox, scale: number, frame: Frame): PixelBox {
  const left = clamp(box.left / scale, frame.widthPixels);
  const top = clamp(box.top / scale, frame.heightPixels);
  const right = clamp((box.left + box.width) / scale, frame.widthPixels);
  const bottom = clamp((box.top + box.height) / scale, frame.heightPixels);
  return {
    left: round(left, 100),
    top: round(top, 100),
    width: round(right - left, 100),
    height: round(bottom - top, 100),
  };
}

function clamp(value: number, high: number): number {
  return Math.min(Math.max(value, 0), high);
}

function round(value: number, parts: number): number {
  return Math.round(value * parts) / parts;
}
