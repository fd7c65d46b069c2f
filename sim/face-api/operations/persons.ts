/** The persons of a group, and the faces of a person. */
import { DONE, jsonAnswer, type SentAnswer } from '../answer.js';
import { refuseRecognition } from '../era.js';
import type { Person, PersonGroup } from '../galleries/person-group.js';
import type { GalleryResource } from './galleries.js';
import { pageOf } from './paging.js';
import { GROUP_RESOURCES } from './person-groups.js';
import { faceToKeep } from './picture-of-one.js';
import { type Call, type Route, route } from './route.js';
import { changedFaceUserData, changeTexts, newTexts } from './texts.js';

export const personRoutes: readonly Route[] = GROUP_RESOURCES.flatMap((resource) => [
  ...personsRoutes(resource),
  ...facesRoutes(resource),
]);

function personsRoutes({ kind, of, segment }: GalleryResource<PersonGroup>): readonly Route[] {
  const persons = `/${segment}/{${kind.idName}}/persons`;
  const name = `${kind.code}Person`;
  return [
    route(`${name}_Create`, `POST ${persons}`, (call) => createPerson(call, of(call.state).get(call.ids[0]))),
    route(`${name}_List`, `GET ${persons}`, ({ state, request, ids }) => {
      const page = pageOf(request, of(state).get(ids[0]).persons, ({ id }) => id);
      return jsonAnswer(200, page.map(describePerson));
    }),
    route(`${name}_Get`, `GET ${persons}/{personId}`, ({ state, ids }) =>
      jsonAnswer(200, describePerson(of(state).get(ids[0]).person(ids[1]))),
    ),
    route(`${name}_Update`, `PATCH ${persons}/{personId}`, ({ state, request, ids }) => {
      changeTexts(request, of(state).get(ids[0]).person(ids[1]), { mustChangeSomething: false });
      return DONE;
    }),
    route(`${name}_Delete`, `DELETE ${persons}/{personId}`, (call) => {
      changeable(call, of(call.state).get(call.ids[0])).removePerson(call.ids[1]);
      return DONE;
    }),
  ];
}

function facesRoutes({ kind, of, segment }: GalleryResource<PersonGroup>): readonly Route[] {
  const faces = `/${segment}/{${kind.idName}}/persons/{personId}/persistedfaces`;
  const name = `${kind.code}Person`;
  return [
    route(`${name}_AddFace`, `POST ${faces}`, (call) => addFace(call, of(call.state).get(call.ids[0])), true),
    route(`${name}_GetFace`, `GET ${faces}/{persistedFaceId}`, ({ state, ids }) => {
      const group = of(state).get(ids[0]);
      const { id, userData } = group.faceOf(group.person(ids[1]), ids[2]);
      return jsonAnswer(200, { persistedFaceId: id, userData });
    }),
    route(`${name}_UpdateFace`, `PATCH ${faces}/{persistedFaceId}`, ({ state, request, ids }) => {
      const group = of(state).get(ids[0]);
      const face = group.faceOf(group.person(ids[1]), ids[2]);
      group.faces.annotate(face.id, changedFaceUserData(request));
      return DONE;
    }),
    route(`${name}_DeleteFace`, `DELETE ${faces}/{persistedFaceId}`, (call) => {
      const group = changeable(call, of(call.state).get(call.ids[0]));
      group.removeFace(group.person(call.ids[1]), call.ids[2]);
      return DONE;
    }),
  ];
}

function createPerson(call: Call, group: PersonGroup): SentAnswer {
  refuseRecognition(call.state.era, call.state.limitedAccessApproved);
  const { name, userData } = newTexts(call.request);
  const personId = call.state.services.rng(`face-api/person/${call.key}`).uuid();
  changeable(call, group).addPerson(personId, name, userData);
  return jsonAnswer(200, { personId });
}

function addFace(call: Call, group: PersonGroup): SentAnswer {
  refuseRecognition(call.state.era, call.state.limitedAccessApproved);
  const person = changeable(call, group).person(call.ids[1]);
  const face = faceToKeep(call, group.recognitionModel);
  group.addFace(person, face);
  return jsonAnswer(200, { persistedFaceId: face.id });
}

function changeable({ state }: Call, group: PersonGroup): PersonGroup {
  group.training.refuseWhileUnderWay(state.services.clock.now());
  return group;
}

function describePerson({ id, faceIds, name, userData }: Person) {
  return { personId: id, persistedFaceIds: [...faceIds], name, userData };
}
