import { randomUUID } from 'node:crypto';
import { type Request, Router } from 'express';
import type { Bill } from './bill.ts';
import { noEntity } from './erp-error.ts';
import type { Parts } from './parts.ts';

/** Attaching a file to a bill, in both forms of address, and reading it back. */
export function fileRoutes(parts: Parts, base: string): Router {
  const router = Router();
  const { bills, settings } = parts;

  function attach(bill: Bill | undefined, name: string, request: Request): string {
    if (!bill) throw noEntity(settings.missingRecordStatus);
    const id = randomUUID();
    const content = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const comment = request.get('px-cbfilecomment')?.slice(0, 500) ?? null;
    bill.extras = { ...bill.extras, files: [...(bill.extras?.files ?? []), { id, name, comment, content }] };
    return `${base}/files/${id}`;
  }

  router.put('/files/:graph/:view/:id/:name', (request, response) => {
    const { id, name } = request.params;
    response
      .status(204)
      .location(attach(bills.byId(id), name, request))
      .end();
  });
  router.put('/Bill/:type/:ref/files/:name', (request, response) => {
    const { type, ref, name } = request.params;
    response
      .status(204)
      .location(attach(bills.byKey(type, ref), name, request))
      .end();
  });
  router.get('/files/:id', (request, response) => {
    const files = bills.inOrder('insertion').flatMap((bill) => bill.extras?.files ?? []);
    const file = files.find(({ id }) => id === request.params.id);
    if (!file) throw noEntity(settings.missingRecordStatus);
    response.type('application/octet-stream').send(file.content);
  });
  return router;
}
