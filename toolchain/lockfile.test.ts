import { expect, test } from "vitest";
import { completeLockfile, readLockfile } from "./lockfile";

test("package-lock.json has every platform's packages, as npm ci demands (else: tsx toolchain/lockfile.ts)", () => {
  expect(completeLockfile(readLockfile())).toEqual([]);
});

test("an optional package without an entry gets one that says where it fits", () => {
  const lockfile = {
    packages: {
      "": {},
      "node_modules/tool": {
        dev: true,
        optionalDependencies: { "@tool/cli-linux-x64-musl": "1.2.3", "tool-win32-arm64": "1.2.3" },
      },
      "node_modules/tool-win32-arm64": { version: "1.2.3" },
    },
  };
  expect(completeLockfile(lockfile)).toEqual(["@tool/cli-linux-x64-musl"]);
  expect(lockfile.packages).toHaveProperty(["node_modules/@tool/cli-linux-x64-musl"], {
    version: "1.2.3",
    cpu: ["x64"],
    dev: true,
    libc: ["musl"],
    optional: true,
    os: ["linux"],
  });
  expect(completeLockfile(lockfile)).toEqual([]);
});

test("a package that names no platform is not guessed at", () => {
  const lockfile = { packages: { "node_modules/a": { optionalDependencies: { fsevents: "~2.3.2" } } } };
  expect(() => completeLockfile(lockfile)).toThrow("lacks fsevents");
});
