import { afterEach, expect, test } from "vitest";
import { waitUntilWell } from "../../components/docker/host/readiness";
import { docker, images } from "./harness";

const made: string[] = [];
afterEach(async () => {
  await Promise.all(made.splice(0).map((id) => docker.getContainer(id).remove({ force: true })));
});

/** A container that runs a program, and a health check that is too rare to be of any help here. */
async function start(program: string, check: string): Promise<string> {
  const container = await docker.createContainer({
    Image: images["node"] ?? "node:24-alpine",
    Entrypoint: ["node", "-e", program],
    Healthcheck: { Test: ["CMD", "node", "-e", check], Interval: 3600e9 },
    HostConfig: { RestartPolicy: { Name: "unless-stopped" } },
  });
  made.push(container.id);
  await container.start();
  return container.id;
}

const WAIT = "setInterval(() => {}, 1000)";

test("A container is waited for until its health check succeeds", async () => {
  const ready = `setTimeout(() => require("fs").writeFileSync("/tmp/ready", ""), 2000); ${WAIT}`;
  const id = await start(ready, 'process.exit(require("fs").existsSync("/tmp/ready") ? 0 : 1)');
  const begun = Date.now();
  await waitUntilWell(docker, "the gateway", id, 30);
  expect(Date.now() - begun).toBeGreaterThan(1000);
});

test("One that exits again and again is named with its exit code", async () => {
  const id = await start("process.exit(7)", "");
  await expect(waitUntilWell(docker, "the gateway", id, 30)).rejects.toThrow(
    /^the gateway does not stay up \(got exit code 7, \d+ restarts\)\. Look at `docker logs \w{12}`\.$/,
  );
});

test("One that stays unwell is named with the last words of its check", async () => {
  const id = await start(WAIT, 'console.log("no database"); process.exit(1)');
  await expect(waitUntilWell(docker, "the gateway", id, 2)).rejects.toThrow(
    "the gateway is not well after 2 s (its health check got no database).",
  );
});
