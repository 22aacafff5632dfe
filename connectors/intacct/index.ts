import { z } from 'zod';
import { actionNames } from '../../app/domain/document.ts';
import { documentsTitle } from '../../app/domain/kinds.ts';
import { summaryStates } from '../../app/domain/summary.ts';
import { defineConnector, type Feed } from '../connector.ts';
import { connectIntacct } from './connection.ts';
import { callsSchema, credentialsSchema } from './credentials.ts';
import { types as exceptionTypes } from './exceptions/sorts/index.ts';
import { kinds } from './kinds/index.ts';
import { ownLogin } from './own-login.ts';
import { push } from './push.ts';

const feeds = kinds.map(({ kind, cadence, statuses, types, actions = {} }): [string, Feed] => [
  kind,
  {
    ...{ title: documentsTitle(kind), cadence, statuses: [...statuses.keys()], types },
    actions: actionNames.filter((action) => actions[action] !== undefined),
    actsOnlyAsPerson: true,
  },
]);

/** All that is wrong now comes with every reading; Intacct bills three calls for one in which nothing happened. */
const exception: Feed = {
  title: documentsTitle('exception'),
  cadence: '*/5 * * * *',
  statuses: ['Open', 'Solved', 'Closed', 'Voided', 'Reversed'],
  types: exceptionTypes,
  actions: [],
};

const summary: Feed = {
  title: documentsTitle('summary'),
  cadence: 'close day 1 to 5 at 8:00 and 16:00, otherwise Mondays',
  statuses: Object.values(summaryStates),
  types: ['Summary'],
  actions: [],
};

const budgetSchema = z.object(callsSchema).catch({});

/** Sage Intacct over its XML gateway. */
export const intacct = defineConnector({
  id: 'intacct',
  title: 'Sage Intacct',
  credentials: credentialsSchema,
  feeds: { ...Object.fromEntries(feeds), exception, summary },
  limits: ({ parallel_requests: parallelRequests }) => ({ requestsPerMinute: null, parallelRequests }),
  budget(settings) {
    const { calls_per_day: day = null, calls_per_month: month = null } = budgetSchema.parse(settings);
    return { callsPerDay: day, callsPerMonth: month };
  },
  push,
  connect: connectIntacct,
  typedLogin: ownLogin,
});
