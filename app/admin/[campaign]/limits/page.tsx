import type { Metadata } from "next";
import { campaignPage, notThere } from "@/app/admin/_desk/desk-page";
import { Limits } from "@/components/admin/Limits";
import { alarmsOf, LIMIT_BOUNDS, LIMIT_NAMES, OPTION_NAMES, policyFields, policySettings } from "@/lib/abuse";
import { addToList, removeFromList, setLimits } from "./actions";

export const metadata: Metadata = { title: "Limits" };

export default campaignPage("limits.view", async ({ slug }) => {
  const [settings, alarms] = await Promise.all([policySettings(slug), alarmsOf(slug)]);
  if (settings === null) return notThere();
  return (
    <Limits
      alarms={alarms}
      limits={entriesOf(LIMIT_NAMES).map(([name, label]) => {
        const [least, most] = LIMIT_BOUNDS[name];
        return { name, label: `From ${label}`, least, most };
      })}
      options={entriesOf(OPTION_NAMES).map(([name, label]) => ({ name, label }))}
      saved={policyFields(settings)}
      entries={settings.entries}
      total={settings.total}
      actions={{ set: setLimits, add: addToList, remove: removeFromList }}
    />
  );
});

function entriesOf<Key extends string>(names: Record<Key, string>): [Key, string][] {
  return Object.entries(names) as [Key, string][];
}
