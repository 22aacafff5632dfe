import express, { type Router } from 'express';
import { createSlackAdmin } from './admin-api.ts';
import { createClientApi } from './client-api.ts';
import { createConsent } from './consent.ts';
import { createFileDownloads } from './file-downloads.ts';
import type { SlackOptions } from './options.ts';
import { createResponseUrls } from './response-urls.ts';
import { createWebApi } from './web-api.ts';
import { SlackWorkspace } from './workspace.ts';

export type { SlackOptions } from './options.ts';
export { SlackWorkspace } from './workspace.ts';

/** A workspace and everything that it answers over HTTP, to be mounted at `/`. */
export function createSlackSite(options: SlackOptions): { workspace: SlackWorkspace; router: Router } {
  const workspace = new SlackWorkspace(options);
  const router = express.Router();
  router.use('/api', createWebApi(workspace.state));
  router.use('/files-pri', createFileDownloads(workspace.state));
  router.use('/oauth/v2', createConsent(workspace.state));
  router.use('/client', createClientApi(workspace));
  router.use('/admin/slack', createSlackAdmin(workspace));
  router.use(createResponseUrls(workspace));
  return { workspace, router };
}
