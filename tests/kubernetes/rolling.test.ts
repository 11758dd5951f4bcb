import { testStrategy } from "./strategy";

testStrategy("rolling", { rolling: { minReady: "20s" } });
