import { ReconnectError, UnclearError } from '../../../app/domain/errors.ts';
import type { ErpResponse } from '../../../app/outbound/http.ts';
import { fingerprint } from '../../shared/fingerprint.ts';
import { createIdentity, type IdentityContext } from './identity.ts';
import { type SignIn, SignInHeldBack } from './sign-in.ts';

/** A session tells its end by a 401, so it is used until then. */
const untilRefused = Number.MAX_SAFE_INTEGER;

/** The cookies of an answer by name. Most come twice; values may hold `=` and `&`; an empty one is none. */
function cookiesOf({ setCookies }: ErpResponse): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const line of setCookies) {
    const [pair = ''] = line.split(';');
    const at = pair.indexOf('=');
    const [name, value] = [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    if (at > 0 && value !== '') cookies.set(name, value);
  }
  return cookies;
}

/** `POST /entity/auth/login`: one session, and so one seat, which all processes share. */
export function signInByCookie(context: IdentityContext): SignIn {
  const { site, tenant, username = '', password = '', branch } = context.credentials;
  const identity = createIdentity(context);
  const close = (pass: string, signal: AbortSignal) => identity.logout({ cookie: pass }, signal);

  async function login(signal: AbortSignal): Promise<ErpResponse> {
    const body = JSON.stringify({ name: username, password, tenant, ...(branch === undefined ? {} : { branch }) });
    try {
      const headers = { 'content-type': 'application/json' };
      return await identity.send({ method: 'POST', headers, body }, '/entity/auth/login', signal);
    } catch (error) {
      // It may have taken a seat that nobody can give back: the next try must not follow at once.
      if (error instanceof UnclearError)
        throw new SignInHeldBack(`${identity.host} did not answer the sign-in.`, { cause: error });
      throw error;
    }
  }

  return {
    owner: fingerprint(['cookie', site, tenant, username, password, branch]),
    field: 'login',
    isConsent: false,
    async fetch(previous, signal) {
      // One that was refused may still hold its seat.
      if (previous !== null) await close(previous.pass, signal).catch(() => undefined);
      const response = await login(signal);
      if (response.status < 200 || response.status >= 300)
        throw identity.problemOf(response, 'Acumatica does not accept the user name and password.');
      const cookies = cookiesOf(response);
      if (!cookies.has('.ASPXAUTH'))
        throw new ReconnectError(`${identity.host} answered the sign-in without a session: is the address right?`, {
          field: 'site',
        });
      const pass = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const reached = cookies.get('CompanyID') ?? tenant;
      if (reached.toLowerCase() !== tenant.toLowerCase()) {
        await close(pass, signal).catch(() => undefined);
        throw new ReconnectError(`Acumatica signed in to the tenant "${reached}" instead: enter its name.`, {
          field: 'tenant',
        });
      }
      return { pass, refreshToken: null, expiresAt: untilRefused };
    },
    headers: (pass) => ({ cookie: pass }),
    close,
    secretsOf: ({ pass }) =>
      pass.split('; ').flatMap((pair) => (/^[^=]*(session|auth)[^=]*=/i.test(pair) ? pair.replace(/^[^=]*=/, '') : [])),
  };
}
