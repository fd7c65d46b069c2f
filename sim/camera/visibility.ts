/**
 * Who a camera can see, without drawing: boxes, sizes and hidden shares from the body's outline, the store's boxes
 * and the people in front. Some 20 points of each body are asked what hides them, so hidden shares come in steps.
 * Heads are taken to look where the body faces.
 */
import { degrees, signedDegrees } from './arithmetic.js';
import { BodyOutline, HEAD_LEVEL, LEVEL_COUNT, levelShare } from './body-outline.js';
import {
  type CameraPose,
  cameraPose,
  distanceTo,
  elevationDegrees,
  headingToCamera,
  personPixelHeight,
} from './camera-pose.js';
import { BODY_REACH_METRES, hides, mayStandBetween, type Occluder, occludersOf } from './occluders.js';
import type { SceneCamera, ScenePlan, SceneShopper } from './scene.js';
import { CHEST_SHARE, type VisibleFace, type VisiblePerson } from './visible-person.js';

/** Farther away, people are some 25 pixels tall in a picture of 640 by 480: no detector sees them. */
const FARTHEST_METRES = 25;
/** Chin to crown as a share of body height, for adults; children's heads are larger, which this leaves out. */
const HEAD_SHARE = 0.127;
/** Points across the outline at which a body is asked what hides it, in half widths. */
const COLUMNS = [-0.67, 0, 0.67] as const;
/** Rows of points between two neighbouring levels. */
const ROWS = [1, 2, 1, 1, 1, 1, 1, 1] as const;

interface Candidate {
  readonly shopper: SceneShopper;
  readonly outline: BodyOutline;
  readonly distanceMetres: number;
}

/** What the points of one body say: weights, and the extent of those that can be seen. */
interface Tally {
  whole: number;
  seen: number;
  head: number;
  headSeen: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The view of one camera; keeps what does not change between looks. */
export class TruthView {
  readonly pose: CameraPose;
  private readonly occluders: readonly Occluder[];
  private readonly outlines: BodyOutline[] = [];
  /** What may hide the body that is looked at. */
  private readonly boxes: Occluder[] = [];
  private readonly others: BodyOutline[] = [];
  private readonly tally: Tally = {
    whole: 0,
    seen: 0,
    head: 0,
    headSeen: 0,
    left: 0,
    top: 0,
    right: 0,
    bottom: 0,
  };

  constructor(plan: ScenePlan, camera: SceneCamera) {
    this.pose = cameraPose(camera);
    this.occluders = occludersOf(plan, this.pose);
  }

  /**
   * A cheap test of a place on the floor that most shoppers of a store fail: before the camera, near enough, and
   * not far to its side.
   */
  readonly mayShow = (x: number, y: number): boolean => {
    const { position: p, right: r, forward: f } = this.pose;
    const dx = x - p[0];
    const dy = y - p[1];
    if (dx * dx + dy * dy > FARTHEST_METRES * FARTHEST_METRES) return false;
    const feetDepth = dx * f[0] + dy * f[1] - p[2] * f[2];
    if (feetDepth < 0) return false;
    const aside = Math.abs(dx * r[0] + dy * r[1]) - BODY_REACH_METRES * 2;
    return aside * this.pose.focalPixels < (feetDepth * this.pose.widthPixels) / 2;
  };

  /** Everybody of whom something can be seen, nearest first. */
  look(shoppers: Iterable<SceneShopper>): readonly VisiblePerson[] {
    const candidates = this.candidates(shoppers);
    const visible: VisiblePerson[] = [];
    candidates.forEach((candidate, index) => {
      this.tallyPoints(candidate, candidates, index);
      if (this.tally.seen > 0) visible.push(this.person(candidate));
    });
    return visible;
  }

