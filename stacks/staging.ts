import type { Stack } from "../components/model/stack";
import { hello, helloArguments } from "./hello";

/** A machine like production's, with a quicker release. */
export const stack: Stack = {
  host: "edge",
  services: {
    hello: {
      service: hello,
      release: {
        canary: { steps: [10, 50].map((weight) => ({ weight, hold: "120s" })) },
        analysis: { onUndecided: "promote", onNoData: "rollback" },
      },
      objectives: { availability: 0.995, latency: { within: "500ms", ratio: 0.95 } },
      buildArguments: helloArguments,
    },
  },
};
