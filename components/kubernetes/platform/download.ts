import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const TIMEOUT_MILLISECONDS = 60_000;
const folder = join(tmpdir(), "headgate-downloads");
const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");

/** The file at an address, with the content that its hash promises. It is fetched once per machine. */
export async function download(url: string, sha256: string): Promise<string> {
  const kept = join(folder, sha256);
  try {
    const text = readFileSync(kept, "utf8");
    if (hashOf(text) === sha256) return text;
  } catch {
    // Not there yet.
  }
  const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) });
  if (!answer.ok) throw new Error(`the answer is ${answer.status}`);
  const text = await answer.text();
  if (hashOf(text) !== sha256) throw new Error(`its SHA-256 is ${hashOf(text)}, not ${sha256}`);
  mkdirSync(folder, { recursive: true });
  // Another program may read it at this moment.
  const partial = `${kept}.${randomUUID()}`;
  writeFileSync(partial, text);
  renameSync(partial, kept);
  return text;
}