  /** Those whose outline touches the picture, nearest first; ties by number. */
  private candidates(shoppers: Iterable<SceneShopper>): readonly Candidate[] {
    const { pose } = this;
    const found: Candidate[] = [];
    for (const shopper of shoppers) {
      if (!this.mayShow(shopper.state.x, shopper.state.y)) continue;
      const outline = this.outlines[found.length] ?? new BodyOutline();
      this.outlines[found.length] = outline;
      if (!outline.project(pose, shopper)) continue;
      const { left, right, top, bottom } = outline;
      if (right <= 0 || bottom <= 0 || left >= pose.widthPixels || top >= pose.heightPixels) continue;
      found.push({
        shopper,
        outline,
        distanceMetres: distanceTo(
          pose,
          shopper.state.x,
          shopper.state.y,
          shopper.profile.heightMetres * CHEST_SHARE,
        ),
      });
    }
    return found.sort(
      (a, b) => a.distanceMetres - b.distanceMetres || a.shopper.state.shopper - b.shopper.state.shopper,
    );
  }

  private tallyPoints(candidate: Candidate, candidates: readonly Candidate[], index: number): void {
    const { tally, pose } = this;
    const { outline } = candidate;
    tally.whole = tally.seen = tally.head = tally.headSeen = 0;
    tally.left = tally.top = Number.POSITIVE_INFINITY;
    tally.right = tally.bottom = Number.NEGATIVE_INFINITY;
    this.findBlockers(candidate, candidates, index);
    const free = this.boxes.length === 0 && this.others.length === 0;
    const inPicture =
      outline.left >= 0 &&
      outline.top >= 0 &&
      outline.right <= pose.widthPixels &&
      outline.bottom <= pose.heightPixels;
    for (let level = 0; level + 1 < LEVEL_COUNT; level++) {
      const rows = ROWS[level] ?? 1;
      for (let row = 0; row < rows; row++)
        this.tallyRow(candidate, level, (row + 0.5) / rows, rows, free && inPicture);
    }
  }

  /** Asks the points of one row across the body, `share` of the way from a level to the next. */
  private tallyRow(
    candidate: Candidate,
    level: number,
    share: number,
    rows: number,
    unhidden: boolean,
  ): void {
    const { outline, shopper } = candidate;
    const { pose } = this;
    const y = between(outline.y, level, share);
    const middle = between(outline.x, level, share);
    const half = between(outline.halfWidth, level, share);
    const rowHeight = Math.abs((outline.y[level] as number) - (outline.y[level + 1] as number)) / rows;
    const z =
      (levelShare(level) * (1 - share) + levelShare(level + 1) * share) * shopper.profile.heightMetres;
    const head = level >= HEAD_LEVEL;
    if (unhidden) {
      this.count(half * rowHeight * COLUMNS.length, head, true, middle, y, half, rowHeight / 2);
      return;
    }
    const metresPerPixel = outline.depthMetres / pose.focalPixels;
    for (const column of COLUMNS) {
      const x = middle + column * half;
      const seen = this.pointSeen(x, y, z, shopper, column * half * metresPerPixel);
      this.count(half * rowHeight, head, seen, x, y, half / 3, rowHeight / 2);
    }
  }

  /** Whether a point of the picture shows the body's point `aside` metres to its side and `z` up. */
  private pointSeen(x: number, y: number, z: number, { state }: SceneShopper, aside: number): boolean {
    const { pose, boxes, others } = this;
    if (x < 0 || y < 0 || x >= pose.widthPixels || y >= pose.heightPixels) return false;
    for (const other of others) if (other.covers(x, y)) return false;
    const worldX = state.x + pose.right[0] * aside;
    const worldY = state.y + pose.right[1] * aside;
    for (const box of boxes) if (hides(box, pose.position, worldX, worldY, z)) return false;
    return true;
  }

