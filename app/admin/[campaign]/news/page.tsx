import type { Metadata } from "next";
import { campaignPage } from "@/app/admin/_desk/desk-page";
import { localeIn } from "@/app/admin/_desk/locale";
import { News } from "@/components/admin/news/News";
import { campaignUpdates, UPDATE_TEXT_MAX_CHARACTERS, UPDATE_TITLE_MAX_CHARACTERS } from "@/lib/sharing";
import { correct, publish, remove } from "./actions";

export const metadata: Metadata = { title: "News" };

export default campaignPage(
  "news.view",
  async ({ slug }, { searchParams }: PageProps<"/admin/[campaign]/news">) => {
    const locale = await localeIn(searchParams);
    return (
      <News
        slug={slug}
        locale={locale}
        news={await campaignUpdates(slug, locale)}
        limits={{ title: UPDATE_TITLE_MAX_CHARACTERS, text: UPDATE_TEXT_MAX_CHARACTERS }}
        actions={{ publish, correct, remove }}
      />
    );
  },
);
