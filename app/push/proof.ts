import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Connector, PushHeaders } from '../../connectors/connector.ts';

/** A request as it arrived; `body` is null where it is longer than is read. */
export interface Arrived {
  headers: PushHeaders;
  body: Uint8Array | null;
}

/** Whether a request proves that it comes from the ERP of a connection with this secret; null: there is no such connection. */
export type Proof = (connector: string | null, secret: string, arrived: Arrived) => boolean;

/**
 * Every request costs the same whatever it is wrong about: the secret is compared and each connector's signature is
 * computed, against a secret that nobody knows where it is not theirs. So an answer's time tells of no connection.
 */
export function createProof(connectors: readonly Connector[], now = () => Date.now()): Proof {
  const nobodys = randomBytes(32).toString('base64url');
  return (id, secret, { headers, body }) => {
    const push = connectors.find((connector) => connector.id === id)?.push;
    const given = push && 'header' in push ? headers[push.header.toLowerCase()] : '';
    const isSecret = timingSafeEqual(digest(secret || nobodys), digest(typeof given === 'string' ? given : ''));
    let isSigned = false;
    for (const connector of connectors) {
      if (!connector.push || !('verify' in connector.push)) continue;
      const isTheirs = connector.id === id && secret !== '';
      const request = { headers, body: body ?? new Uint8Array(), now: now() };
      const vouches = connector.push.verify(request, isTheirs ? secret : nobodys);
      if (isTheirs) isSigned = vouches && body !== null;
    }
    return push !== undefined && ('verify' in push ? isSigned : isSecret);
  };
}

const digest = (text: string) => createHash('sha256').update(text).digest();
