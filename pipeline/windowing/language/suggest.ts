import { closest, distance } from 'fastest-levenshtein';

/** The one of `candidates` that `name` is probably a misspelling of, or undefined when none is near. */
export function suggest(name: string, candidates: Iterable<string>): string | undefined {
  const all = [...candidates];
  if (all.length === 0) return undefined;
  const lower = name.toLowerCase();
  // Two letters in the wrong order are one mistake, though two to the distance.
  const swapped = all.find((candidate) => candidate.toLowerCase() !== lower && isAnagram(candidate, lower));
  if (swapped !== undefined) return swapped;
  const best = closest(
    lower,
    all.map((candidate) => candidate.toLowerCase()),
  );
  const allowed = Math.max(1, Math.floor(name.length * 0.45));
  if (distance(lower, best) > allowed) return undefined;
  return all.find((candidate) => candidate.toLowerCase() === best);
}

function isAnagram(a: string, b: string): boolean {
  const letters = (text: string): string => [...text.toLowerCase()].sort().join('');
  return letters(a) === letters(b);
}
