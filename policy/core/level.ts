export const ENVIRONMENTS = ["development", "staging", "production"] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/** What a finding does: `mandatory` stops the run, `advisory` is told, `off` is not looked for. */
export const LEVELS = ["off", "advisory", "mandatory"] as const;
export type Level = (typeof LEVELS)[number];

export type Levels = Readonly<Record<Environment, Level>>;

export const SEVERITIES = ["low", "medium", "high", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

/**
 * Levels of a rule by environment. What stops production stops staging too, so that it is met before; a rule that is
 * off in development only advises there.
 */
export function levels(development: Level, production: Level): Levels {
  const staging = development === "off" && production === "mandatory" ? "advisory" : production;
  return { development, staging, production };
}
