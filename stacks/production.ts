import type { Stack } from "../components/model/stack";
import { hello, helloArguments } from "./hello";

/** The machine users meet: the default canary of 10, 25, 50 and 75 percent for five minutes each. */
export const stack: Stack = {
  host: "edge",
  services: {
    hello: {
      service: { ...hello, replicas: { count: 3 } },
      release: { canary: {}, bake: "300s" },
      objectives: { availability: 0.999, latency: { within: "500ms", ratio: 0.95 } },
      buildArguments: helloArguments,
    },
  },
};
