import { expect } from 'chai';
import { commandWords } from '../../app/slack/messages/help.ts';
import { nearest } from '../../app/slack/messages/nearest.ts';

describe('the nearest word', () => {
  const cases: [typed: string, meant: string | undefined][] = [
    ['status', 'status'],
    ['STATUS', 'status'],
    ['statsu', 'status'],
    ['stats', 'status'],
    ['mien', 'mine'],
    ['main', undefined],
    ['fnd', 'find'],
    ['finds', 'find'],
    ['rply', 'replay'],
    ['resum', 'resume'],
    ['paus', 'pause'],
    ['adit', 'audit'],
    ['?', undefined],
    ['', undefined],
    ['invoice', undefined],
    ['x'.repeat(5_000), undefined],
  ];
  for (const [typed, meant] of cases) {
    it(`to “${typed.slice(0, 20)}” is ${meant ?? 'none'}`, () => {
      expect(nearest(typed, commandWords)).to.equal(meant);
    });
  }
});
