import express, { type Request, type Response, type Router } from 'express';
import { RequestRefused } from './errors.ts';
import type { GivenValues } from './interactions/filling.ts';
import { isJson, type Json } from './model.ts';
import { Fields, replyWithRefusal } from './request-errors.ts';
import { messageForClient, viewOnWire } from './wire.ts';
import type { SlackWorkspace } from './workspace.ts';

const keepAliveMs = 15_000;
/** How many messages of a channel a client is given, the newest; `limit` asks for another number. */
const defaultLimit = 500;

function stream(workspace: SlackWorkspace, request: Request, response: Response): void {
  const user = workspace.user(new Fields(request.query).required('user')).id;
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache',
    connection: 'keep-alive',
  });
  response.write(': connected\n\n');
  const stop = workspace.state.streams.subscribe(user, ({ type, data }) => {
    response.write(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
  });
  const timer = setInterval(() => response.write(': still here\n\n'), keepAliveMs);
  timer.unref();
  response.on('close', () => {
    clearInterval(timer);
    stop();
  });
}

/** Either `value`, or the choice under its wire name (`selected_option`, `selected_date` …). */
function givenValue(values: Json): unknown {
  const choice = Object.entries(values).find(([key]) => key.startsWith('selected_'));
  return choice ? choice[1] : values.value;
}

/** Which control of which view or message somebody uses. */
function controlOf(body: Fields) {
  return {
    user: body.required('user'),
    channel: body.text('channel'),
    messageTs: body.text('message_ts'),
    viewId: body.text('view_id'),
    blockId: body.text('block_id'),
    actionId: body.required('action_id'),
  };
}

/** What is filled in in a whole view. */
function givenValues(body: Fields): GivenValues {
  return isJson(body.values.values) ? (body.values.values as GivenValues) : {};
}

/** Files as the page sends them: the content in base64. */
function readFiles(given: unknown) {
  const files = Array.isArray(given) ? given.filter(isJson) : [];
  return files.map((file) => ({
    name: String(file.name),
    mimetype: String(file.mimetype || 'application/octet-stream'),
    content: Buffer.from(String(file.content ?? ''), 'base64'),
  }));
}

function describeWorkspace(workspace: SlackWorkspace) {
  const { team, app, installation, roster } = workspace.state;
  const botUserId = roster.users.has(installation.botUserId) ? installation.botUserId : null;
  return {
    team: { id: team.id, name: team.name, domain: team.domain },
    users: workspace.people(),
    channels: workspace.channels(),
    app: {
      id: app.appId,
      installed: installation.installed,
      name: app.name,
      botUserId,
      scopes: [...installation.botScopes],
      commands: app.commands,
      shortcuts: app.shortcuts ?? [],
      requestUrl: app.requestUrl,
      /** Where the app's own install link is by custom. */
      installUrl: app.requestUrl ? new URL('/slack/install', app.requestUrl).href : null,
    },
  };
}

function addReading(router: Router, workspace: SlackWorkspace): void {
  router.get('/workspace', (_request, response) => {
    response.json(describeWorkspace(workspace));
  });
  router.get('/channels/:id/messages', (request, response) => {
    const query = new Fields(request.query);
    const user = workspace.user(query.required('user')).id;
    const messages = workspace.visibleMessages(request.params.id, user, query.text('thread_ts'));
    response.json(messages.slice(-(query.number('limit') ?? defaultLimit)));
  });
  router.get('/stream', (request, response) => stream(workspace, request, response));
  router.get('/views', (request, response) => {
    const user = workspace.user(new Fields(request.query).required('user')).id;
    response.json(workspace.openViews(user).map((view) => viewOnWire(workspace.state, view)));
  });
  router.get('/home', (request, response) => {
    const query = new Fields(request.query);
    const user = workspace.user(query.required('user')).id;
    if (query.flag('open')) workspace.openHome(user);
    const home = workspace.home(user);
    response.json({ view: home ? viewOnWire(workspace.state, home) : null });
  });
}

function addActing(router: Router, workspace: SlackWorkspace): void {
  router.post('/actions', async (request, response) => {
    const body = new Fields(request.body);
    response.json(
      await workspace.click({
        ...controlOf(body),
        value: givenValue(body.values),
        values: givenValues(body),
        typing: body.oneOf('typing', ['on_enter_pressed', 'on_character_entered']),
      }),
    );
  });
  router.post('/choices', (request, response) => {
    const body = new Fields(request.body);
    response.json({ choices: workspace.choices({ ...controlOf(body), value: body.text('value') ?? '' }) });
  });
  router.post('/suggestions', async (request, response) => {
    const body = new Fields(request.body);
    const { optionGroups, ...result } = await workspace.suggest({
      ...controlOf(body),
      value: body.text('value') ?? '',
      values: givenValues(body),
    });
    response.json({ ...result, option_groups: optionGroups });
  });
  router.post('/views/:id/submit', async (request, response) => {
    const body = new Fields(request.body);
    response.json(await workspace.submitView(body.required('user'), request.params.id, givenValues(body)));
  });
  router.post('/views/:id/close', async (request, response) => {
    const body = new Fields(request.body);
    response.json(await workspace.closeView(body.required('user'), request.params.id, body.flag('all')));
  });
  router.post('/messages', (request, response) => {
    const body = new Fields(request.body);
    const message = workspace.post({
      user: body.required('user'),
      channel: body.required('channel'),
      text: body.required('text'),
      threadTs: body.text('thread_ts'),
      files: readFiles(body.values.files),
    });
    response.json(messageForClient(workspace.state, message));
  });
  for (const change of ['invite', 'remove'] as const) {
    router.post(`/channels/:id/${change}`, (request, response) => {
      const body = new Fields(request.body);
      const { id } = workspace[change](body.required('user'), request.params.id, body.required('who'));
      response.json({ user: id });
    });
  }
  router.post('/shortcuts', async (request, response) => {
    const body = new Fields(request.body);
    response.json(
      await workspace.shortcut({
        user: body.required('user'),
        channel: body.required('channel'),
        messageTs: body.required('message_ts'),
        callbackId: body.required('callback_id'),
      }),
    );
  });
  router.post('/compose', (request, response) => {
    const body = new Fields(request.body);
    response.json({ unfurl_ids: workspace.compose(body.required('user'), body.required('text')) });
  });
  router.post('/commands', async (request, response) => {
    const body = new Fields(request.body);
    if (body.text('thread_ts')) {
      response.status(400).json({ error: 'slash commands cannot be used in threads' });
      return;
    }
    response.json(
      await workspace.command({
        user: body.required('user'),
        channel: body.required('channel'),
        command: body.required('command'),
        text: body.text('text'),
      }),
    );
  });
  router.get('/files/:id', (request, response) => {
    const file = workspace.state.files.get(request.params.id);
    if (!file) throw new RequestRefused(404, `there is no file ${request.params.id}`);
    response.attachment(file.name).type(file.mimetype).send(file.content);
  });
  router.post('/home/open', (request, response) => {
    const body = new Fields(request.body);
    const tab = body.oneOf('tab', ['home', 'messages']);
    response.json({ view: workspace.openHome(body.required('user'), tab) });
  });
}

/** What the Slack client of a person would use, to be mounted at `/client`. */
export function createClientApi(workspace: SlackWorkspace): Router {
  const router = express.Router();
  router.use(express.json({ limit: '32mb' }));
  addReading(router, workspace);
  addActing(router, workspace);
  router.use(replyWithRefusal);
  return router;
}
