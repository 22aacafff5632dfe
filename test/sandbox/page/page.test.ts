import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import express from 'express';
import { createPage } from '../../../sandbox/page/index.ts';

describe('the page over HTTP', () => {
  let server: Server;
  let url: string;

  before(async () => {
    server = createServer(express().use(createPage())).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after((done) => {
    server.close(done);
    server.closeAllConnections();
  });

  const render = (body: unknown) =>
    fetch(`${url}/render`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  for (const path of ['/', '/acumatica', '/intacct', '/faults']) {
    it(`serves ${path} and all that it names, from here only`, async () => {
      const page = await fetch(url + path);
      expect(page.headers.get('content-security-policy'))
        .to.contain("default-src 'self'")
        .and.to.contain("object-src 'none'");
      const html = await page.text();
      const named = [...html.matchAll(/(?:src|href)="(\/page\/[^"]+)"/g)].map((match) => match[1]);
      expect(named).to.have.length.above(2);
      for (const address of named) {
        const response = await fetch(`${url}${address}`);
        expect(response.status, address).to.equal(200);
        await response.arrayBuffer();
      }
      expect(html).not.to.match(/(?:src|href)="https?:/);
    });
  }

  it('serves the styles of the drawn blocks by class, with nothing from the network', async () => {
    const css = await (await fetch(`${url}/page/blocks-library.css`)).text();
    expect(css)
      .to.contain('.slack_blocks_to_jsx')
      .and.not.to.match(/#slack_blocks_to_jsx|@import|url\(\s*['"]?http/);
  });

  it('draws one message or many', async () => {
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: 'Hello <@U1>' } }];
    const users = [{ id: 'U1', name: 'Maya' }];
    const one = (await (await render({ blocks, users })).json()) as { html: string };
    expect(one.html).to.contain('@Maya');
    const many = (await (await render({ drawings: [{ blocks }, { text: '*b*' }], users })).json()) as {
      htmls: string[];
    };
    expect(many.htmls).to.have.length(2);
    expect(many.htmls[0]).to.equal(one.html);
    expect(many.htmls[1]).to.contain('>b<');
  });

  it('draws dates in the zone of the viewer, and in UTC for a zone that does not exist', async () => {
    const text = '<!date^1700000000^{time}|x>';
    const drawIn = async (timeZone: string) =>
      ((await (await render({ text, timeZone })).json()) as { html: string }).html;
    expect(await drawIn('Asia/Tokyo')).to.contain('7:13');
    expect(await drawIn('Nowhere/Land')).to.contain('10:13');
  });

  it('says what is wrong with a request that cannot be drawn', async () => {
    const response = await render({ blocks: 'x' });
    expect(response.status).to.equal(400);
    expect(await response.json())
      .to.have.property('error')
      .that.contains('blocks');
  });
});
