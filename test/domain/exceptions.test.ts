import { expect } from 'chai';
import { documentSchema } from '../../app/domain/document.ts';
import { exceptionNews, isLoud, shownSeverity, solvedAsGone } from '../../app/domain/exceptions.ts';
import { type Conditions, matchRoute, stillWaits } from '../../app/domain/routing.ts';
import { sampleBill } from './sample-bill.ts';
import { sampleException, solvedException } from './sample-exception.ts';

const open = sampleException();
const solved = solvedException();

describe('an exception', () => {
  it('is a document like every other', () => {
    for (const one of [open, solved]) expect(documentSchema.strict().parse(one)).to.deep.equal(one);
  });

  const routing: Array<[string, Conditions, ReturnType<typeof matchRoute>]> = [
    ['that asks for nothing', {}, 'match'],
    ['for its severity among others', { severities: ['warning', 'critical'] }, 'match'],
    ['for other severities', { severities: ['info', 'warning'] }, 'severity'],
    ['for its sort', { types: ['Journal does not balance'] }, 'match'],
    ['for another sort', { types: ['Payment was voided'] }, 'type'],
  ];
  for (const [what, conditions, reason] of routing) {
    it(`goes by a route ${what}: ${reason}`, () => {
      expect(matchRoute(open, { kind: 'exception', conditions })).to.equal(reason);
    });
  }

  it('goes by what it was found as, whatever a route shows it as', () => {
    const conditions: Conditions = { severities: ['critical'] };
    expect(matchRoute(open, { kind: 'exception', conditions })).to.equal('match');
    expect(shownSeverity(open, 'info')).to.equal('info');
    expect(shownSeverity(open, 'as_found')).to.equal('critical');
    expect(shownSeverity(sampleBill())).to.equal(null);
    expect([null, 'info', 'warning', 'critical'].map((each) => isLoud(each as never))).to.deep.equal([
      ...[false, false],
      ...[true, true],
    ]);
  });

  it('waits while it lasts, though nothing can be decided', () => {
    const route = { deciders: [], actions: [] };
    expect(stillWaits(open, route)).to.equal(true);
    expect(stillWaits(solved, route)).to.equal(false);
    expect(stillWaits(sampleException({ phase: 'voided', status: 'Voided' }), route)).to.equal(false);
  });

  it('has news when it is over and when it is there again, and only then', () => {
    const noticed = sampleException({ phase: 'voided', status: 'Voided' });
    expect(exceptionNews(open, solved)).to.equal('over');
    expect(exceptionNews(solved, open)).to.equal('again');
    expect(exceptionNews(null, open)).to.equal(null);
    expect(exceptionNews(null, solved)).to.equal(null);
    expect(exceptionNews(open, open)).to.equal(null);
    expect(exceptionNews(solved, solved)).to.equal(null);
    expect(exceptionNews(noticed, noticed)).to.equal(null);
    expect(exceptionNews(sampleBill(), sampleBill({ phase: 'closed' }))).to.equal(null);
  });

  it('ends with its record, once', () => {
    const at = '2026-03-05T10:00:00.000Z';
    const gone = solvedAsGone(open, at);
    expect(gone).to.deep.include({ status: 'Solved', phase: 'closed', modifiedAt: at });
    expect(gone.exception?.outcome).to.equal('the record is no longer there');
    expect(solvedAsGone(solved, at)).to.equal(solved);
    expect(solvedAsGone(gone, '2026-03-06T10:00:00.000Z')).to.equal(gone);
  });
});
