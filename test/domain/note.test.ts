import { expect } from 'chai';
import { attachmentName, endsWithNote, joinNote, noteEntry, timesInNote } from '../../app/domain/note.ts';

const at = new Date('2025-03-04T10:12:59.999Z');

describe('an entry of a note', () => {
  const entries: Array<[what: string, given: Parameters<typeof noteEntry>[0], entry: string]> = [
    ['says when, who and what', { at, who: 'Maya', text: 'fine' }, '2025-03-04 10:12 UTC, Maya in Slack: fine'],
    [
      'names who recorded it',
      { at, who: 'Tom', by: 'Maya', text: 'ok' },
      '2025-03-04 10:12 UTC, Tom in Slack (recorded by Maya): ok',
    ],
    [
      'sets further lines in',
      { at, who: 'M', text: 'a\r\nb\rc\u2028d' },
      '2025-03-04 10:12 UTC, M in Slack: a\n    b\n    c\n    d',
    ],
    [
      'has no control characters',
      { at, who: 'M\u0007\u0000x', text: '\u001b[31mred\u0085\u202eevil' },
      '2025-03-04 10:12 UTC, M x in Slack: [31mred\n    evil',
    ],
    [
      'has no endless name',
      { at, who: 'x'.repeat(500), text: 'a' },
      `2025-03-04 10:12 UTC, ${'x'.repeat(80)} in Slack: a`,
    ],
  ];
  for (const [what, given, entry] of entries) {
    it(what, () => {
      expect(noteEntry(given)).to.equal(entry);
    });
  }

  it('goes to the end, on a line of its own', () => {
    expect(joinNote('', 'new')).to.equal('new');
    expect(joinNote('old  \r\n\r\n', 'new')).to.equal('old\nnew');
    expect(joinNote('a\r\nb', 'new\n    more')).to.equal('a\r\nb\nnew\n    more');
  });

  it('is found again however the ERP breaks its lines, and only whole', () => {
    const entry = 'one\n    two';
    expect(timesInNote('', entry)).to.equal(0);
    expect(timesInNote('x\r\none\r\n    two\r\n', entry)).to.equal(1);
    expect(timesInNote('one\n    two\none\n    two', entry)).to.equal(2);
    expect(timesInNote('one\none\none', 'one')).to.equal(3);
    expect(timesInNote('not one\n    two', entry)).to.equal(0);
    expect(timesInNote('one\n    two more', entry)).to.equal(0);
    expect(endsWithNote('x\r\none  \r\n    two\r\n', entry)).to.equal(true);
    expect(endsWithNote('one\n    two\nafter', entry)).to.equal(false);
  });
});

describe('the name of a file that is kept with a document', () => {
  const names: Array<[given: string, name: string]> = [
    ['invoice.pdf', 'invoice (F1).pdf'],
    ['Lieferschein März.PDF', 'Lieferschein März (F1).PDF'],
    ['no ending', 'no ending (F1)'],
    ['a.tar.gz', 'a.tar (F1).gz'],
    ['../../etc/passwd', 'passwd (F1)'],
    ['C:\\secret\\x.doc', 'x (F1).doc'],
    ['..', 'file (F1)'],
    ['.htaccess', 'htaccess (F1)'],
    ['', 'file (F1)'],
    ['a?b&c=d#e%20{f}.txt', 'a b c d e 20 f (F1).txt'],
    ['{filename}', 'filename (F1)'],
    ['evil\u202efdp.exe', 'evilfdp (F1).exe'],
    [`${'x'.repeat(300)}.pdf`, `${'x'.repeat(120)} (F1).pdf`],
    [`${'😀'.repeat(100)}.pdf`, `${'😀'.repeat(60)} (F1).pdf`],
  ];
  for (const [given, name] of names) {
    it(`of ${JSON.stringify(given.slice(0, 40))} is ${JSON.stringify(name.slice(0, 40))}`, () => {
      expect(attachmentName(given, 'F1')).to.equal(name);
    });
  }
});
