import { createServer } from "node:net";
import { expect, test } from "vitest";
import { freePorts } from "./free-ports";

test("Free ports are different, can be opened, and are none that outgoing connections get", async () => {
  const ports = await freePorts(20);
  expect(new Set(ports).size).toBe(20);
  for (const port of ports) {
    expect(port).toBeLessThan(32_768);
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", resolve);
    });
    await new Promise((resolve) => server.close(resolve));
  }
});
