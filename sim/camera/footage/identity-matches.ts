import { assign } from '../../../pipeline/detection/assignment.js';
import { overlap } from '../../../pipeline/detection/boxes.js';
import { indexByFrame, type TrackBox } from './mot-format.js';

/**
 * IDTP of Ristani et al., 2016: boxes that are right when every person is given one track for the whole sequence,
 * chosen so that as many as possible are.
 */
export function identityMatches(
  people: readonly TrackBox[],
  tracks: readonly TrackBox[],
  sameBox: number,
): number {
  const personIds = [...new Set(people.map(({ id }) => id))];
  const trackIds = [...new Set(tracks.map(({ id }) => id))];
  const rowOf = new Map(personIds.map((id, row) => [id, row]));
  const columnOf = new Map(trackIds.map((id, column) => [id, column]));
  const together = personIds.map(() => new Array<number>(trackIds.length).fill(0));
  const tracksByFrame = indexByFrame(tracks);
  for (const person of people) {
    const row = together[rowOf.get(person.id) ?? -1];
    for (const track of tracksByFrame.get(person.frame) ?? []) {
      const column = columnOf.get(track.id) ?? -1;
      if (row && overlap(person.box, track.box) >= sameBox) row[column] = (row[column] ?? 0) + 1;
    }
  }
  const most = people.length + 1;
  const matches = (row: number, column: number) => together[row]?.[column] ?? 0;
  return assign(personIds.length, trackIds.length, (r, c) => most - matches(r, c), most).reduce(
    (sum, { row, column }) => sum + matches(row, column),
    0,
  );
}
