import { Notice } from "./notice.tsx";

/** The connection broke, or something else answered in this site's place. */
export function UnansweredNotice({ children }: { children: string }) {
  return (
    <Notice kind="danger" title="This site can’t be reached">
      <p>{children}</p>
    </Notice>
  );
}
