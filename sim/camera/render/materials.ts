/** What surfaces are made of, as the shader wants it: plain numbers, one shape for all. */

export const FINISH = { cloth: 0, skin: 1, hair: 2, painted: 3, plain: 4, metal: 5 } as const;
export type Finish = (typeof FINISH)[keyof typeof FINISH];

export const PATTERN = { plain: 0, stripes: 1, check: 2, print: 3, denim: 4 } as const;
export type Pattern = (typeof PATTERN)[keyof typeof PATTERN];

/** Red, green and blue in [0, 255], before lighting. */
export type Colour = readonly [number, number, number];

/** Half the width in u of a garment's front that hangs open, and what is worn under it. */
export interface Opening {
  readonly halfWidth: number;
  readonly inner: Colour;
}

export interface Material {
  readonly finish: Finish;
  readonly colour: Colour;
  readonly pattern: Pattern;
  readonly secondColour: Colour;
  /** Buttoned (`halfWidth` 0) or open in front; null for closed cloth. */
  readonly opening: Opening | null;
  /** Depth of the folds in cloth. */
  readonly folds: number;
  /** Where in the fold texture this garment begins, in texels. */
  readonly foldOffset: number;
  /** For `painted` surfaces: a square texture, three numbers a texel. */
  readonly texture: Float32Array | null;
  readonly textureSize: number;
}

const BASE: Material = {
  finish: FINISH.plain,
  colour: [128, 128, 128],
  pattern: PATTERN.plain,
  secondColour: [128, 128, 128],
  opening: null,
  folds: 0,
  foldOffset: 0,
  texture: null,
  textureSize: 0,
};

export function cloth(colour: Colour, options: Partial<Material> = {}): Material {
  return { ...BASE, finish: FINISH.cloth, colour, folds: 0.35, ...options };
}

export function surface(finish: Finish, colour: Colour): Material {
  return { ...BASE, finish, colour };
}

export function painted(texture: Float32Array, textureSize: number): Material {
  return { ...BASE, finish: FINISH.painted, texture, textureSize };
}
