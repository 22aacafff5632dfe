import { expect } from 'chai';
import type { ErpResponse } from '../../../app/outbound/http.ts';
import { readProblem } from '../../../connectors/acumatica/answers.ts';
import { createWords } from '../../../connectors/shared/words.ts';

const words = createWords(() => ['p@ss"word', 'secret-token']);
const problemOf = (status: number, body: unknown, more: Partial<ErpResponse> = {}) =>
  readProblem(
    {
      status,
      headers: {},
      setCookies: [],
      url: 'https://erp.example/entity/Default/24.200.001/Bill',
      text: typeof body === 'string' ? body : JSON.stringify(body),
      ...more,
    },
    words,
  );
const exception = (exceptionMessage: string, exceptionType = 'PX.Data.PXException') => ({
  message: 'An error has occurred.',
  exceptionMessage,
  exceptionType,
  stackTrace: '   at PX.Data.PXGraph.Persist() in C:\\build\\x.cs:line 7',
});

describe('answers of Acumatica', () => {
  const cases: [string, ReturnType<typeof problemOf>, Record<string, unknown> | null][] = [
    ['a success', problemOf(200, '[]'), null],
    ['an accepted operation', problemOf(202, ''), null],
    [
      '429 in text',
      problemOf(429, 'The custom error module does not recognize this error.'),
      { kind: 'limit', text: null },
    ],
    ['429 with a wait', problemOf(429, '', { headers: { 'retry-after': '7' } }), { kind: 'limit', retryAfterMs: 7000 }],
    ['a login limit in a 500', problemOf(500, exception('Error: API Login Limit')), { kind: 'limit' }],
    ['a login limit in a 200', problemOf(200, 'API Login Limit'), { kind: 'limit' }],
    ['401', problemOf(401, { message: 'You are not logged in.' }), { kind: 'login' }],
    ['403', problemOf(403, { message: 'No rights (AP301000).' }), { kind: 'rights', text: 'No rights (AP301000).' }],
    ['404 in HTML', problemOf(404, '<html><h2>404</h2></html>'), { kind: 'missing', text: null }],
    ['a missing record', problemOf(500, exception('No entity satisfies the condition.')), { kind: 'no_record' }],
    [
      'an optimization error',
      problemOf(500, exception('Optimization cannot be performed.The following …')),
      { kind: 'optimization' },
    ],
    [
      'a disabled button',
      problemOf(500, exception('Error: The Release button is disabled.', 'PX.Data.PXActionDisabledException')),
      { kind: 'refused', text: 'The Release button is disabled.' },
    ],
    [
      'a crash of something else',
      problemOf(500, exception('Execution Timeout Expired.', 'System.Data.SqlClient.SqlException')),
      { kind: 'server', text: 'Execution Timeout Expired.' },
    ],
    [
      'an unknown tenant',
      problemOf(500, exception('The proper company ID cannot be determined.', 'PX.Data.PXUndefinedCompanyException')),
      { kind: 'tenant' },
    ],
    ['a 500 in HTML', problemOf(500, '<html>Server Error</html>'), { kind: 'server', text: null }],
    ['a gateway', problemOf(502, 'Bad Gateway'), { kind: 'server', text: null }],
    ['a redirect to the error page', problemOf(302, ''), { kind: 'server' }],
    [
      'the error page itself',
      problemOf(200, '<html>', { url: 'https://erp.example/ui/error?errorCode=500' }),
      { kind: 'server' },
    ],
    [
      'an invalid request',
      problemOf(400, { message: 'The request is invalid.', modelState: { a: ['A is bad.', 'B too.'] } }),
      { kind: 'refused', text: 'A is bad. B too.' },
    ],
    [
      'an echoed entity with errors',
      problemOf(422, {
        error: 'Updating failed',
        Project: { value: 'T', error: 'Project T cannot be found.' },
        Details: [{ Qty: { error: 'Too few' } }],
      }),
      { kind: 'refused', text: 'Updating failed Project: Project T cannot be found. Qty: Too few' },
    ],
    [
      'an inner exception',
      problemOf(500, { message: 'An error has occurred.', innerException: exception('Deep reason') }),
      { text: 'Deep reason' },
    ],
  ];
  for (const [what, problem, expected] of cases)
    it(`understands ${what}`, () => {
      if (expected === null) expect(problem).to.equal(null);
      else expect(problem).to.include(expected);
    });

  it('are cleaned of markup, stack traces and secrets, and cut', () => {
    expect(words('Error: <b>No</b>&nbsp;way\r\n   at PX.Data.Foo.Bar(Object x) in C:\\a.cs:line 3')).to.equal('No way');
    expect(words('got p@ss"word, p%40ss%22word and secret-token')).to.equal('got ***, *** and ***');
    expect(words(JSON.stringify({ echo: 'p@ss"word' }))).to.not.contain('word');
    expect(words('x'.repeat(1000)).length).to.equal(300);
    expect(words('Amount < 5 and > 3')).to.equal('Amount < 5 and > 3');
  });
});
