/** The REST operations on workspaces: `/v1.0/myorg/groups[/{groupId}[/users[/{user}]]]`. */
import { z } from 'zod';
import type { PowerBiCore } from '../core/core.js';
import { PowerBiError } from '../core/errors.js';
import { ACCESS_RIGHTS, type Workspace, type WorkspaceUser } from '../core/workspaces.js';
import type { DatasetRequest } from './datasets.js';
import { type Answer, decoded, notAllowed, parseJson } from './http.js';

const PATH = /^\/v1\.0\/myorg\/groups(?:\/([^/]+)(?:(\/users)(?:\/([^/]+))?)?)?\/?$/;

/** Whether `path` belongs here; what is below a group's datasets does not. */
export function isGroupPath(path: string): boolean {
  return PATH.test(path);
}

/** Throws `PowerBiError`. */
export function serveGroups(core: PowerBiCore, request: DatasetRequest): Answer {
  const [, groupId, users, user] = PATH.exec(request.path) ?? [];
  if (groupId === undefined) return serveCollection(core, request);
  const workspace = core.workspaces.get(decoded(groupId));
  if (users === undefined) return serveGroup(core, workspace, request);
  return user === undefined ? serveUsers(workspace, request) : serveUser(workspace, decoded(user), request);
}

const groupBody = z.object({ name: z.string() });
const userBody = z.object({
  identifier: z.string().min(1).optional(),
  emailAddress: z.string().min(1).optional(),
  groupUserAccessRight: z.enum(ACCESS_RIGHTS),
  principalType: z.enum(['User', 'Group', 'App']).default('User'),
});

function serveCollection(core: PowerBiCore, request: DatasetRequest): Answer {
  switch (request.method) {
    case 'GET':
      return { status: 200, body: { value: pageOf(core.workspaces.all, request.query).map(describe) } };
    case 'POST':
      return { status: 200, body: describe(core.workspaces.create(read(groupBody, request).name)) };
    default:
      throw notAllowed(request);
  }
}

function serveGroup(core: PowerBiCore, { id, name }: Workspace, request: DatasetRequest): Answer {
  switch (request.method) {
    case 'GET':
      return { status: 200, body: describe({ id, name }) };
    case 'PATCH':
      core.workspaces.rename(id, read(groupBody, request).name);
      return { status: 200 };
    case 'DELETE':
      core.deleteWorkspace(id);
      return { status: 200 };
    default:
      throw notAllowed(request);
  }
}

function serveUsers({ users }: Workspace, request: DatasetRequest): Answer {
  if (request.method === 'GET')
    return { status: 200, body: { value: [...users.values()].map(describeUser) } };
  if (request.method !== 'POST' && request.method !== 'PUT') throw notAllowed(request);
  const user = userOf(request);
  const isThere = users.has(user.identifier);
  if (request.method === 'PUT' && !isThere) throw noUser(user.identifier);
  if (request.method === 'POST' && isThere)
    throw new PowerBiError('BadRequest', `${user.identifier} has access already; change it with PUT`);
  users.set(user.identifier, user);
  return { status: 200 };
}

function serveUser({ users }: Workspace, identifier: string, request: DatasetRequest): Answer {
  if (request.method !== 'DELETE') throw notAllowed(request);
  if (!users.delete(identifier)) throw noUser(identifier);
  return { status: 200 };
}

function userOf(request: DatasetRequest): WorkspaceUser {
  const { emailAddress, groupUserAccessRight, identifier, principalType } = read(userBody, request);
  const name = identifier ?? emailAddress;
  if (name === undefined) throw new PowerBiError('BadRequest', 'expected an identifier or an emailAddress');
  return { identifier: name, principalType, accessRight: groupUserAccessRight };
}

/** `$filter=name eq 'x'` or `contains(name,'x')`, `$skip` and `$top`, as the documentation of Get Groups has them. */
function pageOf(all: readonly Workspace[], query: URLSearchParams): readonly Workspace[] {
  const skip = countOf(query, '$skip', 0);
  const top = countOf(query, '$top', Number.MAX_SAFE_INTEGER);
  return all.filter(filterOf(query.get('$filter'))).slice(skip, skip + top);
}

function countOf(query: URLSearchParams, name: string, fallback: number): number {
  const value = Number(query.get(name) ?? fallback);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new PowerBiError('BadRequest', `${name} is "${query.get(name)}"; expected a whole number from 0 on`);
}

function filterOf(filter: string | null): (workspace: Workspace) => boolean {
  if (filter === null) return () => true;
  const [, equal] = /^\s*name\s+eq\s+'(.*)'\s*$/.exec(filter) ?? [];
  if (equal !== undefined) return ({ name }) => name === unquoted(equal);
  const [, part] = /^\s*contains\(\s*name\s*,\s*'(.*)'\s*\)\s*$/.exec(filter) ?? [];
  if (part !== undefined) return ({ name }) => name.includes(unquoted(part));
  throw new PowerBiError('BadRequest', `$filter is "${filter}"; expected name eq '…' or contains(name,'…')`);
}

/** OData doubles the quotes within a string. */
const unquoted = (text: string) => text.replaceAll("''", "'");

function read<Schema extends z.ZodType>(schema: Schema, { body }: DatasetRequest): z.infer<Schema> {
  const parsed = schema.safeParse(parseJson(body));
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  throw new PowerBiError('BadRequest', `${first?.path.join('.') || 'body'}: ${first?.message ?? 'invalid'}`);
}

function describe({ id, name }: Pick<Workspace, 'id' | 'name'>) {
  return { id, isReadOnly: false, isOnDedicatedCapacity: false, name, type: 'Workspace' };
}

function describeUser({ accessRight, identifier, principalType }: WorkspaceUser) {
  return { groupUserAccessRight: accessRight, identifier, principalType };
}

function noUser(identifier: string): PowerBiError {
  return new PowerBiError('PowerBIEntityNotFound', `${identifier} has no access to the group`);
}
