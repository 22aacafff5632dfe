/** How far an instant is from now, for people: "12 s ago", "in 3 min". */
export function distance(instant: Date, now: Date): string {
  const ms = now.getTime() - instant.getTime();
  const text = duration(Math.abs(ms));
  return ms >= 0 ? `${text} ago` : `in ${text}`;
}

/** A length of time, rounded: "90 s", "15 min", "3 h", "4 days". */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
