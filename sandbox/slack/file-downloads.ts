import { type Request, type Response, Router } from 'express';
import type { SlackState } from './state.ts';

function mayRead(state: SlackState, request: Request): boolean {
  const [scheme, token] = (request.headers.authorization ?? '').split(' ');
  try {
    return scheme?.toLowerCase() === 'bearer' && state.installation.authenticate(token).scopes.has('files:read');
  } catch {
    return false;
  }
}

/**
 * The contents of shared files, to be mounted at `/files-pri`: for a bearer token with files:read. Whoever has none is
 * sent to the sign-in page, as a browser would be.
 */
export function createFileDownloads(state: SlackState): Router {
  const router = Router();
  const send = (request: Request, response: Response): void => {
    if (!mayRead(state, request)) {
      response.redirect(
        302,
        `${state.options.baseUrl()}/files-pri/sign-in?redir=${encodeURIComponent(request.originalUrl)}`,
      );
      return;
    }
    const file = state.files.get(String(request.params.id).replace(`${state.team.id}-`, ''));
    if (!file) {
      response.status(404).type('html').send('<!DOCTYPE html><html><body><h1>File not found</h1></body></html>');
      return;
    }
    response.attachment(file.name).type(file.mimetype).send(file.content);
  };
  router.get('/sign-in', (_request, response) => {
    response.type('html').send('<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in</body></html>');
  });
  router.get('/:id/:name', send);
  router.get('/:id/download/:name', send);
  return router;
}
