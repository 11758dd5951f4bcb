import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ParsedStep, stepsOf, workflowsOf } from "../../components/github/testing/parsed";
import type { Delivery } from "../../components/model/delivery";
import { shop } from "../../components/pipeline/testing/plans";
import { Bench } from "./run/bash";

const PROGRAMS = join(__dirname, "run", "programs");
const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const SHA = "0123456789abcdef0123456789abcdef01234567";

/** A shop whose pipeline has every script that talks to GitHub. */
function everything(): Delivery {
  const { environments = {}, pipeline = {}, ...rest } = shop();
  return {
    ...rest,
    environments: {
      ...environments,
      production: {
        ...environments["production"],
        approval: { users: ["octocat"], way: "issue", preventSelfReview: true },
        tags: ["v*"],
      },
    },
    pipeline: {
      ...pipeline,
      tests: { ...pipeline.tests, performance: { command: "npm run bench", report: "bench.json" } },
      images: { tags: ["commit", "version", "minor"], signature: "keyless", provenance: true },
      infrastructure: { drift: "0 3 * * *" },
      versioning: { way: "release-please" },
      maintenance: { keepImages: "30d" },
    },
    notifications: { slack: [{ channel: "#x", events: ["recovered"] }] },
  };
}

const steps = stepsOf(workflowsOf(everything()));

function step(name: string, file = ""): ParsedStep {
  const found = steps.find((each) => each.step.name === name && each.file.includes(file))?.step;
  if (found?.run === undefined)
    throw new Error(`there is no script ${name} among ${steps.map((each) => each.step.name)}`);
  return found;
}

