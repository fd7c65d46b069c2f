export interface Point {
  readonly x: number;
  readonly y: number;
}

/** From the floor to the drawing. */
export interface Page {
  /** What marks and letters are measured in, so that they look alike in small and large stores. */
  readonly unitMetres: number;
  toPage(floor: Point): Point;
}

/** Centimetres are enough for a drawing. */
export function short(metres: number): number {
  return Number(metres.toFixed(2));
}
