import { kubernetesObjects } from "./kubernetes-object";

export const prometheusRules = kubernetesObjects("rules of Prometheus", "monitoring.coreos.com", "PrometheusRule");
export const slothLevels = kubernetesObjects("service levels of Sloth", "sloth.slok.dev", "PrometheusServiceLevel");
export const pyrraLevels = kubernetesObjects("objectives of Pyrra", "pyrra.dev", "ServiceLevelObjective");
