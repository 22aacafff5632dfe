import { expect } from 'chai';
import type { StreamEvent } from '../../../sandbox/slack/streams.ts';
import type { Sandbox } from '../../../sandbox/start.ts';
import {
  AppDouble,
  approvals,
  callApi,
  clerk,
  director,
  type Json,
  send,
  startQuietSandbox,
  treasury,
  until,
} from './support.ts';

const bot = 'U0CNTRBOT7';
const admin = 'U0ADMIN006';
const botEvents = ['member_joined_channel', 'member_left_channel', 'channel_left', 'group_left'];
const installedScopes = ['chat:write', 'commands', 'channels:read', 'groups:read', 'groups:history'];

describe('who is in a channel of the simulated Slack', () => {
  let sandbox: Sandbox;
  let app: AppDouble;

  async function start(slack: Json = {}): Promise<void> {
    app = new AppDouble();
    const requestUrl = await app.start();
    sandbox = await startQuietSandbox({ requestUrl, botEvents, installedScopes, inviteBotTo: [], ...slack });
  }
  afterEach(async () => {
    await sandbox.stop();
    await app.stop();
  });
  const events = () => app.received.map(({ body }) => JSON.parse(body).event as Json);
  const heard = async (count: number) => {
    await until(() => app.received.length === count);
    return events().at(-1) as Json;
  };
  const type = (line: string, channel = treasury, user = director) => {
    const [command, ...words] = line.split(' ');
    return send(sandbox, '/client/commands', { user, channel, command, text: words.join(' ') });
  };
  const call = async (method: string, fields: Json) => (await callApi(sandbox, method, fields)).body;
  const lines = () => sandbox.slack.messages(treasury).map(({ subtype, text }) => [subtype, text]);

  it('tells the app that it was invited, and shows it to the channel', async () => {
    await start();
    await type('/invite @Countersign');
    expect(await heard(1)).to.deep.include({
      type: 'member_joined_channel',
      user: bot,
      channel: treasury,
      channel_type: 'C',
      team: 'T0NORTHWND',
      inviter: director,
    });
    expect(await heard(1)).to.have.property('event_ts');
    expect(lines()).to.deep.equal([['channel_join', `<@${bot}> was added by <@${director}>`]]);
    expect((await call('conversations.info', { channel: treasury })).channel).to.include({ is_member: true });
  });

  it('tells the app when somebody joins or leaves a channel that it is in, and of no other', async () => {
    await start({ inviteBotTo: ['treasury'] });
    await type(`/invite <@${clerk}>`);
    const joined = await heard(1);
    expect(joined).to.include({ type: 'member_joined_channel', user: clerk, inviter: director });
    await type('/leave', treasury, clerk);
    expect(await heard(2)).to.include({ type: 'member_left_channel', user: clerk, channel_type: 'C' });
    await type('/invite @tom.becker', 'C0LARGEPAY');
    await type('/invite @tom.becker');
    expect(await heard(3)).to.include({ channel: treasury, user: 'U0BUYER005' });
  });

  it('tells the app of its own removal as channel_left or group_left, or as the switch says', async () => {
    await start({ inviteBotTo: ['treasury', 'ap-approvals'] });
    await type('/remove @Countersign');
    expect(await heard(1)).to.include({ type: 'group_left', channel: treasury, actor_id: director });
    await type('/kick @Countersign', approvals, admin);
    expect(await heard(2)).to.include({ type: 'channel_left', channel: approvals });
    expect((await call('conversations.info', { channel: treasury })).error).to.equal('channel_not_found');
    await send(sandbox, '/admin/slack/app', { ownLeaving: 'both' });
    await send(sandbox, `/admin/slack/channels/${treasury}/invite`);
    await send(sandbox, `/admin/slack/channels/${treasury}/remove`);
    await until(() => app.received.length === 5);
    const types = events().map((event) => event.type);
    expect(types.slice(2)).to.have.members(['member_joined_channel', 'group_left', 'member_left_channel']);
    expect(events()[2]).to.include({ inviter: admin });
  });

  it('calls private channels of before March 2021 G', async () => {
    await start();
    const made = await send(sandbox, '/admin/slack/channels', { name: 'old', private: true, old: true, invite: true });
    expect(made.body[0].id).to.match(/^G/);
    expect(await heard(1)).to.include({ channel: made.body[0].id, channel_type: 'G' });
  });

  it('keeps quiet without the scope or the subscription', async () => {
    await start({ installedScopes: ['chat:write', 'commands', 'channels:read'] });
    await type('/invite @Countersign');
    await type('/invite @Countersign', approvals);
    expect(await heard(1)).to.include({ channel: approvals });
    const manifest = { settings: { event_subscriptions: { bot_events: ['app_home_opened'] } } };
    await send(sandbox, '/admin/slack/app', { manifest });
    await type('/remove @Countersign', approvals);
    await type('/invite @Countersign', approvals);
    expect(events()).to.have.length(1);
  });

  it('refuses what Slack refuses, and says it to the person', async () => {
    await start({ inviteBotTo: ['treasury'] });
    const notices: StreamEvent[] = [];
    sandbox.slack.state.streams.subscribe(director, (event) => event.type === 'notice' && notices.push(event));
    const guest = await send(sandbox, '/admin/slack/users', { name: 'gil', guest: 'single', channels: ['treasury'] });
    const stranger = { name: 'ada', externalTeam: 'T0OTHER' };
    await send(sandbox, '/admin/slack/users', stranger);
    for (const [line, reason, user] of [
      ['/invite @Countersign', 'Countersign is already in this channel', director],
      ['/invite @nobody', 'there is nobody called @nobody here', director],
      ['/remove @tom.becker', 'Tom Becker (Buyer) is not in this channel', director],
      ['/invite @ada', 'ada works for another company, and the channel is not shared with it', director],
      ['/invite @tom.becker', 'guests and other companies can neither add nor remove people', guest.body.id],
    ]) {
      const answer = await type(String(line), treasury, user);
      expect(answer.body.answer).to.equal(reason);
    }
    expect(notices).to.have.length(4);
    expect((await type('/invite @Countersign', treasury, clerk)).status).to.equal(404);
    const general = await type('/remove @Tom Becker', 'C0GENERAL0');
    expect(general.body.answer).to.equal('nobody can be removed from #general');
    const kicked = { user: clerk, who: 'Countersign' };
    expect((await send(sandbox, `/client/channels/${treasury}/remove`, kicked)).status).to.equal(404);
    expect(events()).to.have.length(1);
  });

  it('lists public channels and the private ones that it is in', async () => {
    await start({ installedScopes: ['chat:write', 'channels:read'] });
    const types = 'public_channel,private_channel';
    expect(await call('conversations.list', { types })).to.include({ error: 'missing_scope', needed: 'groups:read' });
    await send(sandbox, '/admin/slack/install', { scopes: 'groups:read,channels:join' });
    const list = async () => {
      const { channels } = await call('conversations.list', { types });
      return (channels as Json[]).map(({ name, is_member, is_private }) => [name, is_member, is_private]);
    };
    expect((await list()).map(([name]) => name)).to.deep.equal(['general', 'ap-approvals', 'large-payments']);
    expect(await call('conversations.members', { channel: treasury })).to.include({ error: 'channel_not_found' });
    await type('/invite @Countersign');
    expect(await list()).to.deep.include(['treasury', true, true]);
    const { members } = await call('conversations.members', { channel: treasury });
    expect(members).to.deep.equal([director, 'U0TREASR04', admin, bot]);
    const info = async (more: Json) =>
      (await call('conversations.info', { channel: approvals, ...more })).channel as Json;
    expect(await info({}))
      .to.include({ is_member: false, is_ext_shared: false })
      .and.not.have.property('num_members');
    expect(await info({ include_num_members: true, include_locale: true })).to.include({
      num_members: 6,
      locale: 'en-GB',
    });
    await call('conversations.join', { channel: approvals });
    expect(await heard(2))
      .to.include({ type: 'member_joined_channel', channel: approvals })
      .and.not.have.key('inviter');
  });
});