let bench: Bench;
let server: Server;
let answers: Record<string, (body: unknown) => [number, unknown]> = {};
let requests: { what: string; body: unknown }[] = [];
beforeEach(async () => {
  bench = new Bench();
  mkdirSync(bench.path("answers"));
  answers = {};
  requests = [];
  server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on("end", () => {
      const what = `${request.method} ${request.url}`;
      const body = text === "" ? undefined : JSON.parse(text);
      requests.push({ what, body });
      const [status, answer] = answers[what]?.(body) ?? [404, { message: "Not Found" }];
      response.writeHead(status, { "content-type": "application/json" });
      response.end(typeof answer === "string" ? answer : JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => {
  server.close();
  bench[Symbol.dispose]();
});

const run = (found: ParsedStep, env: Record<string, string> = {}) => {
  const literal = Object.entries(found.env ?? {}).filter(([, value]) => !String(value).includes("${{"));
  return bench.run(`PATH='${PROGRAMS}${delimiter}'"$PATH"\n${found.run}`, {
    GITHUB_REPOSITORY: "Acme/Shop",
    GITHUB_REPOSITORY_OWNER: "Acme",
    GITHUB_SHA: SHA,
    GITHUB_REF_NAME: "main",
    GITHUB_ACTOR: "hubot",
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_RUN_ID: "42",
    GITHUB_OUTPUT: bench.path("output"),
    GITHUB_STEP_SUMMARY: bench.path("summary"),
    GH_SERVER: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    CALLS: bench.path("calls"),
    ANSWERS: bench.path("answers"),
    ...Object.fromEntries(literal.map(([name, value]) => [name, String(value)])),
    ...env,
  });
};
const know = (image: string, content: unknown) =>
  writeFileSync(bench.path(`answers/${image.replaceAll(/[/:@]/g, "_")}`), JSON.stringify(content));
const good = { code: 0, stderr: "" };

describe("figures of performance", () => {
  const read = "Fetch the earlier figures";
  const contents = "/repos/Acme/Shop/contents/performance.json?ref=headgate-baseline";
  const baseline = () => ({ BASELINE: bench.path("base line/performance.json") });

  test("that were never kept are none, and an error is no answer", async () => {
    expect(await run(step(read), baseline())).toMatchObject(good);
    expect(existsSync(baseline().BASELINE)).toBe(false);
    answers[`GET ${contents}`] = () => [500, { message: "Server Error" }];
    const { code, stderr } = await run(step(read), baseline());
    expect(code).toBe(1);
    expect(stderr).toContain("Server Error (HTTP 500)");
    expect(existsSync(baseline().BASELINE)).toBe(false);
    answers[`GET ${contents}`] = () => [200, '{"start":12}'];
    expect(await run(step(read), baseline())).toMatchObject(good);
    expect(readFileSync(baseline().BASELINE, "utf8")).toBe('{"start":12}');
  });

  test("are kept on a branch of their own, the first time and later", async () => {
    mkdirSync(bench.path("figures"));
    bench.write("figures/bench.json", '{"start":12}');
    const put = `PUT ${contents.replace(/\?.*/, "")}`;
    const env = { FOLDER: bench.path("figures") };
    answers["POST /repos/Acme/Shop/git/refs"] = () => [201, {}];
    answers[put] = () => [201, {}];
    expect(await run(step("Write the figures of performance"), env)).toMatchObject(good);
    expect(requests).toContainEqual({
      what: "POST /repos/Acme/Shop/git/refs",
      body: { ref: "refs/heads/headgate-baseline", sha: SHA },
    });
    const content = Buffer.from('{"start":12}').toString("base64");
    const message = `Keep the figures of ${SHA}`;
    expect(requests.at(-1)).toEqual({ what: put, body: { message, content, branch: "headgate-baseline" } });

    requests = [];
    answers["GET /repos/Acme/Shop/git/ref/heads/headgate-baseline"] = () => [200, {}];
    answers[`GET ${contents}`] = () => [200, { sha: "abc" }];
    expect(await run(step("Write the figures of performance"), env)).toMatchObject(good);
    expect(requests.map(({ what }) => what)).not.toContain("POST /repos/Acme/Shop/git/refs");
    expect(requests.at(-1)?.body).toEqual({ message, content, branch: "headgate-baseline", sha: "abc" });
    answers[put] = () => [409, { message: "Conflict" }];
    expect((await run(step("Write the figures of performance"), env)).code).not.toBe(0);
  });
});

describe("a version", () => {
  test("is that of the commit's own tag", async () => {
    const version = async (tags: [string, string][]) => {
      bench.write("output", "");
      answers["GET /repos/Acme/Shop/tags"] = () => [200, tags.map(([name, sha]) => ({ name, commit: { sha } }))];
      expect(await run(step("See which version this commit is"))).toMatchObject(good);
      return bench.read("output");
    };
    expect(
      await version([
        ["v1.2.2", "f".repeat(40)],
        ["v1.2.3", SHA],
        ["latest", SHA],
      ]),
    ).toBe("version=1.2.3\n");
    expect(
      await version([
        ["v1.2.2", "f".repeat(40)],
        ["1.2.3", SHA],
        ["v1", SHA],
        ["vanity", SHA],
      ]),
    ).toBe("version=\n");
    expect(await version([])).toBe("version=\n");
    answers = {};
    expect((await run(step("See which version this commit is"))).code).not.toBe(0);
  });

  test.each([
    ["1.2.3", ["1.2.3", "1.2"]],
    ["1.2.3-rc.1", ["1.2.3-rc.1"]],
    ["1.2.3-beta", ["1.2.3-beta"]],
  ])("%s becomes tags of the very images that were tested", async (version, tags) => {
    const image = `ghcr.io/acme/shop/shop@${digest("a")}`;
    const found = step("Give the images their version", "deliver");
    expect(await run(found, { VERSION: version, IMAGES: JSON.stringify({ shop: image }) })).toMatchObject(good);
    expect(bench.read("calls").trimEnd().split("\n")).toEqual(
      tags.map((tag) => `docker buildx imagetools create --tag ghcr.io/acme/shop/shop:${tag} ${image}`),
    );
  });
});

describe("images", () => {
  test("of all platforms are published as one, known by its digest", async () => {
    mkdirSync(join(bench.work, "digests"));
    for (const digit of ["a", "b"]) writeFileSync(join(bench.work, "digests", digit.repeat(64)), "");
    const [IMAGE, TAGS] = ["ghcr.io/acme/shop", `ghcr.io/acme/shop:commit-${SHA}\nghcr.io/acme/shop:0123456`];
    know(`ghcr.io/acme/shop:commit-${SHA}`, { digest: digest("c") });
    expect(await run(step("Publish one image for all platforms"), { IMAGE, TAGS })).toMatchObject(good);
    expect(bench.read("calls")).toBe(
      `docker buildx imagetools create --tag ${IMAGE}:commit-${SHA} --tag ${IMAGE}:0123456 ${IMAGE}@${digest("a")} ${IMAGE}@${digest("b")}\n`,
    );
    expect(bench.read("output")).toBe(`digest=${digest("c")}\nimage=${IMAGE}@${digest("c")}\n`);
    know(`ghcr.io/acme/shop:commit-${SHA}`, { digest: "none" });
    expect((await run(step("Publish one image for all platforms"), { IMAGE, TAGS })).code).not.toBe(0);
  });

  test("of a commit are found by it, and waited for", async () => {
    const name = `ghcr.io/acme/shop/shop:commit-${SHA}`;
    // The registry has it after a while.
    know("later", { digest: digest("d") });
    bench.program(
      "sleep",
      `echo slept >> '${bench.path("slept")}'\ncp '${bench.path("answers/later")}' '${bench.path(`answers/${name.replaceAll(/[/:@]/g, "_")}`)}'\n`,
    );
    expect(await run(step("Find them"))).toMatchObject(good);
    expect(bench.read("slept")).toBe("slept\n");
    expect(bench.read("output")).toBe(`images={"shop":"ghcr.io/acme/shop/shop@${digest("d")}"}\n`);
  });

  test("of a commit that was never delivered are told after the wait", async () => {
    bench.program("sleep", "true\n");
    const { code, stderr } = await run(step("Find them"));
    expect(code).toBe(1);
    expect(stderr).toContain(`There is no image shop of commit ${SHA}. Push the commit to a branch that is delivered`);
    expect(bench.read("output")).toBe("");
  });

  test("that are old and that nothing needs are removed, and no others", async () => {
    const versions = "/users/Acme/packages/container/shop%2Fshop/versions";
    const at = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().replace(/\.\d+Z/, "Z");
    const version = (id: number, days: number, digit: string, ...tags: string[]) => ({
      id,
      name: digest(digit),
      updated_at: at(days),
      metadata: { container: { tags } },
    });
    answers["GET /repos/Acme/Shop"] = () => [200, { owner: { type: "User" } }];
    answers[`GET ${versions}`] = () => [
      200,
      [
        version(1, 90, "1", `commit-${SHA}`),
        version(2, 90, "2", "1.2.3", `commit-${SHA}`),
        version(3, 90, "3"),
        version(4, 90, "4"),
        version(5, 1, "5", `commit-${SHA}`),
        version(6, 90, "6", "production"),
      ],
    ];
    for (const id of [1, 2, 3, 4, 5, 6]) answers[`DELETE ${versions}/${id}`] = () => [200, {}];
    const image = "ghcr.io/acme/shop/shop";
    // The third is a platform's part of the released one.
    know(`${image}@${digest("2")}`, { manifests: [{ digest: digest("3") }] });
    for (const digit of ["5", "6"]) know(`${image}@${digest(digit)}`, { layers: [] });
    expect(await run(step("Remove old images of shop"))).toMatchObject(good);
    const removed = requests.filter(({ what }) => what.startsWith("DELETE")).map(({ what }) => what.split("/").pop());
    expect(removed).toEqual(["1", "4"]);
  });

  test("that run get a mark, and those that ran before another", async () => {
    mkdirSync(bench.work, { recursive: true });
    const image = `ghcr.io/acme/shop@${digest("a")}`;
    writeFileSync(join(bench.work, "images.json"), JSON.stringify({ shop: image }));
    expect(await run(step("Mark what runs", "production"))).toMatchObject(good);
    know("ghcr.io/acme/shop:production", {});
    expect(await run(step("Mark what runs", "production"))).toMatchObject(good);
    const create = "docker buildx imagetools create --tag ghcr.io/acme/shop";
    expect(bench.read("calls").trimEnd().split("\n")).toEqual([
      `${create}:production ${image}`,
      `${create}:production-before ghcr.io/acme/shop:production`,
      `${create}:production ${image}`,
    ]);
  });

  test("that this repository's own workflow did not make are refused", async () => {
    writeFileSync(
      join(bench.work, "images.json"),
      JSON.stringify({ shop: `ghcr.io/acme/shop@${digest("a")}`, other: `ghcr.io/acme/other@${digest("b")}` }),
    );
    bench.program("cosign", `printf '%s\\n' "cosign $*" >> "$CALLS"\n[[ "$*" != *other@* ]]\n`);
    const { code } = await run(step("Check the signatures"));
    expect(code).not.toBe(0);
    expect(bench.read("calls")).toContain(
      `cosign verify ghcr.io/acme/shop@${digest("a")} --certificate-oidc-issuer https://token.actions.githubusercontent.com ` +
        "--certificate-identity-regexp ^https://github[.]com/Acme/Shop/[.]github/workflows/build-shop[.]yml@refs/heads/",
    );
  });
});

describe("an approval by an issue", () => {
  const IMAGES = JSON.stringify({ shop: `ghcr.io/acme/shop@${digest("a")}` });
  const ask = async () => {
    expect(await run(step("Open an issue", "deliver"), { IMAGES })).toMatchObject(good);
    return bench.read("question.md");
  };
  const approve = async (body: string, PERSON: string) => {
    bench.write("calls", "");
    bench.write("answers/gh-issue-view", JSON.stringify({ body }));
    return run(step("Start the deployment"), { PERSON, ISSUE: "7" });
  };

  test("asks with the images and who started it", async () => {
    const question = await ask();
    expect(question).toContain("Shall this go to production? @octocat\n");
    expect(question).toContain(
      `\`\`\`json\n${IMAGES}\n\`\`\`\nStarted by @hubot: https://github.com/Acme/Shop/actions/runs/42\n`,
    );
    expect(bench.read("calls")).toContain(
      "gh issue create --repo Acme/Shop --title Deploy 0123456 to production --label deploy-production",
    );
  });

  test("starts the deployment of those very images", async () => {
    const question = await ask();
    for (const body of [question, question.replaceAll("\n", "\r\n")]) {
      expect(await approve(body, "octocat")).toMatchObject(good);
      const calls = bench.read("calls").split("\ngh ");
      expect(calls[1]).toContain("workflow run deploy-production.yml --repo Acme/Shop --ref main --raw-field images=");
      expect(JSON.parse(calls[1]?.replace(/^.*images=/s, "") ?? "")).toEqual(JSON.parse(IMAGES));
      expect(calls[2]).toContain("issue close 7");
    }
  });

  test("is no approval by whoever started it", async () => {
    expect((await approve(await ask(), "hubot")).code).toBe(1);
    expect(bench.read("calls")).toContain("Whoever started a deployment may not agree to it.");
    expect(bench.read("calls")).not.toContain("workflow run");
  });

  test.each([
    "",
    "```json\n{}\n```\n",
    "Started by @x: y\n```json\nnothing\n```\n",
    "Started by @x: y\n```json\n[]\n```\n",
    "Started by @x: y",
  ])("of a question that holds no images, or nobody who started it, starts nothing: %j", async (body) => {
    expect((await approve(body, "octocat")).code).not.toBe(0);
    expect(bench.read("calls")).not.toContain("workflow run");
  });
});

describe("what would change, and what did", () => {
  const comments = "/repos/Acme/Shop/issues/7/comments";
  const comment = () => run(step("Comment"), { PULL_REQUEST: "7" });

  test("is a comment, which later runs change", async () => {
    writeFileSync(join(bench.work, "preview.txt"), `${"x".repeat(70_000)}\n+ shop@new`);
    answers[`GET ${comments}`] = () => [200, [{ id: 1, body: "hello" }]];
    answers[`POST ${comments}`] = () => [201, {}];
    expect(await comment()).toMatchObject(good);
    const { body } = (requests.at(-1) ?? { body: {} }).body as { body: string };
    expect(body).toMatch(
      /^<!-- headgate preview staging -->\n### Preview of staging\n\n```diff\nx+\n\+ shop@new\n?```$/,
    );
    expect(body.length).toBeLessThan(65_536);
    answers[`GET ${comments}`] = () => [
      200,
      [
        { id: 1, body: "hello" },
        { id: 9, body },
      ],
    ];
    answers["PATCH /repos/Acme/Shop/issues/comments/9"] = () => [200, {}];
    expect(await comment()).toMatchObject(good);
    expect(requests.at(-1)?.what).toBe("PATCH /repos/Acme/Shop/issues/comments/9");
  });

  test("is told also when the preview never came about", async () => {
    answers[`GET ${comments}`] = () => [200, []];
    answers[`POST ${comments}`] = () => [201, {}];
    expect(await comment()).toMatchObject(good);
    expect(JSON.stringify(requests.at(-1)?.body)).toContain("There is no preview: see the run.");
  });

  test("is an issue, and a comment while it is open", async () => {
    writeFileSync(join(bench.work, "preview.txt"), "~ shop changed\n");
    bench.write("answers/gh-issue-list", "[]");
    expect(await run(step("Open an issue", "drift"))).toMatchObject(good);
    expect(bench.read("calls")).toContain(
      "gh issue create --repo Acme/Shop --title staging is not as its program says",
    );
    expect(bench.read("calls")).toContain("~ shop changed\n```\n");
    bench.write("answers/gh-issue-list", '[{"number":3,"title":"staging is not as its program says"}]');
    expect(await run(step("Open an issue", "drift"))).toMatchObject(good);
    expect(bench.read("calls")).toContain("gh issue comment 3 --repo Acme/Shop");
  });

  test("how the run before ended is asked of the branch's last one", async () => {
    bench.write("answers/gh-run-list", '[{"conclusion":"failure"}]');
    expect(await run(step("See how the run before ended"))).toMatchObject(good);
    bench.write("answers/gh-run-list", "[]");
    expect(await run(step("See how the run before ended"))).toMatchObject(good);
    expect(bench.read("output")).toBe("conclusion=failure\nconclusion=\n");
  });

  test("is said in the run's summary", async () => {
    const IMAGES = JSON.stringify({ shop: `ghcr.io/acme/shop@${digest("a")}` });
    expect(await run(step("Say what was done"), { OUTCOME: "failure", IMAGES })).toMatchObject(good);
    expect(bench.read("summary")).toBe(`### staging: failure\n\n- shop: \`ghcr.io/acme/shop@${digest("a")}\`\n`);
  });
});
