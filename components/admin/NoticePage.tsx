import { AdminDocument, type SignedIn } from "@/components/admin/AdminDocument";

type NoticePageProps = {
  organisation: string;
  signedIn: SignedIn | null;
  title: string;
  text: string;
  action: { href: string; name: string };
};

/** Says what happened at the desk and the one thing to do next. */
export function NoticePage({ organisation, signedIn, title, text, action }: NoticePageProps) {
  return (
    <AdminDocument organisation={organisation} title={title} signedIn={signedIn}>
      <h1>{title}</h1>
      <p>{text}</p>
      <p>
        <a className="go" href={action.href}>
          {action.name}
        </a>
      </p>
    </AdminDocument>
  );
}
