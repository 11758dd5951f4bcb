/** A resource as a generator of outputs sees it. */
export interface Subject {
  /** Package of the type token: `aws`. */
  package: string;
  /** Module without its file: `ecr`, `apps/v1`. */
  module: string;
  /** Class: `Repository`. */
  kind: string;
  /** Physical name. */
  name: string;
  inputs: Record<string, unknown>;
  /** Hex digits that are always the same for this resource. */
  hex(digits: number, salt?: string): string;
}

/** What a provider would add, and the id it would give. */
export interface Plausible {
  id: string;
  outputs: Record<string, unknown>;
}

export type Generator = (subject: Subject) => Plausible | undefined;

/** Account of every plausible AWS ARN. */
export const ACCOUNT = "123456789012";
