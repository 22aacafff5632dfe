import { PermanentError, ReconnectError, RetryableError, UnclearError } from '../../../app/domain/errors.ts';
import type { Problem } from './problem.ts';

/** Where the gateway says nothing of when. */
const limitRetryMs = 30_000;

const causeOf = ({ detail, text }: Problem) => new Error(text === null ? detail : `${detail}: ${text}`);
const inWords = (text: string | null) => (text === null ? '' : ` It says: ${text}`);

/** What to do next about a read, or about a sign-in. `what` names for people what was asked for. */
export function readError(problem: Problem, what: string): Error {
  const { kind, text, retryAfterMs } = problem;
  const cause = causeOf(problem);
  const reconnect = (field: string, message: string, scope?: 'kind') =>
    new ReconnectError(message, { field, cause, scope });
  switch (kind) {
    case 'limit':
      return new RetryableError('Intacct takes no more requests just now (its limit of requests at once).', {
        retryAfterMs: retryAfterMs ?? limitRetryMs,
        cause,
      });
    case 'closed':
      return new RetryableError('Intacct is off-line for the moment.', { retryAfterMs: limitRetryMs, cause });
    case 'sender':
      return reconnect(
        'sender_id',
        `Intacct does not accept the sender ID and its password. They belong to the Web Services licence, not to the user.${inWords(text)}`,
      );
    case 'authorisation':
      return reconnect(
        'authorisation',
        'The company has not authorised this sender ID. An administrator adds it in Intacct: Company, Setup, Company, Security, Web Services authorizations.',
      );
    case 'login':
      return reconnect('login', `Intacct does not accept the company ID, user ID or password.${inWords(text)}`);
    case 'session':
      return reconnect('login', 'Intacct signs the user in, but does not accept the session that it gave.');
    case 'entity':
      return reconnect('entity', `Intacct does not let the user into this entity.${inWords(text)}`);
    case 'gateway':
      return reconnect('gateway', `This address does not answer as an Intacct XML gateway.${inWords(text)}`);
    case 'rights':
      return reconnect('rights', `The role of the Intacct user may not read ${what}.${inWords(text)}`, 'kind');
    case 'missing':
      return reconnect('rights', `Intacct has no ${what} for this user.${inWords(text)}`, 'kind');
    case 'unsafe':
      return new PermanentError('unexpected_answer', `The answer about ${what} was refused: it is no safe UTF-8 XML.`, {
        cause,
      });
    case 'garbled':
      return new RetryableError(`The answer of Intacct about ${what} cannot be read: it is cut off or no XML.`, {
        cause,
      });
    case 'server':
      return new RetryableError(`Intacct answered with an error of its own when asked for ${what}.${inWords(text)}`, {
        retryAfterMs,
        cause,
      });
    case 'rolled_back':
    case 'refused':
      return new PermanentError('refused_by_erp', `Intacct refused to give ${what}.${inWords(text)}`, { cause });
  }
}

/** An action that may or may not have been carried out. */
export function unclearAction(problem: Problem): UnclearError {
  return new UnclearError('Intacct did not answer properly; whether it did what was asked is not known.', {
    cause: causeOf(problem),
  });
}
