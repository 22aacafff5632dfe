import { randomUUID } from 'node:crypto';
import { Router } from 'express';
import { jsonBody, queryOf } from './answer.ts';
import { notServed } from './erp-error.ts';
import type { Form } from './form.ts';
import type { Parts } from './parts.ts';
import type { Session } from './sessions.ts';
import type { WorkflowAction } from './workflow.ts';

function textAt(value: unknown, ...names: string[]): string | null {
  let found = value;
  for (const name of names) {
    if (typeof found !== 'object' || found === null) return null;
    found = (found as Record<string, unknown>)[name];
  }
  return typeof found === 'string' && found !== '' ? found : null;
}

/** `POST /{Entity}/{Action}` and the addresses that tell how a long one is doing. */
export function actionRoutes({ operations, settings }: Parts, form: Form, base: string): Router {
  const router = Router();
  const { entity, screen } = form;

  function actionOf(name: string): WorkflowAction | undefined {
    const { approve, reject, hold, releaseFromHold } = settings.actionNames;
    const byName: Record<string, WorkflowAction> = { [approve]: 'approve', [reject]: 'reject' };
    return { ...byName, [hold]: 'hold' as const, [releaseFromHold]: 'releaseFromHold' as const, ...form.declared }[
      name
    ];
  }

  router.get('/:action/status/:id', (request, response) => {
    const state = operations.state(request.params.id);
    if (!state) throw notServed(request.originalUrl, settings.notFoundBody);
    if (state.state === 'failed') throw state.error;
    if (state.state === 'running')
      response.location(`${base}/${entity}/${request.params.action}/status/${request.params.id}`);
    response.status(state.state === 'running' ? 202 : 204).end();
  });

  router.post('/:action', (request, response) => {
    const name = request.params.action;
    const action = actionOf(name);
    if (!action) throw notServed(queryOf(request).size > 0 ? request.path : request.originalUrl, settings.notFoundBody);
    const session = response.locals.session as Session;
    operations.checkFree(session, screen);
    const body = jsonBody(request);
    const document = form.named(textAt(body.entity, 'id'), (key) => textAt(body.entity, key, 'value'));
    const reason = textAt(body.parameters, 'custom', 'ReasonApproveRejectParams', 'Reason', 'value');
    const ms = settings.operationMs[name] ?? 0;
    if (ms === 0) {
      form.act(document, action, session.user, reason);
      if (settings.danglingLocation) response.location(`${base}/${entity}/${name}/status/${randomUUID()}`);
      response.status(204).end();
      return;
    }
    form.check(document, action);
    const id = operations.start(session, screen, ms, () => form.act(document, action, session.user, reason));
    response.status(202).location(`${base}/${entity}/${name}/status/${id}`).end();
  });
  return router;
}
