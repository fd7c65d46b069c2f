/** The Dev Kit's metadata stream: what the model saw in each frame with objects. */
import type { Look } from '../camera/sight.js';

export interface FrameMetadata {
  readonly timestamp: number;
  readonly objects: readonly {
    readonly id: number;
    readonly display_name: string;
    /** Per cent. */
    readonly confidence: number;
    /** In ten-thousandths of the frame. */
    readonly position: {
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
    };
  }[];
}

const WHOLE = 10_000;

/** Null for a frame without objects, of which the stream says nothing. */
export function frameMetadata(look: Look, timestampMs: number): FrameMetadata | null {
  if (look.objects.length === 0) return null;
  const across = (pixels: number) => Math.round((pixels / look.widthPixels) * WHOLE);
  const down = (pixels: number) => Math.round((pixels / look.heightPixels) * WHOLE);
  return {
    timestamp: timestampMs,
    objects: look.objects.map(({ box, label, score }, id) => ({
      id,
      display_name: label,
      confidence: Math.round(score * 100),
      position: {
        x: across(box.left),
        y: down(box.top),
        width: across(box.width),
        height: down(box.height),
      },
    })),
  };
}
