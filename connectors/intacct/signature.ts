import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** Retries end within minutes; a day leaves room for clocks and for what was held up on its way. */
const longestAgeS = 24 * 3_600;
/** By how much the sender's clock may differ. */
const skewS = 300;
const longestToken = 8_192;

const headerSchema = z.object({ alg: z.literal('HS256'), crit: z.undefined().optional() });
const claimsSchema = z.object({
  payload_signature: z.string().regex(/^[0-9a-f]{64}$/i),
  exp: z.number().optional(),
  nbf: z.number().optional(),
  iat: z.number().optional(),
});

/** A part of a token as bytes; undefined where it is no base64url as RFC 7515 writes it, without padding. */
function decoded(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url');
  return bytes.toString('base64url') === part ? bytes : undefined;
}

function parsed<T>(part: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.safeParse(JSON.parse(decoded(part)?.toString('utf8') ?? '')).data;
  } catch {
    return undefined;
  }
}

/**
 * Whether a token vouches for a body: a JWT (RFC 7519) with HS256 and no other algorithm, whose `payload_signature` is the
 * hex SHA-256 of the body. Nothing of it is read before its signature is right. `now` in milliseconds since the epoch.
 */
export function vouchesFor(token: string, body: Uint8Array, secret: string, now: number): boolean {
  if (token.length > longestToken) return false;
  const [header = '', claims = '', signature = '', ...more] = token.split('.');
  const given = decoded(signature);
  const wanted = createHmac('sha256', secret).update(`${header}.${claims}`).digest();
  if (secret === '' || more.length > 0 || given?.length !== wanted.length || !timingSafeEqual(given, wanted))
    return false;
  const said = parsed(claims, claimsSchema);
  if (!parsed(header, headerSchema) || !said) return false;
  const seconds = now / 1_000;
  const { exp = Number.POSITIVE_INFINITY, nbf = 0, iat = seconds } = said;
  if (exp + skewS <= seconds || nbf - skewS > seconds) return false;
  if (iat - skewS > seconds || iat + longestAgeS <= seconds) return false;
  return timingSafeEqual(Buffer.from(said.payload_signature, 'hex'), createHash('sha256').update(body).digest());
}
