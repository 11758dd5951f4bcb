import { z } from "zod";
import { type Cursor, findOf } from "../../core/cursor";
import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { kubeLinter } from "../../core/standard";
import { labelled } from "../../model/labelled";

const names = z.array(z.string().min(1));
/** What a label may hold. */
const text = z.string().regex(/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/, "must be the text of a label");

const options = z.strictObject({
  /** What has to be said, each with the labels that may say it. An empty list leaves it out. */
  labels: z
    .strictObject({
      owner: names.default(["owner", "team", "Owner", "Team", "headgate.dev/owner"]),
      service: names.default(["service", "Service", "app.kubernetes.io/name", "headgate.dev/service"]),
      environment: names.default(["environment", "Environment", "env", "headgate.dev/environment"]),
      "cost-center": names.default(["cost-center", "cost_center", "CostCenter", "headgate.dev/cost-center"]),
    })
    .prefault({}),
  /** Texts that a pack may add, which is told to remediate, under the first label of each. */
  values: z
    .strictObject({
      owner: text.optional(),
      service: text.optional(),
      environment: text.optional(),
      "cost-center": text.optional(),
    })
    .default({}),
});

const MISSING = {
  owner: "does not say who owns it",
  service: "does not say which service it belongs to",
  environment: "does not say which environment it belongs to",
  "cost-center": "does not say who pays for it",
} as const;

export const qOwner = defineRule({
  id: "q-owner",
  title: "Everything that runs or costs says whose it is",
  severity: "medium",
  standards: [...kubeLinter("required-label-owner")],
  levels: levels("advisory", "mandatory"),
  model: labelled,
  options,
  why: "When it breaks nobody knows whom to call, and when it costs nobody knows who decides.",
  remediation:
    "Add the labels owner, service, environment and cost-center, once for all resources of the stack: in a cloud by defaultTags or defaultLabels of the provider.",
  adds: "the labels that the option values has a text for",
  *check({ part, labels, defaults, ofService }, options) {
    const places = [labels, ...defaults];
    for (const what of ["owner", "service", "environment", "cost-center"] as const) {
      const accepted = options.labels[what];
      const [first] = accepted;
      if (first === undefined || (what === "service" && !ofService)) continue;
      yield part.fails(
        MISSING[what],
        labels.entry(first),
        () =>
          findOf(
            places.flatMap((place) => accepted.map((name) => place.entry(name))),
            saysSomething,
          ) === undefined,
        options.values[what],
      );
    }
  },
});

const saysSomething = (label: Cursor): boolean => (label.text() ?? "").trim() !== "";
