import type { Router } from 'express';
import { nowSeconds } from './clock.ts';
import { RequestRefused } from './errors.ts';
import { isJson } from './model.ts';
import { Fields } from './request-errors.ts';
import { ownLeavings } from './state.ts';
import type { SlackWorkspace } from './workspace.ts';

/** Admin addresses about what is sent to the app. */
export function addDeliveries(router: Router, workspace: SlackWorkspace): void {
  const { state } = workspace;
  router.post('/app', async (request, response) => {
    const body = new Fields(request.body);
    const verify = !body.flag('force');
    const url = body.text('requestUrl');
    if (url === undefined && !state.app.requestUrl) throw new RequestRefused(400, 'requestUrl is missing');
    const outcome = url === undefined ? { verified: true } : await workspace.setRequestUrl(url, { verify });
    if (isJson(body.values.manifest)) workspace.followManifest(body.values.manifest);
    if (Array.isArray(body.values.unfurlDomains)) state.app.unfurlDomains = body.values.unfurlDomains.map(String);
    if (Array.isArray(body.values.botEvents)) state.app.botEvents = body.values.botEvents.map(String);
    if (Array.isArray(body.values.commands)) state.app.commands = body.values.commands.map(String);
    state.app.ownLeaving = body.oneOf('ownLeaving', ownLeavings) ?? state.app.ownLeaving;
    response.status(outcome.verified ? 200 : 400).json({ ...outcome, requestUrl: state.app.requestUrl });
  });
  router.get('/sockets', (_request, response) => {
    const { connections, opened } = state.sockets;
    response.json({ socketMode: state.app.socketMode, connections, opened });
  });
  router.post('/sockets', (request, response) => {
    state.app.socketMode = new Fields(request.body).flag('socketMode');
    if (!state.app.socketMode) state.sockets.trouble('disable');
    response.json({ socketMode: state.app.socketMode });
  });
  router.post('/sockets/:trouble', (request, response) => {
    const kind = new Fields(request.params).oneOf('trouble', ['refresh', 'drop', 'freeze']);
    response.json({ connections: kind ? state.sockets.trouble(kind) : 0 });
  });
  router.get('/deliveries', (_request, response) => {
    response.json(state.events.records());
  });
  router.post('/clicks', async (request, response) => {
    const body = new Fields(request.body);
    response.json(
      await workspace.click({
        user: body.required('user'),
        channel: body.text('channel'),
        messageTs: body.text('message_ts'),
        viewId: body.text('view_id'),
        blockId: body.text('block_id'),
        actionId: body.required('action_id'),
        value: body.values.value,
        times: body.number('times'),
      }),
    );
  });
  router.post('/redeliver', async (request, response) => {
    const body = new Fields(request.body);
    response.json(await workspace.redeliver(body.text('what'), body.number('times')));
  });
  router.post('/lifecycle/release', async (request, response) => {
    const { order } = new Fields(request.body).values;
    response.json({ released: await state.events.release(Array.isArray(order) ? order.map(String) : []) });
  });
  router.post('/events', async (request, response) => {
    const { event, envelope } = new Fields(request.body).values;
    if (!isJson(event)) throw new RequestRefused(400, 'event is missing');
    const whole = { ...state.events.envelope(event), ...(isJson(envelope) ? envelope : {}) };
    const delivery = await state.events.deliver(whole);
    response.json({ acked: delivery?.acked ?? false, status: delivery?.status ?? null, event_id: whole.event_id });
  });
  router.post('/deliver', async (request, response) => {
    const body = new Fields(request.body);
    const url = state.app.requestUrl;
    if (!url) throw new RequestRefused(400, 'the app has no request URL');
    const form = body.oneOf('as', ['form', 'json']) === 'form';
    const { headers } = body.values;
    const age = body.number('ageSeconds') ?? 0;
    const delivery = await state.sender.send({
      url,
      body: body.required('body'),
      contentType: form ? 'application/x-www-form-urlencoded' : 'application/json',
      headers: isJson(headers)
        ? Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
        : {},
      timestamp: nowSeconds() - age,
      badSignature: body.flag('badSignature'),
    });
    state.events.record('raw', 0, delivery);
    const { headers: _headers, ...outcome } = delivery;
    response.json(outcome);
  });
}
