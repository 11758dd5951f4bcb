import { serve } from "../shared/server";
import { KubernetesProvider } from "./provider";

void serve(new KubernetesProvider(process.env.HEADGATE_PLUGIN_VERSION ?? "4.34.2"));
