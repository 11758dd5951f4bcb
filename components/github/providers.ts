import { workTreeProvider } from "./work-tree/provider";

/** The providers of this room's kinds of custom resources; see components/delegate. */
export const providers = { WorkTree: workTreeProvider };
