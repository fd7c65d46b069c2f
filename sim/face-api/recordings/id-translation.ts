/**
 * Two services that are asked the same draw different ids for the same faces. This learns from their answers which
 * belong together, and puts a request that names ids of the first into ids of the second.
 */
import type { FaceAnswer, FaceRequest } from '../../../pipeline/analyze-faces/face-client/exchange.js';

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

export class IdTranslation {
  private readonly secondOf = new Map<string, string>();

  /** Ids at the same place of both answers belong together. */
  learn(first: FaceAnswer, second: FaceAnswer): void {
    this.learnFrom(first.body, second.body);
  }

  translate(request: FaceRequest): FaceRequest {
    const { body, path } = request;
    return {
      ...request,
      path: this.translated(path),
      body: body.kind === 'json' ? { kind: 'json', text: this.translated(body.text) } : body,
    };
  }

  private learnFrom(first: unknown, second: unknown): void {
    if (typeof first === 'string' && typeof second === 'string' && first.match(UUID)?.[0] === first) {
      this.secondOf.set(first, second);
      return;
    }
    if (typeof first !== 'object' || typeof second !== 'object' || first === null || second === null) return;
    for (const [name, part] of Object.entries(first))
      this.learnFrom(part, (second as Readonly<Record<string, unknown>>)[name]);
  }

  private translated(text: string): string {
    return text.replace(UUID, (id) => this.secondOf.get(id) ?? id);
  }
}
