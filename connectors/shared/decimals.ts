const decimalForm = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** A number of the wire as a decimal string without exponent and with no fewer than `decimals` places; null if it is none. */
export function toDecimal(value: unknown, decimals: number): string | null {
  if (typeof value !== 'number' && typeof value !== 'string') return null;
  const match = decimalForm.exec(String(value));
  if (match === null) return null;
  const [, sign = '', whole = '', fraction = '', exponentText] = match;
  const exponent = Number(exponentText ?? 0);
  if (Math.abs(exponent) > 400) return null;
  let digits = whole + fraction;
  let point = whole.length + exponent;
  if (point < 1) {
    digits = '0'.repeat(1 - point) + digits;
    point = 1;
  }
  digits = digits.padEnd(point, '0');
  const integer = digits.slice(0, point).replace(/^0+(?=\d)/, '');
  const places = digits.slice(point).replace(/0+$/, '').padEnd(decimals, '0');
  const unsigned = places === '' ? integer : `${integer}.${places}`;
  return sign !== '' && /[1-9]/.test(unsigned) ? `-${unsigned}` : unsigned;
}
