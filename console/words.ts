/** `3 min`, `5 h`, `2 d`: how long something lasts, from seconds. */
export function toDuration(seconds: number): string {
  if (seconds < 90) return `${Math.max(0, Math.round(seconds))} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

/** How long ago an instant was, in words; the exact time belongs into a `title`. */
export function toAge(instant: string, now = Date.now()): string {
  return `${toDuration((now - Date.parse(instant)) / 1000)} ago`;
}

/** An instant in the operator's own time zone and language. */
export function toLocalTime(instant: string): string {
  return new Date(instant).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
}

/** The day of an instant, in words. */
export function toDay(instant: string): string {
  const options = { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' } as const;
  return new Date(instant).toLocaleDateString(undefined, options);
}

/** The time of day of an instant, to the second. */
export function toTimeOfDay(instant: string): string {
  return new Date(instant).toLocaleTimeString(undefined, { timeStyle: 'medium' });
}

/** `1 customer`, `3 customers`. */
export function toCount(count: number, noun: string): string {
  return `${count.toLocaleString()} ${noun}${count === 1 ? '' : 's'}`;
}

/** `consent_revoked` and `inProgress` as people read them. */
export function toLabel(code: string): string {
  const text = code
    .replace(/[_.]/g, ' ')
    .replace(/([a-z])([A-Z])/g, (_, a, b) => `${a} ${b.toLowerCase()}`);
  return text.charAt(0).toUpperCase() + text.slice(1);
}
