import { expect } from 'chai';
import { z } from 'zod';
import { ReconnectError } from '../../app/domain/errors.ts';
import { createLog } from '../../app/log.ts';
import { type ConnectionSetup, createConnectionSetup, type Opened } from '../../app/setup/connection-setup.ts';
import type { Entered } from '../../app/setup/entered.ts';
import { formFields } from '../../app/setup/fields.ts';
import type { ConnectionForm } from '../../app/setup/form.ts';
import type { Outcome } from '../../app/setup/submit.ts';
import { connectionFormView, fieldOf } from '../../app/slack/forms/connection-form.ts';
import { readConnectionState } from '../../app/slack/forms/connection-state.ts';
import { type Connector, defineConnector } from '../../connectors/connector.ts';
import { checkView } from '../../sandbox/slack/blocks/view.ts';
import { initialState, placedElements } from '../../sandbox/slack/elements.ts';
import type { Json } from '../../sandbox/slack/model.ts';
import { connectors as fileConnectors, installed } from '../cli/fixtures.ts';
import { type FreshDatabase, freshDatabase, testKeyring } from '../support/database.ts';

const evil = '<!channel> *_~`\n\u0000&<@U0FINDIR01> ';
const long = evil + '𝒳'.repeat(3_000);

/** An ERP with every sort of field, of which some hang on another. */
const cloud = defineConnector({
  id: 'cloud',
  title: 'Cloud ERP',
  credentials: z
    .object({
      account: z.string().trim().min(1).meta({ title: 'Account', description: 'As in its address.' }),
      sign_in: z
        .enum(['token', 'certificate'])
        .default('token')
        .meta({ title: 'Sign in by', titles: { token: 'Token', certificate: 'Certificate' } }),
      token: z
        .string()
        .optional()
        .meta({ title: 'Token', secret: true, problems: ['login'] }),
      certificate: z.string().optional().meta({ title: 'Certificate', secret: true }),
      sandbox: z.boolean().default(false).meta({ title: 'It is a sandbox' }),
      rate: z.number().min(0.5).max(10).default(2).meta({ title: 'Requests a second' }),
      region: z
        .union([z.literal('eu'), z.literal('us')])
        .optional()
        .meta({ title: 'Region' }),
    })
    .refine(({ sign_in, token }) => sign_in !== 'token' || token, {
      path: ['token'],
      message: 'is needed to sign in by token',
    })
    .refine(({ sign_in, certificate }) => sign_in !== 'certificate' || certificate, {
      path: ['certificate'],
      message: 'is needed to sign in by certificate',
    })
    .refine(({ account, region }) => account !== 'nowhere' || region, 'Nowhere is in no region'),
  feeds: { bill: { title: 'Vendor bills', cadence: '*/10 * * * *' } },
  connect: ({ credentials }) =>
    ({
      test: async () => {
        if (credentials.token === 'expired') throw new ReconnectError('The token has expired.', { field: 'login' });
        if (credentials.account === 'crash') throw new Error(`a mistake with ${credentials.token}`);
        return { summary: `Cloud ERP of ${credentials.account} answered.` };
      },
      close: async () => undefined,
    }) as unknown as ReturnType<Connector['connect']>,
});

const ugly = defineConnector({
  id: 'ugly',
  title: long,
  credentials: z.object({
    ...Object.fromEntries(
      Array.from({ length: 15 }, (_, index) => [
        `field_${index}`,
        z
          .string()
          .default(long)
          .meta({ title: long, description: long, secret: index % 2 === 0 }),
      ]),
    ),
    many: z.enum(Array.from({ length: 300 }, (_, index) => `v${index}`)).meta({ title: 'Many' }),
  }),
  feeds: { bill: { title: long, cadence: '* * * * *' } },
  connect: () => {
    throw new Error('not connected in these cases');
  },
});

