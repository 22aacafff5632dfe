import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CustomRoute } from '@slack/bolt';
import type { Logger } from 'winston';
import { type CompleteDeps, completeConsent, consentPage, verifierOf } from '../accounts/complete.ts';
import { type ConsentOnItsWay, findConsent, openConsent, takeConsent } from '../accounts/consents.ts';
import { callbackPath, connectPath } from '../accounts/links.ts';
import { recordEvents } from '../audit/record.ts';
import { PermanentError, ReconnectError, RetryableError } from '../domain/errors.ts';
import { actInHome } from '../home/row.ts';
import { type AdminDeps, isAdmin } from '../people/admins.ts';
import {
  type ConsentFailureReason,
  consentFailure,
  renderConsentDone,
  renderConsentFailure,
} from './erp-consent-pages.ts';
import { pageHeaders } from './page.ts';

export interface ConsentRoutesDeps extends CompleteDeps {
  roles: AdminDeps['roles'];
  log: Logger;
}

const cookieName = 'countersign-erp';
const lifeSeconds = 600;
const longestAddress = 8_000;
const exchangeMs = 30_000;

/** Something that a page says in plain words; the cause is for the log. */
class Refused extends Error {
  readonly reason: ConsentFailureReason;
  constructor(reason: ConsentFailureReason, cause?: unknown) {
    super(reason, { cause });
    this.reason = reason;
  }
}

/**
 * The way to an ERP's consent page and back. Addresses are made from the settings alone, whatever Host a request names,
 * and nobody is sent anywhere but to the site that the connection names.
 */
export function erpConsentRoutes(deps: ConsentRoutesDeps): CustomRoute[] {
  const { db, log, publicUrl, stateSecret } = deps;
  const secure = publicUrl.startsWith('https:') ? '; Secure' : '';

  /** Ties the way back to the browser that opened the link: whoever only sees the state cannot make it. */
  const cookieOf = (state: string) =>
    createHmac('sha256', stateSecret).update(`erp consent browser ${state}`).digest('base64url');

  function answering(handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>) {
    return (request: IncomingMessage, response: ServerResponse): void => {
      void handle(request, response).catch((error) => {
        const refused = error instanceof Refused ? error : new Refused('not_kept', error);
        const level = refused.reason === 'not_kept' ? 'error' : 'warn';
        log.log(level, 'not linked to an ERP', { reason: refused.reason, error: refused.cause });
        const failure = consentFailure(refused.reason);
        response.writeHead(failure.status, pageHeaders).end(renderConsentFailure(failure));
      });
    };
  }

  async function connect(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const nonce = (request as IncomingMessage & { params?: Record<string, string> }).params?.nonce ?? '';
    if (!/^[\w-]{22}$/.test(nonce)) throw new Refused('unknown_link');
    const opened = await openConsent(db, nonce);
    if (typeof opened === 'string') throw new Refused(opened === 'unknown' ? 'unknown_link' : opened);
    const { consent, state } = opened;
    await checkRights(consent);
    const challenge = createHash('sha256').update(verifierOf(stateSecret, state)).digest('base64url');
    const location = await consentPage(deps, consent, state, challenge).catch((error) => {
      throw error instanceof ReconnectError ? new Refused('wrong_client', error) : error;
    });
    const cookie = `${cookieName}=${cookieOf(state)}; Path=/erp; Max-Age=${lifeSeconds}; HttpOnly; SameSite=Lax${secure}`;
    response.writeHead(302, { ...pageHeaders, location, 'set-cookie': cookie }).end();
  }

  async function callback(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const query = queryOf(request);
    const [state, code, problem] = ['state', 'code', 'error'].map((name) => query?.getAll(name) ?? []);
    if (state?.length !== 1 || !/^[\w-]{43}$/.test(state[0] ?? '')) throw new Refused('incomplete');
    const [given = ''] = state;
    if (!(await findConsent(db, given))) throw new Refused('unknown_link');
    if (!isSame(readCookie(request), cookieOf(given))) throw new Refused('other_browser');
    const consent = await takeConsent(db, given);
    if (typeof consent === 'string') throw new Refused(consent === 'unknown' ? 'unknown_link' : consent);
    try {
      if (problem && problem.length > 0)
        throw new Refused(problem[0] === 'access_denied' ? 'denied' : 'refused_by_erp');
      if (code?.length !== 1 || !code[0] || code[0].length > 4_000) throw new Refused('incomplete');
      await checkRights(consent);
      await complete(consent, { code: code[0], state: given }, response);
    } catch (error) {
      await refuse(consent, error);
      throw error;
    }
  }

  async function complete(
    consent: ConsentOnItsWay,
    answer: { code: string; state: string },
    response: ServerResponse,
  ): Promise<void> {
    const signal = AbortSignal.timeout(exchangeMs);
    const done = await completeConsent(deps, consent, { ...answer, signal }).catch((error) => {
      if (signal.aborted || error instanceof RetryableError) throw new Refused('unreachable', error);
      if (error instanceof PermanentError && error.reason === 'code_refused') throw new Refused('code_refused', error);
      if (error instanceof ReconnectError) throw new Refused('wrong_client', error);
      throw error;
    });
    if (done.outcome === 'taken') throw new Refused('taken');
    const { connection, erp } = done;
    const what = done.outcome === 'connected' ? `“${connection}” is connected` : `Your ${erp} account is linked`;
    const notice = `${what}${done.user ? ` as ${done.user}` : ''}.`;
    await actInHome(db, consent, { notice });
    response.writeHead(200, pageHeaders).end(renderConsentDone(done, consent.workspace));
  }

  /** Who looks after the app can have changed since the link was made. */
  async function checkRights({ purpose, installationId, person }: ConsentOnItsWay): Promise<void> {
    if (purpose === 'connection' && !(await isAdmin(deps, installationId, person))) throw new Refused('not_admin');
  }

  async function refuse({ installationId, connectionId, person, purpose }: ConsentOnItsWay, error: unknown) {
    const reason = error instanceof Refused ? error.reason : 'not_kept';
    const data = { purpose, reason };
    await recordEvents(db, [{ kind: 'consent.refused', installationId, connectionId, actor: person, data }]);
  }

  return [
    { path: `${connectPath}/:nonce`, method: 'GET', handler: answering(connect) },
    { path: callbackPath, method: 'GET', handler: answering(callback) },
  ];
}

/** Undefined for an address that no ERP sends. */
function queryOf({ url = '' }: IncomingMessage): URLSearchParams | undefined {
  if (url.length > longestAddress) return undefined;
  return new URLSearchParams(url.split('?').slice(1).join('?'));
}

function readCookie({ headers }: IncomingMessage): string {
  const pairs = (headers.cookie ?? '').split(/;\s*/);
  return pairs.find((pair) => pair.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1) ?? '';
}

function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
