import { expect } from 'chai';
import type { Sandbox } from '../../../sandbox/start.ts';
import { callApi, director, type Json, send, startQuietSandbox } from './support.ts';

const installedScopes = ['chat:write', 'users:read', 'users:read.email'];

describe('the people of the simulated Slack', () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await startQuietSandbox({ installedScopes });
  });
  afterEach(() => sandbox.stop());
  const call = async (method: string, fields: Json = {}) => (await callApi(sandbox, method, fields)).body;
  const info = async (user: string, more: Json = {}) => (await call('users.info', { user, ...more })).user as Json;
  const add = async (person: Json) => (await send(sandbox, '/admin/slack/users', person)).body.id as string;
  const change = (person: Json) => send(sandbox, `/admin/slack/users/${director}`, person, 'PATCH');

  it('gives the locale only where it is asked for', async () => {
    expect((await change({ locale: 'de-DE', tz: 'America/New_York' })).status).to.equal(200);
    expect(await info(director)).to.not.have.property('locale');
    const asked = await info(director, { include_locale: true });
    expect(asked).to.include({ locale: 'de-DE', tz: 'America/New_York', tz_label: 'Eastern Standard Time' });
    expect(asked.tz_offset).to.be.oneOf([-18_000, -14_400]);
    const { members } = await call('users.list', { include_locale: true });
    expect((members as Json[]).every((member) => member.deleted || typeof member.locale === 'string')).to.equal(true);
    expect((await change({ tz: 'Mars/Olympus' })).body.error).to.include('no such time zone');
    expect((await change({ locale: '??' })).body.error).to.include('no such locale');
  });

  it('lists the deactivated, guests, bots, Slackbot and those of other companies too', async () => {
    const gone = await add({ name: 'gone', deleted: true });
    const multi = await add({ name: 'multi', guest: 'multi' });
    const single = await add({ name: 'single', guest: 'single' });
    const members = (await call('users.list')).members as Json[];
    const of = (id: string) => members.find((member) => member.id === id) as Json;
    expect(of(gone)).to.include({ deleted: true }).and.not.have.any.keys('real_name', 'tz', 'is_admin');
    expect(of(multi)).to.include({ deleted: false, is_restricted: true, is_ultra_restricted: false });
    expect(of(single)).to.include({ is_restricted: true, is_ultra_restricted: true });
    expect(of('USLACKBOT')).to.include({ is_bot: false, deleted: false });
    expect(of('U0CNTRBOT7')).to.include({ is_bot: true });
    expect(of(director)).to.include({ is_restricted: false, is_bot: false });
    expect((await call('users.info', { user: 'U0NOBODY' })).error).to.equal('user_not_found');
  });

  it('knows people of other companies as strangers until a shared channel is common', async () => {
    const ada = await add({ name: 'ada', externalTeam: 'T0OTHER', email: 'ada@other.example' });
    expect(await info(ada)).to.include({ team_id: 'T0OTHER', is_stranger: true });
    expect((await info(ada)).profile).to.not.have.property('email');
    const shared = { name: 'shared', isExtShared: true, members: [director, ada], invite: true };
    await send(sandbox, '/admin/slack/channels', shared);
    expect(await info(ada)).to.include({ is_stranger: false });
    expect((await call('users.lookupByEmail', { email: 'ada@other.example' })).error).to.equal('users_not_found');
  });

  it('finds colleagues and guests by their address, whatever its letters, and nobody who is gone', async () => {
    const found = async (email: string) => {
      const { user, error } = await call('users.lookupByEmail', { email });
      return error ?? (user as Json).id;
    };
    expect(await found('Maya.Okafor@Northwind.example')).to.equal(director);
    const guest = await add({ name: 'guest', guest: 'multi', email: 'auditor@else.example' });
    expect(await found('auditor@else.example')).to.equal(guest);
    await change({ deleted: true });
    expect(await found('maya.okafor@northwind.example')).to.equal('users_not_found');
    await add({ name: 'nomail', email: '' });
    expect(await call('users.lookupByEmail', { email: ' ' })).to.include({ ok: false });
  });

  it('lets nobody act who is deactivated, and shows guests their own channels alone', async () => {
    const guest = await add({ name: 'guest', guest: 'single', channels: ['large-payments'] });
    const say = (user: string, channel: string) =>
      send(sandbox, '/client/messages', { user, channel, text: 'hello' }).then(({ status }) => status);
    expect(await say(guest, 'large-payments')).to.equal(200);
    expect(await say(guest, 'general')).to.equal(404);
    await change({ deleted: true });
    expect(await say(director, 'general')).to.equal(404);
  });

  it('limits users.info to 100 calls a minute and users.list to 20', async () => {
    await send(sandbox, '/admin/slack/limits', { mode: 'real', tier4: 3, tier2: 1 });
    const statuses = async (method: string, count: number, fields: Json = {}) => {
      const seen: number[] = [];
      for (let n = 0; n < count; n += 1) seen.push((await callApi(sandbox, method, fields)).status);
      return seen;
    };
    expect(await statuses('users.info', 4, { user: director })).to.deep.equal([200, 200, 200, 429]);
    expect(await statuses('users.list', 2)).to.deep.equal([200, 429]);
  });
});
