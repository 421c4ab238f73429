import type { ReactElement } from "react";
import { proveForPage } from "@/app/admin/actions";
import NotFound from "@/app/admin/not-found";
import { CodeNeeded } from "@/components/admin/CodeNeeded";
import { NotPublishedYet } from "@/components/admin/campaigns/NotPublishedYet";
import { Forbidden } from "@/components/admin/Forbidden";
import { Notice } from "@/components/admin/Notice";
import { type ActionName, actionOf, needsPublishing } from "@/lib/desk";
import { deskCampaign } from "@/lib/editing";
import { answerWithStatus } from "@/lib/http/response-status";
import type { NamesRefused } from "@/lib/signatories";
import { isSeen } from "./campaigns";
import {
  authorised,
  type CampaignVisit,
  CODE_IS_OLD,
  deskPath,
  NAMES_ARE_MANY,
  NO_MORE_NAMES,
  type Visit,
  visitOf,
} from "./visit";

const NOT_FOUND = 404;
const CODE_MISSING = 422;
const TOO_MANY = 429;

/**
 * Makes a desk page. It renders for people who may do `name`, asks others to sign in or for a code, and
 * refuses the rest.
 * @param name the action, or a function that chooses it by the page's props.
 * @param render gets the visitor and the props that Next passes to a page.
 */
export function deskPage<Props>(
  name: ActionName | ((props: Props) => Promise<ActionName>),
  render: (visit: Visit, props: Props) => Promise<ReactElement> | ReactElement,
): (props: Props) => Promise<ReactElement> {
  return pageOf(name, () => null, render);
}

function pageOf<Props>(
  name: ActionName | ((props: Props) => Promise<ActionName>),
  campaignOf: (props: Props) => Promise<string> | null,
  render: (visit: Visit, props: Props) => Promise<ReactElement> | ReactElement,
): (props: Props) => Promise<ReactElement> {
  return async function Page(props) {
    const action = typeof name === "string" ? name : await name(props);
    const visitor = await authorised("GET", action, await campaignOf(props));
    if (!visitor.ok)
      return visitor.status === NOT_FOUND ? notThere() : refused(visitor.status, <Forbidden />);
    if (actionOf(action).code !== null && !visitor.proved) return askForCode(CODE_IS_OLD);
    return render(visitOf(visitor), props);
  };
}

type CampaignProps = { params: Promise<{ campaign: string }> };

/**
 * Makes a page of a campaign's desk, below `/admin/[campaign]`: there for those who may see something of the
 * campaign. One that was never published has only the pages that make sense before. Like `deskPage` in all else.
 */
export function campaignPage<Props extends CampaignProps>(
  name: ActionName | ((props: Props) => Promise<ActionName>),
  render: (visit: CampaignVisit, props: Props) => Promise<ReactElement> | ReactElement,
): (props: Props) => Promise<ReactElement> {
  const slugIn = async ({ params }: Props) => (await params).campaign;
  return pageOf(name, slugIn, async (visit, props) => {
    const slug = await slugIn(props);
    const campaign = await deskCampaign(slug);
    if (campaign === null || !isSeen(campaign, visit.may)) return notThere();
    const action = typeof name === "string" ? name : await name(props);
    if (campaign.version === null && needsPublishing(action)) return <NotPublishedYet {...campaign} />;
    return render({ ...visit, slug, campaign }, props);
  });
}

/** Renders the page for when no more names may be opened: asks for a code, or says to come back later. */
export function withoutNames(why: NamesRefused): Promise<ReactElement> | ReactElement {
  if (why.kind === "code-needed") return askForCode(NAMES_ARE_MANY);
  return refused(TOO_MANY, <Notice {...NO_MORE_NAMES} />, {
    "retry-after": String(why.retryAfterSeconds),
  });
}

/** Renders a page with a status other than 200. */
function refused(status: number, page: ReactElement, headers?: Record<string, string>): ReactElement {
  answerWithStatus(status, headers);
  return page;
}

/** Renders the page for something that does not exist. */
export function notThere(): ReactElement {
  return refused(NOT_FOUND, <NotFound />);
}

async function askForCode(why: string): Promise<ReactElement> {
  return refused(CODE_MISSING, <CodeNeeded why={why} back={await deskPath()} prove={proveForPage} />);
}
