import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import express from 'express';
import { z } from 'zod';
import { renderDrawing } from './render.ts';
import { acumaticaPage, faultsPage, intacctPage, slackPage } from './shell.ts';

const places = z.array(z.object({ id: z.string(), name: z.string(), kind: z.string().optional() })).default([]);
const drawing = z.object({
  blocks: z.array(z.record(z.string(), z.unknown())).nullish(),
  text: z.string().nullish(),
  attachments: z.array(z.record(z.string(), z.unknown())).nullish(),
  scope: z.string().optional(),
});
const renderRequest = drawing.extend({
  /** Many at once: a channel is one request, not one per message. */
  drawings: z.array(drawing).optional(),
  users: places,
  channels: places,
  timeZone: z.string().optional(),
});

/** Nothing from elsewhere is loaded, and no inline script runs, whatever an ERP calls its vendors. */
const CONTENT_SECURITY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'";

/**
 * The sandbox's web page: `/` (Slack), `/acumatica`, `/intacct`, `/faults`, their static files under `/page`,
 * and `POST /render`, which draws Block Kit. It works over the simulators' `/client` and `/admin` addresses.
 */
export function createPage(): express.Router {
  const router = express.Router();
  const show = (html: string) => (_request: express.Request, response: express.Response) => {
    response.set({ 'content-security-policy': CONTENT_SECURITY, 'cache-control': 'no-store' }).type('html').send(html);
  };
  router.get('/', show(slackPage()));
  router.get('/acumatica', show(acumaticaPage()));
  router.get('/intacct', show(intacctPage()));
  router.get('/faults', show(faultsPage()));
  const styles = readBlockStyles();
  router.get('/page/blocks-library.css', (_request, response) => {
    response.type('css').send(styles);
  });
  router.use('/page', express.static(fileURLToPath(new URL('./static', import.meta.url)), { cacheControl: false }));
  router.post('/render', express.json({ limit: '8mb' }), (request, response) => {
    const parsed = renderRequest.safeParse(request.body);
    if (!parsed.success) {
      response.status(400).json({ error: z.prettifyError(parsed.error) });
      return;
    }
    const { drawings, users, channels, timeZone, ...one } = parsed.data;
    const context = { users, channels, ...(timeZone && isTimeZone(timeZone) && { timeZone }) };
    const draw = (each: z.infer<typeof drawing>) =>
      renderDrawing(
        {
          blocks: each.blocks ?? [],
          text: each.text ?? '',
          attachments: each.attachments ?? [],
          ...(each.scope && { scope: each.scope }),
        },
        context,
      );
    response.json(drawings ? { htmls: drawings.map(draw) } : { html: draw(one) });
  });
  return router;
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** The library scopes its styles to one element id; a page with many messages needs the class instead. */
function readBlockStyles(): string {
  const file = createRequire(import.meta.url).resolve('slack-blocks-to-jsx/dist/style.css');
  return readFileSync(file, 'utf8').replaceAll('#slack_blocks_to_jsx', '.slack_blocks_to_jsx');
}
