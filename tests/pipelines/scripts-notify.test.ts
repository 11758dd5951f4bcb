import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { emailScript, happenedScript, slackScript } from "../../components/pipeline/scripts/notify";
import { mustExec } from "../../toolchain/exec";
import { Bench } from "./run/bash";

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench[Symbol.dispose]());

const job = (result: string, outputs: Record<string, string> = {}) => ({ result, outputs });

describe("what happened", () => {
  const happened = async (results: Record<string, unknown>, before = "success") => {
    const { code, stderr } = await bench.run(happenedScript, { RESULTS: JSON.stringify(results), BEFORE: before });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return bench.read("work/happened").trimEnd().split("\n").filter(Boolean);
  };

  test("a delivery to each environment is told, nothing about jobs that deploy nothing", async () => {
    const results = { checks: job("success"), "deploy-staging": job("success"), "deploy-production": job("success") };
    expect(await happened(results)).toEqual(["deployed production", "deployed staging"]);
    expect(await happened({ checks: job("success"), "deploy-production": job("skipped") })).toEqual([]);
  });

  test("a failure is told with its environment, once for all jobs that have none", async () => {
    const results = {
      lint: job("failure"),
      unit: job("failure"),
      "deploy-eu-west": job("failure"),
      "deploy-us": job("skipped"),
    };
    expect(await happened(results)).toEqual(["failed -", "failed eu-west"]);
  });

  test("what was brought back failed too", async () => {
    const results = {
      "deploy-production": job("failure", { rolledBack: "true" }),
      "deploy-staging": job("success", { rolledBack: "false" }),
    };
    expect(await happened(results)).toEqual(["deployed staging", "failed production", "rolled-back production"]);
  });

  test("a run recovers when the one before failed and this one did well", async () => {
    const well = { checks: job("success"), "deploy-production": job("skipped") };
    expect(await happened(well, "failure")).toEqual(["recovered -"]);
    for (const before of ["success", "", "cancelled"]) expect(await happened(well, before)).toEqual([]);
    expect(await happened({ checks: job("failure") }, "failure")).toEqual(["failed -"]);
    expect(await happened({ checks: job("success"), "deploy-a": job("success") }, "failure")).toEqual([
      "deployed a",
      "recovered -",
    ]);
  });

  test.each([
    { checks: job("cancelled") },
    { checks: job("success"), "deploy-production": job("cancelled") },
    { checks: job("skipped") },
    {},
  ])("a run that was stopped, or did nothing, recovers nothing: %o", async (results) => {
    expect(await happened(results, "failure")).toEqual([]);
  });

  test("results that are none fail", async () => {
    expect((await bench.run(happenedScript, { RESULTS: "no JSON", BEFORE: "" })).code).not.toBe(0);
  });
});

const about = { ABOUT: "acme/shop", LINK: "https://github.com/acme/shop/actions/runs/1" };
const everything =
  "deployed production\ndeployed staging\nfailed -\nfailed production\nrecovered -\nrolled-back production\n";
const events = "failed rolled-back recovered deployed";

