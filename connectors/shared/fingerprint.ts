import { createHash } from 'node:crypto';

/** A short name for what a token was issued for, which tells nothing about it. */
export function fingerprint(parts: readonly (string | undefined)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
}
