/**
 * Who a camera can see, without drawing: boxes, sizes and hidden shares from the body's outline, the store's boxes
 * and the people in front. Some 20 points of each body are asked what hides them, so hidden shares come in steps.
 * Heads are taken to look where the body faces.
 */
import { degrees, signedDegrees } from '../arithmetic.js';
import {
  type CameraPose,
  cameraPose,
  distanceTo,
  elevationDegrees,
  headingToCamera,
  personPixelHeight,
} from '../camera-pose.js';
import type { SceneCamera, ScenePlan, SceneShopper } from '../scene.js';
import { BodyOutline, HEAD_LEVEL, LEVEL_COUNT } from './body-outline.js';
import { BodyPoints, COLUMN_COUNT } from './body-points.js';
import { BODY_REACH_METRES, mayStandBetween, type Occluder, occludersOf } from './occluders.js';
import { CHEST_SHARE, type VisibleFace, type VisiblePerson } from './visible-person.js';

/** Farther away, people are some 25 pixels tall in a picture of 640 by 480: no detector sees them. */
const FARTHEST_METRES = 25;
/** Chin to crown as a share of body height, for adults; children's heads are larger, which this leaves out. */
const HEAD_SHARE = 0.127;

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
  private readonly points = new BodyPoints();
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
    const { points, pose } = this;
    const { outline, shopper } = candidate;
    this.findBlockers(candidate, candidates, index);
    points.spread(pose, shopper, outline);
    const inPicture =
      outline.left >= 0 &&
      outline.top >= 0 &&
      outline.right <= pose.widthPixels &&
      outline.bottom <= pose.heightPixels;
    if (inPicture && this.boxes.length === 0 && this.others.length === 0) {
      this.countWholeRows();
      return;
    }
    for (const other of this.others) points.hideBehindBody(other);
    for (const box of this.boxes) points.hideBehindBox(box, pose.position);
    this.countPoints();
  }

  /** Nothing hides any point of the body. */
  private countWholeRows(): void {
    const { points, tally } = this;
    clear(tally);
    for (let row = 0; row < points.rowCount; row++) {
      const half = points.halfWidth[row] as number;
      const rowHeight = points.rowHeight[row] as number;
      const weight = half * rowHeight * COLUMN_COUNT;
      const middle = row * COLUMN_COUNT + (COLUMN_COUNT - 1) / 2;
      tally.whole += weight;
      tally.seen += weight;
      if (points.isHead(row)) {
        tally.head += weight;
        tally.headSeen += weight;
      }
      extend(tally, points.x[middle] as number, points.y[middle] as number, half, rowHeight / 2);
    }
  }

  private countPoints(): void {
    const { points, tally } = this;
    clear(tally);
    for (let row = 0; row < points.rowCount; row++) {
      const half = points.halfWidth[row] as number;
      const rowHeight = points.rowHeight[row] as number;
      const weight = half * rowHeight;
      const isHead = points.isHead(row);
      for (let column = 0; column < COLUMN_COUNT; column++) {
        const point = row * COLUMN_COUNT + column;
        tally.whole += weight;
        if (isHead) tally.head += weight;
        if (!points.isSeen(point)) continue;
        tally.seen += weight;
        if (isHead) tally.headSeen += weight;
        extend(tally, points.x[point] as number, points.y[point] as number, half / 3, rowHeight / 2);
      }
    }
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
      visiblePixels: 2 * (tally.seen / COLUMN_COUNT),
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

function clear(tally: Tally): void {
  tally.whole = tally.seen = tally.head = tally.headSeen = 0;
  tally.left = tally.top = Number.POSITIVE_INFINITY;
  tally.right = tally.bottom = Number.NEGATIVE_INFINITY;
}

/** Makes room in the tally's box for what can be seen around a point. */
function extend(tally: Tally, x: number, y: number, halfWidth: number, halfHeight: number): void {
  tally.left = Math.min(tally.left, x - halfWidth);
  tally.right = Math.max(tally.right, x + halfWidth);
  tally.top = Math.min(tally.top, y - halfHeight);
  tally.bottom = Math.max(tally.bottom, y + halfHeight);
}
