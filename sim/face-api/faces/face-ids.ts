/** The faces that detect has named: each is known until its time to live has passed. */
import type { RecognitionModel } from './detect-parameters.js';

/** What the service remembers of a face, be it named for a while or kept in a list. */
export interface KnownFace {
  readonly id: string;
  readonly identity: string;
  /** From 0 to 1. */
  readonly quality: number;
  readonly recognitionModel: RecognitionModel;
}

/** Faces that expire in the same span are dropped together, so that memory stays flat at little cost. */
const SPAN_MS = 60_000;

export class FaceIds {
  private readonly faces = new Map<string, { readonly face: KnownFace; readonly expiresAtMs: number }>();
  private readonly idsBySpan = new Map<number, string[]>();

  get size(): number {
    return this.faces.size;
  }

  remember(face: KnownFace, nowMs: number, timeToLiveSeconds: number): void {
    this.dropExpired(nowMs);
    const expiresAtMs = nowMs + timeToLiveSeconds * 1000;
    this.faces.set(face.id, { face, expiresAtMs });
    const span = Math.floor(expiresAtMs / SPAN_MS);
    const ids = this.idsBySpan.get(span);
    if (ids === undefined) this.idsBySpan.set(span, [face.id]);
    else ids.push(face.id);
  }

  find(id: string, nowMs: number): KnownFace | undefined {
    const known = this.faces.get(id);
    return known !== undefined && known.expiresAtMs > nowMs ? known.face : undefined;
  }

  private dropExpired(nowMs: number): void {
    const present = Math.floor(nowMs / SPAN_MS);
    for (const [span, ids] of this.idsBySpan) {
      if (span >= present) continue;
      for (const id of ids) this.faces.delete(id);
      this.idsBySpan.delete(span);
    }
  }
}
