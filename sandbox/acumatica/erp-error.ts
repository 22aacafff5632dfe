export type BodyForm = 'json' | 'text' | 'html';

/** An answer other than success, as the site words it. `body` is sent as JSON unless `type` says otherwise. */
export class ErpError extends Error {
  readonly status: number;
  readonly body: unknown;
  readonly type: BodyForm;
  readonly headers: Record<string, string>;

  constructor(status: number, body: unknown, type: BodyForm = 'json', headers: Record<string, string> = {}) {
    super(`${status}`);
    this.name = 'ErpError';
    this.status = status;
    this.body = body;
    this.type = type;
    this.headers = headers;
  }
}

/** The body of an exception that reached the REST layer; the real system adds its stack trace too. */
export function exceptionBody(exceptionMessage: string, exceptionType: string) {
  return {
    message: 'An error has occurred.',
    exceptionMessage,
    exceptionType,
    stackTrace: `   at ${exceptionType.split('.').slice(0, -1).join('.')}.Execute(Object entity)`,
  };
}

/** Most refusals of the real system are a 500 with an exception. */
export function exception(exceptionMessage: string, exceptionType = 'PX.Data.PXException', status = 500): ErpError {
  return new ErpError(status, exceptionBody(exceptionMessage, exceptionType));
}

/** The action's button is not available in the state the document is in. */
export function actionDisabled(button: string, status: number): ErpError {
  return exception(`Error: The ${button} button is disabled.`, 'PX.Data.PXActionDisabledException', status);
}

const page = (title: string) =>
  `<!DOCTYPE html><html><head><title>${title}</title></head><body><h2>${title}</h2></body></html>`;

/** Nobody is signed in. Only the body of an old recording is known, so others are switchable. */
export function notSignedIn(form: 'json' | 'html' | 'empty'): ErpError {
  const challenge = { 'WWW-Authenticate': 'Bearer' };
  if (form === 'empty') return new ErpError(401, '', 'text', challenge);
  if (form === 'html') return new ErpError(401, page('401 - Unauthorized'), 'html', challenge);
  return new ErpError(401, { message: 'You are not logged in.' });
}

/** The user has no rights to the form, or the feature is off. */
export function noRights(screen: string, form: 'json' | 'html' | 'empty'): ErpError {
  if (form === 'empty') return new ErpError(403, '', 'text');
  if (form === 'html') return new ErpError(403, page('403 - Forbidden: Access is denied.'), 'html');
  return new ErpError(403, { message: `You have insufficient rights to access the object (${screen}).` });
}

/** The record asked for by key or id is not there. */
export function noEntity(status: number): ErpError {
  return exception(
    'No entity satisfies the condition.',
    'PX.Api.ContractBased.NoEntitySatisfiesTheConditionException',
    status,
  );
}

/** Nothing is served at this address: unknown version, entity or action. */
export function notServed(url: string, form: 'json' | 'html' | 'empty'): ErpError {
  if (form === 'empty') return new ErpError(404, '', 'text');
  if (form === 'html')
    return new ErpError(404, '<html><body><h2>404 - File or directory not found.</h2></body></html>', 'html');
  return new ErpError(404, { message: `No HTTP resource was found that matches the request URI '${url}'.` });
}

/** The licence has no seat or no room left; what the body looks like is not certain, so both are known. */
export function limitReached(
  text: string,
  {
    limitBody,
    limitStatus,
    retryAfterSeconds,
  }: { limitBody: 'text' | 'json'; limitStatus: number; retryAfterSeconds: number | null },
): ErpError {
  const headers: Record<string, string> =
    retryAfterSeconds === null ? {} : { 'Retry-After': String(retryAfterSeconds) };
  if (limitBody === 'json')
    return new ErpError(limitStatus, exceptionBody(text, 'PX.Data.PXException'), 'json', headers);
  return new ErpError(429, 'The custom error module does not recognize this error.', 'text', headers);
}
