/** Weights of the servers of a gateway, 0 to 256, the same for every server of a version. */
export interface ServerWeights {
  new: number;
  old: number;
}

/** Largest weight HAProxy takes. */
const largest = 256;

/**
 * Weights that give `newServers` servers together `percent` of the traffic beside `oldServers` others: exactly where
 * weights from 1 to 256 can, else the largest share below it. Never more than asked for, and less by at most
 * one weight unit: n / (n + 256 m) of the traffic for n new and m old servers below the even share n / (n + m),
 * m / (m + 256 n) above it. With one old server for each new one that is 0.39 %.
 *
 * 0 percent gives the new servers weight 0, 100 percent the old ones. Without old servers the new ones take
 * everything above 0 percent, since somebody must.
 * @throws RangeError when counts or share make no sense, or when nobody would serve.
 */
export function serverWeights(newServers: number, oldServers: number, percent: number): ServerWeights {
  const whole = (count: number) => Number.isInteger(count) && count >= 0;
  if (!whole(newServers) || !whole(oldServers) || !(percent >= 0 && percent <= 100)) {
    throw new RangeError(`No weights for ${newServers} new and ${oldServers} old servers at ${percent} %.`);
  }
  if (percent === 0) return { new: 0, old: 1 };
  if (newServers === 0) throw new RangeError(`No new server is there to take ${percent} % of the traffic.`);
  if (percent === 100 || oldServers === 0) return { new: 1, old: 0 };

  let best: ServerWeights = { new: 0, old: 1 };
  let bestShare = 0;
  for (let fresh = 1; fresh <= largest; fresh++) {
    const ideal = Math.ceil((newServers * fresh * (100 - percent)) / (percent * oldServers));
    // The division may be off by a hair of binary fraction in either direction.
    for (const old of [ideal - 1, ideal, ideal + 1]) {
      if (old < 1 || old > largest) continue;
      const share = shareOf(newServers, oldServers, { new: fresh, old });
      if (share <= percent && share > bestShare) {
        best = { new: fresh, old };
        bestShare = share;
      }
    }
  }
  return best;
}

/** Percent of the traffic that the new servers get with these weights. */
export function shareOf(newServers: number, oldServers: number, weights: ServerWeights): number {
  const fresh = newServers * weights.new;
  return fresh === 0 ? 0 : (100 * fresh) / (fresh + oldServers * weights.old);
}
