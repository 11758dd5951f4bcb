/** A rule as PromQL. Each expression has one value, always. */
export interface JudgedPromql {
  /** The evidence against the new version: that of its worst metric. */
  evidence: string;
  /** 1 with requests enough for a gate, otherwise 0. */
  enough: string;
  /** The new version is bad from this evidence on. */
  failAt: number;
  /** And suspect from this on: no gate opens. */
  suspectAt: number;
  /** It surely is well up to this evidence. Absent with a rule that is never sure. */
  passAt?: number;
}
