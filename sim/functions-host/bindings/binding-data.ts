/** "Binding expression patterns": `{name}` in a binding stands for what its trigger says. */
import { FunctionsHostError } from '../host-error.js';

export type BindingData = Readonly<Record<string, string>>;

/** Also knows `{DateTime}` (of `nowMs`) and `{rand-guid}` (`guid`). */
export function expandBinding(text: string, data: BindingData, nowMs: number, guid: string): string {
  return text.replace(/\{([\w.-]+)\}/g, (_, name: string) => {
    if (name === 'rand-guid') return guid;
    if (name === 'DateTime') return new Date(nowMs).toISOString().replace(/\.\d+/, '');
    const value = Object.hasOwn(data, name) ? data[name] : undefined;
    if (value !== undefined) return value;
    throw new FunctionsHostError(
      'FF_FUNCTIONS_BINDING_UNSUPPORTED',
      `a binding names {${name}}, which its trigger does not say; it says ${Object.keys(data).join(', ') || 'nothing'}`,
    );
  });
}

/** The fields of a JSON message that are plain values. */
export function jsonBindingData(text: string): BindingData {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return {};
  }
  if (typeof json !== 'object' || json === null) return {};
  const plain = Object.entries(json).filter(([, value]) => typeof value !== 'object');
  return Object.fromEntries(plain.map(([name, value]) => [name, String(value)]));
}

/** Of a blob's path, `container/name`. */
export function splitPath(path: string): { readonly container: string; readonly blob: string } {
  const slash = path.indexOf('/');
  return { container: path.slice(0, slash), blob: path.slice(slash + 1) };
}