  private count(
    weight: number,
    head: boolean,
    seen: boolean,
    x: number,
    y: number,
    halfWidth: number,
    halfHeight: number,
  ): void {
    const { tally } = this;
    tally.whole += weight;
    if (head) tally.head += weight;
    if (!seen) return;
    tally.seen += weight;
    if (head) tally.headSeen += weight;
    tally.left = Math.min(tally.left, x - halfWidth);
    tally.right = Math.max(tally.right, x + halfWidth);
    tally.top = Math.min(tally.top, y - halfHeight);
    tally.bottom = Math.max(tally.bottom, y + halfHeight);
  }

  /** Fills `boxes` and `others` with what may stand between the camera and the body. */
  private findBlockers(
    { shopper, outline }: Candidate,
    candidates: readonly Candidate[],
    index: number,
  ): void {
    const { position } = this.pose;
    const { x, y } = shopper.state;
    this.boxes.length = 0;
    this.others.length = 0;
    for (const box of this.occluders) {
      if (mayStandBetween(box, position, x, y)) this.boxes.push(box);
    }
    for (let i = 0; i < index; i++) {
      const other = candidates[i]?.outline;
      if (other?.overlaps(outline)) this.others.push(other);
    }
  }

  private person({ shopper, outline, distanceMetres }: Candidate): VisiblePerson {
    const { pose, tally } = this;
    const { state, profile } = shopper;
    const { heightMetres } = profile;
    const hiddenShare = 1 - tally.seen / tally.whole;
    const whole = hiddenShare === 0;
    const left = Math.max(0, whole ? outline.left : tally.left);
    const top = Math.max(0, whole ? outline.top : tally.top);
    const right = Math.min(pose.widthPixels, whole ? outline.right : tally.right);
    const bottom = Math.min(pose.heightPixels, whole ? outline.bottom : tally.bottom);
    const toCamera = headingToCamera(pose, state.x, state.y);
    const bodyYawDegrees = Math.abs(signedDegrees(degrees(state.headingRadians - toCamera)));
    return {
      shopper: state.shopper,
      box: { left, top, width: right - left, height: bottom - top },
      fullBox: {
        left: outline.left,
        top: outline.top,
        width: outline.right - outline.left,
        height: outline.bottom - outline.top,
      },
      pixelHeight: personPixelHeight(pose, state.x, state.y, heightMetres),
      visiblePixels: 2 * (tally.seen / COLUMNS.length),
      hiddenShare,
      distanceMetres,
      elevationDegrees: elevationDegrees(pose, state.x, state.y, heightMetres * CHEST_SHARE),
      bodyYawDegrees,
      face: this.face(outline, heightMetres, bodyYawDegrees),
    };
  }

  private face(outline: BodyOutline, heightMetres: number, yawDegrees: number): VisibleFace {
    const { tally, pose } = this;
    let left = Number.POSITIVE_INFINITY;
    let right = Number.NEGATIVE_INFINITY;
    let top = Number.POSITIVE_INFINITY;
    let bottom = Number.NEGATIVE_INFINITY;
    for (let level = HEAD_LEVEL; level < LEVEL_COUNT; level++) {
      const x = outline.x[level] as number;
      const y = outline.y[level] as number;
      left = Math.min(left, x - (outline.halfWidth[level] as number));
      right = Math.max(right, x + (outline.halfWidth[level] as number));
      top = Math.min(top, y - (outline.halfHeight[level] as number));
      bottom = Math.max(bottom, y + (outline.halfHeight[level] as number));
    }
    const hiddenShare = yawDegrees > 90 ? 1 : 1 - tally.headSeen / tally.head;
    return {
      headBox: { left, top, width: right - left, height: bottom - top },
      yawDegrees,
      sizePixels: (pose.focalPixels * heightMetres * HEAD_SHARE) / outline.depthMetres,
      hiddenShare,
      visible: hiddenShare < 1,
    };
  }
}

function between(array: Float64Array, level: number, share: number): number {
  return (array[level] as number) * (1 - share) + (array[level + 1] as number) * share;
}
