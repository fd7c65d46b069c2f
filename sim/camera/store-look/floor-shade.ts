/** How much light reaches the floor: less beside displays and walls. A grid, made once per store. */
import { smoothStep } from '../arithmetic.js';
import type { ScenePlan } from '../scene.js';

const CELL_METRES = 0.1;
/** How far the shade of a display reaches. */
const REACH_METRES = 0.45;
const DARKEST = 0.34;

export class FloorShade {
  private readonly columns: number;
  private readonly rows: number;
  private readonly light: Float32Array;

  constructor(plan: ScenePlan) {
    this.columns = Math.ceil(plan.widthMetres / CELL_METRES) + 2;
    this.rows = Math.ceil(plan.depthMetres / CELL_METRES) + 2;
    this.light = new Float32Array(this.columns * this.rows).fill(1);
    for (const { at, widthMetres, depthMetres } of plan.displays) {
      this.shadeBeside(at.x, at.y, at.x + widthMetres, at.y + depthMetres);
    }
    const { widthMetres: w, depthMetres: d } = plan;
    this.shadeBeside(-1, -1, w + 1, 0);
    this.shadeBeside(-1, d, w + 1, d + 1);
    this.shadeBeside(-1, -1, 0, d + 1);
    this.shadeBeside(w, -1, w + 1, d + 1);
  }

  /** Light in (0, 1] at a point of the floor. */
  at(x: number, y: number): number {
    const fx = Math.max(0, Math.min(this.columns - 1.001, x / CELL_METRES));
    const fy = Math.max(0, Math.min(this.rows - 1.001, y / CELL_METRES));
    const column = Math.floor(fx);
    const row = Math.floor(fy);
    const tx = fx - column;
    const ty = fy - row;
    const i = row * this.columns + column;
    const upper = this.cell(i) * (1 - tx) + this.cell(i + 1) * tx;
    const lower = this.cell(i + this.columns) * (1 - tx) + this.cell(i + this.columns + 1) * tx;
    return upper * (1 - ty) + lower * ty;
  }

  private cell(index: number): number {
    return this.light[index] ?? 1;
  }

  private shadeBeside(x0: number, y0: number, x1: number, y1: number): void {
    const from = (metres: number) => Math.max(0, Math.floor((metres - REACH_METRES) / CELL_METRES));
    const to = (metres: number, limit: number) =>
      Math.min(limit - 1, Math.ceil((metres + REACH_METRES) / CELL_METRES));
    for (let row = from(y0); row <= to(y1, this.rows); row++) {
      for (let column = from(x0); column <= to(x1, this.columns); column++) {
        const dx = Math.max(x0 - column * CELL_METRES, column * CELL_METRES - x1, 0);
        const dy = Math.max(y0 - row * CELL_METRES, row * CELL_METRES - y1, 0);
        const near = smoothStep(REACH_METRES, 0, Math.sqrt(dx * dx + dy * dy));
        const i = row * this.columns + column;
        this.light[i] = this.cell(i) * (1 - DARKEST * near);
      }
    }
  }
}
