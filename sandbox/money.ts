const scale = 4;
const pattern = /^(-?)(\d+)(?:\.(\d*))?$/;

/** Reads a decimal into ten-thousandths. Throws RangeError for anything that is not a plain decimal of at most four digits. */
export function parseMoney(decimal: string | number): bigint {
  const match = pattern.exec(String(decimal));
  const fraction = (match?.[3] ?? '').replace(/0+$/, '');
  if (!match || fraction.length > scale) throw new RangeError(`not a decimal of at most four digits: ${decimal}`);
  const units = BigInt(`${match[2]}${fraction.padEnd(scale, '0')}`);
  return match[1] ? -units : units;
}

let latest = { units: 0n, text: '0.0000' };

/** Ten-thousandths as the ERP writes them: always four decimals. A row says the same amount several times over. */
export function moneyText(units: bigint): string {
  if (units === latest.units) return latest.text;
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const text = `${units < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  latest = { units, text };
  return text;
}

/** Ten-thousandths as people write them: two decimals, more only where they are not zero. */
export function displayMoney(units: bigint): string {
  return moneyText(units).replace(/0{1,2}$/, '');
}

const unitsPerPenny = 100n;

/** Splits an amount into `count` parts of whole pence that sum to it exactly; the first part takes what is left. */
export function splitMoney(units: bigint, weights: readonly number[]): bigint[] {
  const pence = units / unitsPerPenny;
  const total = BigInt(weights.reduce((sum, weight) => sum + weight, 0));
  const parts = weights.slice(1).map((weight) => ((pence * BigInt(weight)) / total) * unitsPerPenny);
  return [units - parts.reduce((sum, part) => sum + part, 0n), ...parts];
}
