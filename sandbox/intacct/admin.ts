import express, { type ErrorRequestHandler, Router } from 'express';
import { z } from 'zod';
import type { Clock } from './clock.ts';
import { FunctionFailed } from './errors.ts';
import { faultKinds } from './faults.ts';
import type { CompanyHand } from './hand.ts';
import { cents } from './ledger/amounts.ts';
import type { Parts } from './parts.ts';
import { screenList, shownRow, shownRows } from './screens.ts';
import { clerk, type Maker } from './seed/maker.ts';
import { parseSettingsChange } from './settings.ts';
import type { WebhookSender } from './webhook/sender.ts';
import { actOnPayment, decideBill, paymentActions } from './workflow/approvals.ts';
import { addPayment } from './workflow/payments.ts';

const wishBody = z.object({ state: z.string().default('S'), day: z.iso.date().optional() });
const entryBody = wishBody.extend({
  journal: z.string().optional(),
  module: z.string().optional(),
  currency: z.string().optional(),
  title: z.string().optional(),
  balance: z.enum(['balanced', 'too little credit', 'balanced across entities only']).optional(),
});
const paymentBody = z.strictObject({
  bill: z.int(),
  state: z.string().default('S'),
  method: z.string().default('ACH'),
  day: z.iso.date().optional(),
});
const generateBody = z.strictObject({
  kind: z.enum(['bills', 'entries']),
  count: z.int().min(1).max(200_000),
  state: z.string().default('P'),
});
const clockBody = z.strictObject({
  paused: z.boolean().optional(),
  rate: z.number().positive().optional(),
  entriesPerMinute: z.number().min(0).optional(),
  changesPerMinute: z.number().min(0).optional(),
});
const actionBody = z.strictObject({ by: z.string().default('amara.okafor'), comment: z.string().default('') });
const listQuery = z.object({ limit: z.coerce.number().int().min(1).default(200), state: z.string().optional() });

const answerProblems: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) next(error);
  else if (error instanceof z.ZodError) response.status(400).json({ error: z.prettifyError(error) });
  else if (error instanceof FunctionFailed) response.status(409).json({ error: error.errors });
  else if (error instanceof RangeError) response.status(400).json({ error: error.message });
  else next(error);
};

export interface AdminParts extends Parts {
  hand: CompanyHand;
  maker: Maker;
  clock: Clock;
  webhooks: WebhookSender;
  describe: () => unknown;
}

