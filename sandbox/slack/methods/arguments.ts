import { invalidArguments, SlackError } from '../errors.ts';
import { isJson, type Json } from '../model.ts';

/** The arguments of one call, from a form, a query or JSON: nested values may be JSON strings, flags may be text. */
export class Arguments {
  readonly #values: Json;

  constructor(values: Json) {
    this.#values = values;
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined && this.#values[name] !== null;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    return typeof value === 'string' ? value : undefined;
  }

  /** Throws invalid_arguments when it is not there. */
  required(name: string): string {
    const value = this.text(name);
    if (!value) throw invalidArguments(`missing required field: ${name}`);
    return value;
  }

  flag(name: string): boolean {
    return ['true', '1'].includes(this.text(name)?.toLowerCase() ?? '');
  }

  /** A limit from 1 to `max`; throws invalid_limit. */
  limit(fallback: number, max: number): number {
    const value = this.text('limit');
    if (value === undefined || value === '0' || value === '') return fallback;
    const limit = Number(value);
    if (!Number.isInteger(limit) || limit < 1 || limit > max) throw new SlackError('invalid_limit');
    return limit;
  }

  /** A nested value; throws `malformed` when it is a string that is not JSON. */
  structure(name: string, malformed: SlackError): unknown {
    const value = this.#values[name];
    if (typeof value !== 'string') return value ?? undefined;
    if (value === '') return undefined;
    try {
      return JSON.parse(value);
    } catch {
      throw malformed;
    }
  }

  object(name: string): Json | undefined {
    const value = this.structure(name, invalidArguments(`must be valid JSON [json-pointer:/${name}]`));
    return isJson(value) ? value : undefined;
  }
}

/** One page of a list: `cursor` is opaque to the caller. */
export function paginate<T>(items: T[], args: Arguments, limit: number): { page: T[]; nextCursor: string } {
  const cursor = args.text('cursor');
  const offset = cursor ? Number(Buffer.from(cursor, 'base64').toString('utf8').replace('next:', '')) : 0;
  if (!Number.isInteger(offset) || offset < 0) throw new SlackError('invalid_cursor');
  const end = offset + limit;
  const nextCursor = end < items.length ? Buffer.from(`next:${end}`).toString('base64') : '';
  return { page: items.slice(offset, end), nextCursor };
}
