import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { freePorts } from "../../../testkit";
import { GithubProvider } from "../../../testkit/providers/github/provider";
import { GithubEmulator } from "../emulator/emulator";

const FILE = "github:index/repositoryFile:RepositoryFile";
const SECRET = "github:index/actionsSecret:ActionsSecret";
const CONTENTS = /\/contents\//;

let emulator: GithubEmulator;
const logged: string[] = [];
beforeAll(async () => {
  emulator = await GithubEmulator.start();
});
afterAll(() => emulator[Symbol.asyncDispose]());
afterEach(() => {
  emulator.requests.length = 0;
  logged.length = 0;
});

function provider(settings: Record<string, unknown> = {}): GithubProvider {
  const made = new GithubProvider("6.15.0");
  const { url: baseUrl, token } = emulator;
  made.configure({ baseUrl, token, owner: "acme", writeDelayMs: "1", retryDelayMs: "5", ...settings });
  return made;
}

const key = (type: string) => ({ urn: "urn", type, name: "it", log: (_: string, line: string) => logged.push(line) });

const create = (file: string, more: Record<string, unknown> = {}, settings = {}) =>
  provider(settings).create({
    ...key(FILE),
    inputs: { repository: "shop", file, content: "one", branch: "main", ...more },
    preview: false,
  });

const statuses = (method: string) =>
  emulator.requests.filter((each) => each.method === method && CONTENTS.test(each.path)).map(({ status }) => status);

describe("writes of a file", () => {
  it("are made again when another commit came in between", async () => {
    const answer = { status: 409, body: { message: "is at 1111111 but expected 2222222" } };
    emulator.fault({ method: "PUT", path: CONTENTS, answer });
    await create("between.txt");
    expect(statuses("PUT")).toEqual([409, 201]);
  });

  it("give up after five commits of others", async () => {
    const answer = { status: 409, body: { message: "is at 1111111 but expected 2222222" } };
    emulator.fault({ method: "PUT", path: CONTENTS, times: 5, answer });
    await expect(create("never.txt")).rejects.toThrow('RepositoryFile "it": GitHub answered 409: is at 1111111');
    expect(statuses("PUT")).toEqual([409, 409, 409, 409, 409]);
  }, 20_000);

  it("do not overwrite what somebody else wrote", async () => {
    const { outputs } = await create("shared.txt");
    await emulator.commit("acme/shop", "shared.txt", "theirs");
    const inputs = { repository: "shop", file: "shared.txt", content: "ours", branch: "main" };
    const call = { ...key(FILE), id: "shop:shared.txt:main", inputs, oldInputs: inputs, oldOutputs: outputs };
    await expect(provider().update({ ...call, preview: false })).rejects.toThrow(
      'RepositoryFile "it": shared.txt was changed since it was last looked at. Run "pulumi up --refresh"',
    );
    expect((await emulator.files("acme/shop"))["shared.txt"]).toBe("theirs");
    await expect(create("shared.txt")).rejects.toThrow("shared.txt exists on main already. Set overwriteOnCreate");
    await create("shared.txt", { overwriteOnCreate: true });
    expect((await emulator.files("acme/shop"))["shared.txt"]).toBe("one");
  });

  it("that a ruleset forbids say so at once, with what to do", async () => {
    const { rulesets } = emulator.repository("acme/shop");
    rulesets.set(1, {
      ...{ id: 1, node_id: "R", name: "all", target: "branch", source: "acme/shop", source_type: "Repository" },
      ...{ enforcement: "active", bypass_actors: [], rules: [{ type: "pull_request" }] },
      conditions: { ref_name: { include: ["refs/heads/main"], exclude: [] } },
    });
    await expect(create("forbidden.txt")).rejects.toThrow(
      /Changes must be made through a pull request\.\s*\. Let whoever the token belongs to bypass the ruleset\.$/,
    );
    expect(statuses("PUT")).toEqual([409]);
    rulesets.clear();
  });

  it("of one provider come one after the other", async () => {
    const one = provider();
    const made = ["a", "b", "c", "d"].map((name) =>
      one.create({
        ...key(FILE),
        inputs: { repository: "shop", file: `${name}.txt`, content: name, branch: "main" },
        preview: false,
      }),
    );
    await Promise.all(made);
    expect(statuses("PUT")).toEqual([201, 201, 201, 201]);
  });
});

