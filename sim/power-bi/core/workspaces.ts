/** Workspaces, which the REST API calls groups: what keeps datasets apart, and who may do what in them. */
import type { RandomSource } from '../../kernel/services.js';
import { PowerBiError } from './errors.js';

/** What a workspace lets somebody do, as the REST API calls it. */
export const ACCESS_RIGHTS = ['Admin', 'Contributor', 'Member', 'Viewer'] as const;
export type AccessRight = (typeof ACCESS_RIGHTS)[number];

export interface WorkspaceUser {
  /** The object id of a principal, or the address of a person. */
  readonly identifier: string;
  readonly principalType: 'User' | 'Group' | 'App';
  readonly accessRight: AccessRight;
}

export interface Workspace {
  readonly id: string;
  name: string;
  readonly users: Map<string, WorkspaceUser>;
}

const LONGEST_NAME = 256;

export class Workspaces {
  private readonly rng: RandomSource;
  private readonly byId = new Map<string, Workspace>();
  private created = 0;

  constructor(rng: RandomSource) {
    this.rng = rng;
  }

  /** In the order in which they were made. */
  get all(): readonly Workspace[] {
    return [...this.byId.values()];
  }

  /** Throws `PowerBiError` (`PowerBIEntityNotFound`). */
  get(id: string): Workspace {
    const workspace = this.byId.get(id);
    if (workspace !== undefined) return workspace;
    throw new PowerBiError('PowerBIEntityNotFound', `there is no group ${id}`);
  }

  /** Throws `PowerBiError`: `BadRequest` for a name that is none, `PowerBIEntityAlreadyExists` for one that is taken. */
  create(name: string): Workspace {
    this.checkName(name, null);
    const id = this.rng(`power-bi/group/${this.created++}`).uuid();
    const workspace: Workspace = { id, name, users: new Map() };
    this.byId.set(id, workspace);
    return workspace;
  }

  /** Throws `PowerBiError` as `create` does. */
  rename(id: string, name: string): Workspace {
    const workspace = this.get(id);
    this.checkName(name, id);
    workspace.name = name;
    return workspace;
  }

  /** Throws `PowerBiError` (`PowerBIEntityNotFound`). */
  delete(id: string): void {
    this.byId.delete(this.get(id).id);
  }

  private checkName(name: string, ownId: string | null): void {
    if (name.trim() === '' || name.length > LONGEST_NAME)
      throw new PowerBiError('BadRequest', `the name of a group has 1 to ${LONGEST_NAME} characters`);
    const isTaken = this.all.some(
      (other) => other.id !== ownId && other.name.toLowerCase() === name.toLowerCase(),
    );
    if (isTaken) throw new PowerBiError('PowerBIEntityAlreadyExists', `there is a group "${name}" already`);
  }
}