describe('A form made from a connector’s schema', () => {
  it('knows texts, secrets, numbers, choices and what is ticked, and which may be left empty', () => {
    const fields = formFields(cloud.credentials).map(({ name, optional, preset, secret, input }) => ({
      ...{ name, optional, preset, secret },
      type: input.type,
    }));
    expect(fields).to.deep.equal([
      { name: 'account', optional: false, preset: null, secret: false, type: 'text' },
      { name: 'sign_in', optional: true, preset: 'token', secret: false, type: 'choice' },
      { name: 'token', optional: true, preset: null, secret: true, type: 'text' },
      { name: 'certificate', optional: true, preset: null, secret: true, type: 'text' },
      { name: 'sandbox', optional: true, preset: false, secret: false, type: 'yes_no' },
      { name: 'rate', optional: true, preset: '2', secret: false, type: 'number' },
      { name: 'region', optional: true, preset: null, secret: false, type: 'choice' },
    ]);
    const [rate] = formFields(cloud.credentials).filter(({ name }) => name === 'rate');
    expect(rate?.input).to.deep.equal({ type: 'number', min: 0.5, max: 10, decimals: true });
    const pages = formFields(fileConnectors[0]?.credentials as z.ZodObject).find(({ name }) => name === 'pages');
    expect(pages).to.deep.include({ optional: true, preset: '10' });
  });
});

