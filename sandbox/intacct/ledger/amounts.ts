const pattern = /^(-?)(\d+)(?:\.(\d{1,2})0*)?$/;

/** Reads a decimal of at most two digits into hundredths; null is nothing. Throws RangeError. */
export function cents(decimal: string | number | null | undefined): bigint {
  if (decimal === null || decimal === undefined || decimal === '') return 0n;
  const match = pattern.exec(String(decimal));
  if (!match) throw new RangeError(`not an amount of at most two decimals: ${decimal}`);
  const units = BigInt(`${match[2]}${(match[3] ?? '').padEnd(2, '0')}`);
  return match[1] ? -units : units;
}

/** Hundredths as the ledger keeps them: always two decimals. */
export function amount(hundredths: bigint): string {
  const digits = (hundredths < 0n ? -hundredths : hundredths).toString().padStart(3, '0');
  return `${hundredths < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

export function sum(decimals: Iterable<string | number | null | undefined>): bigint {
  let total = 0n;
  for (const decimal of decimals) total += cents(decimal);
  return total;
}

/** An amount in another currency, rounded to the hundredth. `rate` has at most four decimals. */
export function converted(hundredths: bigint, rate: string): bigint {
  const units = BigInt(Math.round(Number(rate) * 10_000));
  return (hundredths * units + 5_000n) / 10_000n;
}
