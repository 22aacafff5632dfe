const masked = '[hidden]';
const secretKey =
  /token|secret|passw|authorization|cookie|credential|private_?key|api_?key|encryption_?key|^(code|refresh|auth|session|signature)$/i;
const secretValues: [RegExp, string][] = [
  [/\bxox[a-z](?:\.xox[a-z])?-[\w.-]+/gi, masked],
  [/\bxapp-[\w.-]+/gi, masked],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{16,}/gi, `$1 ${masked}`],
  [/\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s@/]+@/gi, `$1:${masked}@`],
  [
    /(\b(?:(?:access_|refresh_|id_)?token|client_secret|password|api_?key)|[?&](?:code|state|sig))=[^\s&"',;)]+/gi,
    `$1=${masked}`,
  ],
];

/** Masks what looks like a token, an authorization or a password in a text. */
export function redactText(text: string): string {
  return secretValues.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), text);
}

function plainError(error: Error, seen: Set<object>, depth: number): Record<string, unknown> {
  const { code, ...fields } = { ...error } as Record<string, unknown>;
  const plain: Record<string, unknown> = { name: error.name, message: redactText(error.message) };
  // An error's code names its sort (ECONNREFUSED, 23505); only there it is not an OAuth code.
  if (typeof code === 'number' || (typeof code === 'string' && /^[A-Z0-9_]{2,48}$|^slack_[a-z_]+$/.test(code))) {
    plain.code = code;
  }
  Object.assign(plain, redactFields(fields, seen, depth));
  if (error.stack) plain.stack = redactText(error.stack);
  if (error instanceof AggregateError) plain.errors = redact(error.errors, seen, depth + 1);
  if (error.cause !== undefined) plain.cause = redact(error.cause, seen, depth + 1);
  return plain;
}

/** The same for the fields of one object. */
export function redactFields(fields: object, seen: Set<object> = new Set(), depth = 0): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      secretKey.test(key) && value !== null && !['number', 'boolean', 'undefined'].includes(typeof value)
        ? masked
        : redact(value, seen, depth + 1),
    ]),
  );
}

/** A copy of `value` in plain data without secrets: masked by key and by look, errors with their causes. */
export function redact(value: unknown, seen: Set<object> = new Set(), depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  if (typeof value === 'function') return `[function ${value.name}]`;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
  if (value instanceof URL) return redactText(value.href);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (seen.has(value)) return '[circular]';
  if (depth > 8) return '[deeper]';
  seen.add(value);
  try {
    if (value instanceof Error) return plainError(value, seen, depth);
    if (value instanceof Map) return redactFields(Object.fromEntries(value), seen, depth);
    if (Array.isArray(value) || value instanceof Set) return [...value].map((entry) => redact(entry, seen, depth + 1));
    return redactFields(value, seen, depth);
  } finally {
    seen.delete(value);
  }
}
