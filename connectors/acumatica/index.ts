import { defineConnector } from '../connector.ts';
import { connectAcumatica } from './connection.ts';
import { credentialsSchema } from './credentials.ts';
import { billTypes } from './link.ts';
import { push } from './push.ts';
import { consent } from './sign-in/consent.ts';
import { billStatuses } from './states.ts';

/** Acumatica Cloud ERP over its contract-based REST API, signed in by OAuth 2.0 or by cookie. */
export const acumatica = defineConnector({
  id: 'acumatica',
  title: 'Acumatica',
  credentials: credentialsSchema,
  limits: ({ requests_per_minute: requestsPerMinute = null, parallel_requests: parallelRequests }) => ({
    requestsPerMinute,
    parallelRequests,
  }),
  push,
  feeds: { bill: { title: 'Bills', cadence: '* * * * *', statuses: billStatuses, types: billTypes } },
  connect: connectAcumatica,
  consent,
});
