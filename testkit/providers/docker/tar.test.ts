import { execFileSync } from "node:child_process";
import { lstatSync, mkdtempSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type TarEntry, tar } from "./tar";

it("writes archives that the system's tar reads: long names, links, modes and contents", () => {
  const folder = mkdtempSync(join(tmpdir(), "headgate-tar-"));
  const long = `${"deep/".repeat(40)}näme`;
  const entries: TarEntry[] = [
    { path: "dir", mode: 0o755, folder: true },
    { path: "/dir/run.sh", mode: 0o744, content: Buffer.from("#!/bin/sh\n") },
    { path: "dir/link", mode: 0o777, link: "run.sh" },
    { path: "block", mode: 0o600, content: Buffer.alloc(512, "x") },
    { path: "empty", mode: 0o644, content: Buffer.alloc(0) },
    { path: long, mode: 0o640, content: Buffer.from("here") },
  ];
  try {
    execFileSync("tar", ["-x", "-C", folder], { input: Buffer.concat([...tar(entries)]) });
    expect(readFileSync(join(folder, "dir/run.sh"), "utf8")).toBe("#!/bin/sh\n");
    expect(lstatSync(join(folder, "dir/run.sh")).mode & 0o777).toBe(0o744);
    expect(readlinkSync(join(folder, "dir/link"))).toBe("run.sh");
    expect(readFileSync(join(folder, "block"), "utf8")).toBe("x".repeat(512));
    expect(readFileSync(join(folder, "empty"), "utf8")).toBe("");
    expect(readFileSync(join(folder, long), "utf8")).toBe("here");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it("writes equal entries equally", () => {
  const entries = [{ path: "a", mode: 0o644, content: Buffer.from("a") }];
  expect(Buffer.concat([...tar(entries)]).equals(Buffer.concat([...tar(entries)]))).toBe(true);
});
