import type { PixelBox } from '../boundaries.js';
import { toBlobMetadata } from '../picture-metadata.js';
import { FaceApiError } from './face-client/error.js';
import type { DetectedFace, FaceApi } from './face-client/face-api.js';
import { type AnalyzeFaces, createAnalyzeFaces } from './handler.js';

/** A face whose id is who it is, so that a fake can recognise it. */
export function face(who: string, box: Partial<PixelBox> = {}): DetectedFace {
  return {
    faceId: who,
    faceRectangle: { left: 10, top: 10, width: 40, height: 40, ...box },
    faceAttributes: {
      age: 34.5,
      gender: 'female',
      emotion: {
        anger: 0,
        contempt: 0,
        disgust: 0,
        fear: 0,
        happiness: 0.8,
        neutral: 0.2,
        sadness: 0,
        surprise: 0,
      },
    },
  };
}

/** Knows everybody at sight and forgets nobody; can be told to refuse. */
export class FakeFaceApi implements FaceApi {
  readonly lists = new Map<string, string[]>();
  readonly calls: string[] = [];
  facesPerList = 1000;
  /** What the next pictures show. */
  shows: readonly DetectedFace[] = [];
  /** Called before every operation, to make it fail. */
  before: (operation: string) => void = () => {};

  private note(operation: string): void {
    this.calls.push(operation);
    this.before(operation);
  }

  async detect(): Promise<readonly DetectedFace[]> {
    this.note('detect');
    return this.shows;
  }

  async findSimilar(faceId: string, listId: string) {
    this.note(`findSimilar ${faceId} ${listId}`);
    const found = this.list(listId).includes(faceId);
    return found ? [{ persistedFaceId: `${faceId} kept`, confidence: 0.9 }] : [];
  }

  async addFace(listId: string, _picture: Uint8Array, box: PixelBox): Promise<string> {
    const shown = this.shows.find(({ faceRectangle }) => faceRectangle.left === box.left)?.faceId ?? 'nobody';
    this.note(`addFace ${shown} ${listId}`);
    const list = this.list(listId);
    if (list.length >= this.facesPerList) throw new FaceApiError(403, 'QuotaExceeded', 'full');
    list.push(shown);
    return `${shown} kept`;
  }

  async faceListIds(): Promise<readonly string[]> {
    this.note('faceListIds');
    return [...this.lists.keys()];
  }

  async createFaceList(listId: string): Promise<void> {
    this.note(`createFaceList ${listId}`);
    if (!this.lists.has(listId)) this.lists.set(listId, []);
  }

  async deleteFaceList(listId: string): Promise<void> {
    this.note(`deleteFaceList ${listId}`);
    this.lists.delete(listId);
  }

  private list(id: string): string[] {
    const list = this.lists.get(id);
    if (list === undefined) throw new FaceApiError(400, 'FaceListNotFound', 'Face list is not found.');
    return list;
  }
}

export interface TestApp {
  readonly api: FakeFaceApi;
  readonly deleted: string[];
  readonly warnings: string[];
  analyze(options?: TestPicture): ReturnType<AnalyzeFaces>;
}

export interface TestPicture {
  readonly name?: string;
  readonly storeId?: string;
  readonly capturedAt?: string;
  readonly people?: readonly PixelBox[];
  readonly shows?: readonly DetectedFace[];
}

export function testApp(timeZone = 'UTC', api = new FakeFaceApi()): TestApp {
  const deleted: string[] = [];
  const warnings: string[] = [];
  const analyzeFaces = createAnalyzeFaces({
    faceApi: () => api,
    pictures: {
      delete: async (name) => {
        deleted.push(name);
      },
    },
    settings: { visitorSalt: 'salt', storeTimeZone: timeZone },
  });
  return {
    api,
    deleted,
    warnings,
    analyze({ name = 'p.jpg', storeId = 'store-1', capturedAt = NOON, people = [], shows = [] } = {}) {
      api.shows = shows;
      const metadata = toBlobMetadata({
        storeId,
        cameraId: 'camera-1',
        section: 'shoes',
        capturedAt,
        people: people.map((box) => ({ label: 'person', score: 0.9, box })),
      });
      const warn = (message: string) => warnings.push(message);
      return analyzeFaces(Buffer.from('picture'), { triggerMetadata: { name, metadata }, warn });
    },
  };
}

export const NOON = '2026-03-07T12:00:00.000Z';
