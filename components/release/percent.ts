const significant = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });

/** A part of a whole as people read it: "0.12 %". Nothing of nothing is nothing. */
export const percent = (part: number, whole: number): string =>
  `${significant.format(whole === 0 ? 0 : (100 * part) / whole)} %`;
