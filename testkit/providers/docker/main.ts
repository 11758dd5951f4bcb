import { serve } from "../shared/server";
import { DockerProvider } from "./provider";

void serve(new DockerProvider(process.env.HEADGATE_PLUGIN_VERSION ?? "5.2.0"));
