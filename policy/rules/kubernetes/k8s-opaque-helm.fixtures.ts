import { broken, example, type Fixtures, malformed, resource } from "../../testing/fixtures";

export const fixtures: Fixtures = {
  pass: [example("no chart", resource("kubernetes:helm.sh/v3:Release", { chart: "" }))],
  fail: [broken("a release", "chart", resource("kubernetes:helm.sh/v3:Release", { chart: "shop" }))],
  malformed: [malformed("a chart that is a number", "fail", resource("kubernetes:helm.sh/v3:Release", { chart: 1 }))],
  wrongKind: [example("a chart that is rendered", resource("kubernetes:helm.sh/v4:Chart", { chart: "shop" }))],
};
