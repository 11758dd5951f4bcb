import { testStrategy } from "./strategy";

testStrategy("bluegreen", { blueGreen: { promoteAfter: "2s" } });
