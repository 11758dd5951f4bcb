import { ensureToolchain } from "./env";
import { ToolchainError } from "./errors";
import { LocalStack } from "./stack";

/** Names of the outputs that a person opens, in the order they are printed. */
const ADDRESSES = {
  url: "service",
  prometheusUrl: "Prometheus",
  alertmanagerUrl: "Alertmanager",
  grafanaUrl: "Grafana",
};

async function main(command: string | undefined): Promise<number> {
  if (command !== "up" && command !== "down") {
    console.error("usage: dev.ts up|down");
    return 2;
  }
  const toolchain = await ensureToolchain({ engine: true, plugins: true, docker: true, images: true });
  try {
    const stack = await LocalStack.open(toolchain, "dev", "Pulumi.dev.yaml");
    if (command === "down") {
      const code = await stack.run("destroy");
      if (code === 0) await stack.remove();
      return code;
    }
    const code = await stack.run("up");
    if (code !== 0) return code;
    const outputs = await stack.outputs();
    console.log("");
    for (const [output, title] of Object.entries(ADDRESSES)) {
      if (String(outputs[output]).startsWith("http")) console.log(`  ${title.padEnd(13)} ${outputs[output]}`);
    }
    console.log(
      `  ${"digest".padEnd(13)} ${(outputs["digests"] as Record<string, string> | undefined)?.["hello"] ?? ""}`,
    );
    console.log("\n  make demo releases a good and a bad version under load; make dev-down removes everything.");
    return 0;
  } finally {
    await toolchain.release();
  }
}

main(process.argv[2]).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof ToolchainError ? `toolchain: ${error.message}` : error);
    process.exitCode = 1;
  },
);
