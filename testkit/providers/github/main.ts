import { serve } from "../shared/server";
import { GithubProvider } from "./provider";

void serve(new GithubProvider(process.env.HEADGATE_PLUGIN_VERSION ?? "6.15.0"));
