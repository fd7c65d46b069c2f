/** Face lists and large face lists, and the faces in them. */
import { DONE, jsonAnswer, type SentAnswer } from '../answer.js';
import { refuseRecognition } from '../era.js';
import { FaceList } from '../galleries/face-list.js';
import { FACE_LIST, LARGE_FACE_LIST } from '../galleries/kinds.js';
import type { PersistedFace } from '../galleries/persisted-faces.js';
import { type GalleryResource, galleryRoutes, trainingRoutes } from './galleries.js';
import { pageOf } from './paging.js';
import { faceToKeep } from './picture-of-one.js';
import { type Call, type Route, route } from './route.js';
import { changedFaceUserData } from './texts.js';

const faceLists: GalleryResource<FaceList> = {
  kind: FACE_LIST,
  segment: 'facelists',
  of: (state) => state.faceLists,
  make: (kind, texts) => new FaceList(kind, texts),
  details: ({ faces }) => ({ persistedFaces: faces.all.map(describeFace) }),
};

const largeFaceLists: GalleryResource<FaceList> = {
  kind: LARGE_FACE_LIST,
  segment: 'largefacelists',
  of: (state) => state.largeFaceLists,
  make: (kind, texts) => new FaceList(kind, texts),
};

export const faceListRoutes: readonly Route[] = [
  ...galleryRoutes(faceLists),
  ...facesRoutes(faceLists),
  ...galleryRoutes(largeFaceLists),
  ...facesRoutes(largeFaceLists),
  ...trainingRoutes(largeFaceLists),
  ...facesOfLargeListRoutes(),
];

function facesRoutes({ kind, of, segment }: GalleryResource<FaceList>): readonly Route[] {
  const faces = `/${segment}/{${kind.idName}}/persistedfaces`;
  return [
    route(
      `${kind.code}_AddFace`,
      `POST ${faces}`,
      (call) => addFace(call, of(call.state).get(call.ids[0])),
      true,
    ),
    route(`${kind.code}_DeleteFace`, `DELETE ${faces}/{persistedFaceId}`, ({ state, ids }) => {
      const list = of(state).get(ids[0]);
      list.training.refuseWhileUnderWay(state.services.clock.now());
      list.faces.remove(ids[1]);
      return DONE;
    }),
  ];
}

function facesOfLargeListRoutes(): readonly Route[] {
  const faces = '/largefacelists/{largeFaceListId}/persistedfaces';
  const list = ({ state, ids }: Call) => state.largeFaceLists.get(ids[0]);
  return [
    route('LargeFaceList_ListFaces', `GET ${faces}`, (call) => {
      const inOrder = [...list(call).faces.all].sort((one, other) => (one.id < other.id ? -1 : 1));
      return jsonAnswer(200, pageOf(call.request, inOrder, ({ id }) => id).map(describeFace));
    }),
    route('LargeFaceList_GetFace', `GET ${faces}/{persistedFaceId}`, (call) =>
      jsonAnswer(200, describeFace(list(call).faces.get(call.ids[1]))),
    ),
    route('LargeFaceList_UpdateFace', `PATCH ${faces}/{persistedFaceId}`, (call) => {
      list(call).faces.annotate(call.ids[1], changedFaceUserData(call.request));
      return DONE;
    }),
  ];
}

function addFace(call: Call, list: FaceList): SentAnswer {
  const { era, limitedAccessApproved, services } = call.state;
  refuseRecognition(era, limitedAccessApproved);
  list.training.refuseWhileUnderWay(services.clock.now());
  const face = faceToKeep(call, list.recognitionModel);
  list.add(face);
  return jsonAnswer(200, { persistedFaceId: face.id });
}

function describeFace({ id, userData }: PersistedFace): Readonly<Record<string, string>> {
  return { persistedFaceId: id, ...(userData === null ? {} : { userData }) };
}
