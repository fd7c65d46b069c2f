/** Faults of the Function that analyses pictures, and of what it lets out. */
import { matchFaces } from '../../pipeline/analyze-faces/match-faces.js';
import { toAnonymousEvent } from '../../pipeline/anonymization/index.js';
import { AGE_BANDS, type AnonymousEvent } from '../../pipeline/boundaries.js';
import type { EventSender } from '../functions-host/index.js';
import type { Mutation } from './mutation.js';
import type { SolutionParts } from './solution-parts.js';

const LOST_BATCH = 5;

/** The parts with events that `change` has had in hand. */
const telling =
  (change: (event: AnonymousEvent) => AnonymousEvent) =>
  (parts: SolutionParts): SolutionParts => ({
    ...parts,
    strategies: { ...parts.strategies, toEvent: (person) => change(toAnonymousEvent(person)) },
  });

export const ANALYSIS_MUTATIONS: readonly Mutation[] = [
  {
    id: 'neighbours-face',
    stage: 'analyze-faces',
    plants: 'in a picture of several, each person gets the next one’s face',
    caughtBy: 'misreadFaces',
    plant: (parts) => ({
      ...parts,
      strategies: {
        ...parts.strategies,
        matchFaces(people, faces) {
          const { faceOfPerson, strangers } = matchFaces(people, faces);
          return { faceOfPerson: [...faceOfPerson.slice(1), ...faceOfPerson.slice(0, 1)], strangers };
        },
      },
    }),
  },
  {
    id: 'next-age-band',
    stage: 'anonymization',
    plants: 'everybody is put into the age band after their own',
    caughtBy: 'misreadFaces',
    plant: telling((event) => {
      const band = event.ageBand === null ? -1 : AGE_BANDS.indexOf(event.ageBand);
      return { ...event, ageBand: AGE_BANDS[band + 1] ?? event.ageBand };
    }),
  },
  {
    id: 'inverted-mood',
    stage: 'anonymization',
    plants: 'good mood is told as bad, and bad as good',
    caughtBy: 'misreadFaces',
    plant: telling((event) => ({
      ...event,
      emotionScore: event.emotionScore === null ? null : -event.emotionScore,
    })),
  },
  {
    id: 'always-new',
    stage: 'analyze-faces',
    plants: 'nobody is known again: each face is taken for a new visitor',
    caughtBy: 'countedTwice',
    plant: telling((event) =>
      event.visitor === null ? event : { ...event, visitor: event.eventId, newVisitor: true },
    ),
  },
  {
    id: 'leaked-field',
    stage: 'anonymization',
    plants: 'events carry a name of the picture beyond the allow-list',
    caughtBy: 'nothing but the allow-list leaves the premises',
    plant: telling((event) => ({ ...event, picture: `${event.cameraId}/${event.capturedAt}` })),
  },
  {
    id: 'kept-pictures',
    stage: 'analyze-faces',
    plants: 'analysed pictures are not deleted',
    caughtBy: 'a picture that was analysed is deleted',
    plant: (parts) => ({ ...parts, deletePicture: () => async () => {} }),
  },
  {
    id: 'lost-batches',
    stage: 'analyze-faces',
    plants: 'every fifth batch of events is taken for sent and never goes',
    caughtBy: 'no picture disappears',
    plant: (parts) => ({
      ...parts,
      eventSender(sender): EventSender {
        let batches = 0;
        return {
          async send(events, partitionKey) {
            batches++;
            if (batches % LOST_BATCH !== 0) await sender.send(events, partitionKey);
          },
        };
      },
    }),
  },
];