describe("a message to Slack", () => {
  const secretPath = '/services/T0/B0/s3cr3t"\\x';
  let server: Server;
  let statuses: number[] = [];
  let received: { url: string; type: string; body: string }[] = [];
  beforeEach(async () => {
    received = [];
    statuses = [200];
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on("end", () => {
        const status = statuses[Math.min(received.length, statuses.length - 1)] ?? 200;
        received.push({ url: request.url ?? "", type: request.headers["content-type"] ?? "", body });
        response.writeHead(status).end(status === 200 ? "ok" : "invalid_token");
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(() => server.close());
  const webhook = (path = secretPath) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  const tell = (env: Record<string, string>, what = everything) => {
    bench.write("work/happened", what);
    bench.watch("curl", "jq", "awk");
    const common = { ...about, EVENTS: events, ENVIRONMENTS: "production", CHANNEL: "#deliveries" };
    return bench.run(slackScript, { ...common, SLACK_WEBHOOK: webhook(), ...env });
  };

  test("holds what was asked for, as Slack reads it", async () => {
    const { code, stdout, stderr } = await tell({});
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(received).toHaveLength(1);
    expect(received[0]?.type).toBe("application/json");
    expect(JSON.parse(received[0]?.body ?? "")).toEqual({
      channel: "#deliveries",
      text: `*acme/shop*\ndeployed: production\nfailed\nfailed: production\nrecovered\nrolled back: production\n<${about.LINK}|Open the run>`,
    });
  });

  test("has its secret address in no argument, no output and no file", async () => {
    statuses = [404];
    const { code, stdout, stderr } = await tell({});
    expect(code).not.toBe(0);
    expect(received[0]?.url).toContain("s3cr3t");
    expect(bench.read("arguments")).toMatch(/^curl --config -/m);
    for (const text of [stdout, stderr, bench.read("arguments"), bench.read("work/message.json")]) {
      expect(text).not.toContain("s3cr3t");
    }
  });

  test("is sent again when the server is too busy, and fails when it never is not", async () => {
    statuses = [503, 200];
    expect((await tell({})).code).toBe(0);
    expect(received).toHaveLength(2);
  });

  test.each([
    ["an event that nobody asked for", { EVENTS: "recovered" }, "failed -\ndeployed production\n"],
    ["an environment that nobody asked for", { ENVIRONMENTS: "production" }, "deployed staging\nfailed staging\n"],
    ["an environment that begins like one", { ENVIRONMENTS: "production-eu" }, "deployed production\n"],
    ["nothing", {}, ""],
  ])("is not sent about %s", async (_, env, what) => {
    const { code, stdout } = await tell({ ...env, SLACK_WEBHOOK: "" }, what);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "Nothing of it is asked for here.\n" });
    expect(received).toEqual([]);
  });

  test.each(["deployed", "failed", "rolled-back", "recovered", "drifted"])("is sent about %s alone", async (event) => {
    expect((await tell({ EVENTS: event }, `${event} production\n`)).code).toBe(0);
    expect(JSON.parse(received[0]?.body ?? "").text).toContain(`\n${event.replace("-", " ")}: production\n`);
  });

  test("an empty secret is named, and nothing is sent", async () => {
    const { code, stderr } = await tell({ SLACK_WEBHOOK: "" });
    expect(code).toBe(1);
    expect(stderr).toContain("The secret with the address of Slack's webhook is empty");
  });

  test("names with quotes stay text", async () => {
    expect((await tell({ CHANNEL: `#a"b'$(x)`, ABOUT: 'a "shop" \\ $(touch x)' })).code).toBe(0);
    const { channel, text } = JSON.parse(received[0]?.body ?? "");
    expect(channel).toBe(`#a"b'$(x)`);
    expect(text).toContain('*a "shop" \\ $(touch x)*\n');
  });
});

describe("a message by e-mail", () => {
  const password = "pa\"ss\\wo:rd $x 't";
  const certificate = { key: "", cert: "", file: "" };
  let server: SMTPServer | undefined;
  let mails: { from: string; to: string[]; raw: string; secure: boolean }[] = [];
  let logins: { user: string; password: string; secure: boolean }[] = [];
  let keep: Bench;
  beforeAll(async () => {
    keep = new Bench();
    certificate.file = keep.path("cert.pem");
    await mustExec("openssl", [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"],
      ...["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
      ...["-keyout", keep.path("key.pem"), "-out", certificate.file],
    ]);
    certificate.key = readFileSync(keep.path("key.pem"), "utf8");
    certificate.cert = readFileSync(certificate.file, "utf8");
    return () => keep[Symbol.dispose]();
  });
  afterEach(() => new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve()))));

  async function start(options: SMTPServerOptions): Promise<number> {
    mails = [];
    logins = [];
    const made = new SMTPServer({
      key: certificate.key,
      cert: certificate.cert,
      authMethods: ["PLAIN", "LOGIN"],
      onAuth(auth, session, callback) {
        logins.push({ user: auth.username ?? "", password: auth.password ?? "", secure: session.secure });
        if (auth.username === "robot" && auth.password === password) return callback(null, { user: "robot" });
        return callback(new Error("Invalid username or password"));
      },
      onRcptTo({ address }, _, callback) {
        callback(address.startsWith("nobody@") ? new Error("no such mailbox") : undefined);
      },
      onData(stream, { envelope, secure }, callback) {
        const chunks: Buffer[] = [];
        stream.on("data", (chunk: Buffer) => chunks.push(chunk));
        stream.on("end", () => {
          const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
          const to = envelope.rcptTo.map(({ address }) => address);
          mails.push({ from, to, raw: Buffer.concat(chunks).toString("latin1"), secure });
          callback();
        });
      },
      ...options,
    });
    made.on("error", () => {});
    server = made;
    await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
    return (made.server.address() as AddressInfo).port;
  }

  const tell = (port: number, env: Record<string, string> = {}, what = everything) => {
    bench.write("work/happened", what);
    bench.watch("curl", "awk", "date", "head");
    const common = { ...about, EVENTS: events, ENVIRONMENTS: "production", FROM: "team@example.com" };
    return bench.run(emailScript, {
      ...common,
      TO: "team@example.com, boss@example.com",
      SERVER: `localhost:${port}`,
      PROTOCOL: "smtp",
      MAIL_USER: "robot",
      MAIL_PASSWORD: password,
      CURL_CA_BUNDLE: certificate.file,
      ...env,
    });
  };

  test.each([
    ["by STARTTLS", "smtp", false],
    ["by TLS from the first byte", "smtps", true],
  ])("reaches everybody %s, signed in, with lines that every server takes", async (_, protocol, secure) => {
    const port = await start({ secure });
    const { code, stdout, stderr } = await tell(port, { PROTOCOL: protocol });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(logins).toEqual([{ user: "robot", password, secure: true }]);
    expect(mails).toHaveLength(1);
    const [mail] = mails;
    expect(mail).toMatchObject({
      from: "team@example.com",
      to: ["team@example.com", "boss@example.com"],
      secure: true,
    });
    const [head = "", body = ""] =
      mail?.raw.split("\r\n\r\n", 1).concat(mail.raw.split("\r\n\r\n").slice(1).join("\r\n\r\n")) ?? [];
    expect(head.split("\r\n")).toEqual([
      "From: team@example.com",
      "To: team@example.com, boss@example.com",
      "Subject: acme/shop: deployed: production",
      expect.stringMatching(/^Date: (Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000$/),
      "MIME-Version: 1.0",
      "Content-Type: text/plain; charset=utf-8",
    ]);
    expect(body).toBe(
      `deployed: production\r\nfailed\r\nfailed: production\r\nrecovered\r\nrolled back: production\r\n\r\n${about.LINK}\r\n`,
    );
    expect(mail?.raw.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  });

  test("has its password in no argument, no output and no file", async () => {
    const port = await start({});
    const { code, stdout, stderr } = await tell(port, { MAIL_PASSWORD: "wr0ng-s3cr3t" });
    expect(code).not.toBe(0);
    expect(logins[0]?.password).toBe("wr0ng-s3cr3t");
    expect(mails).toEqual([]);
    expect(bench.read("arguments")).toMatch(/^curl --config -/m);
    for (const text of [stdout, stderr, bench.read("arguments"), bench.read("work/message.txt")]) {
      expect(text).not.toContain("s3cr3t");
    }
  });

  test("is not sent, and nobody signs in, where the server has no TLS or another's certificate", async () => {
    const plain = await start({ hideSTARTTLS: true, disabledCommands: ["STARTTLS"], allowInsecureAuth: true });
    expect((await tell(plain)).code).not.toBe(0);
    expect({ logins, mails }).toEqual({ logins: [], mails: [] });
    await new Promise<void>((resolve) => server?.close(() => resolve()));
    const port = await start({});
    expect((await tell(port, { SERVER: `127.0.0.1:${port}` })).code).not.toBe(0);
    expect({ logins, mails }).toEqual({ logins: [], mails: [] });
  });

  test("fails when one of the addresses is refused", async () => {
    const port = await start({});
    expect((await tell(port, { TO: "team@example.com, nobody@example.com" })).code).not.toBe(0);
    expect(mails).toEqual([]);
  });

  test("is not sent about what nobody asked for", async () => {
    expect(await tell(9, { EVENTS: "recovered", MAIL_USER: "" }, "failed -\n")).toMatchObject({
      code: 0,
      stdout: "Nothing of it is asked for here.\n",
    });
  });

  test.each([{ MAIL_USER: "" }, { MAIL_PASSWORD: "" }])("an empty secret is named: %o", async (env) => {
    const { code, stderr } = await tell(9, env);
    expect(code).toBe(1);
    expect(stderr).toContain("The secrets with user and password of the mail server are empty");
  });
});
