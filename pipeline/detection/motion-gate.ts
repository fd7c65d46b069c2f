/**
 * Tells whether anything moves, at about a hundredth of the detector's cost: the frame is reduced to about
 * 160 x 120 cells of brightness, each compared with its running mean (Wren et al., "Pfinder", 1997, without the
 * variance), and the cells that differ are grouped into connected areas; small groups are noise.
 */
import type { PixelBox } from '../boundaries.js';
import { connectedAreas } from './connected-areas.js';
import type { Frame } from './frame.js';

export interface MotionGateOptions {
  /** How far a cell's brightness, in [0, 255], must be from its mean. Default 14. */
  readonly differenceLevels?: number;
  /** Cells that a moving area must have. Default 6, about a person of 30 pixels in 480. */
  readonly smallestCells?: number;
  /** Frames over which the mean forgets. Default 25. */
  readonly memoryFrames?: number;
}

const COLUMNS_WANTED = 160;
/** Brightness of a cell is taken from at most this many pixels along each side. */
const SAMPLES_PER_SIDE = 4;

interface Grid {
  readonly widthPixels: number;
  readonly heightPixels: number;
  readonly cellPixels: number;
  readonly columns: number;
  readonly rows: number;
  readonly mean: Float32Array;
  readonly brightness: Float32Array;
  readonly differs: Uint8Array;
}

/** Keeps the running mean of one camera. */
export class MotionGate {
  private readonly differenceLevels: number;
  private readonly smallestCells: number;
  private readonly rate: number;
  private grid: Grid | undefined;

  constructor(options: MotionGateOptions = {}) {
    this.differenceLevels = options.differenceLevels ?? 14;
    this.smallestCells = options.smallestCells ?? 6;
    this.rate = 1 / (options.memoryFrames ?? 25);
  }

  /**
   * The areas that moved, in pixels of the frame, largest first. The first frame, and the first of another size,
   * moves as a whole.
   */
  movement(frame: Frame): readonly PixelBox[] {
    const { widthPixels, heightPixels } = frame;
    if (this.grid?.widthPixels !== widthPixels || this.grid.heightPixels !== heightPixels) {
      this.grid = makeGrid(widthPixels, heightPixels);
      measureBrightness(frame, this.grid);
      this.grid.mean.set(this.grid.brightness);
      return [{ left: 0, top: 0, width: widthPixels, height: heightPixels }];
    }
    const { grid } = this;
    measureBrightness(frame, grid);
    this.compareAndLearn(grid);
    return connectedAreas(grid.differs, grid.columns, grid.rows)
      .filter((area) => area.cells >= this.smallestCells)
      .map((area) => ({
        left: area.left * grid.cellPixels,
        top: area.top * grid.cellPixels,
        width: area.width * grid.cellPixels,
        height: area.height * grid.cellPixels,
      }));
  }

  private compareAndLearn({ mean, brightness, differs }: Grid): void {
    for (let cell = 0; cell < mean.length; cell++) {
      const difference = (brightness[cell] ?? 0) - (mean[cell] ?? 0);
      differs[cell] = Math.abs(difference) > this.differenceLevels ? 1 : 0;
      mean[cell] = (mean[cell] ?? 0) + difference * this.rate;
    }
  }
}

function makeGrid(widthPixels: number, heightPixels: number): Grid {
  const cellPixels = Math.max(1, Math.round(widthPixels / COLUMNS_WANTED));
  const columns = Math.floor(widthPixels / cellPixels);
  const rows = Math.floor(heightPixels / cellPixels);
  return {
    widthPixels,
    heightPixels,
    cellPixels,
    columns,
    rows,
    mean: new Float32Array(columns * rows),
    brightness: new Float32Array(columns * rows),
    differs: new Uint8Array(columns * rows),
  };
}

/** Mean luma (ITU-R BT.601, in 256ths) of a cell's sampled pixels. */
function measureBrightness(
  { rgba, widthPixels }: Frame,
  { cellPixels, columns, rows, brightness }: Grid,
): void {
  const step = Math.max(1, Math.floor(cellPixels / SAMPLES_PER_SIDE));
  const samplesPerSide = Math.ceil(cellPixels / step);
  const scale = 1 / (256 * samplesPerSide * samplesPerSide);
  let cell = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let dy = 0; dy < cellPixels; dy += step) {
        let pixel = ((row * cellPixels + dy) * widthPixels + column * cellPixels) * 4;
        for (let dx = 0; dx < cellPixels; dx += step) {
          sum += 77 * (rgba[pixel] ?? 0) + 150 * (rgba[pixel + 1] ?? 0) + 29 * (rgba[pixel + 2] ?? 0);
          pixel += step * 4;
        }
      }
      brightness[cell++] = sum * scale;
    }
  }
}
