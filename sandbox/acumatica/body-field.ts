/** An entity as a client sends it. */
export type Body = Record<string, unknown>;

/** The `value` of a field of the body: undefined where the field is not given, null where it is emptied. */
export function given(body: Body, name: string): string | number | boolean | null | undefined {
  const field = body[name];
  if (typeof field !== 'object' || field === null || Array.isArray(field)) return undefined;
  const value = (field as Body).value;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}
