import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/**
 * Encrypts what must not be readable in a dump of the database. `identity` names the row and column that a value
 * belongs to (`connections:<id>:secret`), so that a sealed value copied to another row does not open there.
 */
export interface Keyring {
  /** The key that encrypts; the others only decrypt. */
  readonly currentKeyId: string;
  encrypt(plaintext: string, identity: string): string;
  /** Throws KeyringError, saying which key is missing or that the value was changed. */
  decrypt(sealed: string, identity: string): string;
  keyIdOf(sealed: string): string;
}

/** `message` is written for people and never holds a key or a plaintext. */
export class KeyringError extends Error {
  override readonly name = 'KeyringError';
}

const ivBytes = 12;
const tagBytes = 16;
const example = 'id:base64 of 32 random bytes, e.g. "2026:$(openssl rand -base64 32)"';

/** Reads `id:base64,id:base64…`; throws KeyringError naming the entry that is wrong, by position and id only. */
export function parseKeys(spec: string): Map<string, Buffer> {
  const keys = new Map<string, Buffer>();
  const entries = spec.split(',').map((entry) => entry.trim());
  for (const [index, entry] of entries.entries()) {
    const at = `key ${index + 1} of ${entries.length}`;
    const match = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/_-]+={0,2})$/.exec(entry);
    if (!match?.[1] || !match[2]) throw new KeyringError(`${at} is not of the form ${example}`);
    const key = Buffer.from(match[2], 'base64');
    if (key.length !== 32) throw new KeyringError(`${at} ("${match[1]}") has ${key.length} bytes instead of 32`);
    if (keys.has(match[1])) throw new KeyringError(`the key id "${match[1]}" is there twice`);
    keys.set(match[1], key);
  }
  return keys;
}

function parts(sealed: string): { keyId: string; payload: Buffer } {
  const match = /^v1:([A-Za-z0-9_-]{1,32}):([A-Za-z0-9_-]+)$/.exec(sealed);
  if (!match?.[1] || !match[2]) throw new KeyringError('An encrypted value is not of the form v1:<key id>:<data>.');
  return { keyId: match[1], payload: Buffer.from(match[2], 'base64url') };
}

/** AES-256-GCM with a random 96-bit IV per value. `spec` is ENCRYPTION_KEYS: the first key encrypts, all decrypt. */
export function createKeyring(spec: string): Keyring {
  const keys = parseKeys(spec);
  const [current] = keys;
  if (!current) throw new KeyringError('ENCRYPTION_KEYS is empty.');
  const [currentKeyId, currentKey] = current;
  return {
    currentKeyId,
    encrypt(plaintext, identity) {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', currentKey, iv);
      cipher.setAAD(Buffer.from(identity));
      const text = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
      return `v1:${currentKeyId}:${Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url')}`;
    },
    decrypt(sealed, identity) {
      const { keyId, payload } = parts(sealed);
      const key = keys.get(keyId);
      if (!key) {
        throw new KeyringError(
          `A stored secret is encrypted with the key "${keyId}", which is not in ENCRYPTION_KEYS. Add it back (after the first one); it can go once "keys rotate" has run.`,
        );
      }
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, payload.subarray(0, ivBytes), {
          authTagLength: tagBytes,
        });
        decipher.setAAD(Buffer.from(identity));
        decipher.setAuthTag(payload.subarray(ivBytes, ivBytes + tagBytes));
        return decipher.update(payload.subarray(ivBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8');
      } catch (cause) {
        throw new KeyringError(
          `The stored secret of ${identity} does not open: it was changed or moved from another row, or the key "${keyId}" in ENCRYPTION_KEYS is not the one it was encrypted with.`,
          { cause },
        );
      }
    },
    keyIdOf: (sealed) => parts(sealed).keyId,
  };
}
