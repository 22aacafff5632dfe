import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const script = fileURLToPath(new URL('../../../sandbox/index.ts', import.meta.url));

describe('the sandbox command', () => {
  it('prints one line of JSON, serves all parts and ends on SIGTERM', async () => {
    const child = spawn(process.execPath, [script, '--port', '0', '--client-id', '1.2'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    try {
      while (!out.includes('\n')) await once(child.stdout, 'data');
      const { slack, acumatica, page, admin } = JSON.parse(out);
      expect(slack).to.include({ clientId: '1.2', appId: 'A0CNTRSIGN', teamId: 'T0NORTHWND', installed: false });
      const api = await fetch(`${slack.apiUrl}auth.test`, { method: 'POST' });
      expect(await api.json()).to.deep.equal({ ok: false, error: 'not_authed' });
      expect((await fetch(page)).headers.get('content-type')).to.include('text/html');
      expect((await fetch(`${admin}/slack`)).status).to.equal(200);
      expect((await fetch(`${acumatica.url}/entity`)).status).to.equal(200);
    } finally {
      child.kill('SIGTERM');
    }
    const [code] = await once(child, 'exit');
    expect(code).to.equal(0);
    expect(out.trimEnd().split('\n')).to.have.length(1);
  });
});
