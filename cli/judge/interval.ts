const ROUNDS = 60;

/**
 * Exact confidence interval of a share by which `found` of `all` were found (Clopper and Pearson 1934, "The use of
 * confidence or fiducial limits illustrated in the case of the binomial"). Each side is missed with a chance of at
 * most half of what `confidence` leaves.
 * @param all At least 1.
 * @returns Lower and upper limit, 0 to 1.
 */
export function clopperPearson(found: number, all: number, confidence = 0.95): [lower: number, upper: number] {
  const side = (1 - confidence) / 2;
  // The chance of at most so many falls as the share grows.
  const shareAt = (most: number, chance: number) => {
    let [low, high] = [0, 1];
    for (let round = 0; round < ROUNDS; round++) {
      const middle = (low + high) / 2;
      if (atMost(most, all, middle) > chance) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  };
  return [found === 0 ? 0 : shareAt(found - 1, 1 - side), found === all ? 1 : shareAt(found, side)];
}

/** Chance of at most `most` successes in `all` trials. */
function atMost(most: number, all: number, share: number): number {
  let logTerm = all * Math.log1p(-share);
  let sum = 0;
  for (let successes = 0; successes <= most; successes++) {
    sum += Math.exp(logTerm);
    logTerm += Math.log((all - successes) / (successes + 1)) + Math.log(share) - Math.log1p(-share);
  }
  return sum;
}
