import express, { type ErrorRequestHandler, Router } from 'express';
import { z } from 'zod';
import { billStatuses } from './bill.ts';
import type { Clock } from './clock.ts';
import { ErpError } from './erp-error.ts';
import { faultKinds } from './faults.ts';
import type { Form } from './form.ts';
import type { Parts } from './parts.ts';
import type { PushNotifications } from './push-notifications.ts';
import { parseSettingsChange } from './settings.ts';
import type { Stream } from './stream.ts';
import { workflowActions } from './workflow.ts';

const moment = z.union([z.coerce.number(), z.iso.datetime({ offset: true }).transform((iso) => Date.parse(iso))]);
const listQuery = z.object({
  since: moment.optional(),
  status: z.string().optional(),
  limit: z.coerce.number().int().min(1).default(200),
});
const generateBody = z.strictObject({
  count: z.int().min(1).max(1_000_000),
  modifiedAt: moment.optional(),
  status: z.enum(billStatuses).optional(),
});
const clockBody = z.strictObject({
  paused: z.boolean().optional(),
  rate: z.number().positive().optional(),
  billsPerMinute: z.number().min(0).optional(),
  othersPerMinute: z.number().min(0).optional(),
  changesPerMinute: z.number().min(0).optional(),
});
const vendorBody = z.strictObject({
  ...{ name: z.string().optional(), status: z.string().optional(), paymentMethod: z.string().optional() },
  ...{ sortCode: z.string().optional(), account: z.string().optional() },
  remittance: z
    .strictObject({
      ...{ attention: z.string().nullable().optional(), email: z.string().nullable().optional() },
      ...{ phone: z.string().nullable().optional(), addressLine1: z.string().nullable().optional() },
      ...{ city: z.string().nullable().optional(), postalCode: z.string().nullable().optional() },
      country: z.string().nullable().optional(),
    })
    .optional(),
});
const actionBody = z.strictObject({ by: z.string().optional(), reason: z.string().optional() });

class NotFound extends Error {}

const answerProblems: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) next(error);
  else if (error instanceof NotFound) response.status(404).json({ error: error.message });
  else if (error instanceof z.ZodError) response.status(400).json({ error: z.prettifyError(error) });
  else if (error instanceof RangeError || error instanceof SyntaxError)
    response.status(400).json({ error: error.message });
  else if (error instanceof ErpError) response.status(409).json({ error: error.body });
  else next(error);
};

/** What the sandbox's own pages, tests and people use: past the ERP's API, without sign-in. */
export function adminRouter(
  parts: Parts,
  clock: Clock,
  stream: Stream,
  describe: () => unknown,
  push: PushNotifications,
): Router {
  const router = Router();
  const { forms, bills, vendors, maker, settings, faults, sessions, grants } = parts;

  router.use(express.json({ limit: '16mb' }));
  router.get('/', (_request, response) => {
    response.json({
      site: describe(),
      faultKinds,
      actions: workflowActions,
      settings,
      faults: faults.list(),
      counters: countersOf(parts),
      bills: bills.size,
      forms: forms.map(({ collection, title, statuses, types, size }) => ({
        collection,
        title,
        statuses,
        types,
        size,
      })),
    });
  });
  router.get('/counters', (_request, response) => {
    response.json(countersOf(parts));
  });
  router.delete('/counters', (_request, response) => {
    parts.counters.reset();
    response.status(204).end();
  });
  router.get('/stream', stream.handler);

  router.get('/settings', (_request, response) => {
    response.json(settings);
  });
  router.post('/settings', (request, response) => {
    response.json(Object.assign(settings, parseSettingsChange(request.body)));
  });
  router.post('/clock', (request, response) => {
    const { paused, rate, ...paces } = clockBody.parse(request.body);
    const change = { clockPaused: paused, clockRate: rate, ...paces };
    Object.assign(settings, Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)));
    clock.start();
    response.json(settings);
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

  router.post('/bills/generate', (request, response) => {
    const { count, status, modifiedAt } = generateBody.parse(request.body);
    maker.generate(count, status, modifiedAt);
    response.status(201).json({ count, bills: bills.size });
  });
  for (const form of forms) router.use(`/${form.collection}`, formAdmin(form));
  router.get('/vendors', (_request, response) => {
    response.json(vendors.all());
  });
  router.patch('/vendors/:code', (request, response) => {
    const vendor = vendors.edit(request.params.code, vendorBody.parse(request.body ?? {}));
    if (!vendor) throw new NotFound(`there is no vendor ${request.params.code}`);
    response.json(vendor);
  });

  router.get('/push', (_request, response) => {
    response.json({ destinations: push.destinations(), failed: push.failed(), sent: push.sent });
  });
  router.put('/push', (request, response) => {
    response.json(push.set(request.body));
  });
  router.post('/push/resend', (_request, response) => {
    push.resend();
    response.status(204).end();
  });
  router.delete('/push/:name', (request, response) => {
    push.remove(request.params.name);
    response.status(204).end();
  });

  router.post('/sessions/close', (_request, response) => {
    sessions.closeAll();
    response.status(204).end();
  });
  router.post('/tokens/expire', (_request, response) => {
    grants.expireAccess();
    response.status(204).end();
  });
  router.post('/tokens/revoke', (_request, response) => {
    grants.revokeAll();
    response.status(204).end();
  });
  router.use(answerProblems);
  return router;
}

/** A form's documents: looking, adding, changing, deciding, past the API and its rights. */
function formAdmin(form: Form): Router {
  const router = Router();
  const at = (ref: string, type: unknown) => {
    const found = form.find(typeof type === 'string' ? type : form.usualType, ref) ?? form.byId(ref);
    if (!found) throw new NotFound(`there is no ${form.entity} ${ref}`);
    return found;
  };

  router.get('/', (request, response) => {
    const { since = 0, status, limit } = listQuery.parse(request.query);
    const found = form
      .all()
      .filter((document) => document.modifiedAt >= since && (status === undefined || document.status === status))
      .sort((a, b) => b.modifiedAt - a.modifiedAt);
    response.json({ total: found.length, documents: found.slice(0, limit).map((document) => form.view(document)) });
  });
  router.post('/', (request, response) => {
    response.status(201).json(form.view(form.add(request.body ?? {})));
  });
  router.get('/:ref', (request, response) => {
    response.json(form.view(at(request.params.ref, request.query.type)));
  });
  router.patch('/:ref', (request, response) => {
    const document = at(request.params.ref, request.query.type);
    form.edit(document, request.body ?? {});
    response.json(form.view(document));
  });
  router.delete('/:ref', (request, response) => {
    form.remove(at(request.params.ref, request.query.type));
    response.status(204).end();
  });
  router.post('/:ref/actions/:action', (request, response) => {
    const document = at(request.params.ref, request.query.type);
    const action = z.enum(workflowActions).parse(request.params.action);
    const { by, reason } = actionBody.parse(request.body ?? {});
    form.act(document, action, by ? { username: by, role: 'approver' } : 'assignee', reason ?? null);
    response.json(form.view(document));
  });
  return router;
}

/** How much was asked of the site and what it holds open. */
export function countersOf({ counters, sessions, grants, licence, settings }: Parts) {
  return {
    requests: counters.requests(),
    sessions: {
      open: sessions.count(),
      seats: settings.apiUsers,
      opened: sessions.opened,
      closed: sessions.closed,
      list: sessions.list(),
    },
    tokens: { issued: grants.issued, refreshed: grants.refreshed, killedFamilies: grants.killedFamilies },
    licence: { delayed: licence.delayed, declined: licence.declined },
  };
}
