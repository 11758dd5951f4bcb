import type { z } from "zod";
import { reference, secretName } from "./environment.schema";
import { list, oneOf, optional, pattern, strictFor } from "./fields";
import { DeliveryEvent, type EmailNotification, type Notifications, type SlackNotification } from "./notifications";
import { hostAndPort } from "./pipeline-images.schema";

const about = {
  events: optional(list(oneOf(DeliveryEvent), '["failed", "recovered"]')),
  environments: optional(list(reference, '["production"]')),
};

const slack = strictFor<SlackNotification>(
  {
    channel: pattern(/^#[^\s#]{1,80}$/, "must be the name of a channel", 'Write "#deliveries", for example, in quotes'),
    webhookSecret: optional(secretName),
    ...about,
  },
  '{ channel: "#deliveries" }',
);

const email = strictFor<EmailNotification>(
  {
    to: list(
      pattern(/^[^\s@"<>,;]+@[^\s@"<>,;]+$/, "must be an e-mail address", 'Write "team@example.com", for example'),
      '["team@example.com"]',
    ),
    server: hostAndPort("must be a host and a port", 'Write "smtp.example.com:587", for example'),
    userSecret: optional(secretName),
    passwordSecret: optional(secretName),
    ...about,
  },
  '{ to: ["team@example.com"], server: "smtp.example.com:587" }',
);

export const notificationsSchema: z.ZodType<Notifications> = strictFor<Notifications>(
  {
    slack: optional(list(slack, '[{ channel: "#deliveries" }]')),
    email: optional(list(email, '[{ to: ["team@example.com"], server: "smtp.example.com:587" }]')),
  },
  '{ slack: [{ channel: "#deliveries" }] }',
);
