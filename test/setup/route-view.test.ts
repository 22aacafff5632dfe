import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { actionNames } from '../../app/domain/document.ts';
import { limitsMost, type RouteDraft } from '../../app/setup/route-draft.ts';
import { type RouteForm, routeFormView } from '../../app/slack/forms/route-form.ts';
import { previewBlocks } from '../../app/slack/forms/route-preview-blocks.ts';
import { routeView } from '../../listeners/views/route-view.ts';
import { checkView } from '../../sandbox/slack/blocks/view.ts';
import { addRoute, house } from '../decisions/house.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

const evil = '<!channel> *_~`\n\u0000&<@U0FINDIR01> ';
const long = evil + '𝒳'.repeat(500);
const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));
const values = times(100, (index) => `${index}${'v'.repeat(72)}`.slice(0, 75));
const users = times(100, (index) => `U${String(index).padStart(10, '0')}`);

const draft: RouteDraft = {
  ...{ name: long, kind: 'bill', amountAtLeast: long, amountBelow: long, currency: long },
  ...{ vendors: values, statuses: values, types: values, branches: values, channel: 'C1', person: 'U1' },
  ...{
    delivery: 'own',
    cadence: long,
    mentions: users,
    actions: [...actionNames],
    burst: long,
    noteDecisions: true,
    actAs: 'person',
    severities: ['info'],
    severity: 'critical',
    customFields: values.slice(0, 10),
  },
  limits: times(limitsMost, () => ({ people: users, upTo: long })),
};
const overlaps = times(3, () => ({ name: long, channel: 'C1', count: 99_999 }));
const money = { value: '-123456789012345678.99', currency: 'XYZ' };
const preview = {
  ...{ days: 30, matched: 99_999, perDay: 3_333.3, waiting: 99_999 },
  totals: times(50, (index) => ({ ...money, currency: `X${String.fromCharCode(65 + (index % 26))}A` })),
  examples: times(3, () => ({
    kind: 'bill' as const,
    type: long,
    reference: long,
    vendor: { code: long, name: long },
    amount: money,
  })),
  ...{ caughtEarlier: overlaps, takenFrom: overlaps, alsoGoes: overlaps },
};
const form: RouteForm = {
  metadata: {
    ...{ connection: randomUUID(), route: '9'.repeat(18), version: 2 ** 31, previewed: 'h'.repeat(22), naming: 99 },
    kind: 'bill',
  },
  connections: { all: times(100, (index) => ({ id: randomUUID(), name: index === 0 ? long : `${index}` })) },
  chosen: {
    ...{
      connection: { id: randomUUID(), name: long },
      timeZone: 'America/Argentina/ComodRivadavia',
      actions: actionNames,
      linksAccounts: true,
      hasCustomFields: true,
      actsOnlyAsPerson: false,
      draft,
    },
    kinds: times(20, (index) => ({ kind: `kind ${index}`, title: long })),
    kept: times(5, () => long),
  },
  below: previewBlocks({ preview, what: long, inDigests: true, place: 'C1', membership: 'uninvited', locale: 'en-GB' }),
  ...{ waiting: 99_999, catchUp: true, submit: 'Save all the same' },
};

describe('the view of the form for a route', () => {
  it('is taken by Slack however much is in it, and takes text literally', () => {
    const view = routeFormView(form);
    expect(() => checkView(view, 'modal')).to.not.throw();
    expect(view.private_metadata?.length).to.be.lessThan(3_000);
    const lively = JSON.stringify(view.blocks, (key, value) => (value?.type === 'mrkdwn' ? { [key]: value } : value));
    expect(lively).to.not.contain('"mrkdwn"');
  });
});

describe('the form for a route, by what is set up', () => {
  let fresh: FreshDatabase;
  before(async () => {
    fresh = await freshDatabase();
  });
  after(() => fresh?.drop());
  const words = (view: unknown) => JSON.stringify(view);

  it('says what to do first where there is no connection', async () => {
    const { installationId, connectionId } = await house(fresh.db);
    await fresh.db('connections').where({ id: connectionId }).delete();
    const view = await routeView(fresh.db, { installationId, connectionId: null, routeId: null });
    expect(words(view)).to.contain('there is no connection yet').and.contain('Set one up first');
    expect(view.submit).to.equal(undefined);
  });

  it('looks for a connection by its name where there are more than a select takes', async () => {
    const { installationId, connectionId } = await house(fresh.db);
    const row = { installation_id: installationId, connector: 'acumatica', settings: '{}', secret: 'none' };
    await fresh.db('connections').insert(times(120, (index) => ({ ...row, id: randomUUID(), name: `c ${index}` })));
    const empty = await routeView(fresh.db, { installationId, connectionId: null, routeId: null });
    expect(words(empty)).to.contain('"external_select"').and.not.contain('"static_select"');
    const chosen = await routeView(fresh.db, { installationId, connectionId, routeId: null });
    expect(words(chosen)).to.contain(`"initial_option":{"text":{"type":"plain_text","text":"treasury"`);
    for (const view of [empty, chosen]) expect(() => checkView(view, 'modal')).to.not.throw();
  });

  it('keeps what a file says and a form cannot hold', async () => {
    const home = await house(fresh.db);
    const id = await addRoute(fresh.db, home, { channel: 'C1', deciders: [] });
    const vendors = [...times(150, (index) => `V${index}`), 'L'.repeat(100)];
    await fresh.db('routes').where({ id }).update({ conditions: { vendors } });
    const view = await routeView(fresh.db, { ...home, routeId: id });
    expect(words(view)).to.contain('51 more vendors that a file names are kept.');
    expect(() => checkView(view, 'modal')).to.not.throw();
    const many = times(limitsMost + 1, (index) => ({ user: 'U1', upTo: { value: String(index), currency: 'GBP' } }));
    await fresh
      .db('routes')
      .where({ id })
      .update({ deciders: JSON.stringify(many) });
    expect(words(await routeView(fresh.db, { ...home, routeId: id }))).to.contain('Change it in the file');
  });
});
