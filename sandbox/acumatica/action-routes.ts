import { randomUUID } from 'node:crypto';
import { Router } from 'express';
import { jsonBody, queryOf } from './answer.ts';
import type { Bill } from './bill.ts';
import { noEntity, notServed } from './erp-error.ts';
import type { Parts } from './parts.ts';
import type { Session } from './sessions.ts';
import type { WorkflowAction } from './workflow.ts';

const screen = 'AP301000';

function textAt(value: unknown, ...names: string[]): string | null {
  let found = value;
  for (const name of names) {
    if (typeof found !== 'object' || found === null) return null;
    found = (found as Record<string, unknown>)[name];
  }
  return typeof found === 'string' && found !== '' ? found : null;
}

/** `POST /Bill/{Action}` and the addresses that tell how a long one is doing. */
export function actionRoutes(parts: Parts, base: string): Router {
  const router = Router();
  const { bills, workflow, operations, settings } = parts;

  function actionOf(name: string): WorkflowAction | undefined {
    if (name === 'ReleaseBill') return 'release';
    if (name === 'ReverseBill') return 'reverse';
    const { approve, reject, hold, releaseFromHold } = settings.actionNames;
    const byName: Record<string, WorkflowAction> = { [approve]: 'approve', [reject]: 'reject' };
    return { ...byName, [hold]: 'hold' as const, [releaseFromHold]: 'releaseFromHold' as const }[name];
  }

  function billOf(entity: unknown): Bill {
    const id = textAt(entity, 'id');
    const type = textAt(entity, 'Type', 'value');
    const ref = textAt(entity, 'ReferenceNbr', 'value');
    const bill = id ? bills.byId(id) : type && ref ? bills.byKey(type, ref) : undefined;
    if (!bill || settings.hiddenBranches.includes(bill.branch)) throw noEntity(settings.missingRecordStatus);
    return bill;
  }

  router.get('/:action/status/:id', (request, response) => {
    const state = operations.state(request.params.id);
    if (!state) throw notServed(request.originalUrl, settings.notFoundBody);
    if (state.state === 'failed') throw state.error;
    if (state.state === 'running')
      response.location(`${base}/Bill/${request.params.action}/status/${request.params.id}`);
    response.status(state.state === 'running' ? 202 : 204).end();
  });

  router.post('/:action', (request, response) => {
    const name = request.params.action;
    const action = actionOf(name);
    if (!action) throw notServed(queryOf(request).size > 0 ? request.path : request.originalUrl, settings.notFoundBody);
    const session = response.locals.session as Session;
    operations.checkFree(session, screen);
    const body = jsonBody(request);
    const bill = billOf(body.entity);
    const reason = textAt(body.parameters, 'custom', 'ReasonApproveRejectParams', 'Reason', 'value');
    const ms = settings.operationMs[name] ?? 0;
    if (ms === 0) {
      workflow.act(bill, action, session.user, reason);
      if (settings.danglingLocation) response.location(`${base}/Bill/${name}/status/${randomUUID()}`);
      response.status(204).end();
      return;
    }
    workflow.check(bill, action);
    const id = operations.start(session, screen, ms, () => workflow.act(bill, action, session.user, reason));
    response.status(202).location(`${base}/Bill/${name}/status/${id}`).end();
  });
  return router;
}
