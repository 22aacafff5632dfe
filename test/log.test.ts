import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { createLog, type Logger, type LogOptions } from '../app/log.ts';

function logTo(format: LogOptions['format'], level: LogOptions['level'] = 'debug'): { log: Logger; text(): string } {
  let written = '';
  const stream = new PassThrough().on('data', (chunk) => {
    written += chunk;
  });
  return { log: createLog({ level, format, stream }), text: () => written };
}

const bot = `xoxb-${'1'.repeat(12)}-abcDEF`;
const rotated = 'xoxe.xoxp-1-Mi0yLTEyMzQ1';

describe('the log', () => {
  it('writes one JSON object a line, with time, level, message and the fields', () => {
    const { log, text } = logTo('json');
    log.info('card posted', { card: '7', lane: { channel: 'C1' }, ms: 12 });
    log.debug('next');
    const [first, second] = text()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(first).to.include({ level: 'info', message: 'card posted', card: '7', ms: 12 });
    expect(first.lane).to.deep.equal({ channel: 'C1' });
    expect(new Date(first.time).toISOString()).to.equal(first.time);
    expect(second.message).to.equal('next');
  });

  it('writes readable text on a terminal', () => {
    const { log, text } = logTo('text');
    log.warn('card waits', { card: 7, why: 'not in channel', none: null });
    expect(text()).to.match(/^\d{4}-\S+Z warn {2}card waits card=7 why="not in channel" none=null\n$/);
  });

  it('writes JSON where `auto` is no terminal', () => {
    const { log, text } = logTo('auto');
    log.info('hello');
    expect(JSON.parse(text()).message).to.equal('hello');
  });

  it('leaves out what is below its level', () => {
    const { log, text } = logTo('json', 'warn');
    log.info('quiet');
    log.error('loud');
    expect(text()).to.contain('loud').and.not.contain('quiet');
  });

  it('tells an error with its code, its fields and its causes', () => {
    const cause = Object.assign(new Error('connect refused'), { code: 'ECONNREFUSED', port: 443 });
    const error = Object.assign(new Error('feed not read', { cause }), { reason: 'unreachable' });
    const json = logTo('json');
    json.log.error('stopped', { error });
    const [line] = json
      .text()
      .trim()
      .split('\n')
      .map((one) => JSON.parse(one));
    expect(line.error).to.include({ name: 'Error', message: 'feed not read', reason: 'unreachable' });
    expect(line.error.cause).to.include({ message: 'connect refused', code: 'ECONNREFUSED', port: 443 });
    expect(line.error.stack).to.contain('log.test.ts');
    const plain = logTo('text');
    plain.log.error('stopped', error);
    expect(plain.text()).to.contain('Error: feed not read').and.contain('caused by').and.contain('connect refused');
  });

  it('does not stumble over circles, depth, buffers and bigints', () => {
    const circle: Record<string, unknown> = { big: 1n, bytes: Buffer.from('secret bytes'), at: new Date(0) };
    circle.self = circle;
    const { log, text } = logTo('json');
    log.info('odd', { circle, map: new Map([['token', 'hidden away']]) });
    const { circle: shown, map } = JSON.parse(text());
    expect(shown).to.deep.equal({ big: '1', bytes: '[12 bytes]', at: '1970-01-01T00:00:00.000Z', self: '[circular]' });
    expect(map).to.deep.equal({ token: '[hidden]' });
  });

  // Where a secret may stand; each must be gone from the line, in JSON and in text.
  const cases: [string, (log: Logger, secret: string) => void][] = [
    ['the message', (log, secret) => log.info(`token ${secret} used`)],
    ['a field', (log, secret) => log.info('m', { note: `got ${secret}` })],
    ['a nested list', (log, secret) => log.info('m', { a: [{ b: [secret] }] })],
    ['an error', (log, secret) => log.error('m', { error: new Error(`bad ${secret}`) })],
    ['the cause of an error', (log, secret) => log.error('m', { error: new Error('x', { cause: new Error(secret) }) })],
    ['an error in place of fields', (log, secret) => log.error('m', new Error(`bad ${secret}`))],
    ['an aggregate', (log, secret) => log.error('m', { error: new AggregateError([new Error(secret)], 'many') })],
    [
      'the fields of an error',
      (log, secret) => log.error('m', { error: Object.assign(new Error('x'), { data: { secret } }) }),
    ],
  ];
  for (const [where, write] of cases) {
    it(`hides a Slack token in ${where}`, () => {
      for (const secret of [bot, rotated, `Bearer ${'a1'.repeat(12)}`]) {
        for (const format of ['json', 'text'] as const) {
          const { log, text } = logTo(format);
          write(log, secret);
          expect(text()).to.contain('[hidden]').and.not.contain(secret.replace('Bearer ', ''));
        }
      }
    });
  }

  for (const key of [
    'token',
    'bot_token',
    'clientSecret',
    'password',
    'Authorization',
    'set-cookie',
    'code',
    'refresh',
    'api_key',
  ]) {
    it(`hides what is called ${key}, whatever it looks like`, () => {
      const { log, text } = logTo('json');
      log.info('m', { outer: { [key]: 'plain words', list: [{ [key]: { deep: 'plain words' } }] } });
      expect(text()).to.not.contain('plain words');
    });
  }

  it('hides passwords in addresses and codes in queries', () => {
    const { log, text } = logTo('text');
    log.info('went to postgres://app:pass-word@db:5432/x and https://h/cb?code=abc123&state=xyz&page=2');
    expect(text()).to.contain('postgres://app:[hidden]@db:5432/x').and.contain('?code=[hidden]&state=[hidden]&page=2');
  });

  it('leaves ordinary words alone', () => {
    const { log, text } = logTo('json');
    log.info('Basic Information, state=posted', { state: 'posted', tokens: 3, statusCode: 429, author: 'ana' });
    expect(JSON.parse(text())).to.include({
      message: 'Basic Information, state=posted',
      state: 'posted',
      tokens: 3,
      statusCode: 429,
      author: 'ana',
    });
  });
});
