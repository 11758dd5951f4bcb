import { testStrategy } from "./strategy";

testStrategy("immediate", { immediate: {} });
