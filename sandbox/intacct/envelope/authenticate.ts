import { companyId, entityById, sender, users } from '../company.ts';
import { RequestRefused } from '../errors.ts';
import type { Parts } from '../parts.ts';
import type { Session } from '../sessions.ts';
import type { Control, GatewayRequest } from './request.ts';

/** The overloaded number: what it means only its level and its words say. */
function refused(level: 'control' | 'operation', description2: string, correction?: string): RequestRefused {
  return new RequestRefused(level, { errorno: 'XL03000006', description2, ...(correction ? { correction } : {}) });
}

/** The partner's own pair, before anything of the company is looked at. Throws RequestRefused at control level. */
export function checkSender(control: Control): void {
  if (control.senderId !== sender.id || control.password !== sender.password) {
    throw refused('control', 'Incorrect Intacct XML Partner ID or password.');
  }
  if (control.policyId !== '') throw refused('control', `Transport policy ${control.policyId} is not valid.`);
}

/** The session that the request acts in: the named one, renewed, or one for this request alone. Throws RequestRefused. */
export function authenticate({ authentication, control }: GatewayRequest, parts: Parts): Session {
  const { sessions, settings } = parts;
  if ('sessionId' in authentication) {
    const session = sessions.renew(authentication.sessionId);
    if (!session) throw refused('operation', `Invalid session ${authentication.sessionId.slice(0, 1)}...`);
    return session;
  }
  const { login } = authentication;
  const user = users.find(({ userId, password }) => userId === login.userId && password === login.password);
  if (login.companyId.toLowerCase() !== companyId.toLowerCase() || !user)
    throw refused('operation', 'Sign-in information is incorrect');
  if (!settings.senderAuthorised) {
    throw refused(
      'operation',
      `Sender ID '${control.senderId}' is not authorized to make Web Services requests to company ID '${companyId}'.`,
      'Contact the company administrator to grant authorization to this Sender ID.',
    );
  }
  const entity = entityById(login.locationId);
  if (login.locationId !== '' && !entity) throw refused('operation', `Invalid location ID ${login.locationId}`);
  return sessions.open(user, entity?.recordNo ?? null, login.locationId);
}
