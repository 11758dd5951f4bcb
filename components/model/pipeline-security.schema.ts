import type { z } from "zod";
import { secretName } from "./environment.schema";
import { flag, list, oneOf, optional, pattern, strictFor } from "./fields";
import {
  Auditor,
  type Codeql,
  CodeqlLanguage,
  type Security,
  Severity,
  type Snyk,
  type Trivy,
} from "./pipeline-security";

// Each field: a star or numbers, ranges and lists of them, with an optional step. Names of days and months are left out.
const cronField = "(\\*|\\d{1,2}(-\\d{1,2})?)(/\\d{1,2})?";
const cronList = `${cronField}(,${cronField})*`;

/** A time table of five fields. */
export const cron = pattern(
  new RegExp(`^${cronList}( ${cronList}){4}$`),
  "must be five fields of cron: minute, hour, day of the month, month, day of the week",
  'Write "17 3 * * 1", for example: Mondays at 03:17 UTC',
);

const trivy = strictFor<Trivy>(
  {
    files: optional(flag),
    images: optional(flag),
    configuration: optional(flag),
    threshold: optional(oneOf(Severity)),
  },
  '{ threshold: "high" }',
);

const codeql = strictFor<Codeql>({ languages: list(oneOf(CodeqlLanguage), '["python"]') }, '{ languages: ["python"] }');

const snyk = strictFor<Snyk>(
  { threshold: optional(oneOf(Severity)), tokenSecret: optional(secretName) },
  '{ threshold: "high" }',
);

export const securitySchema: z.ZodType<Security> = strictFor<Security>(
  {
    trivy: optional(trivy),
    codeql: optional(codeql),
    snyk: optional(snyk),
    bandit: optional(flag),
    audit: optional(list(oneOf(Auditor), '["pip-audit"]')),
    gitleaks: optional(flag),
    dependencyReview: optional(flag),
    workflows: optional(flag),
    schedule: optional(cron),
  },
  "{ trivy: {} }",
);
