/** A number that stays the same for a text, so that not everybody's runs start at the same minute (FNV-1a, 32 bits). */
function spread(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

/** Once a night, UTC, at a time of its own between 0:00 and 4:59; never on the full hour, when platforms are busiest. */
export const nightly = (text: string): string => `${timeOf(text)} * * *`;

/** Once a week, UTC, on a night of its own. */
export const weekly = (text: string): string => `${timeOf(text)} * * ${spread(`${text} day`) % 7}`;

const timeOf = (text: string): string => `${1 + (spread(text) % 59)} ${spread(`${text} hour`) % 5}`;
