import type { Persona } from '../../fixtures/face/persona.js';
import type { KernelServices } from '../kernel/services.js';
import type { Era } from './era.js';
import type { FaceIds } from './face-ids.js';
import type { FaceLists } from './face-lists.js';
import type { RecognitionErrors } from './recognition.js';
import type { Replay } from './recordings.js';
import type { SubjectLookup } from './subject.js';

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
  readonly faceLists: FaceLists;
}
