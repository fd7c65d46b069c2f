/** A filmstrip of each track: a few small pictures over the time in which it was seen. */
import type { PixelBox } from '../../../../pipeline/boundaries.js';
import type { Frame } from '../../../../pipeline/detection/frame.js';
import type { TrackedPerson } from '../../../../pipeline/detection/tracking/tracker.js';
import { cutOut } from './annotate.js';
import { Spaced } from './spaced.js';

export interface TrackPicture {
  readonly atMs: number;
  readonly jpeg: Uint8Array;
}

export interface PlayedTrack {
  readonly track: number;
  /** Null for a track that was too short to count. */
  readonly visitor: number | null;
  readonly fromMs: number;
  readonly toMs: number;
  readonly sightings: number;
  readonly pictures: readonly TrackPicture[];
}

/** Pictures of a track, and tracks that are kept. */
const MOST_PICTURES = 6;
const MOST_TRACKS = 60;
const FIRST_SPACE_MS = 400;
const PICTURE_HEIGHT_PIXELS = 96;
const QUALITY = 70;
/** Of the box's size, on each side. */
const MARGIN = 0.08;

interface Page {
  readonly track: number;
  visitor: number | null;
  readonly fromMs: number;
  toMs: number;
  sightings: number;
  readonly pictures: Spaced<TrackPicture>;
}

export class TrackAlbum {
  private readonly withPictures: boolean;
  private readonly pages = new Map<number, Page>();
  private tracks = 0;

  /** Without pictures, times and numbers remain. */
  constructor(withPictures: boolean) {
    this.withPictures = withPictures;
  }

  /** Tracks that began, also those that are not kept. */
  get count(): number {
    return this.tracks;
  }

  add(
    frame: Frame,
    atMs: number,
    people: readonly TrackedPerson[],
    visitorOf: (track: number) => number | undefined,
  ) {
    for (const { track, detection, firstSeenMs, sightings } of people) {
      const page = this.pages.get(track) ?? this.begin(track, firstSeenMs);
      page.toMs = atMs;
      page.sightings = sightings;
      page.visitor = visitorOf(track) ?? page.visitor;
      if (this.withPictures)
        page.pictures.offer(atMs, () => ({ atMs, jpeg: pictureOf(frame, detection.box) }));
    }
    if (this.pages.size > 2 * MOST_TRACKS) this.thinOut();
  }

  /** The tracks that were seen most, in the order of their numbers. */
  toTracks(): readonly PlayedTrack[] {
    this.thinOut();
    return [...this.pages.values()]
      .sort((one, other) => one.track - other.track)
      .map(({ pictures, ...page }) => ({ ...page, pictures: pictures.items }));
  }

  private begin(track: number, fromMs: number): Page {
    this.tracks++;
    const pictures = new Spaced<TrackPicture>(MOST_PICTURES, FIRST_SPACE_MS);
    const page: Page = { track, visitor: null, fromMs, toMs: fromMs, sightings: 0, pictures };
    this.pages.set(track, page);
    return page;
  }

  private thinOut(): void {
    const mostSeen = [...this.pages.values()].sort(
      (one, other) => other.sightings - one.sightings || one.track - other.track,
    );
    for (const { track } of mostSeen.slice(MOST_TRACKS)) this.pages.delete(track);
  }
}

function pictureOf(frame: Frame, box: PixelBox): Uint8Array {
  const left = Math.max(0, box.left - MARGIN * box.width);
  const top = Math.max(0, box.top - MARGIN * box.height);
  const width = Math.min(frame.widthPixels - left, box.width * (1 + 2 * MARGIN));
  const height = Math.min(frame.heightPixels - top, box.height * (1 + 2 * MARGIN));
  return cutOut(frame, { left, top, width, height }, PICTURE_HEIGHT_PIXELS).toBuffer('image/jpeg', QUALITY);
}
