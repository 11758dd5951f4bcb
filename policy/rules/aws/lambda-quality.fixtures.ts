import { of } from "../../testing/cloud";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const lambda = of("aws:lambda/function:Function");
const tracingConfig = { mode: "Active" };
const CURRENT = [
  "nodejs24.x",
  "nodejs22.x",
  "python3.14",
  "python3.11",
  "ruby3.4",
  "java21",
  "java25",
  "java8.al2023",
  "ruby4.0",
  "java8.al2",
  "dotnet10",
  "provided.al2023",
];
const PAST = [
  "nodejs20.x",
  "nodejs18.x",
  "python3.9",
  "python3.10",
  "ruby3.2",
  "java8",
  "go1.x",
  "dotnet6",
  "dotnet8",
  "dotnetcore3.1",
  "provided",
  "provided.al2",
];

export const fixtures: Fixtures = {
  pass: [
    ...CURRENT.map((runtime) => example(runtime, lambda({ runtime, tracingConfig }))),
    example("an image", lambda({ packageType: "Image", tracingConfig })),
  ],
  fail: [
    broken("no traces", "tracingConfig.mode", lambda({ runtime: "nodejs24.x" })),
    broken("traces of callers only", "tracingConfig.mode", lambda({ tracingConfig: { mode: "PassThrough" } })),
    ...PAST.map((runtime) => broken(runtime, "runtime", lambda({ runtime, tracingConfig }))),
  ],
  malformed: [malformed("a number", "pass", lambda({ runtime: 20, tracingConfig }))],
  wrongKind: [example("an alias", of("aws:lambda/alias:Alias")({ runtime: "nodejs20.x" }))],
};
