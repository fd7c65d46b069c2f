/** FFmpeg, as `node-av` brings it; loaded only when a video is played or written. */
import { FootageError } from './footage.js';

export type VideoLibrary = typeof import('node-av/lib') & typeof import('node-av/constants');

/** Throws `FF_FOOTAGE_NO_DECODER` where its native part does not load. */
export async function loadVideoLibrary(): Promise<VideoLibrary> {
  let library: VideoLibrary;
  try {
    library = { ...(await import('node-av/lib')), ...(await import('node-av/constants')) };
  } catch (cause) {
    throw new FootageError(
      'FF_FOOTAGE_NO_DECODER',
      `the video decoder does not load on ${process.platform}-${process.arch}; run \`npm ci\`, or extract the frames to a directory of images`,
      { cause },
    );
  }
  library.Log.setLevel(library.AV_LOG_QUIET);
  return library;
}