describe("rate limits", () => {
  it.each([
    [403, { "retry-after": "1" }, "You have exceeded a secondary rate limit."],
    [429, { "retry-after": "1" }, "You have exceeded a secondary rate limit."],
    [403, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "0" }, "API rate limit exceeded for user ID 1."],
  ])("of kind %i %o are waited for, and said", async (status, headers, message) => {
    emulator.fault({ method: "PUT", path: CONTENTS, answer: { status, headers, body: { message } } });
    const begun = Date.now();
    await create(`limit-${status}-${Object.keys(headers).length}.txt`);
    expect(statuses("PUT")).toEqual([status, 201]);
    expect(logged).toEqual([expect.stringMatching(/^GitHub's rate limit is reached: waiting \d s\.$/)]);
    if ("retry-after" in headers) expect(Date.now() - begun).toBeGreaterThan(950);
  });

  it("that do not end are an error", async () => {
    const body = { message: "You have exceeded a secondary rate limit." };
    const answer = { status: 429, headers: { "retry-after": "1" }, body };
    emulator.fault({ method: "PUT", path: CONTENTS, times: 2, answer });
    await expect(create("limited.txt", {}, { maxRetries: "1" })).rejects.toThrow("GitHub answered 429");
  });
});

describe("failures", () => {
  it("of the server that pass are not seen", async () => {
    emulator.fault({ method: "PUT", path: CONTENTS, answer: { status: 500, body: { message: "Server Error" } } });
    await create("once.txt");
    expect(statuses("PUT")).toEqual([500, 201]);
  });

  it("that leave open whether something was made are not tried again", async () => {
    const answer = { status: 502, body: { message: "Bad Gateway" } };
    emulator.fault({ method: "POST", path: /\/hooks$/, answer });
    const inputs = { repository: "shop", events: ["push"], configuration: { url: "https://x.example.com" } };
    const type = "github:index/repositoryWebhook:RepositoryWebhook";
    const made = provider().create({ ...key(type), inputs, preview: false });
    await expect(made).rejects.toThrow('RepositoryWebhook "it": GitHub answered 502: Bad Gateway.');
    expect(emulator.requests.filter(({ method }) => method === "POST")).toHaveLength(1);
  });

  it("say what to do", async () => {
    const [port] = await freePorts(1);
    await expect(create("x.txt", {}, { token: "wrong" })).rejects.toThrow(
      'RepositoryFile "it": GitHub answered 401: Bad credentials. Give the provider a valid token.',
    );
    await expect(create("x.txt", {}, { baseUrl: `http://127.0.0.1:${port}` })).rejects.toThrow(
      `RepositoryFile "it": cannot reach GitHub at http://127.0.0.1:${port}/api/v3 (ECONNREFUSED). Correct the provider`,
    );
    await expect(create("x.txt", { repository: "none" })).rejects.toThrow("GitHub answered 404: Not Found.");
    expect(() => provider({ baseUrl: "github" })).toThrow("baseUrl must be an address like https://api.github.com/");
    expect(() => provider({ appAuth: '{"id":"1"}' })).toThrow("appAuth is not supported by the testkit's provider");
    await expect(provider().check({ ...checkOf("github:index/repository:Repository"), inputs: {} })).rejects.toThrow(
      "does not serve github:index/repository:Repository. Install the official github plugin, or use one of Rep",
    );
  });
});

const checkOf = (type: string) => ({ ...key(type), oldInputs: {}, autonaming: undefined });

describe("a secret", () => {
  const inputs = { repository: "shop", secretName: "TOKEN", value: "correct horse" };

  it("that somebody else changed is written again, and one that is gone is gone", async () => {
    const made = await provider().create({ ...key(SECRET), inputs, preview: false });
    const call = { ...key(SECRET), id: made.id };
    const diff = async () => {
      const read = await provider().read({ ...call, inputs, outputs: made.outputs });
      const [oldInputs, oldOutputs] = [read?.inputs ?? {}, read?.outputs ?? {}];
      return provider().diff({ ...call, oldInputs, oldOutputs, inputs });
    };
    expect((await diff()).changed).toEqual([]);
    const stored = emulator.repository("acme/shop").vault.secrets.get("TOKEN");
    if (stored !== undefined) stored.updated_at = "2030-01-01T00:00:00Z";
    expect((await diff()).changed).toEqual(["updatedAt"]);
    emulator.repository("acme/shop").vault.secrets.clear();
    expect(await provider().read({ ...call, inputs, outputs: made.outputs })).toBeUndefined();
    await provider().delete({ ...call, inputs, outputs: made.outputs });
  });

  it.each([
    [{ secretName: "GITHUB_X" }, "must not begin with GITHUB_ (got GITHUB_X)"],
    [{ secretName: "1X" }, "no digit first"],
    [{ plaintextValue: "more" }, "value must be the one of value, valueEncrypted, plaintextValue, encryptedValue"],
    [{ colour: "red" }, "colour is not supported by the testkit's provider"],
  ])("with %j is refused", async (more, words) => {
    const { failures } = await provider().check({ ...checkOf(SECRET), inputs: { ...inputs, ...more } });
    expect(failures.map(({ reason }) => reason).join()).toContain(words);
  });
});
