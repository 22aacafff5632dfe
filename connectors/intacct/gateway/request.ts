import { attribute, document, element, leaf } from '../xml/write.ts';

/** One function of a request, such as `query`: its own element, finished. */
export interface GatewayFunction {
  name: string;
  xml: string;
}

export interface Sender {
  id: string;
  password: string;
}

/** A company and who signs in to it; `entity` is a location id, null the top level. */
export interface Login {
  companyId: string;
  userId: string;
  password: string;
  entity: string | null;
}

export type Authentication = { login: Login } | { sessionId: string };

/** The ids by which results are told apart. */
export const controlIdOf = (index: number): string => `f${index + 1}`;

/** The order of children is the schema's: any other is refused. */
function controlXml({ id, password }: Sender): string {
  return element('control', [
    leaf('senderid', id),
    leaf('password', password),
    leaf('controlid', 'countersign'),
    leaf('uniqueid', 'false'),
    leaf('dtdversion', '3.0'),
    leaf('includewhitespace', 'false'),
  ]);
}

function authenticationXml(authentication: Authentication): string {
  if ('sessionId' in authentication) return leaf('sessionid', authentication.sessionId);
  const { userId, companyId, password, entity } = authentication.login;
  const names = [leaf('userid', userId), leaf('companyid', companyId), leaf('password', password)];
  return element('login', entity === null ? names : [...names, leaf('locationid', entity)]);
}

/** A request with its functions in order, each done for itself. */
export function requestXml(
  sender: Sender,
  authentication: Authentication,
  functions: readonly GatewayFunction[],
): string {
  const content = functions.map(({ xml }, index) =>
    element('function', xml, attribute('controlid', controlIdOf(index))),
  );
  const operation = [element('authentication', authenticationXml(authentication)), element('content', content)];
  const whole = [controlXml(sender), element('operation', operation, attribute('transaction', 'false'))];
  return document(element('request', whole));
}
