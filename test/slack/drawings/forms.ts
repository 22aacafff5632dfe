import type { KnownBlock } from '@slack/types';
import { z } from 'zod';
import type { ListedPerson, PeopleList } from '../../../app/home/people.ts';
import type { PushSetup } from '../../../app/push/setup.ts';
import { formFields } from '../../../app/setup/fields.ts';
import { buildForm, presetsOf } from '../../../app/setup/form.ts';
import { administratorsView } from '../../../app/slack/forms/administrators-view.ts';
import { checkingView, failedView, savedView } from '../../../app/slack/forms/connection-answers.ts';
import { connectionFormView } from '../../../app/slack/forms/connection-form.ts';
import { peopleView } from '../../../app/slack/forms/people-view.ts';
import { loading, plainView } from '../../../app/slack/forms/plain-view.ts';
import { pushView } from '../../../app/slack/forms/push-view.ts';
import { typedLoginView } from '../../../app/slack/forms/typed-login.ts';
import { historyOf, historyOfDigest, historySentence } from '../../../app/slack/messages/history.ts';
import { acumatica } from '../../../connectors/acumatica/index.ts';
import { intacct } from '../../../connectors/intacct/index.ts';
import { consentView } from '../../../listeners/views/consent-view.ts';
import { reasonView } from '../../../listeners/views/reason-view.ts';
import { sampleBill } from '../../domain/sample-bill.ts';
import { routeForms } from './route-forms.ts';
import { at, type Drawing, event, found, locale, paged, times, uuid } from './samples.ts';

export function forms(): Drawing[] {
  const person = (n: number): ListedPerson => ({
    ...{ id: String(n), key: `EP00${n}`, name: `Person ${n}`, sort: 'employee', email: null, version: 1 },
    ...{ slackUser: 'U0ONE', matchedBy: 'hand', unmatched: null, setBy: 'U0TWO' },
  });
  const list: PeopleList = {
    asked: { installationId: uuid(1), connectionId: uuid(2), show: 'all', query: 'per', page: 3 },
    connection: { name: 'treasury', connector: 'acumatica' },
    counts: { byEmail: 1, byHand: 2, unmatched: 3, contacts: 4 },
    ...{ seesEmails: false, matchedAt: at, isRunning: false, problem: 'Not read.', people: paged(times(5, person)) },
  };
  const push: PushSetup = {
    ...{
      connectionId: uuid(2),
      connection: 'treasury',
      erp: 'Acumatica',
      isReachable: false,
      secretIs: 'header value',
      secretFrom: 'app',
    },
    state: { lastPushAt: null, problem: null } as PushSetup['state'],
    kinds: [{ kind: 'bill', rows: [{ label: 'URL', value: 'https://x.example' }] }],
  };
  const reader = { erp: 'Acumatica', installUrl: undefined };
  const metadata = { draft: uuid(3), connection: uuid(2), connector: 'acumatica', version: 1, since: '7' };
  const entered = presetsOf(acumatica);
  const problems = { byField: { name: 'Give it a name.' }, others: ['The ERP did not answer.'] };
  const conflict = [{ by: 'U0ONE', at, lines: ['cadence'] }];
  const given = { connectors: [acumatica, { ...acumatica, id: 'other' }], connector: acumatica, entered };
  const place = { documentId: '1', digestId: '2', channel: 'C0ONE', page: 1 };
  const edges = { events: [event('card.posted')], older: { before: '3' }, newer: { after: '9' } };
  const members = times(3, (n) => ({ documentId: `${n}`, document: sampleBill({ reference: `00${n}` }), gone: false }));
  const connectionViews = [
    connectionFormView(buildForm({ ...given, metadata, problems, conflict, isRestored: true })),
    connectionFormView(buildForm({ ...given, metadata: { ...metadata, connection: null } })),
    connectionFormView(buildForm({ ...given, metadata, connector: intacct, entered: presetsOf(intacct) })),
    checkingView(metadata),
    failedView(metadata),
    savedView({
      connectionId: uuid(2),
      name: 'treasury',
      summary: 'It answered.',
      isNew: true,
      isPaused: true,
      toConnect: true,
    }),
    savedView({
      connectionId: uuid(2),
      name: 'treasury',
      summary: null,
      isNew: true,
      isPaused: false,
      toConnect: false,
    }),
    consentView({ url: 'https://erp.example/consent', erp: 'Acumatica', connection: 'treasury' }, 'account'),
    typedLoginView({
      ...{ connectionId: uuid(2), erp: 'Ledger', connection: 'books' },
      fields: formFields(
        z.object({ user: z.string().meta({ title: 'User' }), password: z.string().meta({ secret: true }) }),
      ),
    }),
  ];
  const views = [
    ...connectionViews,
    ...routeForms(),
    historySentence('Looking …'),
    historyOf(found, edges, place, { erpTitle: () => 'Acumatica', locale }),
    historyOfDigest({ total: 60, members }, place, { perPage: 20, locale }),
    reasonView({ cardKey: uuid(1), seen: 'abc', channel: null, messageId: null }),
    peopleView(list, { ...reader, notice: [['Saved.']] }),
    peopleView({ ...list, asked: { ...list.asked, show: 'unmatched', query: '' }, isRunning: true }, reader),
    administratorsView({ installer: 'U0ONE', named: ['U0TWO'], version: 1, changedBy: null }, [['Saved.']]),
    plainView('People', loading),
    pushView(push, true),
    pushView({ ...push, state: null }, false),
    pushView({ ...push, secretFrom: 'erp', state: null }, false),
    pushView({ ...push, secretFrom: 'erp' }, false),
  ];
  return views.map((view) => ({
    what: `the form “${view.title.text}”`,
    ...(view.callback_id ? { callbackId: view.callback_id } : {}),
    blocks: view.blocks as KnownBlock[],
  }));
}
