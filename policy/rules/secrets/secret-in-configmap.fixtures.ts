import { broken, example, type Fixtures, malformed, resource } from "../../testing/fixtures";

const TOKEN = `ghp_${"a1".repeat(18)}`;
const map = (data: unknown, annotations: unknown = {}) =>
  resource("kubernetes:core/v1:ConfigMap", { metadata: { name: "shop", annotations }, data });
const chart = (type: string, values: unknown) => resource(`kubernetes:helm.sh/${type}`, { chart: "shop", values });

export const fixtures: Fixtures = {
  pass: [
    example("settings", map({ LOG_LEVEL: "info", "settings.json": "{}" }, { "a.b/c": "d" })),
    example("where the secret lies", map({ DB_PASSWORD_FILE: "/run/secrets/password" })),
    example("values of a chart", chart("v3:Release", { image: { tag: "1" }, ports: [80] })),
    example("a Secret", resource("kubernetes:core/v1:Secret", { stringData: { token: TOKEN } })),
  ],
  fail: [
    broken("a password by its name", "data.DB_PASSWORD", map({ DB_PASSWORD: "hunter2" })),
    broken("a token in a file", 'data["settings.json"]', map({ a: "b", "settings.json": `{"token":"${TOKEN}"}` })),
    broken("an annotation of a map", 'metadata.annotations["a.b/c"]', map({}, { "a.b/c": TOKEN })),
    broken(
      "an annotation of any object",
      "metadata.annotations.note",
      resource("kubernetes:core/v1:Service", { metadata: { annotations: { note: TOKEN } } }),
    ),
    broken("values of a chart", "values.auth[0].token", chart("v3:Release", { auth: [{ token: TOKEN }], a: "b" })),
    broken("values of a chart that is rendered", "values.token", chart("v4:Chart", { token: TOKEN })),
  ],
  malformed: [
    malformed("data that is a text", "pass", map(TOKEN)),
    malformed("a number for a text", "pass", map({ DB_PASSWORD: 1 }, [1])),
    malformed("an object that is null", "pass", resource("kubernetes:core/v1:ConfigMap", null)),
    malformed("values that are a text", "fail", chart("v3:Release", TOKEN)),
  ],
  wrongKind: [
    example("no object of a cluster", resource("acme:index:ConfigMap", { data: { DB_PASSWORD: "hunter2" } })),
  ],
};
