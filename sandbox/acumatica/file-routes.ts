import { randomUUID } from 'node:crypto';
import { type Request, Router } from 'express';
import type { DocumentRecord } from './document.ts';
import { noEntity } from './erp-error.ts';
import type { Parts } from './parts.ts';

/** Attaching a file to a document, in both forms of address, and reading it back. */
export function fileRoutes(parts: Parts, base: string): Router {
  const router = Router();
  const { forms, settings } = parts;

  function attach(document: DocumentRecord | undefined, name: string, request: Request): string {
    if (!document) throw noEntity(settings.missingRecordStatus);
    const id = randomUUID();
    const content = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const comment = request.get('px-cbfilecomment')?.slice(0, 500) ?? null;
    document.extras = {
      ...document.extras,
      files: [...(document.extras?.files ?? []), { id, name, comment, content }],
    };
    return `${base}/files/${id}`;
  }

  router.put('/files/:graph/:view/:id/:name', (request, response) => {
    const { id, name } = request.params;
    response
      .status(204)
      .location(attach(forms.map((form) => form.byId(id)).find(Boolean), name, request))
      .end();
  });
  router.put('/:entity/:type/:ref/files/:name', (request, response) => {
    const { entity, type, ref, name } = request.params;
    const form = forms.find((candidate) => candidate.entity === entity);
    response
      .status(204)
      .location(attach(form?.find(type, ref), name, request))
      .end();
  });
  router.get('/files/:id', (request, response) => {
    const files = forms.flatMap((form) => form.all()).flatMap(({ extras }) => extras?.files ?? []);
    const file = files.find(({ id }) => id === request.params.id);
    if (!file) throw noEntity(settings.missingRecordStatus);
    response.type('application/octet-stream').send(file.content);
  });
  return router;
}
