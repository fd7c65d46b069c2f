import type { Persona } from '../../fixtures/face/persona.js';
import type { KernelServices } from '../kernel/services.js';
import type { Era } from './era.js';
import type { FaceIds } from './faces/face-ids.js';
import type { RecognitionErrors } from './faces/recognition.js';
import type { SubjectLookup } from './faces/subject.js';
import type { FaceList } from './galleries/face-list.js';
import type { Galleries } from './galleries/galleries.js';
import type { PersonGroup } from './galleries/person-group.js';
import type { Replay } from './recordings/replay.js';

/** What the operations work with. */
export interface FaceApiState {
  readonly services: KernelServices;
  readonly persona: (id: string) => Persona | undefined;
  readonly subjects: SubjectLookup;
  readonly replay: Replay;
  readonly era: Era;
  readonly limitedAccessApproved: boolean;
  readonly recognitionErrors: RecognitionErrors;
  readonly faceIds: FaceIds;
  readonly faceLists: Galleries<FaceList>;
  readonly largeFaceLists: Galleries<FaceList>;
  readonly personGroups: Galleries<PersonGroup>;
  readonly largePersonGroups: Galleries<PersonGroup>;
}
