/** How finely a person is modelled, by their height in the picture: nobody sees the ears at 60 pixels. */

export interface Detail {
  readonly limbSegments: number;
  readonly trunkSegments: number;
  readonly headMeridians: number;
  readonly headParallels: number;
  /** Ears, soles, straps. */
  readonly trimmings: boolean;
  /** Thumbs. */
  readonly fingers: boolean;
}

const FAR: Detail = {
  limbSegments: 8,
  trunkSegments: 10,
  headMeridians: 12,
  headParallels: 9,
  trimmings: false,
  fingers: false,
};
const MIDDLE: Detail = {
  limbSegments: 10,
  trunkSegments: 14,
  headMeridians: 20,
  headParallels: 16,
  trimmings: true,
  fingers: false,
};
const NEAR: Detail = {
  limbSegments: 14,
  trunkSegments: 20,
  headMeridians: 36,
  headParallels: 28,
  trimmings: true,
  fingers: true,
};

export function detailFor(pixelHeight: number): Detail {
  if (pixelHeight < 90) return FAR;
  return pixelHeight < 230 ? MIDDLE : NEAR;
}
