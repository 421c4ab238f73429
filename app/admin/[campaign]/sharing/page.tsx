import type { Metadata } from "next";
import { campaignPage } from "@/app/admin/_desk/desk-page";
import { Sharing } from "@/components/admin/Sharing";
import { shareSums } from "@/lib/sharing";

export const metadata: Metadata = { title: "Sharing" };

export default campaignPage("sharing.view", async ({ slug }) => <Sharing sums={await shareSums(slug)} />);
