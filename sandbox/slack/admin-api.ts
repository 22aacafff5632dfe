import express, { type Router } from 'express';
import { addDeliveries } from './admin-deliveries.ts';
import { addPeopleAndChannels } from './admin-people.ts';
import { faultKinds } from './faults.ts';
import { Fields, replyWithRefusal } from './request-errors.ts';
import type { SlackWorkspace } from './workspace.ts';

function addFaults(router: Router, workspace: SlackWorkspace): void {
  router.get('/faults', (_request, response) => {
    response.json(workspace.state.faults.list());
  });
  router.post('/faults', (request, response) => {
    const body = new Fields(request.body);
    const channel = body.text('channel');
    const fault = workspace.setFault({
      kind: body.oneOf('kind', faultKinds) ?? 'error',
      method: body.required('method'),
      channel: channel === undefined ? undefined : workspace.channel(channel).id,
      times: body.number('times'),
      retryAfter: body.number('retryAfter'),
      ms: body.number('ms'),
      error: body.text('error'),
      done: body.flag('done'),
    });
    response.status(201).json(fault);
  });
  router.delete('/faults/:id', (request, response) => {
    response.status(workspace.state.faults.remove(request.params.id) ? 204 : 404).end();
  });
  router.delete('/faults', (_request, response) => {
    workspace.clearFaults();
    response.status(204).end();
  });
}

function addObservation(router: Router, workspace: SlackWorkspace): void {
  const { state } = workspace;
  router.get('/', (_request, response) => {
    response.json({
      ...workspace.describe(),
      counters: workspace.counters.summary(),
      messages: state.messages.size,
      limits: state.limits.mode,
      faults: state.faults.list(),
    });
  });
  router.get('/journal', (request, response) => {
    response.json(workspace.journal.since(new Fields(request.query).number('since') ?? 0));
  });
  router.get('/acks', (_request, response) => {
    response.json(workspace.counters.ackMs);
  });
  router.delete('/counters', (_request, response) => {
    workspace.counters.clear();
    response.status(204).end();
  });
  router.post('/limits', (request, response) => {
    const body = new Fields(request.body);
    const { limits } = state;
    limits.mode = body.oneOf('mode', ['real', 'pace-only', 'off']) ?? limits.mode;
    limits.history = body.oneOf('history', ['normal', 'restricted']) ?? limits.history;
    limits.workspaceMessagesPerMinute = body.number('workspaceMessagesPerMinute') ?? limits.workspaceMessagesPerMinute;
    limits.channelPaceMs = body.number('channelPaceMs') ?? limits.channelPaceMs;
    for (const tier of [1, 2, 3, 4, 'special'] as const) {
      limits.callsPerMinute[tier] = body.number(`tier${tier}`) ?? limits.callsPerMinute[tier];
    }
    limits.reset();
    response.json({ ...limits });
  });
}

function addLifecycle(router: Router, workspace: SlackWorkspace): void {
  const options = (body: unknown) => {
    const fields = new Fields(body);
    return {
      events: fields.oneOf('events', ['now', 'none', 'held']),
      first: fields.oneOf('first', ['tokens_revoked', 'app_uninstalled']),
    };
  };
  router.post('/install', (request, response) => {
    const scopes = new Fields(request.body).required('scopes').split(',');
    response.json({ botToken: workspace.install(scopes) });
  });
  router.post('/uninstall', (request, response) => {
    workspace.uninstall(options(request.body));
    response.status(204).end();
  });
  router.post('/revoke', (request, response) => {
    workspace.revokeToken(options(request.body));
    response.status(204).end();
  });
  router.post('/expire', (_request, response) => {
    workspace.state.installation.expireTokens();
    response.status(204).end();
  });
}

/** Faults, changes from outside and what was counted, to be mounted at `/admin/slack`. */
export function createSlackAdmin(workspace: SlackWorkspace): Router {
  const router = express.Router();
  router.use(express.json({ limit: '4mb' }));
  addObservation(router, workspace);
  addFaults(router, workspace);
  addPeopleAndChannels(router, workspace);
  addLifecycle(router, workspace);
  addDeliveries(router, workspace);
  router.use(replyWithRefusal);
  return router;
}
