/**
 * The four kinds of galleries, with the service's limits (those of tier S0, which a container has too) and its words
 * for them, which it does not spell alike (MicrosoftDocs/azure-docs, reference-face-error-codes.md).
 */
export interface GalleryKind {
  /** Begins the codes of its errors: `FaceListNotFound`. */
  readonly code: 'FaceList' | 'LargeFaceList' | 'PersonGroup' | 'LargePersonGroup';
  /** Begins the messages of its errors: `Face list is not found.` */
  readonly words: string;
  readonly idName: 'faceListId' | 'largeFaceListId' | 'personGroupId' | 'largePersonGroupId';
  readonly mostGalleries: number;
  readonly tooManyGalleries: string;
  /** Faces of a list, persons of a group. */
  readonly mostMembers: number;
  readonly tooManyMembers: string;
}

export const FACE_LIST: GalleryKind = {
  code: 'FaceList',
  words: 'Face list',
  idName: 'faceListId',
  mostGalleries: 64,
  tooManyGalleries: 'Face List number reached limit.',
  mostMembers: 1000,
  tooManyMembers: 'Persisted face number reached limit.',
};

export const LARGE_FACE_LIST: GalleryKind = {
  code: 'LargeFaceList',
  words: 'Large face list',
  idName: 'largeFaceListId',
  mostGalleries: 1_000_000,
  tooManyGalleries: 'Large Face List number reached limit.',
  mostMembers: 1_000_000,
  tooManyMembers: 'Persisted face number reached limit.',
};

export const PERSON_GROUP: GalleryKind = {
  code: 'PersonGroup',
  words: 'Person group',
  idName: 'personGroupId',
  mostGalleries: 1_000_000,
  tooManyGalleries: 'Person group number reached subscription level limit.',
  mostMembers: 10_000,
  tooManyMembers: 'Person number reached person group level limit.',
};

export const LARGE_PERSON_GROUP: GalleryKind = {
  code: 'LargePersonGroup',
  words: 'Large person group',
  idName: 'largePersonGroupId',
  mostGalleries: 1_000_000,
  tooManyGalleries: 'Large person group number reached subscription level limit.',
  mostMembers: 1_000_000,
  tooManyMembers: 'Person number reached large person group level limit.',
};
