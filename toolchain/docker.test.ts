import { expect, test } from "vitest";
import { parseOwner } from "./docker";
import { dockerFinding, printDoctor } from "./doctor";

test("an owner is believed only with a process that can be recognised", () => {
  expect(parseOwner('{"pid":42,"started":"777","keep":true}')).toEqual({ pid: 42, started: "777", keep: true });
  expect(parseOwner('{"pid":42,"started":"777"}')).toEqual({ pid: 42, started: "777", keep: false });
  for (const text of ["", "{", "null", "[]", '{"pid":1,"started":"7"}', '{"pid":-5,"started":"7"}', '{"pid":42}']) {
    expect(parseOwner(text)).toBeUndefined();
  }
  expect(parseOwner('{"pid":42,"started":""}')).toBeUndefined();
});

test("Docker that does not answer is missing unless it can be started here", () => {
  expect(dockerFinding({ host: undefined, version: "20.10" }, false, false).state).toBe("found");
  expect(dockerFinding(undefined, true, false).state).toBe("later");
  expect(dockerFinding(undefined, true, true).state).toBe("missing");
  const missing = dockerFinding(undefined, false, false);
  expect(missing.state).toBe("missing");
  expect(missing.fix).not.toBe("");
});

test("the doctor's exit code says whether something is missing", () => {
  const print = console.log;
  const lines: string[] = [];
  console.log = (text: string) => lines.push(text);
  try {
    expect(printDoctor([{ piece: "a", state: "later", what: "soon" }], false)).toBe(0);
    expect(printDoctor([{ piece: "b", state: "missing", what: "gone", fix: "Get it." }], false)).toBe(1);
    expect(printDoctor([{ piece: "c", state: "missing", what: "gone", fix: "Get it." }], true)).toBe(1);
  } finally {
    console.log = print;
  }
  expect(lines[1]).toContain("fix: Get it.");
  expect(JSON.parse(lines[2] ?? "")).toMatchObject({ ok: false, findings: [{ piece: "c", fix: "Get it." }] });
});
