import { PermanentError, ReconnectError } from '../../../app/domain/errors.ts';
import type { ConnectContext, SharedState } from '../../connector.ts';
import { fingerprint } from '../../shared/fingerprint.ts';
import type { Words } from '../../shared/words.ts';
import type { IntacctCredentials } from '../credentials.ts';
import { child, textOf, XmlProblem } from '../xml/read.ts';
import { element, leaf } from '../xml/write.ts';
import { type Body, type FunctionResult, readBody } from './answer.ts';
import { readError } from './errors.ts';
import { type Problem, problemOf, problemOfBody, problemOfStatus } from './problem.ts';
import { type Authentication, type GatewayFunction, type Login, requestXml } from './request.ts';
import { createSessions, type Opened, type Session, type Sessions } from './session.ts';

/** The gateway cuts a synchronous call off after 15 minutes; nobody waits that long here. */
const timeoutMs = 180_000;
const maxBytes = 32 * 1024 * 1024;

export interface Asked {
  functions: readonly GatewayFunction[];
  /** Whether they change nothing, so that asking again is harmless. */
  readsOnly: boolean;
  signal: AbortSignal;
}

/**
 * One result for each function, whatever each came to, as of `clock` (ms since the epoch); or what is wrong with the
 * request as a whole.
 */
export type Reply = { results: FunctionResult[]; clock: number } | { problem: Problem };

type Posted = Extract<Body, { place: 'results' }> & { date: number };

export interface Calls {
  /** Sends functions in one request of the session; a session that is over is replaced and they are asked once more. */
  send(asked: Asked): Promise<Reply>;
  sessions: Sessions;
}

interface Signed {
  login: Login;
  state: SharedState;
}

/** Where the calls of a session go: what the gateway names, so long as it is itself. Throws ReconnectError. */
export function checkedEndpoint(endpoint: string, gateway: string): string {
  const configured = new URL(gateway);
  const isIntacct = (host: string) => /(^|\.)intacct\.com$/i.test(host);
  const refuse = () =>
    new ReconnectError('The gateway sent the session to an address that is not its own; it is not followed.', {
      field: 'gateway',
    });
  if (!URL.canParse(endpoint)) throw refuse();
  const url = new URL(endpoint);
  const own = isIntacct(configured.hostname)
    ? url.protocol === 'https:' && isIntacct(url.hostname) && url.username === '' && url.port === ''
    : url.origin === configured.origin && url.username === '';
  if (!own) throw refuse();
  return url.href;
}

/** Calls of one sign-in, on one session that all processes share. */
export function createCalls(
  context: ConnectContext<IntacctCredentials>,
  words: Words,
  { login, state }: Signed,
): Calls {
  const { credentials, http, now, meter } = context;
  const { gateway, sender_id, sender_password } = credentials;
  const sender = { id: sender_id, password: sender_password };

  async function post(
    url: string,
    authentication: Authentication,
    { functions, readsOnly, signal }: Asked,
  ): Promise<Posted | { problem: Problem }> {
    // What was spent and then not sent costs a little of the budget; the other way round would cost money.
    await meter?.spend(functions.length);
    const response = await http.request({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/xml; charset=utf-8', accept: 'application/xml, text/xml' },
      body: requestXml(sender, authentication, functions),
      ...{ timeoutMs, maxBytes, readsOnly, signal },
    });
    if (response.status !== 200) return { problem: problemOfStatus(response, words) };
    try {
      const body = readBody(response, functions.length);
      if (body.place !== 'results') return { problem: problemOf(body.place, body.errors, words) };
      return { ...body, date: Date.parse(response.headers.date ?? '') };
    } catch (error) {
      if (error instanceof XmlProblem) return { problem: problemOfBody(response, error) };
      throw error;
    }
  }

  /** Ends and lengths are the gateway's, told as a length on this machine's clock. */
  const endOf = ({ sessionMs, endsAt }: Posted) => (sessionMs === null ? endsAt : now() + sessionMs);

  async function open(signal: AbortSignal): Promise<Opened> {
    const location = login.entity === null ? '' : leaf('locationid', login.entity);
    const functions = [{ name: 'getAPISession', xml: element('getAPISession', location) }];
    const what = 'a session';
    const reply = await post(gateway, { login }, { functions, readsOnly: true, signal });
    // No session was named, so whatever it calls so is the sign-in.
    if ('problem' in reply)
      throw readError(reply.problem.kind === 'session' ? { ...reply.problem, kind: 'login' } : reply.problem, what);
    const [result] = reply.results;
    if (result === undefined || result.status !== 'success')
      throw readError(problemOf('result', result?.errors ?? [], words), what);
    const api = child(result.data, 'api');
    const [sessionId, endpoint] = [textOf(api, 'sessionid'), textOf(api, 'endpoint')];
    if (sessionId === null || endpoint === null)
      throw new PermanentError('unexpected_answer', 'Intacct answered the sign-in without a session.');
    return { sessionId, endpoint: checkedEndpoint(endpoint, gateway), expiresAt: endOf(reply) };
  }

  const owner = fingerprint([gateway, sender_id, sender_password, ...Object.values(login).map((one) => one ?? '')]);
  const sessions = createSessions({ state, now }, owner, open);

  async function once(session: Session, asked: Asked): Promise<Reply> {
    const askedAt = now();
    const reply = await post(session.endpoint, { sessionId: session.sessionId }, asked);
    if ('problem' in reply) {
      const { kind } = reply.problem;
      // By a session, the one thing that a refused sign-in can be is that it is over; the login then tells the truth.
      return kind === 'login' ? { problem: { ...reply.problem, kind: 'session' } } : reply;
    }
    const { results, date } = reply;
    const over = results
      .filter(({ status }) => status !== 'success')
      .map(({ errors }) => problemOf('result', errors, words))
      .find(({ kind }) => kind === 'session');
    if (over) return { problem: over };
    const expiresAt = endOf(reply);
    if (expiresAt !== null) await sessions.renewed(session, expiresAt);
    // Two clocks, and the time that the answer took: the earliest passes nothing over.
    const clock = Number.isNaN(date) ? askedAt : Math.min(askedAt, date - Math.max(0, now() - askedAt));
    return { results, clock };
  }

  return {
    sessions,
    async send(asked) {
      const session = await sessions.current(asked.signal);
      const reply = await once(session, asked);
      if (!('problem' in reply) || reply.problem.kind !== 'session') return reply;
      return once(await sessions.replace(session, asked.signal), asked);
    },
  };
}
