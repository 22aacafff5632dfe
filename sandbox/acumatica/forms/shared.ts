import type { Settings } from '../settings.ts';
import type { Vendors } from '../vendors.ts';

/** What every form is made with. */
export interface Site {
  /** The site's own path. */
  path: string;
  /** Milliseconds since the epoch. */
  now: () => number;
  random: () => number;
  settings: Settings;
  vendors: Vendors;
  customers: Vendors;
}

const dayMs = 86_400_000;

/** The day of a moment, at midnight UTC. */
export const dayOf = (ms: number): number => Math.floor(ms / dayMs) * dayMs;

export const inDays = (days: number): number => days * dayMs;
