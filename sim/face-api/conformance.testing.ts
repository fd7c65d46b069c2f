/** What Microsoft documents of the Face API and its container, and the test that shows it here; null: absent. */
import { type Behaviour, conformancePage } from '../kernel/conformance-page.testing.js';
import { ROUTES } from './operations/routes.js';

const DETECT = 'detect.test.ts';
const REFUSALS = 'operations/refusals.test.ts';
const RECORDINGS = 'recordings/recordings.test.ts';
const REPLICAS = 'replicas/replicas.test.ts';
const CLIENTS = 'front/clients.test.ts';

const rule = (what: string, shownBy: Behaviour['shownBy']) => ({ area: 'Rules', what, shownBy }) as const;
const container = (what: string, shownBy: Behaviour['shownBy']) =>
  ({ area: 'Container and replicas', what, shownBy }) as const;
const recordings = (what: string, shownBy: Behaviour['shownBy']) =>
  ({ area: 'Recordings', what, shownBy }) as const;

export const BEHAVIOURS: readonly Behaviour[] = [
  rule('faces from 36 pixels, proportionally more in larger pictures', [
    DETECT,
    'wants proportionally larger',
  ]),
  rule('at most 100 faces, the largest first', [DETECT, 'gives at most 100 faces']),
  rule('what each detection and recognition model takes', [DETECT, 'refuses %s']),
  rule('pictures: JPEG, PNG, GIF, BMP, 1 KB to 6 MB', ['faces/picture.test.ts', 'must be of 1 KB to 6 MB']),
  rule('pictures by their address, inside the world only', [REFUSALS, 'is refused: %s']),
  rule('face ids live 60 s to 24 h', ['face-api.test.ts', 'is forgotten when its time to live']),
  rule('face lists: 64 of 1,000 faces', ['find-similar.test.ts', 'hold 1,000 faces']),
  rule('codes and messages of galleries', [REFUSALS, 'refuse what is no gallery']),
  rule('codes and messages of Identify and Verify', [REFUSALS, 'refuses %s']),
  rule('training: not started, running, succeeded; 404, 400 and 409', [
    CLIENTS,
    'trains a large list before',
  ]),
  rule('both eras', ['face-api.test.ts', 'retired refuses %s']),
  rule('snapshots: gone, as in the service', [CLIENTS, 'finds no snapshots']),
  rule('looking at the pixels of a face', null),
  rule('person directory, dynamic person groups, liveness sessions (v1.1 and later)', null),
  rule('large galleries beyond the limits of S0; quotas of F0', null),
  container('Eula, Billing and ApiKey, or no start', ['front/front.test.ts', 'does not start without']),
  container('/, /ready, /status and /swagger', ['front/front.test.ts', 'answers what a container shows']),
  container('429 with Retry-After, by queue and by tier', [REPLICAS, 'obey the rate of a pricing tier']),
  container('a crash loses what is in flight: 502 or a broken connection', [
    REPLICAS,
    'that crash lose what',
  ]),
  container('a rolling restart loses nothing', [REPLICAS, 'that are restarted one after another']),
  container('faults by rule: status, latency, share, count', [RECORDINGS, 'hits its operation as often']),
  container('any HTTP is answered', ['front/fuzz.test.ts', 'any request has an answer']),
  container('records of billing; output mounts and logs', null),
  recordings('several answers in order for one request', [
    RECORDINGS,
    'keeps several answers to one request',
  ]),
  recordings('strict replay, with the nearest recording in the error', [
    'face-api.test.ts',
    'do not answer another',
  ]),
  recordings('replay by the nearest match', [RECORDINGS, 'by the nearest match']),
  recordings('recorded and resampled latencies', [RECORDINGS, 'takes the time that %s says']),
  recordings('used, unused, stale, unmatched', [RECORDINGS, 'tells used, unused, stale']),
  recordings('recorded from local models, where there is no endpoint', [
    'local/local-faces.test.ts',
    'answers by local models',
  ]),
  recordings('no pictures, landmarks or descriptors', [RECORDINGS, 'refuses %s, with the place']),
  recordings('two services compared, each with its own ids', [RECORDINGS, 'teach which ids belong together']),
];

/** Operations first, then the rules. */
export function operationsAndRules(): string {
  const operations = ROUTES.map(({ method, operation, path }) => `- ${operation}: \`${method} ${path}\``);
  const [title, written, ...rules] = conformancePage('the Face API and its container', BEHAVIOURS).split(
    '\n\n',
  );
  const asked = `Each is asked for by \`@azure/cognitiveservices-face\` and by \`@azure-rest/ai-vision-face\` in \`${CLIENTS}\`.`;
  return [title, written, '## Operations of v1.0', asked, operations.join('\n'), ...rules].join('\n\n');
}
