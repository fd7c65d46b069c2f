/** Pages that say what a stand-in does of what is documented, written from the tests that show it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Behaviour {
  readonly area: string;
  readonly what: string;
  /** File from the stand-in's folder, and a part of the test's title. */
  readonly shownBy: readonly [file: string, title: string] | null;
}

/** The page that people read, about what `of` names. */
export function conformancePage(of: string, behaviours: readonly Behaviour[]): string {
  const areas = [...new Set(behaviours.map(({ area }) => area))];
  const sections = areas.map((area) => {
    const lines = behaviours
      .filter((each) => each.area === area)
      .map(
        ({ what, shownBy }) =>
          `- ${what}: ${shownBy === null ? '**absent**' : `\`${shownBy[0]}\`, “${shownBy[1]}”`}`,
      );
    return [`## ${area}`, '', ...lines, ''].join('\n');
  });
  return `# What ${of} do here\n\nWritten by \`conformance.test.ts\` from the tests that show each behaviour.\n\n${sections.join('\n')}`;
}

/** Behaviours whose test is not in `folder`, or no longer has that title. */
export function missingTests(folder: string, behaviours: readonly Behaviour[]): readonly string[] {
  return behaviours.flatMap(({ shownBy, what }) => {
    if (shownBy === null) return [];
    const [file, title] = shownBy;
    const isThere = readFileSync(join(folder, file), 'utf8').includes(title);
    return isThere ? [] : [`${what}: ${file} has no test '${title}'`];
  });
}
