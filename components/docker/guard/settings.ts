import { readFileSync } from "node:fs";
import { z } from "zod";
import type { GuardSettings } from "./protocol";

const port = z.int().min(1).max(65535);
const seconds = z.number().positive();
const folder = z.string().min(1);

const schema: z.ZodType<GuardSettings> = z.strictObject({
  port,
  address: z.string().min(1).exactOptional(),
  prometheusUrl: z.url(),
  scrapeIntervalSeconds: seconds,
  tickSeconds: seconds,
  stateFolder: folder,
  gatewayFolder: folder,
  socketFolder: folder,
  targetFolder: folder,
  gateway: z.strictObject({
    address: z.string().min(1).exactOptional(),
    httpPort: port,
    https: z
      .strictObject({ port, certificateFolder: folder, redirectToPort: port, certificatesVersion: z.string() })
      .exactOptional(),
    statsPort: port,
    stopSeconds: seconds,
  }),
});

/** Reads the guard's settings. Throws with every problem of the file. */
export function readSettings(file: string): GuardSettings {
  const parsed = schema.safeParse(JSON.parse(readFileSync(file, "utf8")));
  if (!parsed.success) throw new Error(`settings ${file} are not right:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
