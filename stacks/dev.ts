import type { Stack } from "../components/model/stack";
import { hello, helloArguments } from "./hello";

/** One machine of a developer: short holds, and a healthy version without any traffic is accepted. */
export const stack: Stack = {
  host: "edge",
  scrapeInterval: "1s",
  services: {
    hello: {
      service: hello,
      release: {
        canary: { steps: [10, 25, 50, 75].map((weight) => ({ weight, hold: "5s" })) },
        analysis: { onUndecided: "promote", onNoData: "rollback" },
        bake: "5s",
        progressDeadline: "60s",
      },
      objectives: { availability: 0.999, latency: { within: "500ms", ratio: 0.95 } },
      buildArguments: helloArguments,
    },
  },
};
