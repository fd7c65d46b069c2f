/** One picture of a camera as pixels. */
export interface Frame {
  readonly widthPixels: number;
  readonly heightPixels: number;
  /** Red, green, blue, alpha, a byte each, rows from the top. Alpha is ignored. */
  readonly rgba: Uint8Array | Uint8ClampedArray;
}
