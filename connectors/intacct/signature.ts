import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** By how much the sender's clock may differ. */
const skewMs = 300_000;
const longestHeader = 16_384;
/** Stamps beyond this are milliseconds: as seconds it is the year 5138. The vendor's page means milliseconds. */
const stampsFromHereAreMs = 1e11;

const headerSchema = z.object({ alg: z.literal('HS256'), crit: z.undefined().optional() });
const stamp = z.number().transform((value) => (value > stampsFromHereAreMs ? value : value * 1_000));
const claimsSchema = z.object({
  iss: z.literal('Sage Intacct'),
  exp: stamp,
  iat: stamp.optional(),
  nbf: stamp.optional(),
  payload_signature: z.string().regex(/^[0-9a-f]{64}$/i),
  payload_signature_alg: z.literal('SHA-256').optional(),
});
const envelopeSchema = z.object({ jwtData: z.string() });

function parsed<S extends z.ZodType>(bytes: Buffer | undefined, schema: S): z.output<S> | undefined {
  try {
    return schema.safeParse(JSON.parse(bytes?.toString('utf8') ?? '')).data;
  } catch {
    return undefined;
  }
}

/** A part of a token as bytes; undefined where it is no base64url as RFC 7515 writes it, without padding. */
function decoded(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url');
  return bytes.toString('base64url') === part ? bytes : undefined;
}

/** The header holds the token itself, or context in base64 of which the token is part: the vendor's page says both. */
function tokenIn(header: string): string {
  if (header.includes('.')) return header;
  return parsed(Buffer.from(header, 'base64'), envelopeSchema)?.jwtData ?? '';
}

/**
 * Whether what stands in the signature's header vouches for a body: a JWT (RFC 7519) with HS256 and no other algorithm, not
 * over yet (they are good for an hour), whose `payload_signature` is the hex SHA-256 of the body. Nothing of it is read
 * before its signature is right. `now` in milliseconds since the epoch. Source: Sage, Outbound webhooks, Security steps.
 */
export function vouchesFor(signatureHeader: string, body: Uint8Array, secret: string, now: number): boolean {
  if (signatureHeader.length > longestHeader) return false;
  const [header = '', claims = '', signature = '', ...more] = tokenIn(signatureHeader).split('.');
  const given = decoded(signature);
  const wanted = createHmac('sha256', secret).update(`${header}.${claims}`).digest();
  if (secret === '' || more.length > 0 || given?.length !== wanted.length || !timingSafeEqual(given, wanted))
    return false;
  const said = parsed(decoded(claims), claimsSchema);
  if (!parsed(decoded(header), headerSchema) || !said) return false;
  const { exp, nbf = 0, iat = 0 } = said;
  if (exp + skewMs <= now || Math.max(nbf, iat) - skewMs > now) return false;
  return timingSafeEqual(Buffer.from(said.payload_signature, 'hex'), createHash('sha256').update(body).digest());
}
