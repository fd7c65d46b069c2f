/**
 * The points of one body that are asked what hides them: a few rows of three, from the feet up. Held in arrays that
 * serve one body after the other, because a day of a store asks hundreds of millions of points.
 */

import type { CameraPose } from '../camera-pose.js';
import type { SceneShopper } from '../scene.js';
import { type BodyOutline, HEAD_LEVEL, LEVEL_COUNT, levelShare } from './body-outline.js';
import { hides, type Occluder } from './occluders.js';

/** Across the outline, in half widths. */
const COLUMNS = [-0.67, 0, 0.67] as const;
export const COLUMN_COUNT = COLUMNS.length;
/** Rows of points between two neighbouring levels. */
const ROWS_ABOVE_LEVEL = [1, 2, 1, 1, 1, 1, 1, 1] as const;

interface Row {
  readonly level: number;
  /** Of the way to the next level. */
  readonly share: number;
  readonly rowsOfLevel: number;
  readonly isHead: boolean;
  /** Height above the floor, as a share of body height. */
  readonly heightShare: number;
}

const ROWS: readonly Row[] = ROWS_ABOVE_LEVEL.slice(0, LEVEL_COUNT - 1).flatMap((rowsOfLevel, level) =>
  Array.from({ length: rowsOfLevel }, (_, row): Row => {
    const share = (row + 0.5) / rowsOfLevel;
    const heightShare = levelShare(level) * (1 - share) + levelShare(level + 1) * share;
    return { level, share, rowsOfLevel, isHead: level >= HEAD_LEVEL, heightShare };
  }),
);
const POINT_COUNT = ROWS.length * COLUMN_COUNT;

export class BodyPoints {
  /** By point, row by row: in the picture. */
  readonly x = new Float64Array(POINT_COUNT);
  readonly y = new Float64Array(POINT_COUNT);
  /** By row: pixels from the middle to the edge, and from the row below to the one above. */
  readonly halfWidth = new Float64Array(ROWS.length);
  readonly rowHeight = new Float64Array(ROWS.length);
  /** By point: 1 where something hides it. */
  private readonly hidden = new Uint8Array(POINT_COUNT);
  /** By point: in the store, metres. */
  private readonly storeX = new Float64Array(POINT_COUNT);
  private readonly storeY = new Float64Array(POINT_COUNT);
  private readonly storeZ = new Float64Array(POINT_COUNT);

  readonly rowCount = ROWS.length;

  isHead(row: number): boolean {
    return ROWS[row]?.isHead ?? false;
  }

  isSeen(point: number): boolean {
    return this.hidden[point] === 0;
  }

  /** Spreads the points over the body; those within the picture can be seen until something hides them. */
  spread(pose: CameraPose, { state, profile }: SceneShopper, outline: BodyOutline): void {
    const { right, widthPixels, heightPixels } = pose;
    const metresPerPixel = outline.depthMetres / pose.focalPixels;
    ROWS.forEach(({ level, share, rowsOfLevel, heightShare }, row) => {
      const y = between(outline.y, level, share);
      const middle = between(outline.x, level, share);
      const half = between(outline.halfWidth, level, share);
      this.halfWidth[row] = half;
      this.rowHeight[row] =
        Math.abs((outline.y[level] as number) - (outline.y[level + 1] as number)) / rowsOfLevel;
      for (let column = 0; column < COLUMN_COUNT; column++) {
        const point = row * COLUMN_COUNT + column;
        const offset = (COLUMNS[column] as number) * half;
        const x = middle + offset;
        const asideMetres = offset * metresPerPixel;
        this.x[point] = x;
        this.y[point] = y;
        this.storeX[point] = state.x + right[0] * asideMetres;
        this.storeY[point] = state.y + right[1] * asideMetres;
        this.storeZ[point] = heightShare * profile.heightMetres;
        this.hidden[point] = x < 0 || y < 0 || x >= widthPixels || y >= heightPixels ? 1 : 0;
      }
    });
  }

  hideBehindBody(other: BodyOutline): void {
    for (let point = 0; point < POINT_COUNT; point++) {
      if (this.hidden[point] === 0 && other.covers(this.x[point] as number, this.y[point] as number))
        this.hidden[point] = 1;
    }
  }

  hideBehindBox(box: Occluder, eye: CameraPose['position']): void {
    for (let point = 0; point < POINT_COUNT; point++) {
      if (this.hidden[point] === 1) continue;
      const x = this.storeX[point] as number;
      const y = this.storeY[point] as number;
      if (hides(box, eye, x, y, this.storeZ[point] as number)) this.hidden[point] = 1;
    }
  }
}

function between(array: Float64Array, level: number, share: number): number {
  return (array[level] as number) * (1 - share) + (array[level + 1] as number) * share;
}
