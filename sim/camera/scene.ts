/**
 * What the camera knows of the store: structurally the floor plan's and the shoppers' own types, so that the
 * camera depends on neither.
 */

export interface ScenePoint {
  readonly x: number;
  readonly y: number;
}

/** An inner wall from floor to ceiling. */
export interface SceneWall {
  readonly from: ScenePoint;
  readonly to: ScenePoint;
  readonly thicknessMetres: number;
}

/** A doorway in the outer wall; `at` is its middle. */
export interface SceneEntrance {
  readonly at: ScenePoint;
  readonly widthMetres: number;
}

export type SceneDisplayKind = 'gondola' | 'wall-shelf' | 'table' | 'counter' | 'rail' | 'fridge' | 'stand';
export type SceneSide = 'north' | 'east' | 'south' | 'west';

/** A box on the floor that carries goods; `at` is its south-west corner. */
export interface SceneDisplay {
  readonly id: string;
  readonly kind: SceneDisplayKind;
  readonly at: ScenePoint;
  /** Along x. */
  readonly widthMetres: number;
  /** Along y. */
  readonly depthMetres: number;
  readonly heightMetres: number;
  /** The sides its goods face. */
  readonly front: readonly SceneSide[];
}

export interface ScenePlan {
  readonly name: string;
  readonly widthMetres: number;
  readonly depthMetres: number;
  readonly ceilingMetres: number;
  readonly walls: readonly SceneWall[];
  readonly entrances: readonly SceneEntrance[];
  readonly displays: readonly SceneDisplay[];
}

/** How a camera is mounted. Headings are compass degrees: 0 looks along +y, 90 along +x. */
export interface SceneCamera {
  readonly id: string;
  readonly at: ScenePoint;
  readonly heightMetres: number;
  readonly headingDegrees: number;
  /** Below the horizontal. */
  readonly tiltDegrees: number;
  /** Horizontal. */
  readonly fieldOfViewDegrees: number;
  readonly widthPixels: number;
  readonly heightPixels: number;
}

export type SceneActivity = 'walking' | 'dwelling' | 'queueing' | 'entering' | 'leaving';

/** Where a shopper is and what they do, at one instant. */
export interface SceneState {
  readonly shopper: number;
  readonly x: number;
  readonly y: number;
  /** Compass heading: 0 faces +y, π/2 faces +x. */
  readonly headingRadians: number;
  readonly speedMetresPerSecond: number;
  readonly activity: SceneActivity;
}

/** Who a shopper is, as far as it shows. */
export interface SceneProfile {
  readonly appearanceSeed: number;
  readonly ageYears: number;
  readonly gender: 'female' | 'male';
  readonly heightMetres: number;
}

export interface SceneShopper {
  readonly state: SceneState;
  readonly profile: SceneProfile;
}
