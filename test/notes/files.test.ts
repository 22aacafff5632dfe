import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { FaultInput } from '../../sandbox/acumatica/index.ts';
import { ask } from '../commands/support.ts';
import { postStanding } from '../shortcuts/support.ts';
import { expectNoSecret, isTold, onlyWhenAsked, ownLanesOnly } from '../support/lanes.ts';
import { type Product, people, startProduct } from '../support/product.ts';
import { waitUntil } from '../support/wait.ts';
import { bot, minuteOf, noteOf, notesOn, reply, saidByApp } from './support.ts';

describe('a file in a reply that is to be recorded', () => {
  let product: Product;
  before(async () => {
    product = await startProduct({ cadence: onlyWhenAsked, routes: ownLanesOnly, settings: { FILE_MEGABYTES: '1' } });
  });
  after(() => product.stop());

  const pdf = (size = 2_000) => Buffer.alloc(size, 'invoice ');
  const filesOf = ({ ref }: { ref: string }) => {
    const { acumatica } = product.sandbox;
    return acumatica.files(ref);
  };
  const settled = async (ref: string) => {
    await product.database.db.raw(
      `with due as (update notes set next_attempt_at = null where state = 'stored' returning document_id)
       select graphile_worker.add_job('record-notes', json_build_object('id', document_id::text)) from due`,
    );
    const row = await product.database
      .db('notes as o')
      .join('documents as d', 'd.id', 'o.document_id')
      .where('d.reference', ref)
      .first('o.state');
    return ['done', 'dead', 'refused'].includes(row?.state);
  };

  it('is kept with the document, byte for byte, under a name of its own that the note gives', async () => {
    const posted = await postStanding(product);
    const content = Buffer.from(Array.from({ length: 50_000 }, (_, index) => index % 256));
    const files = [{ name: 'delivery note März.pdf', mimetype: 'application/pdf', content }];
    const said = reply(product, posted, { text: `<@${bot}> signed by the warehouse`, files });
    const id = said.files?.[0]?.id;
    const name = `delivery note März (${id}).pdf`;
    expect(await noteOf(product, posted.bill)).to.equal(
      `${minuteOf(said)}, Maya Okafor (Finance Director) in Slack: signed by the warehouse\n    Attached: ${name}`,
    );
    await notesOn(product, posted.bill);
    const kept = filesOf(posted.bill);
    expect(kept.map((file) => file.name)).to.deep.equal([name]);
    expect(kept[0]?.content.equals(content)).to.equal(true);
    await waitUntil(() => saidByApp(product, posted).find((text) => text.includes('with one file')), {
      what: 'the line in the thread',
    });
    expectNoSecret(product);
  });

  it('alone, without a word, is enough; several are kept, each once', async () => {
    const posted = await postStanding(product);
    const files = ['a.csv', 'a.csv', 'b'].map((name) => ({ name, mimetype: 'text/csv', content: pdf() }));
    reply(product, posted, { text: `<@${bot}>`, files });
    await notesOn(product, posted.bill);
    const names = filesOf(posted.bill).map((file) => file.name);
    expect(names.map((name) => name.replace(/ \(F\w+\)/, ''))).to.deep.equal(['a.csv', 'a.csv', 'b']);
    expect(new Set(names).size).to.equal(3);
  });

  it('cannot get out of its folder nor break an address by its name', async () => {
    const posted = await postStanding(product);
    const name = '..\\..//etc/passwd?x=1&y=%2e#<script>"\u0000|*\u202e.pdf ';
    const said = reply(product, posted, { text: `<@${bot}>`, files: [{ name, mimetype: 'x/y', content: pdf() }] });
    await notesOn(product, posted.bill);
    const id = said.files?.[0]?.id;
    expect(filesOf(posted.bill).map((file) => file.name)).to.deep.equal([`passwd x 1 y 2e script (${id}).pdf`]);
  });

  it('that is too large is refused before anything is recorded', async () => {
    const posted = await postStanding(product);
    const files = [{ name: 'scan.tif', mimetype: 'image/tiff', content: pdf(1_000_001) }];
    reply(product, posted, { text: `<@${bot}> the scan`, files });
    const [note] = await notesOn(product, posted.bill);
    expect(note).to.deep.include({ state: 'refused', entry: null });
    await isTold(product, people.director, '“scan.tif” is larger than 1 MB, so nothing was recorded');
    expect(filesOf(posted.bill)).to.deep.equal([]);
    expect(product.sandbox.acumatica.bill(posted.bill.ref)?.note).to.equal(null);
  });

  it('that is larger than Slack said is cut off, and the thread says that only the text is recorded', async () => {
    const posted = await postStanding(product);
    const said = reply(product, posted, {
      text: `<@${bot}> the scan`,
      files: [{ name: 'scan.tif', mimetype: 'image/tiff', content: pdf() }],
    });
    const file = product.sandbox.slack.state.files.get(said.files?.[0]?.id ?? '');
    if (file) file.content = pdf(1_500_000);
    const [note] = await notesOn(product, posted.bill);
    expect(note?.state).to.equal('dead');
    expect(note?.message).to.match(/^The text is recorded, but not the file “scan\.tif”: It is larger than allowed/);
    await waitUntil(() => saidByApp(product, posted).find((text) => text.startsWith('Not recorded in Acumatica')), {
      what: 'the line in the thread',
    });
    expect(filesOf(posted.bill)).to.deep.equal([]);
  });

  it('may not be read where the app was installed before it could: it says what to do, and can be replayed', async () => {
    const posted = await postStanding(product);
    const { installation } = product.sandbox.slack.state;
    installation.botScopes.delete('files:read');
    try {
      reply(product, posted, {
        text: `<@${bot}>`,
        files: [{ name: 'a.pdf', mimetype: 'application/pdf', content: pdf() }],
      });
      const [note] = await notesOn(product, posted.bill);
      expect(note?.message).to.contain('Install the app again from its install page');
    } finally {
      installation.botScopes.add('files:read');
    }
    expect((await ask(product, 'status')).text).to.contain('could not be recorded in the ERP');
    expect((await ask(product, 'replay dead')).text).to.match(/^Trying again: \d+ notes?\.$/);
    await waitUntil(() => filesOf(posted.bill).length === 1, { what: 'the file is kept' });
    expect(product.sandbox.acumatica.bill(posted.bill.ref)?.note?.match(/Attached/g)).to.have.length(1);
  });

  const badDays: Array<[what: string, fault: FaultInput]> = [
    ['the answer is lost after it was done', { kind: 'drop-after' }],
    ['the request is lost', { kind: 'drop-before' }],
    ['it is accepted and nothing done', { kind: 'nothing-done' }],
    ['an error page comes', { kind: '500-html' }],
  ];
  for (const [what, fault] of badDays) {
    it(`is kept once, and the note written once, when ${what}`, async () => {
      const posted = await postStanding(product);
      product.sandbox.acumatica.setFault({ match: { method: 'PUT', path: '/files/' }, times: 1, ...fault });
      const files = [{ name: 'a.pdf', mimetype: 'application/pdf', content: pdf() }];
      reply(product, posted, { text: `<@${bot}> here`, files });
      await waitUntil(() => settled(posted.bill.ref), { what: 'the note is settled' });
      product.sandbox.acumatica.clearFaults();
      expect(filesOf(posted.bill)).to.have.length(1);
      expect((await noteOf(product, posted.bill)).split('here')).to.have.length(2);
    });
  }

  describe('is asked for at Slack alone', () => {
    let stranger: Server;
    const asked: string[] = [];
    before(async () => {
      stranger = createServer((request, response) => {
        asked.push(`${request.url} ${request.headers.authorization}`);
        response.end('content');
      });
      await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    });
    after(() => new Promise((resolve) => stranger.close(resolve)));

    const elsewhere: Array<[what: string, address: (port: number) => string]> = [
      ['another port', (port) => `http://localhost:${port}/files-pri/T-F/a.pdf`],
      ['another host', (port) => `http://127.0.0.1:${port}/files-pri/T-F/a.pdf`],
      ['a host before an @', (port) => `http://localhost@127.0.0.1:${port}/a.pdf`],
      ['a file of this machine', () => 'file:///etc/passwd'],
      ['a cloud’s credentials', () => 'http://169.254.169.254/latest/meta-data'],
      ['nothing at all', () => 'not an address'],
    ];
    for (const [what, address] of elsewhere) {
      it(`and not at ${what}`, async () => {
        const posted = await postStanding(product);
        const { state } = product.sandbox.slack;
        const { port } = stranger.address() as AddressInfo;
        const file = {
          id: 'F0FORGED01',
          name: 'a.pdf',
          mimetype: 'application/pdf',
          size: 7,
          url_private: address(port),
        };
        const event = {
          type: 'app_mention',
          user: people.director,
          text: `<@${bot}> take this`,
          ts: state.timestamps.next(),
          thread_ts: posted.card.ts,
          channel: posted.lane.channel,
          files: [file],
        };
        await state.events.deliver(state.events.envelope(event));
        const [note] = await notesOn(product, posted.bill);
        expect(note?.message).to.contain('It is not kept in Slack.');
        expect(asked).to.deep.equal([]);
      });
    }

    it('and a file that another service keeps is refused before anything is recorded', async () => {
      const posted = await postStanding(product);
      const { state } = product.sandbox.slack;
      const file = {
        id: 'F0ELSEWHER',
        name: 'sheet',
        mode: 'external',
        is_external: true,
        url_private: 'https://docs.example/1',
      };
      const event = {
        type: 'app_mention',
        user: people.director,
        text: `<@${bot}> take this`,
        ts: state.timestamps.next(),
        thread_ts: posted.card.ts,
        channel: posted.lane.channel,
        files: [file],
      };
      await state.events.deliver(state.events.envelope(event));
      const [note] = await notesOn(product, posted.bill);
      expect(note).to.deep.include({ state: 'refused', entry: null });
      expect(note?.message).to.contain('“sheet” is not kept in Slack');
    });
  });
});
