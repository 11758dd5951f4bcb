import { ensureToolchain } from "../toolchain/env";

/** PULUMI_HOME is where an official plugin would be found. */
const KEPT = ["PULUMI_SKIP_UPDATE_CHECK", "PULUMI_HOME"];

/**
 * Finds or starts what the real servers need, once for all files: the engine, Docker, base images. A piece that cannot
 * be had fails the run. What was started here ends with the last run that uses it.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const toolchain = await ensureToolchain({ engine: true, docker: true, images: true, servers: true, purpose: "test" });
  for (const [name, value] of Object.entries(toolchain.env)) {
    // Each test has a home and a backend of its own.
    if (!name.startsWith("PULUMI_") || KEPT.includes(name)) process.env[name] = value;
  }
  process.env["HEADGATE_TEST_IMAGES"] = JSON.stringify(toolchain.images ?? {});
  return () => toolchain.release();
}
