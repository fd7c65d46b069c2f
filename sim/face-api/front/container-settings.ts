/**
 * What the container must be told before it starts: `Eula`, `Billing` and `ApiKey` (azure-docs,
 * face-how-to-install-containers.md: "otherwise, the container won't start").
 */

export class ContainerStartError extends Error {
  readonly code = 'FF_FACE_CONTAINER';
}

/**
 * @param settings the container's options; their names come in any case.
 * @throws ContainerStartError with everything that is missing or wrong.
 */
export function checkContainerSettings(settings: Readonly<Record<string, string>>): void {
  const byName = new Map(Object.entries(settings).map(([name, value]) => [name.toLowerCase(), value.trim()]));
  const problems = [
    eulaProblem(byName.get('eula')),
    billingProblem(byName.get('billing')),
    byName.get('apikey') ? null : 'ApiKey is missing',
  ].filter((problem) => problem !== null);
  if (problems.length === 0) return;
  throw new ContainerStartError(
    `the Face container does not start: ${problems.join('; ')}. It needs Eula=accept, Billing=<endpoint URI> and ApiKey=<key>`,
  );
}

function eulaProblem(eula: string | undefined): string | null {
  if (!eula) return 'Eula is missing';
  return eula.toLowerCase() === 'accept' ? null : `Eula is '${eula}', not 'accept'`;
}

function billingProblem(billing: string | undefined): string | null {
  if (!billing) return 'Billing is missing';
  return URL.canParse(billing) ? null : `Billing is '${billing}', which is no URI`;
}
