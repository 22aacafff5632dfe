import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Sandbox } from '../../sandbox/start.ts';

export interface TwoSlacks {
  apiUrl: string;
  /** The workspaces behind the one address. */
  workspaces: Sandbox[];
  /** Calls by workspace and method, as they were answered. */
  calls: { workspace: number; method: string; team: string | null }[];
  close(): Promise<void>;
}

const notMine = ['invalid_auth', 'invalid_code', 'invalid_refresh_token'];

/** Slack's one Web API in front of several workspaces: whoever knows the token or the code answers. */
export async function startTwoSlacks(): Promise<TwoSlacks> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => void forward(Buffer.concat(chunks)));

    async function forward(body: Buffer): Promise<void> {
      const method = request.url ?? '';
      for (const [workspace, { url }] of slacks.workspaces.entries()) {
        const headers = {
          authorization: request.headers.authorization ?? '',
          'content-type': request.headers['content-type'] ?? '',
        };
        const answer = await fetch(url + method, { method: 'POST', headers, body });
        const text = await answer.text();
        const last = workspace === slacks.workspaces.length - 1;
        if (!last && notMine.includes(JSON.parse(text).error)) continue;
        slacks.calls.push({
          workspace,
          method: method.replace('/api/', ''),
          team: new URLSearchParams(String(body)).get('team_id'),
        });
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
        return;
      }
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const slacks: TwoSlacks = {
    apiUrl: `http://127.0.0.1:${port}/api/`,
    workspaces: [],
    calls: [],
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return slacks;
}