describe('Setting up a connection of any ERP', () => {
  let fresh: FreshDatabase;
  let setup: ConnectionSetup;
  let owner: { installationId: string; person: string };
  const later: Promise<unknown>[] = [];
  before(async () => {
    fresh = await freshDatabase();
    owner = { installationId: await installed(fresh.db, testKeyring()), person: 'U0ADMIN006' };
    setup = createConnectionSetup({
      ...{ db: fresh.db, keyring: testKeyring(), connectors: [cloud, ugly], longestMs: 1_000 },
      roles: { isWorkspaceAdmin: async () => true },
      http: { request: () => Promise.reject(new Error('no request is made in these cases')) },
      log: createLog({ level: 'error', format: 'text' }),
      later: (work) => later.push(work),
      timeZoneOf: async () => 'Europe/Paris',
    });
  });
  after(async () => {
    await Promise.all(later);
    await fresh.drop();
  });

  const formOf = (opened: Opened): ConnectionForm => {
    if (!('form' in opened)) throw new Error(opened.refused);
    return opened.form;
  };
  const open = async (id: string | null = null) => formOf(await setup.open(owner, id));

  /** What Slack would send back: what the form is filled with, changed by what is typed. */
  function fillIn(form: ConnectionForm, typed: Record<string, unknown>, connector: Connector = cloud): Entered {
    const { blocks } = connectionFormView(form) as unknown as { blocks: Json[] };
    const values: Record<string, Record<string, Json>> = {};
    for (const { block, element } of placedElements(blocks)) {
      if (element.type === 'button') continue;
      const field = fieldOf(String(block.block_id)) ?? '';
      const state = Object.hasOwn(typed, field)
        ? { type: element.type, ...(typed[field] as Json) }
        : initialState(element);
      values[String(block.block_id)] = { [String(element.action_id)]: state };
    }
    const entered = readConnectionState(values, connector);
    if (!entered) throw new Error('The state cannot be read');
    return entered;
  }
  const send = (form: ConnectionForm, typed: Record<string, unknown>): Promise<Outcome> =>
    setup.submit(
      owner,
      { metadata: form.metadata, entered: fillIn(form, typed) },
      { onKept: () => undefined, abandoned: new AbortController().signal },
    );
  const text = (value: string) => ({ value });
  const option = (value: string) => ({ selected_option: { value } });
  const ticked = { selected_options: [{ value: 'yes' }] };
  const problemsOf = (outcome: Outcome) => {
    if (outcome.kind !== 'form') throw new Error(`It is ${outcome.kind}`);
    return outcome.form.problems;
  };

  it('offers the ERPs that there are, and the fields of the chosen one', async () => {
    const form = await open();
    expect(form.erps.map(({ id }) => id)).to.deep.equal(['cloud', 'ugly']);
    expect(form).to.include({ erp: 'Cloud ERP', timeZone: 'Europe/Paris' });
    const [erp] = connectionFormView(form).blocks;
    expect(erp).to.include({ dispatch_action: true });
    const entered = fillIn(form, { name: text('kept'), 'credentials.token': text('not for another ERP') });
    const other = formOf(await setup.chooseErp(owner, { metadata: form.metadata, entered }, 'ugly'));
    expect(other).to.include({ name: 'kept', timeZone: 'Europe/Paris' });
    expect(other.metadata.connector).to.equal('ugly');
    expect(JSON.stringify(connectionFormView(other))).to.not.contain('not for another ERP');
    expect(await setup.chooseErp(owner, { metadata: form.metadata, entered }, 'none')).to.have.key('refused');
  });

  it('keeps Slack’s limits however long what a connector says is', async () => {
    const form = await open();
    const entered = fillIn(form, { name: text('x') });
    const other = formOf(await setup.chooseErp(owner, { metadata: form.metadata, entered }, 'ugly'));
    const everyField = Object.fromEntries(other.credentials.map(({ field }) => [`credentials.${field.name}`, long]));
    for (const shown of [
      other,
      { ...other, problems: { byField: { ...everyField, name: long }, others: [long, long] }, isRestored: true },
      { ...other, conflict: [{ by: long, at: '2026-11-20T13:45:00.000Z', lines: [long, long] }] },
    ]) {
      const view = connectionFormView({ ...shown, name: long, timeZone: 'x'.repeat(200) });
      checkView(view, 'modal');
      expect(JSON.stringify(view)).to.not.contain('"mrkdwn"');
    }
  });

  it('says at the right field what hangs on another one', async () => {
    const form = await open();
    const account = { name: text('cloud'), 'credentials.account': text('acme') };
    expect(problemsOf(await send(form, account)).byField).to.deep.equal({
      'credentials.token': 'Is needed to sign in by token.',
    });
    const certificate = { ...account, 'credentials.sign_in': option('certificate') };
    expect(problemsOf(await send(form, certificate)).byField).to.deep.equal({
      'credentials.certificate': 'Is needed to sign in by certificate.',
    });
    const wrong = { ...account, 'credentials.rate': text('11'), 'credentials.account': text('') };
    expect(Object.keys(problemsOf(await send(form, wrong)).byField).sort()).to.deep.equal([
      'credentials.account',
      'credentials.rate',
    ]);
  });

  it('says on top what is about no field, and keeps the secrets for then', async () => {
    const form = await open();
    const typed = {
      name: text('nowhere'),
      'credentials.account': text('nowhere'),
      'credentials.token': text('a good token'),
    };
    const outcome = await send(form, typed);
    expect(problemsOf(outcome)).to.deep.equal({ byField: {}, others: ['Nowhere is in no region.'] });
    const again = formOf(await open().then((found) => ({ form: found })));
    expect(again.credentials.find(({ field }) => field.name === 'token')?.kept).to.equal('typed');
    expect((await send(again, { 'credentials.region': option('eu') })).kind).to.equal('saved');
    expect((await fresh.db('connections').where({ name: 'nowhere' }).first()).settings).to.deep.equal({
      ...{ account: 'nowhere', sign_in: 'token', sandbox: false, rate: 2, region: 'eu' },
    });
  });

  it('saves what was chosen, ticked and typed, each as what it is', async () => {
    const outcome = await send(await open(), {
      name: text('all'),
      'credentials.account': text(' acme '),
      'credentials.token': text('t'),
      'credentials.sandbox': ticked,
      'credentials.rate': text('2.5'),
      'credentials.region': option('us'),
    });
    expect(outcome).to.include({ kind: 'saved', summary: 'Cloud ERP of acme answered.', isNew: true });
    const row = await fresh.db('connections').where({ name: 'all' }).first();
    expect(row.settings).to.deep.equal({ account: 'acme', sign_in: 'token', sandbox: true, rate: 2.5, region: 'us' });
    const form = await open(row.id);
    const shownOf = (name: string) => form.credentials.find(({ field }) => field.name === name)?.value;
    expect([shownOf('sandbox'), shownOf('rate'), shownOf('region')]).to.deep.equal([true, '2.5', 'us']);
    const unticked = await send(form, { 'credentials.sandbox': { selected_options: [] } });
    expect(unticked).to.include({ kind: 'saved', isNew: false });
    expect((await fresh.db('connections').where({ id: row.id }).first()).settings.sandbox).to.equal(false);
  });

  it('shows a failed test where the connector says that it belongs, and no mistake of its own in words', async () => {
    const form = await open();
    const account = { name: text('x'), 'credentials.account': text('acme'), 'credentials.token': text('expired') };
    expect(problemsOf(await send(form, account)).byField).to.deep.equal({
      'credentials.token': 'The token has expired.',
    });
    const crash = await send(form, {
      ...{ ...account, 'credentials.account': text('crash') },
      'credentials.token': text('secret of mine'),
    });
    expect(JSON.stringify(problemsOf(crash)))
      .to.contain('ended unexpectedly')
      .and.not.contain('secret of mine');
    expect(await fresh.db('connections').where({ name: 'x' })).to.deep.equal([]);
  });
});