/** What people, pages and tests use: past the gateway, without sign-in. */
export function adminRouter(parts: AdminParts): Router {
  const router = Router();
  const { ledger, catalog, settings, faults, counters, sessions, hand, maker, clock, webhooks } = parts;
  const ofPath = ({ params }: { params: { object?: string; key?: string } }): [string, number] => [
    params.object ?? '',
    Number(params.key),
  ];
  const sizes = () => Object.fromEntries(catalog.names().map((name) => [name, ledger.size(name)]));

  router.use(express.json({ limit: '16mb' }));
  router.get('/', (_request, response) => {
    response.json({
      site: parts.describe(),
      faultKinds,
      settings,
      faults: faults.list(),
      clockRuns: clock.running(),
      counters: counters.show(),
      sessions: sessions.list(),
      objects: sizes(),
    });
  });
  router.get('/counters', (_request, response) => {
    response.json({ ...counters.show(), sessions: sessions.list(), opened: sessions.opened });
  });
  router.delete('/counters', (_request, response) => {
    counters.reset();
    response.status(204).end();
  });
  router.get('/settings', (_request, response) => {
    response.json(settings);
  });
  router.post('/settings', (request, response) => {
    response.json(Object.assign(settings, parseSettingsChange(request.body)));
  });
  router.post('/clock', (request, response) => {
    const { paused, rate, ...paces } = clockBody.parse(request.body ?? {});
    const change = { clockPaused: paused, clockRate: rate, ...paces };
    Object.assign(settings, Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)));
    clock.start();
    response.json(settings);
  });
  router.delete('/clock', (_request, response) => {
    clock.stop();
    response.status(204).end();
  });
  router.post('/sessions/expire', (request, response) => {
    response.json({ expired: sessions.expire((request.body as { user?: string } | undefined)?.user) });
  });

  router.get('/faults', (_request, response) => {
    response.json(faults.list());
  });
  router.post('/faults', (request, response) => {
    response.status(201).json(faults.set(request.body));
  });
  router.delete('/faults', (_request, response) => {
    faults.clear();
    response.status(204).end();
  });
  router.delete('/faults/:id', (request, response) => {
    faults.clear(request.params.id);
    response.status(204).end();
  });

  router.get('/screens', (_request, response) => {
    response.json(screenList(ledger));
  });
  router.get('/screens/:object', (request, response) => {
    const { limit } = listQuery.parse(request.query);
    const { name } = hand.type(request.params.object);
    response.json({ total: ledger.size(name), rows: shownRows(parts, name, limit) });
  });
  router.get('/screens/:object/:key', (request, response) => {
    const [object, key] = ofPath(request);
    response.json(shownRow(parts, hand.type(object).name, hand.row(object, key)));
  });

  router.get('/objects/:object', (request, response) => {
    const { limit, state } = listQuery.parse(request.query);
    const rows = [...ledger.rows(hand.type(request.params.object).name)].reverse();
    const found = rows.filter(({ STATE }) => state === undefined || STATE === state);
    response.json({ total: found.length, rows: found.slice(0, limit) });
  });
  router.post('/objects/:object', (request, response) => {
    response.status(201).json(hand.add(request.params.object, request.body));
  });
  router.get('/objects/:object/:key', (request, response) => {
    response.json(hand.row(...ofPath(request)));
  });
  router.patch('/objects/:object/:key', (request, response) => {
    response.json(hand.change(...ofPath(request), request.body));
  });
  router.delete('/objects/:object/:key', (request, response) => {
    hand.remove(...ofPath(request));
    response.status(204).end();
  });

  router.post('/bills', (request, response) => {
    response.status(201).json(maker.bill(wishOf(wishBody.parse(request.body ?? {}))));
  });
  router.post('/entries', (request, response) => {
    response.status(201).json(maker.entry(wishOf(entryBody.parse(request.body ?? {}))));
  });
  router.post('/payments', (request, response) => {
    const { bill: key, state, method, day } = paymentBody.parse(request.body);
    const bill = hand.row('APBILL', key);
    const share = [{ bill, cents: cents(bill.TRX_TOTALDUE) }];
    const wish = { bills: share, state, method, day: day ?? maker.today(), docNumber: null };
    response.status(201).json(addPayment(ledger, wish, clerk));
  });
  router.post('/generate', (request, response) => {
    const { kind, count, state } = generateBody.parse(request.body);
    for (let made = 0; made < count; made += 1) {
      if (kind === 'bills') maker.bill({ state, quiet: true });
      else maker.entry({ state, quiet: true });
    }
    response.status(201).json(sizes());
  });
  router.post('/payments/:key/actions/:action', (request, response) => {
    const payment = hand.row('APPYMT', Number(request.params.key));
    const { by } = actionBody.parse(request.body ?? {});
    actOnPayment(parts, payment, z.enum(paymentActions).parse(request.params.action), { userId: by, source: 'ui' });
    response.json(payment);
  });
  router.post('/bills/:key/actions/:action', (request, response) => {
    const bill = hand.row('APBILL', Number(request.params.key));
    const { by, comment } = actionBody.parse(request.body ?? {});
    const action = z.enum(['approve', 'decline']).parse(request.params.action);
    decideBill(parts, bill, action, comment, { userId: by, source: 'ui' });
    response.json(bill);
  });

  router.get('/webhooks', (_request, response) => {
    response.json({ triggers: webhooks.triggers(), failed: webhooks.failed(), sent: webhooks.sent });
  });
  router.put('/webhooks', (request, response) => {
    response.json(webhooks.set(request.body));
  });
  router.delete('/webhooks/:name', (request, response) => {
    webhooks.remove(request.params.name);
    response.status(204).end();
  });
  router.use(answerProblems);
  return router;
}

/** Without the fields that were not given. */
function wishOf<T extends object>(wish: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  const given = Object.entries(wish).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { [Key in keyof T]: Exclude<T[Key], undefined> };
}
