import { actionNames } from '../../app/domain/document.ts';
import { documentsTitle } from '../../app/domain/kinds.ts';
import { defineConnector, type Feed } from '../connector.ts';
import { connectAcumatica } from './connection.ts';
import { credentialsSchema } from './credentials.ts';
import { kinds } from './kinds/index.ts';
import { linkTo } from './link.ts';
import { push } from './push.ts';
import { consent } from './sign-in/consent.ts';

const feeds = kinds.map(({ kind, cadence, statuses, types, actions, releasedApart }): [string, Feed] => [
  kind,
  {
    title: documentsTitle(kind),
    cadence,
    statuses: [...statuses.keys()],
    types,
    actions: actionNames.filter((action) => actions[action] !== undefined),
    ...(releasedApart ? { releasedApart } : {}),
  },
]);

/** Acumatica Cloud ERP over its contract-based REST API, signed in by OAuth 2.0 or by cookie. */
export const acumatica = defineConnector({
  id: 'acumatica',
  title: 'Acumatica',
  credentials: credentialsSchema,
  feeds: Object.fromEntries(feeds),
  limits: ({ requests_per_minute: requestsPerMinute = null, parallel_requests: parallelRequests }) => ({
    requestsPerMinute,
    parallelRequests,
  }),
  linkOf: ({ site, tenant }, { kind: name, type, reference }) => {
    const kind = kinds.find((each) => each.kind === name);
    if (!kind || typeof site !== 'string' || typeof tenant !== 'string') return null;
    return linkTo(kind, { site, tenant }, type, reference);
  },
  hasCustomFields: true,
  push,
  connect: connectAcumatica,
  consent,
});
