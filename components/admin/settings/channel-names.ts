import type { ShareTextKey } from "@/lib/sharing";

/** What the channels for sharing are called. */
export const CHANNEL_NAMES: Record<ShareTextKey, string> = {
  whatsapp: "WhatsApp",
  telegram: "Telegram",
  x: "X",
  bluesky: "Bluesky",
  sms: "Text message",
  email: "Email",
};
