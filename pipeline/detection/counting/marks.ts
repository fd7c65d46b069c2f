/** What an installer draws on a camera's picture: lines that people cross and zones that they stand in. */

/** A place in the picture, in pixels from its upper left corner. */
export interface PixelPoint {
  readonly x: number;
  readonly y: number;
}

/** A line on the floor. Going from its left to its right, seen from `from` towards `to`, is going in. */
export interface CountingLine {
  readonly id: string;
  readonly from: PixelPoint;
  readonly to: PixelPoint;
}

/** An area of the floor as the picture shows it. */
export interface CountingZone {
  readonly id: string;
  readonly name: string;
  /** Corners of a simple polygon, in either sense of rotation, not closed. */
  readonly area: readonly PixelPoint[];
}

export interface CameraMarks {
  readonly lines: readonly CountingLine[];
  readonly zones: readonly CountingZone[];
  /** Who leaves at the picture's edge and is back within this time is no new visitor; 0: everybody is. */
  readonly reentryMs: number;
}

export const NO_MARKS: CameraMarks = { lines: [], zones: [], reentryMs: 0 };

/** True when the point lies in the polygon, by the number of edges to its right (even-odd rule). */
export function isInside({ x, y }: PixelPoint, area: readonly PixelPoint[]): boolean {
  let inside = false;
  for (const [index, corner] of area.entries()) {
    const before = area[(index + area.length - 1) % area.length] ?? corner;
    const spans = corner.y > y !== before.y > y;
    if (spans && x < corner.x + ((before.x - corner.x) * (y - corner.y)) / (before.y - corner.y))
      inside = !inside;
  }
  return inside;
}

/** Marks as a person drew them, before the picture's size is known. */
export interface DrawnMarks extends CameraMarks {
  /** `share`: coordinates are shares of the picture's sides, in [0, 1]. */
  readonly unit: 'pixels' | 'share';
}

/** The marks on a picture of that size. */
export function marksOn(
  { unit, lines, zones, reentryMs }: DrawnMarks,
  size: { readonly widthPixels: number; readonly heightPixels: number },
): CameraMarks {
  const [scaleX, scaleY] = unit === 'share' ? [size.widthPixels, size.heightPixels] : [1, 1];
  const place = ({ x, y }: PixelPoint): PixelPoint => ({ x: x * scaleX, y: y * scaleY });
  return {
    lines: lines.map(({ id, from, to }) => ({ id, from: place(from), to: place(to) })),
    zones: zones.map(({ id, name, area }) => ({ id, name, area: area.map(place) })),
    reentryMs,
  };
}
