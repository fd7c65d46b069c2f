import { overlap } from '../../../../pipeline/detection/boxes.js';
import { assign } from '../../../../pipeline/detection/tracking/assignment.js';
import type { TrackBox } from './mot-format.js';

/**
 * IDTP of Ristani et al., 2016: boxes that are right when every person is given one track for the whole sequence,
 * chosen so that as many as possible are.
 */
export class IdentityMatches {
  private readonly sameBox: number;
  /** In how many frames a person's box and a track's are the same, by person and track. */
  private readonly together = new Map<number, Map<number, number>>();
  private readonly trackIds = new Set<number>();

  constructor(sameBox: number) {
    this.sameBox = sameBox;
  }

  /** The true people and the tracks of one frame. */
  add(people: readonly TrackBox[], tracks: readonly TrackBox[]): void {
    for (const person of people) {
      for (const track of tracks) {
        if (overlap(person.box, track.box) < this.sameBox) continue;
        const frames = this.together.get(person.id) ?? new Map<number, number>();
        this.together.set(person.id, frames);
        frames.set(track.id, (frames.get(track.id) ?? 0) + 1);
        this.trackIds.add(track.id);
      }
    }
  }

  count(): number {
    const people = [...this.together.values()];
    const tracks = [...this.trackIds];
    const framesOf = (row: number, column: number) => people[row]?.get(tracks[column] ?? -1) ?? 0;
    const most = Math.max(1, ...people.flatMap((frames) => [...frames.values()]));
    const pairs = assign(people.length, tracks.length, (row, column) => most - framesOf(row, column), most);
    return pairs.reduce((sum, { row, column }) => sum + framesOf(row, column), 0);
  }
}
