import { expect } from 'chai';
import { parseExactJson } from '../../../connectors/acumatica/exact-json.ts';
import { toDecimal } from '../../../connectors/shared/decimals.ts';

describe('exact amounts', () => {
  const money: [string, string | null][] = [
    ['1250.0000', '1250.00'],
    ['1250', '1250.00'],
    ['1250.5', '1250.50'],
    ['1250.1234', '1250.1234'],
    ['0.10', '0.10'],
    ['-0.0000', '0.00'],
    ['-12.30', '-12.30'],
    ['0', '0.00'],
    ['123456789012345678901234567890.1200', '123456789012345678901234567890.12'],
    ['0.1234567890123456789', '0.1234567890123456789'],
    ['9007199254740993', '9007199254740993.00'],
    ['1E+25', '10000000000000000000000000.00'],
    ['1.5e-7', '0.00000015'],
    ['99999999999999.99', '99999999999999.99'],
    ['12345678901234567E-2', '123456789012345.67'],
  ];
  for (const [sent, read] of money) {
    it(`reads ${sent} as ${read}`, () => {
      const { value } = parseExactJson(`{"value":${sent}}`) as { value: unknown };
      expect(toDecimal(value, 2)).to.equal(read);
    });
  }

  it('reads the same amount alike whether or not a long number is in the same answer', () => {
    for (const [sent, read] of money) {
      const [first] = parseExactJson(`[${sent},1234567890123456789012]`) as unknown[];
      expect(toDecimal(first, 2)).to.equal(read);
    }
  });

  it('leaves out the decimals of a quantity that say nothing', () => {
    expect(['3.0000', '2.5000', '0'].map((text) => toDecimal(JSON.parse(text), 0))).to.deep.equal(['3', '2.5', '0']);
  });

  it('takes nothing else for a number', () => {
    for (const value of ['', 'abc', '1,5', '0x10', '1e999', null, true, Number.NaN, Number.POSITIVE_INFINITY, {}])
      expect(toDecimal(value, 2)).to.equal(null);
  });

  it('leaves long digits inside texts alone', () => {
    expect(parseExactJson('{"Description":{"value":"IBAN 12345678901234567890"},"n":1.5}')).to.deep.equal({
      Description: { value: 'IBAN 12345678901234567890' },
      n: 1.5,
    });
  });
});
