import { actionNames } from '../../../app/domain/document.ts';
import type { RouteDraft } from '../../../app/setup/route-draft.ts';
import { type RouteForm, routeFormView, routeNotice } from '../../../app/slack/forms/route-form.ts';
import { countingBlocks, previewBlocks } from '../../../app/slack/forms/route-preview-blocks.ts';
import { sampleBill } from '../../domain/sample-bill.ts';
import { locale, uuid } from './samples.ts';

export function routeForms() {
  const draft: RouteDraft = {
    ...{ name: 'large', kind: 'bill', amountAtLeast: '5000', amountBelow: '', currency: 'GBP', vendors: ['V1'] },
    ...{ statuses: [], types: [], branches: [], channel: 'C0ONE', person: null, delivery: 'own', cadence: '0 8 * * *' },
    ...{ mentions: [], limits: [{ people: ['U0ONE'], upTo: '25000 GBP' }], actions: [...actionNames], burst: '20' },
    noteDecisions: true,
    actAs: 'person',
    severities: ['warning', 'critical'],
    severity: 'as_found',
    customFields: ['Document.UsrProject'],
  };
  const overlap = [{ name: 'other', channel: 'C0TWO', count: 1 }];
  const preview = {
    ...{ days: 30, matched: 3, perDay: 0.1, totals: [{ value: '1', currency: 'GBP' }], waiting: 2 },
    ...{ examples: [sampleBill()], caughtEarlier: overlap, takenFrom: overlap, alsoGoes: overlap },
  };
  const shown = { preview, what: 'Bills', inDigests: false, place: 'C0ONE', membership: 'uninvited' as const, locale };
  const treasury = { id: uuid(2), name: 'treasury' };
  const form: RouteForm = {
    metadata: { connection: uuid(2), route: null, version: null, previewed: null, naming: 0, kind: 'bill' },
    connections: { all: [treasury] },
    chosen: {
      ...{ connection: treasury, timeZone: 'Europe/London', actions: actionNames, draft, kept: ['Kept.'] },
      linksAccounts: true,
      hasCustomFields: true,
      actsOnlyAsPerson: false,
      kinds: ['bill', 'other'].map((kind) => ({ kind, title: kind })),
    },
    below: previewBlocks(shown),
    ...{ waiting: 2, catchUp: false, submit: 'Save' },
  };
  return [
    routeFormView(form),
    routeFormView({
      ...form,
      chosen: form.chosen && { ...form.chosen, actions: [], draft: { ...draft, kind: 'exception' } },
    }),
    routeFormView({ ...form, connections: { search: true }, chosen: null, below: countingBlocks() }),
    routeNotice('Saved', [['It is in force.']]),
  ];
}
