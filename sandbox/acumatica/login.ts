import { Router } from 'express';
import { formBody, jsonBody } from './answer.ts';
import { authCookie, currentSession } from './authenticate.ts';
import { ErpError, exception } from './erp-error.ts';
import type { Parts } from './parts.ts';
import type { Session } from './sessions.ts';
import type { Settings } from './settings.ts';
import { findUser, type User } from './users.ts';

const minuteMs = 60_000;
const lengthRequired =
  '<html><body><h2>Length Required</h2><hr><p>HTTP Error 411. The request must be chunked or have a content length.</p></body></html>';

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The tenant's name as `tenant`, or `company` as older clients say; not both. Empty means the default tenant. */
function checkTenant(fields: Record<string, unknown>, { tenant, singleTenant }: Settings): void {
  const [current, older] = [textOf(fields.tenant), textOf(fields.company)];
  if (current && older) throw exception('Error: tenant and company cannot both be given.');
  const asked = current ?? older ?? tenant;
  if (singleTenant || asked.toLowerCase() === tenant.toLowerCase()) return;
  throw exception('Unable to determine proper company ID for the request.', 'PX.Data.PXUndefinedCompanyException');
}

function cookies(session: Session, user: User, tenant: string, secure: boolean): string[] {
  return [
    `ASP.NET_SessionId=${session.id}; path=/; HttpOnly; SameSite=Lax`,
    `.ASPXAUTH=${authCookie(session)}; path=/; HttpOnly${secure ? '; secure; SameSite=None' : ''}`,
    `CompanyID=${tenant}; path=/`,
    'Locale=Culture=en-US&TimeZone=GMTM0800A; path=/',
    `UserBranch=${user.role === 'service' ? '16' : '17'}; path=/`,
    'requestid=; path=/',
    'requeststat=; path=/',
  ];
}

/** `/entity/auth/login` and `/entity/auth/logout`. */
export function loginRouter(parts: Parts): Router {
  const router = Router();
  const { sessions, settings, now } = parts;

  router.post('/login', (request, response) => {
    const isForm = request.is('application/x-www-form-urlencoded');
    const fields: Record<string, unknown> = isForm ? Object.fromEntries(formBody(request)) : jsonBody(request);
    checkTenant(fields, settings);
    const user = findUser(textOf(fields.name), textOf(fields.password));
    if (!user)
      throw exception('Error: Invalid credentials. Please try again.', 'PX.Data.PXException', settings.badLoginStatus);
    const expiresAt = now() + settings.sessionMinutes * minuteMs;
    const session = sessions.open({ user, by: 'cookie', grant: null, expiresAt });
    const lines = cookies(session, user, settings.tenant, parts.baseUrl().startsWith('https:'));
    response
      .set('Set-Cookie', [...lines, ...lines])
      .status(204)
      .end();
  });

  router.post('/logout', (request, response) => {
    if (request.get('content-length') === undefined) throw new ErpError(411, lengthRequired, 'html');
    const session = currentSession(request, parts);
    if (session) sessions.close(session);
    const gone = ['ASP.NET_SessionId', '.ASPXAUTH', 'CompanyID', 'Locale', 'UserBranch'];
    response
      .set(
        'Set-Cookie',
        gone.map((name) => `${name}=; expires=Mon, 01-Jan-1990 00:00:00 GMT; path=/`),
      )
      .status(204)
      .end();
  });
  return router;
}
