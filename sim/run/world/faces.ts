/** The faces that shoppers wear: a persona of their age and gender, chosen once for each person. */

import type { PersonaLibrary } from '../../../fixtures/face/library.js';
import type { Persona } from '../../../fixtures/face/persona.js';
import { ageBandOf, emotionScoreOf, strongestEmotion } from '../../../pipeline/anonymization/index.js';
import type { Emotion } from '../../../pipeline/boundaries.js';
import type { RandomSource } from '../../kernel/services.js';
import type { ShopperProfile } from '../../store/visits/shopper.js';
import type { FaceOf, FaceReading } from '../sight/witness.js';
import type { StoreInWorld } from './store-in-world.js';

/** What recorded faces show: what the Function should make of them. */
export function readingsOf({
  find,
}: PersonaLibrary): (personaId: string, reaction: Emotion) => FaceReading | null {
  // By reaction, then by persona: a key put together of both would be hashed anew for every person of every picture.
  const known = new Map<Emotion, Map<string, FaceReading | null>>();
  return (personaId, reaction) => {
    let ofPersonas = known.get(reaction);
    if (ofPersonas === undefined) {
      ofPersonas = new Map();
      known.set(reaction, ofPersonas);
    }
    let reading = ofPersonas.get(personaId);
    if (reading === undefined) {
      reading = readingOf(find(personaId)?.recordings[reaction]);
      ofPersonas.set(personaId, reading);
    }
    return reading;
  };
}

function readingOf(recording: Persona['recordings'][Emotion] | undefined): FaceReading | null {
  if (recording === undefined) return null;
  const { age, emotion, gender } = recording.faceAttributes;
  return {
    ageBand: ageBandOf(age),
    gender,
    emotion: strongestEmotion(emotion),
    emotionScore: emotionScoreOf(emotion),
  };
}

/** Personas whose age differs least from a person's are as good as one another. */
const NEAREST_PERSONAS = 5;
const UNMOVED = 'neutral';

export function faceOf(store: StoreInWorld, personas: readonly Persona[], rng: RandomSource): FaceOf {
  const worn = new Map<string, string>();
  const personaOf = (profile: ShopperProfile): string => {
    const known = worn.get(profile.personId);
    if (known !== undefined) return known;
    const alike = personas
      .filter(({ gender }) => gender === profile.gender)
      .sort(
        (one, other) =>
          Math.abs(one.age - profile.ageYears) - Math.abs(other.age - profile.ageYears) ||
          (one.id < other.id ? -1 : 1),
      )
      .slice(0, NEAREST_PERSONAS);
    const persona = rng(`persona/${profile.personId}`).pick(alike).id;
    worn.set(profile.personId, persona);
    return persona;
  };
  return (shopper, reaction) => {
    const profile = store.profile(shopper);
    if (profile === undefined) return null;
    return { personaId: personaOf(profile), identity: profile.personId, reaction: reaction ?? UNMOVED };
  };
}
