import express, { type Request, type Response, type Router } from 'express';
import { SlackError } from './errors.ts';
import { isJson } from './model.ts';
import type { SlackWorkspace } from './workspace.ts';

/** Where response_urls lead, to be mounted at `/`. */
export function createResponseUrls(workspace: SlackWorkspace): Router {
  const router = express.Router();
  const { faults } = workspace.state;
  const paths = ['/actions/:team/:key', '/app/:team/:key', '/commands/:team/:key'];
  router.post(paths, express.json({ limit: '4mb' }), (request: Request, response: Response) => {
    const fault = faults.find('response_url', undefined);
    if (fault?.method === 'response_url') {
      faults.hit(fault);
      if (fault.kind === 'http_500') response.status(500).type('html').send('<h1>Server Error</h1>');
      else response.destroy();
      return;
    }
    try {
      workspace.answerByUrl(String(request.params.key), isJson(request.body) ? request.body : {});
      response.type('text/plain').send('ok');
    } catch (error) {
      if (!(error instanceof SlackError)) throw error;
      response.status(/_url$/.test(error.error) ? 404 : 500).json(error.toBody());
    }
  });
  return router;
}
