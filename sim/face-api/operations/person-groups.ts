/** Person groups and large person groups. */
import { LARGE_PERSON_GROUP, PERSON_GROUP } from '../galleries/kinds.js';
import { PersonGroup } from '../galleries/person-group.js';
import { type GalleryResource, galleryRoutes, trainingRoutes } from './galleries.js';
import type { Route } from './route.js';

const personGroups: GalleryResource<PersonGroup> = {
  kind: PERSON_GROUP,
  segment: 'persongroups',
  of: (state) => state.personGroups,
  make: (kind, texts) => new PersonGroup(kind, texts),
};

const largePersonGroups: GalleryResource<PersonGroup> = {
  kind: LARGE_PERSON_GROUP,
  segment: 'largepersongroups',
  of: (state) => state.largePersonGroups,
  make: (kind, texts) => new PersonGroup(kind, texts),
};

export const GROUP_RESOURCES: readonly GalleryResource<PersonGroup>[] = [personGroups, largePersonGroups];

export const personGroupRoutes: readonly Route[] = GROUP_RESOURCES.flatMap((resource) => [
  ...galleryRoutes(resource),
  ...trainingRoutes(resource),
]);
