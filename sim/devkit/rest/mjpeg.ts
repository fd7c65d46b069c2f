import type { ServerResponse } from 'node:http';
import type { Clock } from '../../kernel/services.js';

const BOUNDARY = 'frame';
/** Enough to follow somebody through the store, and little enough to draw several cameras at once. */
const FRAME_INTERVAL_MS = 250;

/** Video as browsers show it in an `<img>`: parts of `multipart/x-mixed-replace`, each a JPEG, until the reader leaves. */
export function streamVideo(response: ServerResponse, clock: Clock, frame: () => Promise<Uint8Array>): void {
  response.writeHead(200, {
    'content-type': `multipart/x-mixed-replace; boundary=${BOUNDARY}`,
    'cache-control': 'no-store',
    connection: 'close',
  });
  void sendFrames(response, clock, frame);
}

async function sendFrames(
  response: ServerResponse,
  clock: Clock,
  frame: () => Promise<Uint8Array>,
): Promise<void> {
  while (!response.destroyed) {
    const startMs = clock.now();
    // Whoever reads too slowly misses frames.
    if (!response.writableNeedDrain) {
      try {
        writePart(response, await frame());
      } catch {
        // No more frames come from this camera: the reader sees the end of the video.
        response.end();
        return;
      }
    }
    await clock.sleep(Math.max(1, FRAME_INTERVAL_MS - (clock.now() - startMs)));
  }
}

function writePart(response: ServerResponse, jpeg: Uint8Array): void {
  if (response.destroyed) return;
  response.write(`--${BOUNDARY}\r\ncontent-type: image/jpeg\r\ncontent-length: ${jpeg.length}\r\n\r\n`);
  response.write(jpeg);
  response.write('\r\n');
}
