import { serve } from "../shared/server";
import { MemoryCloud } from "./cloud";
import { MemoryProvider } from "./provider";

const folder = process.env.HEADGATE_MEMORY_CLOUD;
if (folder === undefined) {
  console.error(
    "The memory provider needs HEADGATE_MEMORY_CLOUD, the folder of its cloud. The testkit's Engine sets it.",
  );
  process.exit(1);
}
void serve(new MemoryProvider(process.env.HEADGATE_PLUGIN_VERSION ?? "1.0.0", new MemoryCloud(folder)));
