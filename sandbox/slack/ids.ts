import { randomBytes, randomInt } from 'node:crypto';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** An id in Slack's form: a letter that says what it is, `0`, nine capitals and digits. */
export function newId(prefix: string): string {
  let id = `${prefix}0`;
  for (let i = 0; i < 9; i++) id += alphabet[randomInt(alphabet.length)];
  return id;
}

/** A random string for tokens, codes and addresses. */
export function newSecret(bytes = 18): string {
  return randomBytes(bytes).toString('base64url').replaceAll('-', 'a').replaceAll('_', 'b');
}

/** What Slack puts where an app gave no block_id or action_id. */
export function newShortId(): string {
  return newSecret(4).slice(0, 5);
}

/** `number.number.hex`, as trigger ids and view hashes look. */
export function newTriggerId(): string {
  return `${randomInt(1e9, 1e10)}.${randomInt(1e9, 1e10)}.${randomBytes(16).toString('hex')}`;
}

export function newHash(): string {
  return `${Math.floor(Date.now() / 1000)}.${newSecret(6)}`;
}
