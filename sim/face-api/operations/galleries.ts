/** What can be done with a gallery of any kind: create, change, show, list, delete, train. */
import { DONE, jsonAnswer } from '../answer.js';
import { refuseRecognition } from '../era.js';
import { recognitionModelOf } from '../faces/detect-parameters.js';
import type { GalleryTexts } from '../galleries/face-list.js';
import type { Galleries, NamedGallery } from '../galleries/galleries.js';
import type { GalleryKind } from '../galleries/kinds.js';
import type { PersistedFaces } from '../galleries/persisted-faces.js';
import type { Training } from '../galleries/training.js';
import type { FaceApiState } from '../state.js';
import { pageOf } from './paging.js';
import { type Call, type Route, route } from './route.js';
import { changeTexts, newTexts } from './texts.js';

export interface GalleryResource<Gallery extends NamedGallery> {
  readonly kind: GalleryKind;
  /** `facelists`. */
  readonly segment: string;
  readonly of: (state: FaceApiState) => Galleries<Gallery>;
  readonly make: (kind: GalleryKind, texts: GalleryTexts) => Gallery;
  /** What `Get` tells beyond what `List` does. */
  readonly details?: (gallery: Gallery) => Readonly<Record<string, unknown>>;
}

interface Trainable {
  readonly training: Training;
  readonly faces: Pick<PersistedFaces, 'size' | 'lastOrdinal'>;
}

/** The operations that galleries of all kinds have. */
export function galleryRoutes<Gallery extends NamedGallery & Pick<Trainable, 'training'>>(
  resource: GalleryResource<Gallery>,
): readonly Route[] {
  const { details = () => ({}), kind, of, segment } = resource;
  const one = `/${segment}/{${kind.idName}}`;
  const isLarge = kind.code.startsWith('Large');
  const isPaged = kind.code !== 'FaceList';
  return [
    route(`${kind.code}_Create`, `PUT ${one}`, (call) => {
      create(resource, call);
      return DONE;
    }),
    route(`${kind.code}_Get`, `GET ${one}`, ({ state, request, ids }) => {
      const gallery = of(state).get(ids[0]);
      return jsonAnswer(200, { ...details(gallery), ...describe(kind, gallery, request.query) });
    }),
    route(`${kind.code}_List`, `GET /${segment}`, ({ state, request }) => {
      const all = of(state).all;
      const page = isPaged ? pageOf(request, all, ({ id }) => id) : all;
      return jsonAnswer(
        200,
        page.map((gallery) => describe(kind, gallery, request.query)),
      );
    }),
    route(`${kind.code}_Update`, `PATCH ${one}`, ({ state, request, ids }) => {
      changeTexts(request, of(state).get(ids[0]), { mustChangeSomething: isLarge });
      return DONE;
    }),
    route(`${kind.code}_Delete`, `DELETE ${one}`, ({ state, ids }) => {
      of(state).get(ids[0]).training.refuseWhileUnderWay(state.services.clock.now());
      of(state).remove(ids[0]);
      return DONE;
    }),
  ];
}

/** The operations of galleries that are trained before use. */
export function trainingRoutes<Gallery extends NamedGallery & Trainable>({
  kind,
  of,
  segment,
}: GalleryResource<Gallery>): readonly Route[] {
  const one = `/${segment}/{${kind.idName}}`;
  return [
    route(`${kind.code}_Train`, `POST ${one}/train`, ({ state, ids }) => {
      refuseRecognition(state.era, state.limitedAccessApproved);
      const { faces, training } = of(state).get(ids[0]);
      training.queue(state.services.clock.now(), faces.size, faces.lastOrdinal);
      return { ...DONE, status: 202 };
    }),
    route(`${kind.code}_GetTrainingStatus`, `GET ${one}/training`, ({ state, ids }) =>
      jsonAnswer(200, of(state).get(ids[0]).training.status(state.services.clock.now())),
    ),
  ];
}

function create<Gallery extends NamedGallery>(
  { kind, make, of }: GalleryResource<Gallery>,
  { ids: [id], request, state }: Call,
): void {
  refuseRecognition(state.era, state.limitedAccessApproved);
  of(state).checkId(id);
  const { name, userData, recognitionModel: model } = newTexts(request);
  const recognitionModel = recognitionModelOf(model);
  of(state).create(make(kind, { id, name, userData, recognitionModel }));
}

function describe(
  { idName }: GalleryKind,
  { id, name, userData, recognitionModel }: NamedGallery,
  query: Readonly<Record<string, string>>,
): Readonly<Record<string, string | null>> {
  const withModel = query.returnRecognitionModel?.toLowerCase() === 'true';
  return { [idName]: id, name, userData, ...(withModel ? { recognitionModel } : {}) };
}
