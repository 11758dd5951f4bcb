import { DeliveryEvent, type Notifications } from "../model/notifications";
import type { PlannedEnvironment, PlannedMessage } from "./plan";

const usual: readonly DeliveryEvent[] = [DeliveryEvent.failed, DeliveryEvent.recovered, DeliveryEvent.rolledBack];

export function planMessages(
  { slack = [], email = [] }: Notifications,
  environments: readonly PlannedEnvironment[],
): PlannedMessage[] {
  const all = environments.map(({ name }) => name);
  return [
    ...slack.map(
      ({
        channel,
        webhookSecret = "SLACK_WEBHOOK_URL",
        events = usual,
        environments: about = all,
      }): PlannedMessage => ({
        way: "slack",
        to: [channel],
        secrets: [webhookSecret],
        events,
        environments: about,
      }),
    ),
    ...email.map(
      ({
        to,
        server,
        userSecret = "SMTP_USER",
        passwordSecret = "SMTP_PASSWORD",
        events = usual,
        environments: about = all,
      }): PlannedMessage => ({
        way: "email",
        to,
        server,
        secrets: [userSecret, passwordSecret],
        events,
        environments: about,
      }),
    ),
  ];
}
